// @ts-check
// What the page shows of a call: all of it follows from one value that the server sends.
import { element, sentence } from "/static/page.js";

const body = document.body;
const first = body.dataset.first || "The caller";
const script = /** @type {HTMLElement} */ (document.getElementById("call-script")).dataset.script || "";
/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const WAITS = {
  trainee: "The call is paused. Nothing is heard or kept.",
  again: "The call waits. Go on to say your last reply again; the line comes once more.",
  headset: "Your sound was away, and the call waits. What was said is kept.",
  disk: "The call waits: its sound cannot be written just now. Free some space; nothing is lost yet.",
  away: "You are back in your call. A browser needs one click before it plays sound.",
};
let since = performance.now();
let spoken = "";

/** Say something to people who hear the page; what they hear from the caller comes first. */
export function announce(/** @type {string} */ text) {
  if (text !== spoken) part("announced").textContent = text;
  spoken = text;
}

/** Show a call as it stands; `away`: this page has no sound while the call goes on. */
export function show(/** @type {any} */ call, /** @type {boolean} */ away) {
  since = performance.now();
  const state = away ? "away" : call.hold && call.hold.on && call.state !== "paused" && call.state !== "over" && call.state !== "closing" ? "hold" : call.state;
  body.dataset.call = state;
  for (const one of document.querySelectorAll("[data-when]")) {
    /** @type {HTMLElement} */ (one).hidden = !(/** @type {HTMLElement} */ (one).dataset.when || "").split(" ").includes(state);
  }
  progress(call);
  anger(call);
  waits(call, state);
  hold(call);
  rows(call.rows || []);
  pressed("mute", call.muted);
  pressed("hold", state === "hold");
  pressed("talk", call.talking);
  pressed("captions", body.dataset.captions === "on");
  named("hold", state === "hold" ? "Back from hold" : "Hold");
  named("pause", state === "paused" ? "Go on" : "Pause");
  part("caption").textContent = call.line || "";
  part("caption").hidden = body.dataset.captions !== "on" || !call.line || call.state === "over";
  part("note").textContent = call.state === "over" ? "" : call.note || "";
  part("microphone").textContent = call.muted ? "off" : body.hasAttribute("data-push") && !call.talking ? "Space to talk" : "";
  standing(call, away);
  if (call.end) ended(call);
}

/** What happens, in a sentence, and the time of the call. */
export function standing(/** @type {any} */ call, /** @type {boolean} */ away) {
  const runs = ["speaking", "listening"].includes(call.state);
  const seconds = (call.clock_s || 0) + (runs ? (performance.now() - since) / 1000 : 0);
  const shown = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  if (part("clock").textContent !== shown) part("clock").textContent = shown;
  const text = stand(call, away);
  if (part("standing").textContent === text) return;
  part("standing").textContent = text;
  // Who listens to her must not hear the page at the same time.
  if (!["speaking", "listening"].includes(body.dataset.call || "")) announce(text);
}

function stand(/** @type {any} */ call, /** @type {boolean} */ away) {
  if (away) return "You are back in your call";
  if (call.hold && call.hold.on && call.state === "listening") return `${first} is on hold`;
  const sentences = {
    preparing: `${call.doing || "One moment"}${call.of ? `, ${call.done} of ${call.of}` : ""} …`,
    ringing: `${first} is calling`,
    connecting: "Allow the microphone if the browser asks",
    speaking: `${first} is speaking`,
    listening: "Your turn",
    paused: "The call waits",
    closing: "The call is over. Your feedback is being written …",
    over: "The call is over",
  };
  return sentences[call.state] || "";
}

export function partial(/** @type {string} */ text) {
  const place = part("partial");
  if (text) place.textContent = text;
  else if (!place.querySelector("span")) {
    place.replaceChildren(element("span", "What you say appears here.", "quiet"));
  }
}

export function lost(/** @type {any} */ counts) {
  const told = [];
  if (counts.lost_s > 0.1) told.push(`${counts.lost_s.toFixed(1)} s of what you said`);
  if (counts.starved_s > 0.1) told.push(`${counts.starved_s.toFixed(1)} s of what you heard`);
  part("lost").hidden = !told.length;
  part("lost").textContent = `Sound was lost: ${told.join(" and ")}. Close other programs if it goes on.`;
  part("lost").dataset.lost = String(counts.lost_s);
}

function progress(/** @type {any} */ call) {
  const bar = /** @type {HTMLProgressElement} */ (part("making"));
  if (call.of) {
    bar.max = call.of;
    bar.value = call.done;
  } else bar.removeAttribute("value");
}

function anger(/** @type {any} */ call) {
  const gauge = document.getElementById("gauge");
  if (!gauge || call.anger === null || call.anger === undefined) return;
  gauge.setAttribute("aria-valuenow", String(call.anger));
  gauge.setAttribute("aria-valuetext", `${call.mood}, ${call.anger} of 10`);
  [...gauge.children].forEach((cell, index) => cell.toggleAttribute("data-on", index < call.anger));
  part("mood").textContent = call.mood;
  part("anger").textContent = String(call.anger);
}

function waits(/** @type {any} */ call, /** @type {string} */ state) {
  if (state !== "paused" && state !== "away") return;
  const by = state === "away" ? "away" : call.waits_by;
  part("waits").textContent = WAITS[by] || call.waits;
  part("go-on").hidden = by === "disk";
  part("go-on").textContent = by === "again" ? "Say it again" : "Go on";
  part("as-it-was").hidden = by !== "again";
  const again = by === "again" ? call.again : null;
  part("why").hidden = !again || !again.why.length;
  part("better").hidden = !again;
  if (!again) return;
  part("why").replaceChildren(...again.why.map((/** @type {string} */ why) => element("li", why)));
  part("better").textContent = again.better ? `Try: “${again.better}” ${again.reason}` : again.reason;
}

function hold(/** @type {any} */ call) {
  part("etiquette").hidden = !call.hold || (!call.hold.on && call.hold.thanked !== null) || call.state === "over";
  if (!call.hold) return;
  for (const step of part("etiquette").querySelectorAll("li")) {
    const done = call.hold[step.dataset.step || ""];
    step.dataset.done = done === null ? "" : done ? "yes" : "no";
  }
}

function rows(/** @type {any[]} */ all) {
  part("nothing-said").hidden = all.length > 0;
  part("rows").replaceChildren(
    ...all.map((row) => {
      const item = element("li", "", row.you ? "mine" : "hers");
      item.append(element("p", row.text || "(silence)", "words"));
      if (row.moved.length) {
        const list = element("ul", "", "moved small");
        list.append(...row.moved.map((/** @type {string} */ why) => element("li", why)));
        item.append(list);
      }
      return item;
    }),
  );
}

function ended(/** @type {any} */ call) {
  const { end } = call;
  const place = part("end");
  if (place.childElementCount) return;
  if (end.stopped) {
    place.append(/** @type {HTMLTemplateElement} */ (part("cool-down")).content.cloneNode(true));
  } else {
    const told = element("p", `${end.sentence} `, `told ${end.good === true ? "told-good" : end.good === false ? "told-bad" : ""}`);
    if (end.score !== null) told.append(element("strong", `${end.score} of 100 points.`));
    place.append(told);
  }
  if (end.what) place.append(element("p", `${sentence(end.what)}. ${end.mend}`, "told told-unsure"));
  const ways = element("p", "", "row");
  if (end.call) ways.append(way(`/calls/${end.call}`, end.stopped ? "What was kept" : "Read your feedback", !end.stopped));
  ways.append(way(`/callers/${script}`, end.stopped ? "To the caller" : "Call again", false), way("/", "All callers", false));
  place.append(ways);
  announce(end.stopped ? "You stopped the exercise. Nothing was scored." : end.sentence);
}

function way(/** @type {string} */ address, /** @type {string} */ name, /** @type {boolean} */ first_) {
  const link = /** @type {HTMLAnchorElement} */ (element("a", name, `button${first_ ? " primary" : ""}`));
  link.href = address;
  return link;
}

const button = (/** @type {string} */ name) => document.querySelector(`button[data-does="${name}"]`);

function pressed(/** @type {string} */ name, /** @type {boolean} */ on) {
  button(name)?.setAttribute("aria-pressed", String(Boolean(on)));
}

function named(/** @type {string} */ name, /** @type {string} */ text) {
  const label = button(name)?.querySelector("span");
  if (label && label.textContent !== text) label.textContent = text;
}
