// @ts-check
// The call as a softphone: sound and messages through a link, one value that says how the call stands, keys and buttons.
import { openLink } from "/static/link.js";
import { announce, lost, partial, show, standing } from "/static/call_view.js";
import { listenToKeys } from "/static/call_keys.js";
import { ringing } from "/static/call_ring.js";
import { Wave } from "/static/call_wave.js";
import { csrf } from "/static/page.js";

const body = document.body;
const key = body.dataset.key || "";
const browser = body.dataset.sound === "browser";
const wave = new Wave(/** @type {HTMLCanvasElement} */ (document.getElementById("wave")));
const level = /** @type {HTMLMeterElement} */ (document.getElementById("level"));
const trouble = /** @type {HTMLElement} */ (document.getElementById("trouble"));
const typed = /** @type {HTMLInputElement} */ (document.getElementById("typed"));
const notes = /** @type {HTMLTextAreaElement} */ (document.getElementById("notes"));

/** @type {any} */
let now = { state: body.dataset.call };
/** @type {any} */
let link = null;
let hasSound = false;
let opening = false;

const watching = {
  onMessage(/** @type {any} */ message) {
    if (message.type === "call") stands(message);
    else if (message.type === "partial") partial(message.text);
    else if (message.type === "counts") lost(message);
    else if (message.type === "levels") levels(message.mic_dbfs, message.ears_dbfs);
    else if (message.type === "problem") fail(`${message.what}. ${message.mend}`);
  },
  onLevel: levels,
};

function levels(/** @type {number} */ mic, /** @type {number} */ ears) {
  level.value = Math.max(0, Math.min(60, mic + 60));
  if (now.state === "speaking" || now.state === "listening") wave.add(now.state === "speaking" ? ears : -96, mic);
}

function stands(/** @type {any} */ call) {
  now = call;
  ringing(call.state === "ringing");
  show(call, away());
  if (call.state === "over" && link) {
    link.close();
    link = null;
    hasSound = false;
  }
}

/** Whether the call goes on while this page has no sound. */
function away() {
  return browser && !hasSound && !opening && ["speaking", "listening"].includes(now.state);
}

function fail(/** @type {string} */ what) {
  trouble.textContent = what;
  trouble.hidden = !what;
}

function connect(/** @type {boolean} */ sound) {
  return openLink(key, {
    ...watching,
    sound,
    onState(state, code) {
      body.dataset.link = state;
      if (state === "broken") announce("The connection broke. It is being tried again.");
      if (state === "closed" && code === 4409) fail("This call is shown in another window now. Load this page again to take it back.");
      else if (state === "closed" && code === 4404 && now.state !== "over") fail("This call is over. Your calls have what was said.");
    },
  });
}

/** Open microphone and ears; it must come from a click. */
async function openSound() {
  if (!browser || hasSound || opening) return true;
  opening = true;
  fail("");
  try {
    const before = link;
    link = await connect(true);
    hasSound = true;
    if (before) before.close();
    link.mute(Boolean(now.muted));
    return true;
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    opening = false;
  }
}

function wish(/** @type {string} */ name) {
  if (link) link.send({ type: "wish", wish: name });
}

const does = {
  async accept() {
    if (now.state === "ringing" && (await openSound())) wish("accept");
    else if (now.state === "paused" || away()) does.go_on();
  },
  async go_on() {
    if (!(await openSound())) return;
    wish(now.waits_by === "trainee" ? "pause" : "accept");
    show(now, away());
  },
  leave_again: () => wish("pause"),
  pause: () => (now.state === "paused" ? does.go_on() : wish("pause")),
  mute() {
    const muted = !now.muted;
    if (link) link.mute(muted);
    wish(muted ? "mute" : "unmute");
  },
  hold: () => wish(now.hold && now.hold.on ? "unhold" : "hold"),
  captions() {
    body.dataset.captions = body.dataset.captions === "on" ? "off" : "on";
    show(now, away());
  },
  talk: () => wish("talk"),
  type: () => typed.focus(),
  notes: () => notes.focus(),
  again: () => (body.hasAttribute("data-official") ? undefined : wish("again")),
  repeat: () => wish("repeat"),
  transfer: () => wish("transfer"),
  hang_up: () => wish("hang_up"),
  stop: () => wish("stop"),
};

for (const button of document.querySelectorAll("button[data-does]")) {
  const name = /** @type {HTMLElement} */ (button).dataset.does || "";
  if (name === "talk") continue;
  button.addEventListener("click", (event) => {
    does[name]();
    // A button that a mouse pressed must not be pressed again by the space bar.
    if (/** @type {MouseEvent} */ (event).detail) /** @type {HTMLElement} */ (button).blur();
  });
}
const talk = document.querySelector("button.talk");
if (talk) {
  talk.addEventListener("pointerdown", () => now.talking || wish("talk"));
  for (const end of ["pointerup", "pointercancel"]) talk.addEventListener(end, () => now.talking && wish("talk"));
  talk.addEventListener("click", (event) => /** @type {MouseEvent} */ (event).detail === 0 && wish("talk"));
}
listenToKeys(does, () => now);

// -- a typed reply: she waits as long as it is being typed -----------------------------------------------------------

let typing = false;
function endTyping(/** @type {string} */ text) {
  if (link && typing) link.send({ type: "typed", text });
  typing = false;
  typed.value = "";
}
typed.addEventListener("input", () => {
  if (!typing && typed.value) wish("type");
  typing = typing || Boolean(typed.value);
});
typed.addEventListener("blur", () => typed.value.trim() || endTyping(""));
typed.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  endTyping("");
  typed.blur();
});
/** @type {HTMLElement} */ (document.getElementById("typing")).addEventListener("submit", (event) => {
  event.preventDefault();
  endTyping(typed.value.trim());
});

// -- notes ----------------------------------------------------------------------------------------------------------

let later = 0;
function keepNotes() {
  if (link) link.send({ type: "notes", text: notes.value });
  else {
    const form = new URLSearchParams({ text: notes.value });
    fetch(`/call/${key}/notes`, { method: "POST", headers: csrf(), body: form, redirect: "manual", keepalive: true });
  }
}
notes.addEventListener("input", () => {
  clearTimeout(later);
  later = window.setTimeout(keepNotes, 400);
});

// -- the clock ------------------------------------------------------------------------------------------------------

setInterval(() => standing(now, away()), 250);
link = await connect(false);
