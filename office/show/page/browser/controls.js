// Buttons, slider and keys.

const SPEEDS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32, 64];
const SLIDER = 10000;

class Controls {
  constructor(clock, { step, choose, chooseNext, chooseName, forget }) {
    this.clock = clock;
    options(byId("speed"), SPEEDS.map((speed) => (speed < 1 ? `1/${1 / speed}` : String(speed))));
    byId("speed").value = SPEEDS.indexOf(1);
    byId("play").addEventListener("click", () => clock.toggle());
    byId("to-start").addEventListener("click", () => clock.seek(0));
    byId("back").addEventListener("click", () => step(-1));
    byId("forward").addEventListener("click", () => step(1));
    byId("slider").addEventListener("input", () => clock.seek((byId("slider").valueAsNumber / SLIDER) * clock.end));
    byId("speed").addEventListener("change", () => this.setSpeed());
    byId("ask").addEventListener("submit", (event) => {
      event.preventDefault();
      chooseName(byId("task-name").value.trim());
    });
    byId("previous-task").addEventListener("click", () => chooseNext(-1));
    byId("next-task").addEventListener("click", () => chooseNext(1));
    byId("no-task").addEventListener("click", forget);
    const keys = {
      " ": () => clock.toggle(),
      ArrowLeft: (event) => step(event.shiftKey ? -10 : -1),
      ArrowRight: (event) => step(event.shiftKey ? 10 : 1),
      Home: () => clock.seek(0),
      End: () => clock.seek(clock.end),
      ",": () => this.#shift(-1),
      ".": () => this.#shift(1),
      n: choose,
      Escape: forget,
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys) || takesKey(event.target, event.key)) return;
      event.preventDefault();
      keys[event.key](event);
    });
  }

  // At speed 1 what a message usually takes is shown in 0.8 seconds.
  fit(typical) {
    this.typical = typical;
    this.setSpeed();
  }

  setSpeed() {
    this.clock.rate = (this.typical / 0.8) * SPEEDS[byId("speed").value];
    byId("speed").parentElement.title = `One second here is ${timeText(this.clock.rate)} there`;
  }

  #shift(by) {
    const place = Number(byId("speed").value) + by;
    if (place in SPEEDS) byId("speed").value = place;
    this.setSpeed();
  }

  show(time, text) {
    const { clock } = this, slider = byId("slider");
    slider.value = clock.end ? (time / clock.end) * SLIDER : 0;
    slider.setAttribute("aria-valuetext", text);
    byId("now").textContent = text;
    document.body.classList.toggle("playing", clock.playing);
    byId("play").setAttribute("aria-label", clock.playing ? "Pause" : "Play");
  }
}

// Whether the element that has the focus uses a key itself.
function takesKey(target, key) {
  if (key === "Escape") return false;
  if (target.matches("input[type=text], select")) return true;
  if (target.matches("input[type=range]")) return key.startsWith("Arrow") || key === "Home" || key === "End";
  return key === " " && target.matches("button, summary");
}
