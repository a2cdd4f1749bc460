// The microphone's end: samples at the device's rate in, 20 ms frames of 8 kHz µ-law out.
// A worklet module stands alone, so the low-pass and the encoder are here.

const RATE = 8000;
const FRAME = 160;
const PASS_HZ = 3600;
const REACH = 12; // zero crossings of the filter on each side, at 8 kHz
const PHASES = 64;

/** Windowed-sinc weights by phase: how far an output sample lies after an input sample. */
function filter(rate) {
  const reach = Math.ceil((REACH * rate) / RATE);
  const cutoff = (2 * PASS_HZ) / rate;
  const phases = [];
  for (let phase = 0; phase < PHASES; phase += 1) {
    const weights = new Float32Array(2 * reach);
    let sum = 0;
    for (let n = 0; n < 2 * reach; n += 1) {
      const x = n - reach + 1 - phase / PHASES;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
      const hann = 0.5 + 0.5 * Math.cos((Math.PI * Math.min(Math.abs(x), reach)) / reach);
      weights[n] = sinc * hann;
      sum += weights[n];
    }
    phases.push(weights.map((w) => w / sum));
  }
  return { reach, phases };
}

/** G.711 µ-law of one sample in -1..1. */
function mulaw(sample) {
  let value = Math.max(-32635, Math.min(32635, Math.round(sample * 32767)));
  const sign = value < 0 ? 0x80 : 0;
  value = Math.abs(value) + 0x84;
  const exponent = 31 - Math.clz32(value) - 7;
  return ~(sign | (exponent << 4) | ((value >> (exponent + 3)) & 0x0f)) & 0xff;
}

class Ear extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / RATE;
    Object.assign(this, filter(sampleRate));
    this.kept = new Float32Array(0); // input that later samples still need
    this.at = this.reach; // place of the next output sample in what is kept
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.muted = false;
    this.peak = 0;
    this.port.onmessage = ({ data }) => {
      this.muted = data.muted;
    };
  }

  process([input]) {
    const heard = input.length ? input[0] : new Float32Array(128);
    const all = new Float32Array(this.kept.length + heard.length);
    all.set(this.kept);
    all.set(heard, this.kept.length);
    while (this.at + this.reach + 1 < all.length) {
      this.put(this.sample(all));
      this.at += this.step;
    }
    const spent = Math.floor(this.at) - this.reach;
    this.kept = all.slice(spent);
    this.at -= spent;
    return true;
  }

  sample(all) {
    const whole = Math.floor(this.at);
    const weights = this.phases[Math.floor((this.at - whole) * PHASES)];
    let sum = 0;
    for (let n = 0; n < weights.length; n += 1) sum += weights[n] * all[whole - this.reach + 1 + n];
    return this.muted ? 0 : sum;
  }

  put(sample) {
    this.peak = Math.max(this.peak, Math.abs(sample));
    this.frame[this.filled] = mulaw(sample);
    this.filled += 1;
    if (this.filled < FRAME) return;
    this.port.postMessage({ frame: this.frame, peak: this.peak }, [this.frame.buffer]);
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.peak = 0;
  }
}

registerProcessor("ear", Ear);
