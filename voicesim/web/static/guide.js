// @ts-check
// A person at a page is led through something with sound: it begins, tells, asks, and goes on where it ends.
import { openLink } from "/static/link.js";
import { csrf, element, sentence } from "/static/page.js";

export const LEAVE = "q";
const LOWEST_DBFS = -60;
const LOUD_DBFS = -3;

export class Guide {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Awaited<ReturnType<typeof openLink>> | null} */
    this.link = null;
    this.over = false;
    this.ended = "The connection to voicesim has ended. Begin again.";
    this.button.addEventListener("click", () => this.begin());
    this.part("leave").addEventListener("click", () => this.leave());
    document.addEventListener("keydown", (event) => this.pressed(event));
    addEventListener("pagehide", () => this.leave());
    this.button.disabled = false;
  }

  /** @param {string} name @returns {HTMLElement} */
  part(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(`[data-${name}]`));
  }

  get button() {
    return /** @type {HTMLButtonElement} */ (this.part("begin-button"));
  }

  /** What it begins with, if anything was to be chosen. @returns {object | undefined} */
  wanted() {
    return undefined;
  }

  async begin() {
    this.button.disabled = true;
    this.part("problem").hidden = true;
    try {
      const key = await begun(this.root.dataset.begin || "", this.wanted());
      this.over = false;
      this.link = await openLink(key, {
        onMessage: (message) => this.take(message),
        onLevel: (mic) => this.showLevel(mic),
        onState: (state) => this.changed(state),
      });
      this.part("first").hidden = true;
      this.part("stage").hidden = false;
    } catch (error) {
      this.failed(error.message);
    }
  }

  /** The link is open (all is told again), broken for a moment, or closed. @param {string} state */
  changed(state) {
    this.part("connection").textContent = state === "broken" ? "The connection is broken; it is tried again." : "";
    if (state === "closed" && !this.over) this.failed(this.ended);
  }

  /** @param {any} message */
  take(message) {
    if (message.type === "told") this.tell(message.text, message.say);
    else if (message.type === "listening") this.part("level").classList.toggle("listening", message.on);
    else if (message.type === "asked") this.ask(message.question, message.choices);
    else if (message.type === "dialogue_over") this.end(message);
    else if (message.type === "problem") this.failed(`${message.what}. ${message.mend}`);
  }

  /** Show a line, and what is to be said. @param {string} text @param {string} say */
  tell(text, say) {}

  /** Ask a question with a button for each choice. @param {string} question @param {{key: string, does: string}[]} choices */
  ask(question, choices) {
    this.part("question").textContent = question;
    const buttons = choices.map(({ key, does }, place) => this.way(key, sentence(does), place === 0));
    this.part("choices").replaceChildren(...buttons);
    if (buttons.length) buttons[0].focus();
  }

  /** @param {string} key @param {string} does @param {boolean} first */
  way(key, does, first) {
    const button = /** @type {HTMLButtonElement} */ (element("button", does, first ? "primary" : ""));
    button.type = "button";
    button.dataset.key = key;
    button.append(element("kbd", key || "Enter"));
    button.addEventListener("click", () => this.answer(key));
    return button;
  }

  /** @param {string} key */
  answer(key) {
    this.part("choices").replaceChildren();
    this.part("question").textContent = "";
    this.link?.send({ type: "answer", answer: key });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const on = event.target instanceof HTMLElement ? event.target : null;
    if (!this.link || this.over || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const key = event.key === "Enter" ? "" : event.key.toLowerCase();
    if (on?.closest("input, textarea, select") || (key === "" && on?.closest("button, a, summary"))) return;
    const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (this.part("choices").querySelectorAll("button"));
    const button = [...buttons].find((one) => one.dataset.key === key);
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  /** @param {number} mic */
  showLevel(mic) {
    const shown = Math.max(LOWEST_DBFS, Math.min(0, mic));
    this.part("fill").style.transform = `scaleX(${1 - shown / LOWEST_DBFS})`;
    this.part("meter").setAttribute("aria-valuenow", String(Math.round(shown)));
    this.part("level").classList.toggle("loud", mic > LOUD_DBFS);
    this.part("dbfs").textContent = mic <= -96 ? "silence" : `${Math.round(mic)} dBFS`;
  }

  leave() {
    if (!this.link || this.over) return;
    this.link.send({ type: "answer", answer: LEAVE });
    this.part("choices").replaceChildren();
  }

  /** @param {{next: string, what: string, mend: string}} message */
  end({ next, what, mend }) {
    this.over = true;
    this.link?.close();
    if (next) location.assign(next);
    else this.failed(`${sentence(what)}. ${mend}`);
  }

  /** Show why it ended, and let it be begun again. @param {string} why */
  failed(why) {
    this.over = true;
    this.link?.close();
    this.link = null;
    this.part("problem").textContent = why;
    this.part("problem").hidden = false;
    this.part("stage").hidden = true;
    this.part("first").hidden = false;
    this.button.disabled = false;
    this.button.focus();
  }
}

/** The key of what was begun at an address. @param {string} address @param {object | undefined} wanted */
async function begun(address, wanted) {
  const body = wanted && JSON.stringify(wanted);
  const headers = { ...csrf(), ...(body ? { "content-type": "application/json" } : {}) };
  const answer = await fetch(address, { method: "POST", headers, body });
  const told = await answer.json();
  if (answer.ok) return told.key;
  throw new Error(`${sentence(told.error.what)}. ${told.error.mend}`);
}
