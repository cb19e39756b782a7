// The strip above the list: how many of the shown lines came when, errors in red.

const BAR = 5; // pixels of a bar with its gap
const PAUSE = 250; // milliseconds between two drawings

export class Activity {
  constructor(canvas, list) {
    Object.assign(this, { canvas, list, timer: null, drawn: -PAUSE });
    canvas.addEventListener("click", (e) => this.#go(e));
    new ResizeObserver(() => this.schedule()).observe(canvas);
  }

  schedule() {
    const due = Math.max(0, this.drawn + PAUSE - performance.now());
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.drawn = performance.now();
      this.draw();
    }, due);
  }

  draw() {
    const { canvas } = this;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const scale = devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const ctx = canvas.getContext("2d");
    ctx.scale(scale, scale);
    const style = getComputedStyle(document.documentElement);
    const lines = this.list.lines.filter((l) => !l.gap);
    const bars = Math.max(1, Math.floor(width / BAR));
    ctx.fillStyle = style.getPropertyValue("--line");
    ctx.fillRect(0, height - 1, width, 1);
    if (lines.length === 0) return;
    const times = lines.map((l) => Date.parse(l.stamp));
    let from = Infinity;
    let to = -Infinity;
    for (const t of times) {
      if (t < from) from = t;
      if (t > to) to = t;
    }
    // At least ten seconds, so that the first lines do not fill the strip.
    this.from = Math.min(from, to - 10000);
    this.step = (to - this.from + 1) / bars;
    const all = new Uint32Array(bars);
    const bad = new Uint32Array(bars);
    times.forEach((t, i) => {
      const bar = Math.floor((t - this.from) / this.step);
      all[bar]++;
      if (lines[i].level === "error") bad[bar]++;
    });
    const most = Math.max(...all);
    const size = (n) => (n === 0 ? 0 : Math.max(2, (n / most) * (height - 4)));
    for (let i = 0; i < bars; i++) {
      ctx.fillStyle = style.getPropertyValue("--quiet");
      ctx.globalAlpha = 0.45;
      ctx.fillRect(i * BAR, height - 1 - size(all[i]), BAR - 1, size(all[i]));
      ctx.globalAlpha = 1;
      ctx.fillStyle = style.getPropertyValue("--error");
      ctx.fillRect(i * BAR, height - 1 - size(bad[i]), BAR - 1, size(bad[i]));
    }
  }

  // go scrolls to the first line at the time that was clicked.
  #go(e) {
    if (this.step === undefined) return;
    const at = this.from + Math.floor(e.offsetX / BAR) * this.step;
    const i = this.list.lines.findIndex((l) => !l.gap && Date.parse(l.stamp) >= at);
    if (i < 0) return;
    this.list.follow(false);
    this.list.reveal(i, true);
  }
}
