// What moves: messages on their way, the tickets in the pending tables and the letters in the trays, on one canvas.

const TICKET = 5, PITCH = 7;

class Letters {
  constructor(floor) {
    this.floor = floor;
  }

  draw(stretch, time, chosen) {
    const { plan, canvas } = this.floor;
    this.pen = cleared(canvas, plan.width, plan.height);
    this.#lanes();
    if (chosen) this.#wayOf(chosen, time);
    this.#tickets();
    this.shown = [];
    const places = [];
    this.crowd = Math.max(0.45, Math.min(1, Math.sqrt(160 / stretch.counts(time).under))); // the more there are, the smaller
    stretch.onTheWay(time, (row) => {
      const at = this.place(stretch, row, time);
      if (at) places.push([row, at]);
    });
    for (const [row, at] of places) {
      this.#letter(stretch, row, at, time, chosen?.task === stretch.task[row]);
      this.shown.push({ row, ...at });
    }
  }

  // Where a message is; messages close together spread a little to the side.
  place(stretch, row, time) {
    const points = this.floor.ways[stretch.link[row]];
    if (!points) return null;
    const share = (time - stretch.sent[row]) / (stretch.arrives[row] - stretch.sent[row]);
    const { x, y, upright } = along(points, share);
    const aside = (((stretch.task[row] * 37) % 17) / 8 - 1) * (2 + (1 - this.crowd) * (upright ? 18 : 3));
    return { x: x + (upright ? aside : 0), y: y + (upright ? 0 : aside) };
  }

  #lanes() {
    const { pen, floor } = this;
    pen.lineWidth = 1;
    pen.globalAlpha = 0.35;
    floor.data.rooms.links.forEach(({ feedback }, link) => {
      pen.strokeStyle = feedback ? colours.feedback : colours.task;
      this.#line(floor.ways[link]);
    });
    pen.globalAlpha = 1;
  }

  #line(points) {
    if (!points) return;
    this.pen.beginPath();
    for (const { x, y } of points) this.pen.lineTo(x, y);
    this.pen.stroke();
  }

  #letter(stretch, row, { x, y }, time, isChosen) {
    const { pen } = this, feedback = this.floor.data.rooms.links[stretch.link[row]].feedback;
    const late = stretch.overtaken[row] > 0, size = isChosen ? 5.5 : 4 * this.crowd;
    pen.fillStyle = pen.strokeStyle = feedback ? colours.feedback : colours.task;
    pen.lineWidth = 2 * this.crowd;
    if (stretch.fate[row] === LOST) pen.globalAlpha = Math.max(0.15, 1 - (time - stretch.sent[row]) / (stretch.gone[row] - stretch.sent[row]));
    pen.beginPath();
    if (feedback) pen.arc(x, y, size, 0, 2 * Math.PI);
    else pen.rect(x - size, y - size, 2 * size, 2 * size);
    if (stretch.copy[row]) { // a copy is hollow
      pen.save();
      pen.fillStyle = colours.paper;
      pen.fill();
      pen.restore();
      pen.stroke();
    } else pen.fill();
    if (stretch.fate[row] === LOST || stretch.fate[row] === DAMAGED) this.#cross(x, y, size + 2);
    if (late || isChosen) {
      pen.strokeStyle = isChosen ? colours.chosen : colours.ink;
      pen.lineWidth = isChosen ? 3 : 1.75 * this.crowd;
      pen.beginPath();
      pen.arc(x, y, isChosen ? size + 3.5 : size + 3.5 * this.crowd ** 2, 0, 2 * Math.PI);
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  #cross(x, y, size) {
    const { pen } = this;
    pen.strokeStyle = colours.ink;
    pen.beginPath();
    pen.moveTo(x - size, y - size);
    pen.lineTo(x + size, y + size);
    pen.moveTo(x + size, y - size);
    pen.lineTo(x - size, y + size);
    pen.stroke();
  }

  // A square for each task that is pending, while there is room for the most there ever are; else a gauge.
  #tickets() {
    const { pen, floor } = this;
    floor.desks.forEach(({ spot, pending = 0, waiting = 0 }, place) => {
      const room = spot.tall
        ? { x: spot.x + 7, y: spot.y + 40, w: spot.w - 14, h: spot.h - 46 }
        : { x: spot.x + 7, y: spot.y + spot.h - 13, w: spot.w - 14, h: PITCH };
      const across = Math.max(1, Math.floor(room.w / PITCH)), down = Math.max(1, Math.floor(room.h / PITCH));
      const peak = floor.peaks[place], squares = peak <= across * down;
      pen.fillStyle = colours.feedback;
      pen.globalAlpha = 0.85;
      if (squares) {
        for (let one = 0; one < pending; one++) {
          const [column, line] = [one % across, Math.floor(one / across)];
          pen.fillRect(room.x + column * PITCH, room.y + room.h - (line + 1) * PITCH, TICKET, TICKET);
        }
      } else if (spot.tall) {
        const high = (room.h * pending) / peak;
        pen.fillRect(room.x, room.y + room.h - high, room.w, high);
      } else {
        pen.fillRect(room.x, room.y, (room.w * pending) / peak, TICKET);
      }
      pen.globalAlpha = 1;
      pen.strokeStyle = colours.task;
      pen.lineWidth = 1.2;
      const fit = Math.min(waiting, across);
      for (let one = 0; one < fit; one++) pen.strokeRect(spot.x + spot.w - 7 - (one + 1) * PITCH, spot.y + spot.h - 5, TICKET, 4);
    });
  }

  // The way of a chosen task: its work thin, its feedback's way back bold, with arrows.
  #wayOf({ hops }, time) {
    const { pen, floor } = this;
    for (const { link, feedback, sent } of hops) {
      const points = floor.ways[link];
      if (!points) continue;
      pen.strokeStyle = pen.fillStyle = feedback ? colours.chosen : colours.quiet;
      pen.lineWidth = feedback ? 4 : 1.5;
      pen.globalAlpha = feedback ? (sent <= time ? 0.95 : 0.45) : 0.8;
      this.#line(points);
      if (feedback) this.#arrow(points.slice(-2));
    }
    pen.globalAlpha = 1;
  }

  #arrow([from, to]) {
    const { pen } = this, length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
    pen.beginPath();
    pen.moveTo(to.x, to.y);
    pen.lineTo(to.x - 11 * dx - 6 * dy, to.y - 11 * dy + 6 * dx);
    pen.lineTo(to.x - 11 * dx + 6 * dy, to.y - 11 * dy - 6 * dx);
    pen.fill();
  }

  // The message nearest to a point, if one is near.
  near(x, y, reach = 14) {
    let found = null, least = reach;
    for (const one of this.shown ?? []) {
      const away = Math.hypot(one.x - x, one.y - y);
      if (away < least) [found, least] = [one.row, away];
    }
    return found;
  }
}
