// @ts-check
// A page's way to its session: sound both ways and messages, over a socket that may break and come back.

const FRAME = 320;
const RATE_HZ = 16000;
const HEAD_UP = 8;
const HEAD_DOWN = 12;
// What is kept until the server has it: 6 s, longer than the server bridges.
const KEPT = 300;
const AGAIN_MS = 300;
const LEVEL_EVERY = 5;
// The server's closing codes after which there is nothing to come back to.
const FOR_GOOD = new Set([1000, 1003, 1008, 4404, 4409]);

const REFUSED = {
  NotAllowedError: "The browser may not use the microphone. Allow it beside the address, then try again.",
  NotFoundError: "No microphone was found. Plug the headset in, then try again.",
  NotReadableError: "The microphone is in use by another program. Close that, then try again.",
};

/**
 * Open microphone, ears and socket of a session. Call it from a click: a browser plays nothing before one.
 * @param {string} key
 * @param {{onMessage?: (message: any) => void, onLevel?: (micDbfs: number, earsDbfs: number) => void,
 *   onState?: (state: "open" | "broken" | "closed", code?: number) => void, sound?: boolean}} watching
 */
export async function openLink(key, watching = {}) {
  const link = new Link(key, watching);
  try {
    if (watching.sound !== false) await link.openSound();
  } catch (error) {
    link.release();
    throw error;
  }
  link.connect();
  return link;
}

class Link {
  constructor(key, { onMessage = () => {}, onLevel = () => {}, onState = () => {} }) {
    this.key = key;
    this.onMessage = onMessage;
    this.onLevel = onLevel;
    this.onState = onState;
    this.number = 0;
    /** @type {{number: number, data: ArrayBuffer}[]} */
    this.kept = [];
    this.waiting = [];
    this.over = false;
    this.welcome = false;
    this.label = "";
    this.mic = [];
    this.ears = [];
  }

  /** Microphone and ears in one place at 16 kHz; nothing that would change how somebody sounds. */
  async openSound() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 },
      });
    } catch (error) {
      throw new Error(REFUSED[error.name] || `The microphone does not open: ${error.message}`);
    }
    this.label = await nameOf(this.stream.getAudioTracks()[0]);
    this.context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: "interactive" });
    await this.context.audioWorklet.addModule("/static/worklet.js");
    this.node = new AudioWorkletNode(this.context, "both", { outputChannelCount: [1] });
    this.node.port.onmessage = ({ data }) => this.pass(data);
    this.context.createMediaStreamSource(this.stream).connect(this.node).connect(this.context.destination);
    await this.context.resume();
  }

  get latencyS() {
    if (!this.context || !this.stream) return 0;
    const input = /** @type {any} */ (this.stream.getAudioTracks()[0].getSettings()).latency || 0;
    return Math.min(2, this.context.baseLatency + (this.context.outputLatency || 0) + input);
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/sound/${this.key}`);
    this.socket.binaryType = "arraybuffer";
    this.welcome = false;
    this.socket.onmessage = ({ data }) => (typeof data === "string" ? this.told(JSON.parse(data)) : this.play(data));
    this.socket.onclose = ({ code }) => this.closed(code);
  }

  closed(code) {
    this.welcome = false;
    if (this.over || FOR_GOOD.has(code)) {
      this.release();
      this.onState("closed", code);
      return;
    }
    this.onState("broken", code);
    setTimeout(() => this.over || this.connect(), AGAIN_MS);
  }

  told(message) {
    if (message.type === "welcome") this.begin(message.next);
    else this.onMessage(message);
  }

  /** The server is there: tell who we are, then what it does not have yet. */
  begin(next) {
    this.kept = next === null ? [] : this.kept.filter(({ number }) => number >= next);
    this.welcome = true;
    this.send({ type: "hello", label: this.label.slice(0, 200), latency_s: this.latencyS });
    for (const { data } of this.kept) this.socket.send(data);
    for (const message of this.waiting.splice(0)) this.send(message);
    this.onState("open");
  }

  /** Send a message; one for a socket that is broken waits until it is back. */
  send(message) {
    if (this.welcome && this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ v: 1, ...message }));
    } else this.waiting.push(message);
  }

  /** 20 ms of microphone and ears go to the server, and are kept until it has them. */
  pass({ heard, played, starved }) {
    const data = new ArrayBuffer(HEAD_UP + 4 * FRAME);
    const head = new DataView(data);
    head.setUint32(0, this.number, true);
    head.setUint32(4, starved, true);
    new Int16Array(data, HEAD_UP, FRAME).set(heard);
    new Int16Array(data, HEAD_UP + 2 * FRAME, FRAME).set(played);
    this.kept.push({ number: this.number, data });
    if (this.kept.length > KEPT) this.kept.shift();
    this.number += 1;
    if (this.welcome && this.socket.readyState === WebSocket.OPEN) this.socket.send(data);
    this.measure(heard, played);
  }

  measure(heard, played) {
    this.mic.push(...heard);
    this.ears.push(...played);
    if (this.mic.length < LEVEL_EVERY * FRAME) return;
    this.onLevel(dbfs(this.mic), dbfs(this.ears));
    this.mic = [];
    this.ears = [];
  }

  /** 20 ms from the server go to the ears; what it has of ours need not be kept. */
  play(data) {
    const head = new DataView(data);
    const has = head.getUint32(4, true);
    while (this.kept.length && this.kept[0].number < has) this.kept.shift();
    const samples = Float32Array.from(new Int16Array(data, HEAD_DOWN), (value) => value / 32767);
    if (this.node) this.node.port.postMessage({ samples, gain: head.getFloat32(8, true) }, [samples.buffer]);
  }

  /** Whether what the microphone hears stays in the room. */
  mute(muted) {
    if (this.node) this.node.port.postMessage({ muted });
  }

  close() {
    this.over = true;
    if (this.socket) this.socket.close(1000);
    this.release();
  }

  release() {
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    if (this.context && this.context.state !== "closed") this.context.close();
  }
}

/** Names under which browsers list whatever the system uses just now, beside the device itself. */
const STAND_INS = new Set(["default", "communications"]);

/**
 * What the microphone of a track is called: the device itself where the browser only says that it is the default one.
 * @param {{label: string, getSettings: () => MediaTrackSettings}} track
 */
async function nameOf(track) {
  const { deviceId = "", groupId = "" } = track.getSettings();
  try {
    return realName(track.label, deviceId, groupId, await navigator.mediaDevices.enumerateDevices());
  } catch {
    return track.label;
  }
}

/**
 * The label of the device behind a stand-in: the one microphone of its group, else what stands behind "Default - ", else
 * the only microphone there is.
 * @param {string} label @param {string} deviceId @param {string} groupId
 * @param {{kind: string, label: string, deviceId: string, groupId: string}[]} devices
 */
export function realName(label, deviceId, groupId, devices) {
  const itself = devices.find((one) => one.kind === "audioinput" && one.deviceId === deviceId);
  if (!STAND_INS.has(deviceId) && !(deviceId === "" && label === "Default")) return label;
  const group = groupId || itself?.groupId || "";
  const real = devices.filter((one) => one.kind === "audioinput" && !STAND_INS.has(one.deviceId) && one.label);
  const inGroup = real.filter((one) => group && one.groupId === group);
  if (inGroup.length === 1) return inGroup[0].label;
  const named = /^(?:Default|Communications) - (.+)$/.exec(label);
  if (named) return named[1];
  // Some systems give a stand-in a group of its own; a single microphone can only be the one.
  return real.length === 1 ? real[0].label : label;
}

/** Level of 16-bit samples in dBFS (RMS against full scale), -96 for silence. */
function dbfs(samples) {
  let sum = 0;
  for (const value of samples) sum += value * value;
  return sum ? Math.max(-96, 10 * Math.log10(sum / samples.length / (32768 * 32768))) : -96;
}
