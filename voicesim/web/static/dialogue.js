// @ts-check
// A dialogue with sound: begins a session, shows what is told and asked, and sends which way to go on.
import { openLink } from "/static/link.js";

const LEAVE = "q";
const LOWEST_DBFS = -60;
const LOUD_DBFS = -3;

class Dialogue {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Awaited<ReturnType<typeof openLink>> | null} */
    this.link = null;
    this.over = false;
    this.button.addEventListener("click", () => this.begin());
    this.part("leave").addEventListener("click", () => this.leave());
    document.addEventListener("keydown", (event) => this.pressed(event));
    addEventListener("pagehide", () => this.leave());
    this.button.disabled = false;
  }

  /** @returns {HTMLElement} */
  part(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(`[data-${name}]`));
  }

  get button() {
    return /** @type {HTMLButtonElement} */ (this.part("begin-button"));
  }

  async begin() {
    this.button.disabled = true;
    this.part("problem").hidden = true;
    try {
      const { key } = await begun(this.root.dataset.begin || "");
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

  /** The link is open (all is told again), broken for a moment, or closed. */
  changed(state) {
    this.part("connection").textContent = state === "broken" ? "The connection is broken; it is tried again." : "";
    if (state === "open") this.part("log").replaceChildren();
    if (state === "closed" && !this.over) this.failed("The connection to voicesim has ended. Begin again.");
  }

  take(message) {
    if (message.type === "told") this.tell(message.text, message.say);
    else if (message.type === "listening") this.listen(message.on);
    else if (message.type === "asked") this.ask(message.question, message.choices);
    else if (message.type === "dialogue_over") this.end(message);
    else if (message.type === "problem") this.failed(`${message.what}. ${message.mend}`);
  }

  tell(text, say) {
    const line = document.createElement("li");
    line.textContent = sentence(text || "Say this:");
    const log = this.part("log");
    log.append(line);
    log.scrollTop = log.scrollHeight;
    if (!say) return;
    this.part("say").textContent = say;
    this.part("say").hidden = false;
  }

  listen(on) {
    this.part("level").classList.toggle("listening", on);
  }

  ask(question, choices) {
    this.part("question").textContent = question;
    const buttons = choices.map(({ key, does }, place) => this.way(key, does, place === 0));
    this.part("choices").replaceChildren(...buttons);
    this.part("leave").hidden = choices.some(({ key }) => key === LEAVE);
    if (buttons.length) buttons[0].focus();
  }

  way(key, does, first) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.key = key;
    button.className = first ? "primary" : "";
    button.append(sentence(does));
    const sign = document.createElement("kbd");
    sign.textContent = key || "Enter";
    button.append(sign);
    button.addEventListener("click", () => this.answer(key));
    return button;
  }

  answer(key) {
    this.part("choices").replaceChildren();
    this.part("question").textContent = "";
    this.link?.send({ type: "answer", answer: key });
  }

  pressed(event) {
    const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select");
    if (!this.link || this.over || typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const onButton = event.target instanceof HTMLElement && event.target.closest("button, a, summary");
    const key = event.key === "Enter" ? "" : event.key.toLowerCase();
    if (key === "" && onButton) return;
    const button = [...this.part("choices").querySelectorAll("button")].find((one) => one.dataset.key === key);
    if (!button) return;
    event.preventDefault();
    button.click();
  }

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

  end({ next, what, mend }) {
    this.over = true;
    this.link?.close();
    if (next) location.assign(next);
    else this.failed(`${sentence(what)}. ${mend}`);
  }

  /** Show why it ended, and let it be begun again. */
  failed(why) {
    this.over = true;
    this.link?.close();
    this.link = null;
    this.part("problem").textContent = why;
    this.part("problem").hidden = false;
    this.part("say").hidden = true;
    this.part("stage").hidden = true;
    this.part("first").hidden = false;
    this.button.disabled = false;
    this.button.focus();
  }
}

/** @param {string} address */
async function begun(address) {
  const csrf = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=csrf]")).content;
  const answer = await fetch(address, { method: "POST", headers: { "x-voicesim-csrf": csrf } });
  const told = await answer.json();
  if (answer.ok) return told;
  throw new Error(`${sentence(told.error.what)}. ${told.error.mend}`);
}

/** A text that begins with a capital letter. */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

for (const root of document.querySelectorAll("[data-dialogue]")) new Dialogue(/** @type {HTMLElement} */ (root));
