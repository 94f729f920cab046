// Where everybody sits. A room has its manager's desk as a counter on the left, and its team to the right of it;
// departments of a chain stand on top of one another; the people below and above are outside.

function layOut(stacks, size, width) {
  const plan = layOutAt(stacks, size, width, 1);
  const spare = (width < 520 ? 380 : 560) / plan.height, want = 900 / plan.height;
  if (spare > 1) return layOutAt(stacks, size, width, Math.min(spare, 1.9)); // a small office is given room
  return want < 1 ? layOutAt(stacks, size, width, Math.max(want, 0.4)) : plan; // and a large one put closer together
}

function layOutAt(stacks, size, width, loose) {
  const narrow = width < 520;
  const gaps = narrow ? { people: 30, outside: 52, chain: 46, inner: 34, team: 10, room: 8 } : { people: 32, outside: 66, chain: 64, inner: 40, team: 14, room: 12 };
  for (const gap of ["outside", "chain", "inner", "team"]) gaps[gap] *= loose;
  const plan = { width, desks: new Array(size), rooms: [], boss: new Array(size).fill(NOBODY), column: new Array(size).fill(0) };
  const top = gaps.people + gaps.outside;
  const height = placeSideBySide(stacks, { x: 0, y: top, width, depth: 0, boss: NOBODY });
  plan.above = { x: 0, y: 0, w: width, h: gaps.people };
  plan.below = { x: 0, y: top + height + gaps.outside, w: width, h: gaps.people };
  plan.height = plan.below.y + plan.below.h;
  return plan;

  // Stacks in rows of so many; returns the height that they take.
  function placeSideBySide(stacks, { x, y, width, depth, boss }) {
    const abreast = boss === NOBODY ? stacks.length : columnsFor(stacks.length, width);
    const each = (width - (abreast - 1) * gaps.team) / abreast;
    let bottom = y;
    for (let first = 0; first < stacks.length; first += abreast) {
      const row = stacks.slice(first, first + abreast);
      const heights = row.map((stack, place) => placeStack(stack, { x: x + place * (each + gaps.team), y: bottom, width: each, depth, boss, column: place }));
      bottom += Math.max(...heights) + gaps.team;
    }
    return Math.max(bottom - gaps.team - y, 0);
  }

  function placeStack(stack, { x, y, width, depth, boss, column }) {
    const gap = depth === 0 ? gaps.chain : gaps.inner;
    const hasRooms = stack.some((one) => one.team.length > 0);
    let top = y;
    for (const one of [...stack].reverse()) {
      const whole = hasRooms || depth > 0 ? width : Math.min(width, 260);
      top += placeOne(one, { x: x + (width - whole) / 2, y: top, width: whole, depth, boss, column }) + gap;
    }
    return top - gap - y;
  }

  function placeOne({ desk, team }, { x, y, width, depth, boss, column }) {
    plan.boss[desk] = boss;
    plan.column[desk] = boss === NOBODY ? 0 : column;
    if (!team.length) {
      const h = Math.max((depth === 0 ? 58 : narrow ? 42 : 46) * Math.sqrt(loose), width < 150 ? 45 : 34); // two lines and the tickets, or one
      plan.desks[desk] = { x, y, w: width, h, tall: false };
      return h;
    }
    const inside = width - 2 * gaps.room;
    const counter = Math.max(narrow ? 58 : 76, Math.min(120, inside * 0.17));
    const leaves = team.every((stack) => stack.every((one) => !one.team.length));
    const abreast = columnsFor(team.length, inside - counter - 60);
    const members = leaves ? Math.min(inside - counter - 56, abreast * (narrow ? 92 : 150)) : inside - counter - Math.max(44, inside * 0.2);
    const height = Math.max(placeSideBySide(team, { x: x + width - gaps.room - members, y: y + gaps.room, width: members, depth: depth + 1, boss: desk }), narrow ? 60 : 70);
    plan.desks[desk] = { x: x + gaps.room, y: y + gaps.room, w: counter, h: height, tall: true };
    plan.rooms.push({ x, y, w: width, h: height + 2 * gaps.room, depth });
    return height + 2 * gaps.room;
  }

  function columnsFor(members, width) {
    return Math.max(1, Math.min(Math.ceil(members / 12), Math.floor(width / 64)));
  }
}

// Where a link runs, as points; null where both ends are drawn as one desk.
function way(plan, from, to, feedback) {
  if (from === to) return null;
  const outside = feedback ? [plan.above, plan.below] : [plan.below, plan.above]; // whoever sends, whoever reads
  const sender = from === NOBODY ? outside[0] : plan.desks[from], reader = to === NOBODY ? outside[1] : plan.desks[to];
  if (from !== NOBODY && plan.boss[to] === from) return across(sender, reader, feedback ? 0.18 : 0.84, plan.column[to]);
  if (to !== NOBODY && plan.boss[from] === to) return across(reader, sender, feedback ? 0.4 : 0.62, plan.column[from]).reverse();
  return sender.y > reader.y ? upright(reader, sender, feedback).reverse() : upright(sender, reader, feedback);
}

// Between a manager's counter and a member, at a share of the member's height; under the others, if they are in between.
function across(boss, member, share, column) {
  if (column > 0) {
    const y = member.y + member.h + 2 + 9 * share, x = member.x + (0.2 + 0.6 * share) * member.w;
    return [{ x: boss.x + boss.w, y }, { x, y }, { x, y: member.y + member.h }];
  }
  const y = member.y + share * Math.min(member.h, 64);
  return [{ x: boss.x + boss.w, y }, { x: member.x, y }];
}

// Between two that stand on top of one another: work on the left, feedback on the right.
function upright(upper, lower, feedback) {
  const left = Math.max(upper.x, lower.x), right = Math.min(upper.x + upper.w, lower.x + lower.w);
  const share = feedback ? 0.66 : 0.34;
  const x = left < right ? [left + share * (right - left), left + share * (right - left)] : [upper.x + share * upper.w, lower.x + share * lower.w];
  return [{ x: x[0], y: upper.y + upper.h }, { x: x[1], y: lower.y }];
}

// The point of a way at a share of its length, and whether it goes up or down there.
function along(points, share) {
  const lengths = points.slice(1).map((point, place) => Math.hypot(point.x - points[place].x, point.y - points[place].y));
  let left = share * lengths.reduce((sum, one) => sum + one, 0), leg = 0;
  while (leg < lengths.length - 1 && left > lengths[leg]) left -= lengths[leg++];
  const from = points[leg], to = points[leg + 1], part = left / (lengths[leg] || 1);
  return { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y), upright: Math.abs(to.y - from.y) > Math.abs(to.x - from.x) };
}

// Desks from the top of the chart to its bottom, each manager before its team.
function fromTheTop(stacks) {
  return stacks.flatMap((stack) => [...stack].reverse().flatMap((one) => [one.desk, ...fromTheTop(one.team)]));
}
