// The earpiece's end: 8 kHz µ-law in, samples at the device's rate out. Like Twilio's buffer, it
// reports a mark when what precedes it was played, and gives back every pending one on `clear`.

const RATE = 8000;
const REACH = 8; // 8 kHz samples on each side that an output sample is made of
const PHASES = 64;

function filter() {
  const phases = [];
  for (let phase = 0; phase < PHASES; phase += 1) {
    const weights = new Float32Array(2 * REACH);
    for (let n = 0; n < 2 * REACH; n += 1) {
      const x = n - REACH + 1 - phase / PHASES;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      weights[n] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * Math.min(Math.abs(x), REACH)) / REACH));
    }
    phases.push(weights);
  }
  return phases;
}

const LINEAR = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const size = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 0x07)) - 0x84;
  return (bits & 0x80 ? -size : size) / 32768;
});

class Mouth extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = RATE / sampleRate;
    this.phases = filter();
    this.clear();
    this.port.onmessage = ({ data }) => {
      if (data.payload) this.queue.push(data.payload);
      if (data.mark !== undefined) this.mark(data.mark);
      if (data.clear) this.clear();
    };
  }

  /** Forget what is not played yet, and report the marks that stood behind it. */
  clear() {
    for (const { name } of this.marks ?? []) this.port.postMessage({ mark: name });
    this.queue = []; // whole payloads to come
    this.offset = 0; // into the first of them
    this.window = new Float32Array(2 * REACH); // the samples around the one being played
    this.phase = 0;
    this.taken = 0; // samples played or playing since the last clear
    this.marks = [];
  }

  mark(name) {
    const waiting = this.queue.reduce((sum, payload) => sum + payload.length, -this.offset);
    if (waiting <= 0) this.port.postMessage({ mark: name });
    else this.marks.push({ name, at: this.taken + waiting });
  }

  process(_inputs, [output]) {
    const playing = output[0];
    let peak = 0;
    for (let n = 0; n < playing.length; n += 1) {
      const weights = this.phases[Math.floor(this.phase * PHASES)];
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1) sum += weights[k] * this.window[k];
      playing[n] = sum;
      peak = Math.max(peak, Math.abs(sum));
      this.phase += this.step;
      if (this.phase >= 1) {
        this.phase -= 1;
        this.advance();
      }
    }
    for (let n = 1; n < output.length; n += 1) output[n].set(playing);
    if (peak > 0.001) this.port.postMessage({ peak });
    while (this.marks.length && this.marks[0].at <= this.taken) {
      this.port.postMessage({ mark: this.marks.shift().name });
    }
    return true;
  }

  /** One more 8 kHz sample into the window: the next in the queue, or silence. */
  advance() {
    this.window.copyWithin(0, 1);
    let next = 0;
    if (this.queue.length) {
      next = LINEAR[this.queue[0][this.offset]];
      this.offset += 1;
      this.taken += 1;
      if (this.offset === this.queue[0].length) {
        this.queue.shift();
        this.offset = 0;
      }
    }
    this.window[this.window.length - 1] = next;
  }
}

registerProcessor("mouth", Mouth);
