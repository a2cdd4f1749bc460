// The recording, played: position, speed, lanes of their own volume, silence skipped, a stretch looped.

const ENOUGH = 1.2; // seconds of quiet worth skipping
const LEAD = 0.25; // heard before speech that follows a skip
const QUIET = 70; // a peak of 255; about 35 dB below the loudest

/** Plays an audio element. Tells of "time", "state" and "loop" by events of itself. */
export class Player extends EventTarget {
  constructor(audio, duration, lanes) {
    super();
    this.audio = audio;
    this.length = duration;
    this.levels = Array(lanes).fill(1);
    this.skipping = false;
    this.silences = [];
    this.loop = null;
    this.pending = null;
    audio.preservesPitch = true;
    audio.addEventListener("play", () => { this.#wire(); this.#run(); this.#tell("state"); });
    for (const name of ["pause", "ended"]) audio.addEventListener(name, () => this.#tell("state"));
    audio.addEventListener("seeked", () => this.#tell("time"));
    audio.addEventListener("error", () => this.#tell("error"));
    audio.addEventListener("loadedmetadata", () => {
      if (this.pending !== null) { audio.currentTime = this.pending; this.pending = null; }
    });
  }

  get time() { return this.pending ?? this.audio.currentTime; }
  get playing() { return !this.audio.paused && !this.audio.ended; }
  get rate() { return this.audio.playbackRate; }
  set rate(value) {
    this.audio.playbackRate = Math.min(2.5, Math.max(0.5, value));
    this.#tell("state");
  }

  toggle() { return this.playing ? this.audio.pause() : this.play(); }
  play() {
    if (this.audio.readyState === 0) this.audio.load();
    return this.audio.play().catch(() => this.#tell("error"));
  }

  /** Go to a second. Nothing is fetched before somebody plays. */
  seek(to, { play = false } = {}) {
    const at = Math.min(Math.max(0, to), Math.max(0, this.length - 0.01));
    if (this.loop && (at < this.loop.from || at > this.loop.to)) this.setLoop(null);
    if (this.audio.readyState >= 1) this.audio.currentTime = at;
    else this.pending = at;
    this.#tell("time");
    if (play) this.play();
  }

  skip(by) { this.seek(this.time + by); }

  /** How loud a lane is, 0 caller, 1 agent, 2 a colleague: 1 is as recorded. */
  volume(lane, value) {
    this.levels[lane] = value;
    if (this.gains) this.gains[lane].gain.value = value;
  }

  /** Play a stretch over and over; null plays on. */
  setLoop(loop) {
    this.loop = loop;
    this.#tell("loop");
  }

  /** Where nobody speaks, from all lanes' peaks. */
  learnSilences(lanes, perSecond) {
    const found = [];
    const count = lanes[0].length;
    let begin = null;
    for (let i = 0; i <= count; i += 1) {
      const quiet = i < count && lanes.every((lane) => lane[i] < QUIET);
      if (quiet && begin === null) begin = i;
      if (!quiet && begin !== null) {
        if ((i - begin) / perSecond >= ENOUGH) found.push([begin / perSecond, i / perSecond]);
        begin = null;
      }
    }
    this.silences = found;
  }

  #wire() {
    if (this.context || !window.AudioContext) return this.context?.resume();
    try {
      this.context = new AudioContext();
      const source = this.context.createMediaElementSource(this.audio);
      const splitter = this.context.createChannelSplitter(this.levels.length);
      source.connect(splitter);
      this.gains = this.levels.map((level, lane) => {
        const gain = this.context.createGain();
        gain.gain.value = level;
        splitter.connect(gain, lane);
        gain.connect(this.context.destination); // each lane in both ears
        return gain;
      });
      this.#tell("lanes");
    } catch {
      this.context = undefined; // plays the lanes where they lie
    }
  }

  #run() {
    const step = () => {
      if (!this.playing) return;
      const now = this.audio.currentTime;
      if (this.loop && now >= this.loop.to) this.audio.currentTime = this.loop.from;
      else if (this.skipping && !this.loop) {
        const span = this.silences.find(([from, to]) => now >= from + LEAD && now < to - LEAD);
        if (span) this.audio.currentTime = span[1] - LEAD;
      }
      this.#tell("time");
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  #tell(what) { this.dispatchEvent(new Event(what)); }
}
