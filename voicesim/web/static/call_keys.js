// @ts-check
// The keys of a call. None of them does anything while somebody types, or when they are switched off.

const KEYS = {
  Enter: "accept", p: "pause", m: "mute", o: "hold", r: "repeat", g: "again", t: "type", n: "notes", c: "captions",
  x: "transfer", h: "hang_up", Escape: "stop",
};
// The talk key that is down so long was held, and ends the reply when it is let go of; else it is pressed twice.
const HELD_MS = 350;

/**
 * @param {Record<string, () => void>} does what each wish does
 * @param {() => any} call how the call stands
 */
export function listenToKeys(does, call) {
  const on = /** @type {HTMLInputElement} */ (document.getElementById("keys-on"));
  let downAt = 0;
  const skipped = (/** @type {KeyboardEvent} */ event) => {
    if (!on.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return true;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return true;
    return [" ", "Enter"].includes(event.key) && Boolean(target.closest("button, a, summary, input"));
  };
  document.addEventListener("keydown", (event) => {
    if (event.repeat || skipped(event)) return;
    if (event.key === " " && document.body.hasAttribute("data-push")) {
      event.preventDefault();
      downAt = performance.now();
      does.talk();
      return;
    }
    const name = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name) return;
    event.preventDefault();
    does[name]();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== " " || !downAt) return;
    const held = performance.now() - downAt > HELD_MS;
    downAt = 0;
    if (held && call().talking) does.talk();
  });
}
