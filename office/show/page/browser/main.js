// Puts everything together: one clock, the views that follow it, and the task that somebody looks at.

const data = JSON.parse(byId("journal").textContent);
data.rooms.links = linksOf(data.rooms.links, data.people);
readColours();

data.stretches = data.stretches.map((one, _, all) => (one.like === undefined ? one : { ...all[one.like], ...one }));
const stretches = new Array(data.stretches.length);
const clock = new Clock(follow);
const floor = new Floor(byId("floor"), data);
const letters = new Letters(floor);
const diagram = new Diagram(byId("diagram"), data);
const life = new TaskLife(data, { seek: (time) => clock.seek(time) });
const controls = new Controls(clock, { step, choose: chooseOne, chooseNext, chooseName, forget: () => choose(null) });
const charts = timeCharts();
let stretch = null, chosen = null, drawnWidth = 0;

// Links as objects, with the names of who sends and who reads.
function linksOf({ names, from, to, sender, reader, feedback }, people) {
  const [froms, tos, senders, readers, backs] = [from, to, sender, reader, feedback].map(column);
  return names.map((name, link) => ({
    name,
    from: froms[link],
    to: tos[link],
    feedback: backs[link] === 1,
    sender: people[senders[link]] ?? (backs[link] ? "people above" : "people below"),
    reader: people[readers[link]] ?? (backs[link] ? "people below" : "people above"),
  }));
}

// Charts over time, by what they show; those of which the run has nothing are not there.
function timeCharts() {
  const { losses, sizes, pending, in_tray } = data.figures, end = data.busy_end, found = {};
  const add = (name, figure, lines, options) => {
    figure.hidden = !lines.length;
    if (lines.length) found[name] = new TimeChart(figure.querySelector(".chart"), lines, { end, seek: goTo, ...options });
  };
  const [least, most] = losses.of ? [Math.min(...column(losses.middle)), Math.max(...column(losses.middle))] : [0, 0];
  const shown = losses.together > 1 ? [`median and middle 80% of ${numberText(losses.together)} tasks together`] : [];
  if (losses.infinite) shown.push(`${numberText(losses.infinite)} of ${numberText(losses.of)} losses are not finite and are left out`);
  byId("loss-shown").textContent = shown.join("; ");
  if (least === most) byId("loss-now").textContent = `every loss is ${lossText(least)}`;
  else add("losses", byId("loss-figure"), [{ name: "loss", ...losses }], { mayBeLog: true, label: "The loss that the people above saw, over virtual time" });
  byId("loss-figure").hidden = !losses.of;
  add("sizes", byId("size-figure"), sizes[0]?.lines ?? [], { mayBeLog: true, label: "Size of the feedback that a desk learnt from, and of what it passed down, over virtual time" });
  for (const [name, id, what, label] of [["pending", "pending-figure", pending, "How many tasks are pending at desks, over virtual time"], ["in_tray", "tray-figure", in_tray, "How many letters lie in trays, over virtual time"]]) {
    add(name, byId(id), what.lines, { isStep: true, label });
    if (what.of > what.lines.length) byId(id).querySelector("small").textContent = `the ${what.lines.length} fullest of ${what.of} desks`;
  }
  return found;
}

// The chart of the sizes of feedback is that of one desk.
function chooseSizes(place) {
  const { lines, together } = data.figures.sizes[place];
  charts.sizes.use(lines);
  byId("size-figure").querySelector("small").textContent = together > 1 ? `medians of ${numberText(together)} feedbacks together` : "";
}

// Draw what does not move, as wide as there is room.
function draw() {
  floor.draw(stretch);
  diagram.resize();
  for (const chart of Object.values(charts)) chart.draw(stretch);
  drawHistograms();
  follow(false);
}

function follow(quietly) {
  const { time } = clock, text = timeText(stretch.begin + time, 6);
  const { sent, under, arrived, late } = stretch.counts(time);
  floor.tell(time, chosen?.desks ?? new Set());
  letters.draw(stretch, time, chosen);
  diagram.draw(time, chosen);
  life.mark(time);
  for (const chart of Object.values(charts)) chart.mark(stretch.begin + time);
  const loss = charts.losses?.at(stretch.begin + time);
  if (charts.losses) byId("loss-now").textContent = loss === null ? "" : `loss ${lossText(loss)}`;
  byId("tally").textContent = `${counted(under, "message")} on the way; in this ${data.stretches.length > 1 ? "stretch" : "run"} so far ${numberText(sent)} sent, ${numberText(arrived)} arrived, ${numberText(late)} of them overtaken`;
  controls.show(time, timeText(stretch.begin + time));
  if (!quietly) byId("spoken").textContent = `${clock.playing ? "Playing from" : "At"} ${text}: ${counted(under, "message")} on the way`;
}

function useStretch(place) {
  clock.playing = false;
  stretch = stretches[place] ??= new Stretch(data.stretches[place]);
  byId("stretch").value = place;
  clock.end = stretch.length;
  clock.time = 0;
  controls.fit(stretch.typical);
  diagram.fit(stretch);
  byId("span").textContent = `${timeText(diagram.span, 2)} of it`;
  chosen = null;
  life.show(stretch, null);
  draw();
}

// Go to a time of the run, in whichever stretch has it or is nearest.
function goTo(time) {
  const away = ({ begin, end }) => Math.max(begin - time, time - end, 0);
  const place = data.stretches.reduce((best, one, place, all) => (away(one) < away(all[best]) ? place : best), 0);
  if (stretches[place] !== stretch) useStretch(place);
  clock.seek(time - stretch.begin);
}

function step(by) {
  clock.playing = false;
  let { time } = clock;
  for (let one = 0; one < Math.abs(by); one++) time = by > 0 ? stretch.eventAfter(time) : stretch.eventBefore(time);
  clock.seek(time);
}

function choose(task) {
  chosen = task === null ? null : TaskLife.of(data, stretch, task);
  life.chosenTask = task;
  life.show(stretch, chosen);
  follow(false);
}

// One of the tasks that messages are on their way about, another each time.
function chooseOne() {
  const tasks = [];
  stretch.onTheWay(clock.time, (row) => tasks.push(stretch.task[row]));
  tasks.sort((one, other) => one - other);
  if (tasks.length) choose(tasks.find((task) => task > (chosen?.task ?? NOBODY)) ?? tasks[0]);
}

function chooseNext(by) {
  const all = stretch.tasks.length;
  if (all) choose(((chosen ? chosen.task + by : by > 0 ? 0 : -1) + all) % all);
}

function chooseName(name) {
  const task = stretch.tasks.findIndex((one) => String(one) === name);
  if (task >= 0) return choose(task);
  choose(null);
  const { every } = data.stretches[stretches.indexOf(stretch)];
  byId("task-told").textContent = `No message in this stretch is about a task ${name || "without a name"}${every > 1 ? `; the page has one task of ${every}` : ""}.`;
  return undefined;
}

function drawHistograms() {
  const { links, all_links, lateness } = data.figures;
  for (const [id, key, xLabel, label] of [["rd-figure", "rd", "places late (+) or early (−)", "Reorder density"], ["rbd-figure", "rbd", "early messages kept", "Reorder buffer-occupancy density"]]) {
    const figure = byId(id), link = links[figure.querySelector("select").value || 0];
    barChart(figure.querySelector(".chart"), link[key], { xLabel, signed: key === "rd", label: `${label} on ${link.name}` });
    figure.querySelector("small").textContent = `${numberText(link.overtaken)} of ${numberText(link.messages)} overtaken`;
  }
  const late = byId("lateness-figure"), one = lateness[late.querySelector("select").value || 0];
  late.hidden = !one;
  if (one) {
    barChart(late.querySelector(".chart"), one.bars, { xLabel: "updates late", label: `Staleness of the feedback of ${one.name}` });
    late.querySelector("small").textContent = `mean ${numberText(one.mean, 2)}, most ${numberText(one.most)}, of ${numberText(one.count)}`;
  }
  const timed = links.filter((link) => link.latency?.[100] !== undefined).slice(0, 24);
  byId("latency-figure").hidden = !timed.length;
  if (timed.length) rangeChart(byId("latency-figure").querySelector(".chart"), timed, "Latency of each link: least, median, 90%, 99% and most");
  byId("latency-figure").querySelector("small").textContent = `least, median, 90%, 99%, most${timed.length < all_links ? `; ${timed.length} of ${all_links} links` : ""}`;
}

function listen() {
  const { links, lateness, sizes, all_links } = data.figures;
  options(byId("size-figure").querySelector("select"), sizes.map((one) => one.name));
  byId("size-figure").querySelector("select").addEventListener("change", ({ target }) => {
    chooseSizes(target.value);
    charts.sizes.draw(stretch);
    charts.sizes.mark(stretch.begin + clock.time);
  });
  if (charts.sizes) chooseSizes(0);
  for (const [id, names] of [["rd-figure", links], ["rbd-figure", links], ["lateness-figure", lateness]]) {
    const select = byId(id).querySelector("select");
    options(select, names.map((one) => one.name));
    select.addEventListener("change", drawHistograms);
    if (names === links && links.length - 1 < all_links) select.parentElement.append(` (the ${links.length - 1} of ${all_links} links on which most was overtaken)`);
  }
  options(byId("stretch"), data.stretches.map((one) => one.name));
  byId("stretch-label").hidden = data.stretches.length < 2;
  byId("stretch").addEventListener("change", () => useStretch(Number(byId("stretch").value)));
  floor.host.addEventListener("click", (event) => {
    const { left, top } = floor.host.getBoundingClientRect();
    const row = letters.near(event.clientX - left, event.clientY - top);
    if (row !== null) choose(stretch.task[row]);
  });
  diagram.canvas.addEventListener("click", (event) => {
    const { left, top } = diagram.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top], row = diagram.near(x, y);
    if (row !== null) choose(stretch.task[row]);
    else clock.seek(diagram.timeAt(x));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readColours();
    draw();
  });
  new ResizeObserver(() => {
    if (document.body.clientWidth === drawnWidth) return;
    drawnWidth = document.body.clientWidth;
    draw();
  }).observe(document.body);
}

listen();
drawnWidth = document.body.clientWidth;
useStretch(0);
document.body.classList.add("ready");
