// Virtual time: where the replay is, whether it runs and how fast. Whoever wants to know is told of every change.

class Clock {
  constructor(tell) {
    this.tell = tell;
    this.time = 0;
    this.end = 0;
    this.rate = 1; // ns of virtual time in a second
    this.playing = false;
  }

  // `quietly` is what happens many times a second.
  seek(time, quietly = false) {
    this.time = Math.max(0, Math.min(this.end, time));
    this.tell(quietly);
  }

  play() {
    if (this.time >= this.end) this.time = 0;
    this.playing = true;
    this.before = null;
    this.tell(false);
    requestAnimationFrame((now) => this.#tick(now));
  }

  pause() {
    this.playing = false;
    this.tell(false);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  #tick(now) {
    if (!this.playing) return;
    const passed = Math.min((now - (this.before ?? now)) / 1000, 0.25); // who looked away has missed nothing
    this.before = now;
    this.seek(this.time + passed * this.rate, true);
    if (this.time >= this.end) this.pause();
    else requestAnimationFrame((then) => this.#tick(then));
  }
}
