// The rooms, the desks and the people outside, as elements; and what is said at each desk at a time.

class Floor {
  constructor(host, data) {
    this.host = host;
    this.data = data;
    this.canvas = host.querySelector("canvas");
  }

  // Draw it all anew, as wide as there is room.
  draw(stretch) {
    const { rooms, desks } = this.data;
    this.plan = layOut(rooms.stacks, desks.length, this.host.clientWidth);
    this.ways = rooms.links.map((link) => way(this.plan, link.from, link.to, link.feedback));
    this.host.style.height = `${this.plan.height}px`;
    const boxes = [...this.plan.rooms].sort((one, other) => one.depth - other.depth).map((room) => box("room", room));
    const people = [box("people", this.plan.above, "the people above"), box("people", this.plan.below, "the people below")];
    this.desks = desks.map((name, place) => this.#desk(name, place));
    this.host.replaceChildren(...boxes, ...people, ...this.desks.map((desk) => desk.box), this.canvas);
    this.stretch = stretch;
    this.peaks = stretch.pending.map(({ count }) => count.reduce((most, one) => Math.max(most, one), 0));
  }

  #desk(name, place) {
    const spot = this.plan.desks[place], within = this.data.rooms.within[place];
    const own = name.split("/").at(-1), told = element("span");
    const small = spot.w < 84 ? " small" : "", beside = !spot.tall && spot.w >= 150 ? " beside" : "";
    const node = box(`desk${small}${beside}`, spot);
    node.title = within ? `${name}, and ${counted(within, "desk")} further down` : name;
    node.append(element("b", {}, within ? `${own} +${numberText(within)}` : own), told);
    return { box: node, told, spot, text: "" };
  }

  // Say what is at each desk at a time, and mark those on a task's way.
  tell(time, onTheWay) {
    const busy = this.#atWork(time), down = this.#down(time);
    this.desks.forEach((desk, place) => {
      const pending = Stretch.at(this.stretch.pending[place], time), waiting = Stretch.at(this.stretch.inTray[place], time);
      desk.pending = pending;
      desk.waiting = waiting;
      const short = desk.spot.w < 84;
      const text = down.get(place) ?? `${numberText(pending)}${short ? "" : " pending"}${waiting ? ` · ${numberText(waiting)}${short ? "" : " in tray"}` : ""}`;
      if (text !== desk.text) desk.told.textContent = desk.text = text;
      desk.box.classList.toggle("at-work", busy.has(place));
      desk.box.classList.toggle("down", down.has(place));
      desk.box.classList.toggle("on-the-way", onTheWay.has(place));
    });
  }

  #atWork(time) {
    const { desk, time: begin, took } = this.stretch.work, found = new Set();
    for (let row = 0; row < desk.length; row++) if (begin[row] <= time && time < begin[row] + took[row]) found.add(desk[row]);
    return found;
  }

  // Who has stalled or crashed and is not back yet.
  #down(time) {
    const { time: when, desk, what, kinds } = this.stretch.incidents, found = new Map();
    for (let row = 0; row < when.length && when[row] <= time; row++) {
      if (kinds[what[row]] === "back") found.delete(desk[row]);
      if (["stalled", "crashed"].includes(kinds[what[row]])) found.set(desk[row], kinds[what[row]]);
    }
    return found;
  }
}

function box(kind, { x, y, w, h }, text = "") {
  const node = element("div", { class: kind }, text);
  Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
  return node;
}
