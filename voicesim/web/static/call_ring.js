// @ts-check
// The ring of a phone, where the browser allows sound before a click; else only the picture rings.

/** @type {AudioContext | null} */
let context = null;
let timer = 0;

export function ringing(/** @type {boolean} */ on) {
  if (on === Boolean(timer)) return;
  if (on) {
    context = new AudioContext();
    timer = window.setInterval(burst, 3000);
    burst();
  } else {
    clearInterval(timer);
    timer = 0;
    if (context) context.close();
    context = null;
  }
}

function burst() {
  if (!context || context.state !== "running") return;
  for (const later of [0, 0.6]) {
    const gain = context.createGain();
    const at = context.currentTime + later;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.04, at + 0.02);
    gain.gain.setValueAtTime(0.04, at + 0.38);
    gain.gain.linearRampToValueAtTime(0, at + 0.4);
    gain.connect(context.destination);
    for (const hz of [400, 450]) {
      const tone = context.createOscillator();
      tone.frequency.value = hz;
      tone.connect(gain);
      tone.start(at);
      tone.stop(at + 0.4);
    }
  }
}
