// Where everybody sits. A room has its manager's desk as a counter on the left, and his team to the right of it;
// departments of a chain stand on top of one another; the people below and above are outside.

function layOut(stacks, size, width) {
  const plan = layOutAt(stacks, size, width, 1);
  const spare = (width < 520 ? 380 : 560) / plan.height; // a small office is given room
  return spare > 1 ? layOutAt(stacks, size, width, Math.min(spare, 1.9)) : plan;
}

function layOutAt(stacks, size, width, loose) {
  const narrow = width < 520;
  const gaps = narrow ? { people: 30, outside: 52, chain: 46, inner: 34, team: 10, room: 8 } : { people: 32, outside: 66, chain: 64, inner: 40, team: 14, room: 12 };
  for (const gap of ["outside", "chain", "inner", "team"]) gaps[gap] *= loose;
  const plan = { width, desks: new Array(size), rooms: [], boss: new Array(size).fill(NOBODY) };
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
      const heights = row.map((stack, place) => placeStack(stack, { x: x + place * (each + gaps.team), y: bottom, width: each, depth, boss }));
      bottom += Math.max(...heights) + gaps.team;
    }
    return Math.max(bottom - gaps.team - y, 0);
  }

  function placeStack(stack, { x, y, width, depth, boss }) {
    const gap = depth === 0 ? gaps.chain : gaps.inner;
    const hasRooms = stack.some((one) => one.team.length > 0);
    let top = y;
    for (const one of [...stack].reverse()) {
      const whole = hasRooms || depth > 0 ? width : Math.min(width, 260);
      top += placeOne(one, { x: x + (width - whole) / 2, y: top, width: whole, depth, boss }) + gap;
    }
    return top - gap - y;
  }

  function placeOne({ desk, team }, { x, y, width, depth, boss }) {
    plan.boss[desk] = boss;
    if (!team.length) {
      const h = (depth === 0 ? 58 : narrow ? 42 : 46) * Math.sqrt(loose);
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

// From where to where a link runs, as two points; null where both ends are drawn as one desk.
function way(plan, from, to, feedback) {
  if (from === to) return null;
  const outside = feedback ? [plan.above, plan.below] : [plan.below, plan.above]; // whoever sends, whoever reads
  const sender = from === NOBODY ? outside[0] : plan.desks[from], reader = to === NOBODY ? outside[1] : plan.desks[to];
  if (from !== NOBODY && plan.boss[to] === from) return across(sender, reader, feedback ? 0.18 : 0.84);
  if (to !== NOBODY && plan.boss[from] === to) return across(reader, sender, feedback ? 0.4 : 0.62).reverse();
  return sender.y > reader.y ? upright(reader, sender, feedback).reverse() : upright(sender, reader, feedback);
}

// Between a manager's counter and a member, at a share of the member's height.
function across(boss, member, share) {
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

// Desks from the top of the chart to its bottom, each manager before his team.
function fromTheTop(stacks) {
  return stacks.flatMap((stack) => [...stack].reverse().flatMap((one) => [one.desk, ...fromTheTop(one.team)]));
}
