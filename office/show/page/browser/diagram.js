// Who sent what when: desks as lines, time from left to right, messages as strokes. In the field: a Lamport diagram.

const NOW_AT = 0.62; // of the width

class Diagram {
  constructor(canvas, data) {
    this.canvas = canvas;
    this.data = data;
    this.order = fromTheTop(data.rooms.stacks);
    this.line = new Map(this.order.map((desk, place) => [desk, place + 1]));
  }

  resize() {
    const lines = this.order.length + 2;
    this.width = this.canvas.clientWidth;
    this.pitch = Math.max(7, Math.min(34, 460 / lines));
    this.height = Math.ceil(this.pitch * lines + 26);
    this.canvas.style.height = `${this.height}px`;
    this.names = this.pitch >= 11 ? Math.min(110, this.width * 0.26) : 0;
  }

  // So much time that some hundred messages are seen, or what a few of them take.
  fit(stretch) {
    const dense = stretch.size / Math.max(stretch.length, 1);
    this.stretch = stretch;
    this.span = Math.min(Math.max(Math.min(9 * stretch.typical, 260 / dense), 0.9 * stretch.typical), Math.max(stretch.length * 1.4, 1));
  }

  #y(desk, isAbove) {
    return 14 + this.pitch * (desk === NOBODY ? (isAbove ? 0 : this.order.length + 1) : this.line.get(desk));
  }

  #ends(row) {
    const { from, to, feedback } = this.data.rooms.links[this.stretch.link[row]];
    return [this.#y(from, feedback), this.#y(to, !feedback)];
  }

  draw(time, chosen) {
    const { stretch, span, width, height, names } = this;
    const pen = (this.pen = cleared(this.canvas, width, height));
    this.from = time - NOW_AT * span;
    this.x = (when) => names + ((when - this.from) / span) * (width - names);
    this.#desks(chosen);
    pen.save();
    pen.beginPath();
    pen.rect(names, 0, width - names, height);
    pen.clip();
    const [first, last] = stretch.between(this.from, this.from + span);
    this.crowd = Math.max(0.25, Math.min(1, Math.sqrt(250 / (last - first)))); // the more there are, the finer
    for (const late of [false, true]) {
      for (const feedback of [false, true]) {
        for (const future of [false, true]) {
          pen.strokeStyle = feedback ? colours.feedback : colours.task;
          pen.lineWidth = (late ? 2.4 : 1.1) * this.crowd;
          pen.globalAlpha = (future ? 0.22 : 0.9) * Math.sqrt(this.crowd);
          pen.setLineDash(feedback && this.crowd > 0.6 ? [5, 2.5] : []);
          pen.beginPath();
          for (let row = first; row < last; row++) {
            const link = this.data.rooms.links[stretch.link[row]];
            if (link.feedback === feedback && stretch.overtaken[row] > 0 === late && stretch.sent[row] > time === future && link.from !== link.to) this.#stroke(row);
          }
          pen.stroke();
        }
      }
    }
    pen.setLineDash([]);
    this.#marks(first, last, time);
    if (chosen) this.#chosen(chosen, time);
    pen.globalAlpha = 1;
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(this.x(time), 4);
    pen.lineTo(this.x(time), height - 16);
    pen.stroke();
    pen.restore();
    this.#scale(time);
  }

  #stroke(row) {
    const [y0, y1] = this.#ends(row), { pen, stretch } = this;
    const share = stretch.fate[row] === LOST ? 0.5 : 1;
    pen.moveTo(this.x(stretch.sent[row]), y0);
    pen.lineTo(this.x(stretch.sent[row] + share * (stretch.arrives[row] - stretch.sent[row])), y0 + share * (y1 - y0));
  }

  // Where an overtaken message arrives is a ring, where one is lost or damaged a cross.
  #marks(first, last, time) {
    const { pen, stretch } = this;
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 1.5 * this.crowd;
    for (let row = first; row < last; row++) {
      const fate = stretch.fate[row], amiss = fate === LOST || fate === DAMAGED;
      if (!amiss && !(stretch.overtaken[row] > 0)) continue;
      const [y0, y1] = this.#ends(row);
      if (y0 === y1) continue;
      const [x, y] = fate === LOST ? [this.x(stretch.gone[row]), (y0 + y1) / 2] : [this.x(stretch.arrives[row]), y1];
      pen.globalAlpha = stretch.gone[row] > time ? 0.3 : 1;
      pen.beginPath();
      if (amiss) {
        pen.moveTo(x - 3, y - 3);
        pen.lineTo(x + 3, y + 3);
        pen.moveTo(x + 3, y - 3);
        pen.lineTo(x - 3, y + 3);
      } else pen.arc(x, y, Math.min(3.5, this.pitch / 3) * this.crowd, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  #chosen({ rows }, time) {
    const { pen, stretch } = this;
    pen.strokeStyle = colours.chosen;
    pen.lineWidth = 3.5;
    for (const row of rows) {
      pen.globalAlpha = stretch.sent[row] > time ? 0.5 : 1;
      pen.beginPath();
      this.#stroke(row);
      pen.stroke();
    }
  }

  #desks(chosen) {
    const { pen, width, names, pitch } = this;
    pen.font = `${Math.min(12, pitch - 1)}px ${getComputedStyle(document.body).fontFamily}`;
    pen.textBaseline = "middle";
    pen.lineWidth = 1;
    const all = [["people above", 0], ...this.order.map((desk, place) => [this.data.desks[desk].split("/").at(-1), place + 1]), ["people below", this.order.length + 1]];
    for (const [name, line] of all) {
      const y = 14 + pitch * line;
      pen.strokeStyle = colours.line;
      pen.beginPath();
      pen.moveTo(names, y);
      pen.lineTo(width, y);
      pen.stroke();
      pen.fillStyle = chosen?.desks.has(this.order[line - 1]) ? colours.chosen : colours.quiet;
      if (names) pen.fillText(shortened(pen, name, names - 14), 8, y);
    }
  }

  #scale(time) {
    const { pen, width, height, names, span } = this;
    const step = niceStep(span / 4);
    pen.fillStyle = colours.quiet;
    pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    pen.textAlign = "center";
    const begin = this.stretch.begin;
    for (let tick = Math.ceil((this.from + begin) / step) * step; tick <= this.from + begin + span; tick += step) {
      const x = this.x(tick - begin);
      if (tick >= 0 && x > names + 20 && x < width - 20) pen.fillText(timeText(tick), x, height - 8);
    }
    pen.textAlign = "start";
  }

  // The row of the message whose stroke is nearest to a point, if one is near.
  near(x, y, reach = 9) {
    const { stretch } = this, [first, last] = stretch.between(this.from, this.from + this.span);
    let found = null, least = reach;
    for (let row = first; row < last; row++) {
      const [y0, y1] = this.#ends(row);
      if (y0 === y1) continue;
      const away = toSegment(x, y, this.x(stretch.sent[row]), y0, this.x(stretch.arrives[row]), y1);
      if (away < least) [found, least] = [row, away];
    }
    return found;
  }

  timeAt(x) {
    return this.from + ((x - this.names) / (this.width - this.names)) * this.span;
  }
}

function toSegment(x, y, x0, y0, x1, y1) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const share = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}

function shortened(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  let some = text.slice(0, 60);
  while (some && pen.measureText(`${some}…`).width > width) some = some.slice(0, -1);
  return `${some}…`;
}

// 1, 2 or 5 times a power of ten, and no less than asked for.
function niceStep(least) {
  const size = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((digit) => digit * size).find((step) => step >= least * 0.999999);
}
