// Microphone and ears on one clock: for every 20 ms heard, the 20 ms that were played are sent with them.
const FRAME = 320;
// Playing begins with so many frames in hand (60 ms); of more than ten, silent ones are left out.
const ENOUGH = 3;
const TOO_MANY = 10;
const SILENT = 1e-4;

class Both extends AudioWorkletProcessor {
  constructor() {
    super();
    this.heard = new Int16Array(FRAME);
    this.played = new Int16Array(FRAME);
    this.filled = 0;
    this.waiting = [];
    this.frame = null;
    this.at = 0;
    this.ready = false;
    this.starved = 0;
    this.gain = 1;
    this.wanted = 1;
    this.muted = false;
    this.port.onmessage = ({ data }) => this.take(data);
  }

  take(data) {
    if (data.muted !== undefined) this.muted = data.muted;
    if (!data.samples) return;
    this.wanted = data.gain;
    this.waiting.push(data.samples);
    while (this.waiting.length > TOO_MANY) {
      const silent = this.waiting.findIndex((frame) => frame.every((value) => Math.abs(value) < SILENT));
      if (silent < 0) break;
      this.waiting.splice(silent, 1);
    }
  }

  next() {
    if (!this.frame) {
      this.ready = this.ready ? this.waiting.length > 0 : this.waiting.length >= ENOUGH;
      if (!this.ready) return 0;
      this.frame = this.waiting.shift();
      this.at = 0;
    }
    const step = 1 / FRAME;
    this.gain += Math.max(-step, Math.min(step, this.wanted - this.gain));
    const value = this.frame[this.at++] * this.gain;
    if (this.at === FRAME) this.frame = null;
    return value;
  }

  process(inputs, outputs) {
    const microphone = inputs[0][0];
    const ears = outputs[0][0];
    for (let i = 0; i < ears.length; i += 1) {
      const wasReady = this.ready;
      ears[i] = this.next();
      if (wasReady && !this.ready) this.starved += 1;
      this.heard[this.filled] = to16(microphone && !this.muted ? microphone[i] : 0);
      this.played[this.filled] = to16(ears[i]);
      this.filled += 1;
      if (this.filled === FRAME) this.pass();
    }
    return true;
  }

  pass() {
    this.port.postMessage({ heard: this.heard.slice(), played: this.played.slice(), starved: this.starved });
    this.filled = 0;
  }
}

function to16(value) {
  return Math.round(Math.max(-1, Math.min(1, value)) * 32767);
}

registerProcessor("both", Both);
