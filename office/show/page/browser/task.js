// The life of one task: every message about it in this stretch, what was said of it, who learnt from it, what befell it.

class TaskLife {
  constructor(data, { choose, seek }) {
    this.data = data;
    this.choose = choose;
    this.seek = seek;
  }

  // What there is to know of a task of a stretch, by its place there.
  static of(data, stretch, task) {
    const rows = stretch.rowsAbout(task);
    const hops = rows.map((row) => ({ row, link: stretch.link[row], sent: stretch.sent[row], ...data.rooms.links[stretch.link[row]] }));
    const desks = new Set(hops.filter((hop) => hop.feedback).flatMap((hop) => [hop.from, hop.to]));
    desks.delete(NOBODY);
    return { task, rows, hops, desks, name: String(stretch.tasks[task]) };
  }

  show(stretch, chosen) {
    this.stretch = stretch;
    byId("no-task").hidden = !chosen;
    byId("hops").replaceChildren();
    this.lines = [];
    if (!chosen) {
      byId("task-told").textContent = "Click on a message, or name a task: its hops are listed here, and its feedback's way back lights up.";
      return;
    }
    byId("task-name").value = chosen.name;
    byId("task-told").textContent = this.#summary(chosen);
    const events = this.#events(chosen).sort((one, other) => one.time - other.time);
    const body = element("tbody", {}, ...events.map((event) => this.#line(event)));
    const head = element("tr", {}, ...["at", "took", "later", "what"].map((title) => element("th", { scope: "col", class: title === "what" ? "words" : "" }, title)));
    byId("hops").append(element("table", {}, element("thead", {}, head), body));
  }

  // Mark what happens at a time.
  mark(time) {
    for (const { node, from, until } of this.lines ?? []) node.classList.toggle("now", from <= time && time <= until);
  }

  #summary({ task, rows, hops, name }) {
    const { stretch } = this, of = stretch.about[task];
    const here = rows.length === of ? counted(of, "message") : `${rows.length} of its ${counted(of, "message")} are in this stretch`;
    const late = rows.filter((row) => stretch.overtaken[row] > 0).length;
    const told = [`Task ${name}: ${here}${late ? `, ${late} of them overtaken` : ""}.`];
    const said = this.#rowsOf(stretch.said).map((row) => stretch.said.loss[row]);
    if (said.length) told.push(`The people above saw a loss of ${said.map(lossText).join(", ")}.`);
    const heard = this.#rowsOf(stretch.heard).map((row) => `${this.data.desks[stretch.heard.desk[row]].split("/").at(-1)} ${counted(stretch.heard.late[row], "update")} late`);
    if (heard.length) told.push(`Its feedback reached ${heard.slice(0, 6).join(", ")}${heard.length > 6 ? ` and ${heard.length - 6} more` : ""}.`);
    else if (!hops.some((hop) => hop.feedback)) told.push("No feedback on it was sent in this stretch.");
    return told.join(" ");
  }

  // How late a feedback was, and how large, as far as its desk has told.
  #heard(row) {
    const { late, from_above, to_below } = this.stretch.heard;
    const sizes = [[from_above, "from above"], [to_below, "to below"]].filter(([size]) => !Number.isNaN(size[row]));
    const told = sizes.map(([size, way]) => `${Number(size[row].toPrecision(3))} ${way}`).join(", ");
    return `${counted(late[row], "update")} late${told ? `; size ${told}` : ""}`;
  }

  #rowsOf({ task }) {
    const rows = [];
    for (let row = 0; row < task.length; row++) if (task[row] === this.chosenTask) rows.push(row);
    return rows;
  }

  #events(chosen) {
    const { stretch, data } = this, name = (desk) => data.desks[desk];
    const alone = (time, text) => ({ time, until: time, text });
    return [
      ...this.#rowsOf(stretch.said).map((row) => alone(stretch.said.time[row], `the people above speak of it: loss ${lossText(stretch.said.loss[row])}`)),
      ...this.#rowsOf(stretch.heard).map((row) => alone(stretch.heard.time[row], `${name(stretch.heard.desk[row])} hears of it, ${this.#heard(row)}`)),
      ...this.#rowsOf(stretch.work).map((row) => ({ time: stretch.work.time[row], until: stretch.work.time[row] + stretch.work.took[row], text: `${name(stretch.work.desk[row])} works on it for ${timeText(stretch.work.took[row])}` })),
      ...this.#rowsOf(stretch.incidents).map((row) => alone(stretch.incidents.time[row], `${name(stretch.incidents.desk[row])}: ${stretch.incidents.kinds[stretch.incidents.what[row]]}`)),
      ...chosen.hops.map((hop) => ({ time: hop.sent, until: Math.min(stretch.gone[hop.row], stretch.length), hop })),
    ];
  }

  #line({ time, until, text, hop }) {
    const { stretch } = this;
    const jump = element("button", { type: "button", title: "Go there" }, timeText(time + stretch.begin, 6));
    jump.addEventListener("click", () => this.seek(time));
    const cells = hop ? this.#cells(hop) : ["", "", text];
    const kind = hop ? (hop.feedback ? "feedback" : "task") : "none";
    const node = element("tr", { class: kind }, element("td", {}, jump), ...cells.map((cell, place) => element("td", place > 1 ? { class: "words" } : {}, ...[cell].flat())));
    this.lines.push({ node, from: time, until });
    return node;
  }

  #cells({ row, sender, reader, feedback, name, link }) {
    const { stretch } = this, fate = stretch.fate[row], told = [];
    if (fate !== READ) told.push(this.data.fates[fate]);
    if (stretch.copy[row]) told.push(`copy ${stretch.copy[row]}`);
    if (stretch.overtaken[row]) told.push(`overtaken: ${counted(stretch.overtaken[row], "place")} late`);
    const came = fate < LOST, quickest = this.#quickest(link);
    return [
      came ? timeText(stretch.took[row]) : "",
      came && stretch.took[row] > quickest ? `+${timeText(stretch.took[row] - quickest)}` : "",
      [element("span", { title: name }, `${sender} ${feedback ? "⇣" : "⇡"} ${reader}`), ...(told.length ? [element("em", {}, told.join(", "))] : [])],
    ];
  }

  // What the quickest message of this stretch takes on a link.
  #quickest(link) {
    const { stretch } = this;
    stretch.quickest ??= new Map();
    if (!stretch.quickest.has(link)) {
      let least = Infinity;
      for (let row = 0; row < stretch.size; row++) if (stretch.link[row] === link && stretch.fate[row] < LOST) least = Math.min(least, stretch.took[row]);
      stretch.quickest.set(link, least);
    }
    return stretch.quickest.get(link);
  }
}
