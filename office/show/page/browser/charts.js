// Curves over time, histograms and ranges, as drawings of a fixed height and the width of their place.

const MARGIN = { left: 52, right: 12, top: 8, bottom: 30 };
const DASHES = ["", "7 3", "2 2.5", "9 3 2 3", "1 3", "12 4"];

// The place of numbers on an axis, and round numbers to write beside it.
function scale(least, most, from, to, isLog = false) {
  const bend = isLog ? Math.log10 : (number) => number;
  const [low, high] = [bend(least), bend(most)];
  const place = (number) => from + ((bend(number) - low) / (high - low || 1)) * (to - from);
  const ticks = [];
  if (isLog) {
    const every = Math.max(1, Math.round((high - low) / 5)), digits = high - low < 2.5 ? [1, 2, 5] : [1];
    for (let power = Math.floor(low); power <= high; power += every) ticks.push(...digits.map((digit) => digit * 10 ** power).filter((tick) => tick >= least && tick <= most));
  }
  else {
    const step = niceStep((most - least || 1) / 4);
    for (let tick = Math.ceil(least / step) * step; tick <= most + step * 1e-9; tick += step) ticks.push(Math.abs(tick) < step * 1e-9 ? 0 : tick);
  }
  return { place, ticks };
}

function frame(host, height, label) {
  const width = Math.max(host.clientWidth, 220);
  const svg = drawing("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": label });
  host.replaceChildren(svg);
  return { svg, width, left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
}

function axes({ svg, left, right, top, bottom }, x, y, xText, yText) {
  let before = -Infinity;
  for (const tick of y.ticks) {
    const at = y.place(tick);
    svg.append(drawing("line", { class: "axis", x1: left, x2: right, y1: at, y2: at }), drawing("text", { x: left - 7, y: at + 4, "text-anchor": "end" }, yText(tick)));
  }
  for (const tick of x.ticks) {
    const at = x.place(tick), text = xText(tick);
    if (at < left - 1 || at > right + 1 || at - before < 8 + 6.5 * text.length) continue;
    before = at;
    svg.append(drawing("text", { x: at, y: bottom + 17, "text-anchor": at > right - 20 ? "end" : "middle" }, text));
  }
  svg.append(drawing("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }), drawing("line", { class: "axis", x1: left, x2: left, y1: top, y2: bottom }));
}

// Lines over virtual time, each {name, time, middle, low, high, exact}; a band from low to high, if given, where they are not exact.
class TimeChart {
  constructor(host, lines, { end, isStep = false, mayBeLog = false, label, seek }) {
    Object.assign(this, { host, end, isStep, mayBeLog, label, seek });
    this.use(lines);
  }

  use(lines) {
    this.lines = lines.map(({ time, middle, low = middle, high = middle, ...line }) => ({ ...line, ...columns({ time, middle, low, high }) }));
  }

  draw(stretch) {
    const [least, most] = this.#range();
    const isLog = this.mayBeLog && least > 0 && most > 20 * least;
    const box = frame(this.host, 190, this.label);
    const x = (this.x = scale(0, this.end || 1, box.left, box.right));
    const y = scale(isLog ? least : Math.min(0, least), most === least ? least + 1 : most, box.bottom, box.top, isLog);
    const step = niceStep((this.end || 1) / 5);
    x.ticks = Array.from({ length: Math.floor((this.end || 1) / step) + 1 }, (_, place) => place * step);
    axes(box, x, y, (tick) => timeText(tick), isLog && y.ticks.length < 2 ? lossText : (tick) => lossText(tick));
    if (stretch.begin > 0 || stretch.begin + stretch.length < this.end) {
      box.svg.prepend(drawing("rect", { class: "seen", x: x.place(stretch.begin), y: box.top, width: Math.max(x.place(stretch.begin + stretch.length) - x.place(stretch.begin), 2), height: box.bottom - box.top }));
    }
    this.lines.forEach((line, place) => this.#line(box, line, place, x, y, isLog));
    this.cursor = drawing("line", { class: "cursor", y1: box.top, y2: box.bottom });
    box.svg.append(this.cursor);
    box.svg.classList.add("timed");
    box.svg.addEventListener("click", (event) => {
      const across = ((event.clientX - box.svg.getBoundingClientRect().left) / box.svg.clientWidth) * box.width;
      this.seek(((across - box.left) / (box.right - box.left)) * this.end);
    });
    this.#names(box);
  }

  // From the least to the most of the lines, as far as they are finite; bands may go beyond.
  #range() {
    let least = Infinity, most = -Infinity;
    for (const line of this.lines) {
      for (const number of line.middle) {
        if (!Number.isFinite(number)) continue;
        least = Math.min(least, number);
        most = Math.max(most, number);
      }
    }
    return least <= most ? [least, most] : [0, 1];
  }

  #line(box, line, place, x, y, isLog) {
    const { svg } = box, hue = `var(--hue-${place})`, at = (row, numbers) => [x.place(line.time[row]).toFixed(1), Math.max(box.top, Math.min(box.bottom, y.place(isLog ? Math.max(numbers[row], 1e-300) : numbers[row]))).toFixed(1)];
    const rows = Array.from(line.time.keys()).filter((row) => Number.isFinite(line.middle[row]));
    if (!line.exact && this.lines.length === 1) {
      const band = [...rows.map((row) => at(row, line.high)), ...rows.toReversed().map((row) => at(row, line.low))];
      svg.append(drawing("path", { d: `M${band.join("L")}Z`, fill: hue, opacity: 0.2 }));
    }
    const points = rows.map((row) => at(row, line.middle)), isStep = this.isStep && line.exact;
    if (rows.length === 1) svg.append(drawing("circle", { cx: points[0][0], cy: points[0][1], r: 3, fill: hue }));
    const path = points.map((point, row) => (row === 0 ? `M${point}` : isStep ? `H${point[0]}V${point[1]}` : `L${point}`)).join("") + (isStep ? `H${x.place(this.end).toFixed(1)}` : "");
    svg.append(drawing("path", { d: path, fill: "none", stroke: hue, "stroke-width": 1.6, "stroke-linejoin": "round", "stroke-dasharray": this.lines.length > 1 ? DASHES[place] : "" }));
  }

  // A key above the chart, where there are several lines.
  #names(box) {
    if (this.lines.length < 2) return;
    const key = element("div", { class: "legend" });
    this.lines.forEach((line, place) => {
      const sample = drawing("svg", { width: 26, height: 10, "aria-hidden": "true" }, drawing("line", { x1: 0, x2: 26, y1: 6, y2: 6, stroke: `var(--hue-${place})`, "stroke-width": 2, "stroke-dasharray": DASHES[place] }));
      key.append(element("span", {}, sample, ` ${line.name}`));
    });
    this.host.append(key);
  }

  mark(time) {
    const x = this.x?.place(time);
    if (this.cursor) for (const end of ["x1", "x2"]) this.cursor.setAttribute(end, x);
  }

  // The value of the first line at a time.
  at(time) {
    const [line] = this.lines;
    const row = countUpTo(line.time, time) - 1;
    return row < 0 ? null : line.middle[row];
  }
}

// A histogram: bars {first, width, counts, total}, as shares of the total.
function barChart(host, { first, width: step, counts, total, less, more }, { label, xLabel, signed = false }) {
  const box = frame(host, 178, label);
  if (!total) {
    box.svg.append(drawing("text", { x: box.left, y: 60 }, "none"));
    return;
  }
  const shares = counts.map((count) => count / total), most = Math.max(...shares);
  const [low, high] = signed ? [Math.min(first, -5 * step), Math.max(first + counts.length * step, 6 * step)] : [Math.min(first, 0), Math.max(first + counts.length * step, 11 * step)];
  const x = scale(low, high, box.left, box.right), y = scale(0, most, box.bottom, box.top);
  const middle = (value) => x.place(value + (step === 1 ? 0.5 : 0));
  const wanted = niceStep(Math.max(step, (high - low) / 8));
  const ticks = [];
  for (let tick = Math.ceil(low / wanted) * wanted; tick < high; tick += wanted) ticks.push(tick);
  axes(box, { place: middle, ticks }, y, (tick) => numberText(tick), shareText);
  const gap = Math.min(2, ((box.right - box.left) * step) / (high - low) / 4);
  counts.forEach((count, place) => {
    if (!count) return;
    const from = first + place * step, left = x.place(from), top = Math.min(y.place(shares[place]), box.bottom - 1);
    const hue = signed && from > 0 ? "var(--feedback)" : "var(--task)";
    const tail = less && place === 0 ? " or less" : more && place === counts.length - 1 ? " or more" : "";
    const values = tail ? `${numberText(place ? from : from + step - 1)}${tail}` : step === 1 ? numberText(from) : `${numberText(from)} to ${numberText(from + step - 1)}`;
    box.svg.append(drawing("rect", { x: left + gap / 2, y: top, width: Math.max(x.place(from + step) - left - gap, 0.8), height: box.bottom - top, fill: hue }, drawing("title", {}, `${values}: ${shareText(shares[place])}, ${numberText(count)}`)));
  });
  const told = [xLabel];
  if (step > 1) told.push(`${numberText(step)} a bar`);
  if (less && more) told.push("outer bars: or less, or more");
  else if (more) told.push("last bar: or more");
  host.append(element("p", {}, told.join("; ")));
}

// For each link a line from the least to the most, marks at the 50th, 90th and 99th percentile.
function rangeChart(host, links, label) {
  const pitch = 22, box = frame(host, MARGIN.top + MARGIN.bottom + pitch * links.length + 6, label);
  const names = Math.min(240, box.width * 0.42);
  const longest = Math.max(...links.map((link) => link.latency[100])), usual = 1.25 * Math.max(...links.map((link) => link.latency[99]));
  const most = longest > 3 * usual ? usual : longest, x = scale(0, most || 1, names + 8, box.right - 4); // a few that take for ever leave room for the others
  const step = niceStep((most || 1) / 4);
  for (let tick = 0; tick <= most; tick += step) {
    const at = x.place(tick);
    box.svg.append(drawing("line", { class: "axis", x1: at, x2: at, y1: box.top, y2: box.bottom }), drawing("text", { x: at, y: box.bottom + 17, "text-anchor": at > box.right - 24 ? "end" : "middle" }, timeText(tick)));
  }
  links.forEach(({ name, latency }, place) => {
    const y = box.top + pitch * (place + 0.5), at = (percent) => x.place(latency[percent]);
    const hue = name.includes(".feedback_") ? "var(--feedback)" : "var(--task)";
    const told = [0, 50, 90, 99, 100].map((percent) => `${{ 0: "least", 100: "most" }[percent] ?? `${percent}%`} ${timeText(latency[percent])}`).join(", ");
    const node = drawing("g", {}, drawing("title", {}, `${name}: ${told}`), drawing("rect", { x: 0, y: y - pitch / 2, width: box.width, height: pitch, fill: "transparent" }));
    const letters = Math.floor(names / 6.6), text = name.length > letters ? `…${name.slice(1 - letters)}` : name;
    node.append(drawing("text", { x: 0, y: y + 4 }, text), drawing("line", { x1: at(0), x2: Math.min(at(100), box.right), y1: y, y2: y, stroke: hue, "stroke-width": 1.5 }));
    node.append(drawing("rect", { x: at(50) - 2, y: y - 6, width: 4, height: 12, fill: hue }));
    for (const percent of [90, 99]) node.append(drawing("line", { x1: at(percent), x2: at(percent), y1: y - 4, y2: y + 4, stroke: hue, "stroke-width": 1.5 }));
    if (latency[100] > most) node.append(drawing("text", { x: box.right, y: y - 4, "text-anchor": "end" }, `${timeText(latency[100])} ›`));
    box.svg.append(node);
  });
}
