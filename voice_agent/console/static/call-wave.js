// The lanes of sound on a canvas, with pins; a part of it when zoomed in, and all of it beneath.

const HATCH = 6;

/** Draws a recording and says where somebody pointed: events "seek" and "select". */
export class Wave extends EventTarget {
  constructor(box, data, fetchPeaks) {
    super();
    this.box = box;
    this.canvas = box.querySelector("canvas");
    this.overview = document.getElementById("overview");
    this.pins = box.querySelector(".pins");
    this.head = box.querySelector(".head");
    this.data = data;
    this.fetchPeaks = fetchPeaks;
    this.levels = Object.keys(data.levels).map(Number).sort((a, b) => a - b);
    this.peaks = new Map();
    this.from = 0;
    this.to = data.duration;
    this.time = 0;
    this.selection = null;
    this.#listen();
    this.#placePins();
    new ResizeObserver(() => this.draw()).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  get span() { return this.to - this.from; }
  x(t) { return ((t - this.from) / this.span) * 100; }

  /** Zoom by a factor around an instant; 0 shows all. */
  zoom(factor, around = this.time) {
    const most = this.data.duration;
    const span = factor ? Math.min(most, Math.max(4, this.span / factor)) : most;
    const share = factor && around >= this.from && around <= this.to ? (around - this.from) / this.span : 0.5;
    const center = factor ? around - share * span : 0;
    this.from = Math.min(Math.max(0, center), most - span);
    this.to = this.from + span;
    this.draw();
    this.#placePins();
  }

  /** The position has changed: move the head, and the window after it. */
  at(time, { follow = false } = {}) {
    this.time = time;
    if (follow && this.span < this.data.duration && (time < this.from || time > this.to - this.span * 0.05)) {
      this.from = Math.min(Math.max(0, time - this.span * 0.1), this.data.duration - this.span);
      this.to = this.from + (this.span || 1);
      this.draw();
      this.#placePins();
      return;
    }
    this.#placeHead();
  }

  async draw() {
    const level = this.#level();
    if (level && !this.peaks.has(level)) {
      try { this.peaks.set(level, await this.fetchPeaks(level)); } catch { return; }
    }
    const zoomed = this.span < this.data.duration - 0.01, all = this.levels[0];
    if (zoomed && all && !this.peaks.has(all)) {
      try { this.peaks.set(all, await this.fetchPeaks(all)); } catch { /* the strip stays empty */ }
    }
    this.#paint(this.canvas, this.from, this.to, level);
    this.overview.hidden = !zoomed;
    if (zoomed) this.#paint(this.overview, 0, this.data.duration, this.levels[0], true);
    this.#placeHead();
  }

  select(selection) {
    this.selection = selection;
    this.draw();
  }

  #level() {
    const wanted = (this.box.clientWidth * devicePixelRatio) / this.span / 2;
    return this.levels.find((level) => level >= wanted) ?? this.levels.at(-1);
  }

  #paint(canvas, from, to, level, small = false) {
    const ratio = devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width || !height) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const g = canvas.getContext("2d");
    g.scale(ratio, ratio);
    const style = getComputedStyle(this.box);
    const color = (name) => style.getPropertyValue(name).trim();
    const px = (t) => ((t - from) / (to - from)) * width;
    if (!small) {
      this.#ruler(g, from, to, width, height, color("--line"), color("--quiet"));
      for (const wait of this.data.waits) {
        const left = px(wait.from), right = px(wait.to);
        if (right < 0 || left > width) continue;
        g.fillStyle = color(wait.slow ? "--wait-slow" : "--wait");
        g.fillRect(left, height / 2 - 3, Math.max(1.5, right - left), 6);
      }
    }
    const peaks = this.peaks.get(level);
    const room = small ? height : height - 16;
    if (peaks) {
      peaks.forEach((lane, n) => {
        const share = room / peaks.length / 2;
        const middle = share * (2 * n + 1), half = share - (small ? 0.5 : 3);
        g.fillStyle = color(`--${this.data.lanes[n]}`);
        const step = Math.max(1, 2 / ratio);
        for (let x = 0; x < width; x += step + (small ? 0 : 0.5)) {
          const a = Math.floor((from + (x / width) * (to - from)) * level);
          const b = Math.max(a + 1, Math.floor((from + ((x + step) / width) * (to - from)) * level));
          let loud = 0;
          for (let i = Math.max(0, a); i < Math.min(b, lane.length); i += 1) loud = Math.max(loud, lane[i]);
          const h = Math.max(0.5, half * (Math.max(0, loud - 40) / 215) ** 1.3);
          g.fillRect(x, middle - h, step, 2 * h);
        }
      });
    }
    for (const pin of this.data.pins) {
      if (pin.to === null || !["redaction", "unrecorded"].includes(pin.kind)) continue;
      const ink = color(pin.kind === "redaction" ? "--text" : "--line");
      this.#hatch(g, px(pin.at), px(pin.to), room, ink, color("--surface"));
    }
    if (this.selection && !small) {
      g.fillStyle = color("--select");
      g.fillRect(px(this.selection.from), 0, px(this.selection.to) - px(this.selection.from), room);
    }
    if (small) {
      g.strokeStyle = color("--focus");
      g.lineWidth = 1.5;
      g.strokeRect(px(this.from), 0.75, Math.max(3, px(this.to) - px(this.from)), height - 1.5);
    }
  }

  #ruler(g, from, to, width, height, line, text) {
    const steps = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600];
    const step = steps.find((s) => ((to - from) / s) * 56 < width) ?? 3600;
    g.font = "10.5px system-ui, sans-serif";
    g.lineWidth = 1;
    for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
      const x = Math.round(((t - from) / (to - from)) * width) + 0.5;
      g.strokeStyle = line;
      g.beginPath();
      g.moveTo(x, 0);
      g.lineTo(x, height - 14);
      g.stroke();
      g.fillStyle = text;
      if (x < width - 30) g.fillText(clock(t, step < 1), x + 3, height - 4);
    }
    g.strokeStyle = line;
    const lanes = this.data.lanes.length;
    for (let n = 1; n < lanes; n += 1) g.strokeRect(-1, ((height - 16) / lanes) * n, width + 2, 0);
  }

  #hatch(g, left, right, height, ink, ground) {
    const width = Math.max(3, right - left);
    g.save();
    g.beginPath();
    g.rect(left, 0, width, height);
    g.clip();
    g.fillStyle = ground;
    g.fillRect(left, 0, width, height);
    g.strokeStyle = ink;
    for (let x = left - height; x < right; x += HATCH) {
      g.beginPath();
      g.moveTo(x, height);
      g.lineTo(x + height, 0);
      g.stroke();
    }
    g.restore();
  }

  #placePins() {
    const shown = this.data.pins.filter((p) => p.at >= this.from && p.at <= this.to);
    this.pins.replaceChildren(...shown.map((pin) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `pin pin-${pin.kind}`;
      button.style.left = `clamp(.6rem, ${this.x(pin.at)}%, 100% - .6rem)`;
      button.textContent = { flag: "⚑", comment: "✎", "barge-in": "✕", backchannel: "·", silence: "…", redaction: "▨", unrecorded: "▨" }[pin.kind] ?? "•";
      button.title = `${clock(pin.at, true)} ${pin.label}`;
      button.setAttribute("aria-label", `${clock(pin.at)} ${pin.kind}: ${pin.label}`);
      button.tabIndex = -1;
      button.addEventListener("click", () => this.#tell("seek", { time: pin.at }));
      return button;
    }));
  }

  #placeHead() {
    const x = this.x(this.time);
    this.head.hidden = x < 0 || x > 100;
    this.head.style.left = `${x}%`;
  }

  #listen() {
    const timeAt = (event, canvas, from, to) => {
      const box = canvas.getBoundingClientRect();
      return from + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * (to - from);
    };
    let begun = null;
    const at = (event) => timeAt(event, this.canvas, this.from, this.to);
    this.box.addEventListener("pointerdown", (event) => {
      if (event.button || event.target.closest(".pin")) return;
      begun = { x: event.clientX, t: at(event), moved: false };
      this.box.setPointerCapture(event.pointerId);
    });
    this.box.addEventListener("pointermove", (event) => {
      if (!begun || (Math.abs(event.clientX - begun.x) < 6 && !begun.moved)) return;
      begun.moved = true;
      const here = at(event);
      this.select({ from: Math.min(begun.t, here), to: Math.max(begun.t, here) });
    });
    this.box.addEventListener("pointerup", (event) => {
      if (!begun) return;
      const done = begun;
      begun = null;
      if (!done.moved) return this.#tell("seek", { time: at(event) });
      if (this.selection.to - this.selection.from < 0.15) this.select(null);
      this.#tell("select", this.selection);
    });
    this.box.addEventListener("pointercancel", () => { begun = null; });
    this.box.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.shiftKey) return;
      event.preventDefault();
      this.zoom(event.deltaY + event.deltaX < 0 ? 1.4 : 1 / 1.4, at(event));
    }, { passive: false });
    this.overview?.addEventListener("click", (event) => {
      const t = timeAt(event, this.overview, 0, this.data.duration);
      this.#tell("seek", { time: t });
    });
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

/** `1:02`, `1:02.5`, `1:02:03`. */
export function clock(seconds, tenths = false) {
  const whole = Math.floor(seconds + 1e-6), h = Math.floor(whole / 3600), m = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, "0") + (tenths ? `.${Math.floor((seconds * 10 + 1e-6) % 10)}` : "");
  return h ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}
