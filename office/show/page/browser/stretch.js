// A stretch of the run: its messages in order of sending, and what is where at each time. Times are ns from its begin.

const READ = 0, REPEAT = 1, DAMAGED = 2, LOST = 3, ON_ITS_WAY = 4; // as in stretches.py
const NOBODY = -1;

class Stretch {
  constructor(packed) {
    Object.assign(this, packed, columns(packed.mail));
    this.length = packed.end - packed.begin;
    this.size = this.sent.length;
    this.about = column(packed.of);
    this.said = columns(packed.said);
    this.heard = columns(packed.heard);
    this.work = columns(packed.work);
    this.incidents = columns(packed.incidents);
    this.pending = packed.pending.map(columns);
    this.inTray = packed.in_tray.map(columns);
    this.typical = this.#typicalTime();
    this.#follow();
  }

  // The median of what messages take that take any time.
  #typicalTime() {
    const some = [];
    const step = Math.max(1, Math.floor(this.size / 5000));
    for (let row = 0; row < this.size; row += step) if (this.took[row] > 0) some.push(this.took[row]);
    return some.length ? some.sort((a, b) => a - b)[some.length >> 1] : Math.max(this.length / 100, 1);
  }

  // When each arrives, or would; when each is to be seen no more; and of all rows so far, the latest of that.
  #follow() {
    this.arrives = new Float64Array(this.size);
    this.gone = new Float64Array(this.size);
    this.latest = new Float64Array(this.size);
    let latest = -Infinity;
    for (let row = 0; row < this.size; row++) {
      const sent = this.sent[row], fate = this.fate[row];
      if (fate === LOST) {
        this.arrives[row] = sent + this.typical;
        this.gone[row] = sent + this.typical / 2; // a journal does not tell where it got lost: half-way, here
      } else if (fate === ON_ITS_WAY) {
        this.arrives[row] = Math.max(sent + this.typical, this.length + this.typical / 3);
        this.gone[row] = Infinity;
      } else {
        this.arrives[row] = this.gone[row] = sent + this.took[row];
      }
      this.latest[row] = latest = Math.max(latest, this.gone[row]);
    }
    const came = [];
    for (let row = 0; row < this.size; row++) if (this.fate[row] < LOST && this.gone[row] >= 0) came.push(row);
    came.sort((a, b) => this.gone[a] - this.gone[b]);
    this.arrivals = Float64Array.from(came, (row) => this.gone[row]);
    this.late = Float64Array.from(came.filter((row) => this.overtaken[row] > 0), (row) => this.gone[row]);
  }

  // Rows of which some are on their way in a span of time: from the first to before the second.
  between(from, until) {
    return [countUpTo(this.latest, from), countUpTo(this.sent, until)];
  }

  // Calls back with each row that is on its way at a time.
  onTheWay(time, each) {
    const [first, last] = this.between(time, time);
    for (let row = first; row < last; row++) if (this.gone[row] > time) each(row);
  }

  counts(time) {
    let under = 0;
    this.onTheWay(time, (row) => { if (this.fate[row] !== LOST) under++; });
    return { sent: countUpTo(this.sent, time) - countUpTo(this.sent, -0.5), under, arrived: countUpTo(this.arrivals, time), late: countUpTo(this.late, time) };
  }

  static at({ time, count }, when) {
    return count[Math.max(countUpTo(time, when) - 1, 0)] ?? 0;
  }

  // The next or the last time before at which something is sent or arrives.
  eventAfter(time) {
    const next = Math.min(this.sent[countUpTo(this.sent, time)] ?? Infinity, this.arrivals[countUpTo(this.arrivals, time)] ?? Infinity);
    return Math.min(next, this.length);
  }

  eventBefore(time) {
    const before = time - 0.5; // times are whole
    const last = Math.max(this.sent[countUpTo(this.sent, before) - 1] ?? 0, this.arrivals[countUpTo(this.arrivals, before) - 1] ?? 0);
    return Math.max(last, 0);
  }

  rowsAbout(task) {
    const rows = [];
    for (let row = 0; row < this.size; row++) if (this.task[row] === task) rows.push(row);
    return rows;
  }
}
