// The transcript alive: words light up as they are said, a click goes there, a search finds.

const AWAY = 4000; // ms after a reader scrolled themselves during which nothing scrolls

/** Splits the lines of a transcript into words that know their time. Event "seek". */
export class Words extends EventTarget {
  constructor(root, follow) {
    super();
    this.root = root;
    this.follow = follow;
    this.words = []; // { at, span, line }
    this.lines = [...root.querySelectorAll(".line")];
    this.current = null;
    this.line = null;
    this.away = 0;
    for (const line of this.lines) this.#split(line);
    this.words.sort((a, b) => a.at - b.at);
    root.addEventListener("click", (event) => this.#clicked(event));
    for (const name of ["wheel", "touchmove"]) {
      addEventListener(name, () => { this.away = Date.now(); }, { passive: true });
    }
  }

  /** The position has changed. */
  at(time, playing) {
    let low = 0, high = this.words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.words[middle].at <= time + 0.02) low = middle + 1; else high = middle;
    }
    const word = this.words[low - 1];
    const over = word && time > word.to + 0.4;
    this.#light(over ? null : word, word?.line, playing);
  }

  /** When the lines before and after an instant begin. */
  around(time) {
    const starts = this.lines.map((line) => Number(line.dataset.from) / 1000);
    return {
      before: starts.filter((s) => s < time - 0.7).at(-1) ?? 0,
      after: starts.find((s) => s > time + 0.05),
    };
  }

  /** Mark what was searched for; how often it is there. */
  search(text) {
    const wanted = text.trim().toLowerCase();
    this.hits = [];
    for (const line of this.lines) {
      const found = wanted !== "" && line.textContent.toLowerCase().includes(wanted);
      line.classList.toggle("hit", found);
      line.closest(".turn").classList.toggle("dim", false);
      if (found) this.hits.push(line);
    }
    this.hit = -1;
    return this.hits.length;
  }

  /** The next line that was found. */
  nextHit(step = 1) {
    if (!this.hits?.length) return null;
    this.hit = (this.hit + step + this.hits.length) % this.hits.length;
    const line = this.hits[this.hit];
    line.scrollIntoView({ block: "center", behavior: calm() });
    return Number(line.dataset.from) / 1000;
  }

  #split(line) {
    const text = line.querySelector(".text");
    const times = text.dataset.words ? text.dataset.words.split(" ").map(Number) : [];
    const parts = text.textContent.split(/(\s+)/);
    if (!times.length) return;
    let n = 0, last = null;
    text.replaceChildren(...parts.map((part) => {
      if (!part.trim() || n >= times.length) return document.createTextNode(part);
      const span = document.createElement("span");
      span.className = "w";
      span.textContent = part;
      const word = { at: times[n] / 1000, to: Number(line.dataset.to) / 1000, span, line };
      if (last) last.to = word.at;
      last = word;
      span.dataset.t = String(word.at);
      this.words.push(word);
      n += 1;
      return span;
    }));
  }

  #light(word, line, playing) {
    if (word?.span !== this.current) {
      this.current?.classList.remove("now");
      this.current = word?.span ?? null;
      this.current?.classList.add("now");
    }
    if (line === this.line) return;
    this.line?.classList.remove("here");
    this.line = line ?? null;
    this.line?.classList.add("here");
    if (playing && this.follow?.checked && line && Date.now() - this.away > AWAY) {
      const box = line.getBoundingClientRect();
      const top = Math.max(0, document.getElementById("player")?.getBoundingClientRect().bottom ?? 0);
      if (box.top < top + 20 || box.bottom > innerHeight - 80) {
        scrollBy({ top: box.top - top - (innerHeight - top) * 0.3, behavior: calm() });
      }
    }
  }

  #clicked(event) {
    if (String(getSelection())) return; // somebody copies
    const at = event.target.closest("[data-t]");
    if (!at) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("seek", { detail: { time: Number(at.dataset.t) } }));
  }
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
