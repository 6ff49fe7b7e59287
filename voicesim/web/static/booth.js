// @ts-check
// The booth: shows the line to be spoken, counts in, shows what was taken, and sends which way to go on.
import { openLink } from "/static/link.js";

const LEAVE = "q";
const LOWEST_DBFS = -60;
const LOUD_DBFS = -3;
const PIPS = 3;
const BEAT_MS = 500;
// What a key does, before a line and after it.
const BEFORE = { "": "Record it", s: "Skip this line", u: "Undo the last" };
const AFTER = { "": "Keep it, next line", a: "Again", p: "Play it", s: "Leave it out", u: "Undo" };
const STAGES = { guide: "Listen", count: "Get ready", speak: "Speak now", checking: "Kept. Listening to it …", back: "You sounded like this" };

class Booth {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Awaited<ReturnType<typeof openLink>> | null} */
    this.link = null;
    this.over = false;
    this.good = false;
    this.counting = 0;
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

  /** What was ticked. */
  wanted() {
    const ticked = (name, usual) => {
      const box = /** @type {HTMLInputElement | null} */ (this.root.querySelector(`[data-option="${name}"]`));
      return box ? box.checked : usual;
    };
    const moods = [...this.root.querySelectorAll("input[name=mood]:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value);
    const { speaker, line } = this.root.dataset;
    return { speaker, line, moods, everything: ticked("everything", false), guide: ticked("guide", true), play_back: ticked("play_back", true) };
  }

  async begin() {
    this.button.disabled = true;
    this.part("problem").hidden = true;
    try {
      const { key } = await begun(this.root.dataset.begin || "", this.wanted());
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

  changed(state) {
    this.part("connection").textContent = state === "broken" ? "The connection is broken; it is tried again." : "";
    if (state === "closed" && !this.over) this.failed("The connection to voicesim has ended. Begin again: every take is kept.");
  }

  take(message) {
    if (message.type === "booth_prompt") this.showPrompt(message);
    else if (message.type === "booth_stage") this.showStage(message.stage);
    else if (message.type === "booth_take") this.showTake(message, true);
    else if (message.type === "told") this.tell(message.text, message.say);
    else if (message.type === "listening") this.part("level").classList.toggle("listening", message.on);
    else if (message.type === "asked") this.ask(message.question, message.choices);
    else if (message.type === "dialogue_over") this.end(message);
    else if (message.type === "problem") this.failed(`${message.what}. ${message.mend}`);
  }

  showPrompt({ step, mood, text, coaching, number, of, taken, lines, take }) {
    this.part("number").textContent = `Line ${number} of ${of}`;
    const progress = /** @type {HTMLProgressElement} */ (this.part("progress"));
    progress.max = lines;
    progress.value = taken;
    const badge = this.part("mood");
    badge.className = `badge mood mood-${mood}`;
    badge.textContent = mood;
    badge.hidden = false;
    this.part("step").textContent = step;
    this.part("says").textContent = `“${text}”`;
    this.part("coaching").textContent = coaching;
    this.now("", "");
    this.part("take").hidden = true;
    if (take) this.showTake(take, false);
  }

  showStage(stage) {
    clearInterval(this.counting);
    this.now(stage, STAGES[stage]);
    if (stage === "count") this.count();
    if (stage === "guide" || stage === "count") this.part("take").hidden = true;
  }

  /** Three, two, one: with the pips. */
  count() {
    let left = PIPS;
    const tell = () => this.now("count", left > 0 ? `${STAGES.count}: ${left}` : STAGES.speak);
    tell();
    this.counting = setInterval(() => {
      left -= 1;
      if (left > 0) tell();
      else clearInterval(this.counting);
    }, BEAT_MS);
  }

  now(stage, text) {
    const now = this.part("now");
    now.dataset.is = stage;
    now.textContent = text;
  }

  /** A take that was made now (`fresh`), or the one that the line has. */
  showTake({ n, speaker, address, duration_s, path, width, height, checks }, fresh) {
    const wave = this.part("wave");
    wave.setAttribute("viewBox", `0 0 ${width} ${height}`);
    wave.setAttribute("aria-label", `Waveform of ${duration_s.toFixed(1)} seconds`);
    const drawn = /** @type {Element} */ (wave.querySelector("path"));
    drawn.setAttribute("d", path);
    this.part("about").textContent = `${fresh ? "Kept" : "The line has a take"}: take ${n} · ${duration_s.toFixed(1)} s · ${speaker}`;
    this.part("sound").setAttribute("href", address);
    this.part("checks").replaceChildren(...checks.map(check));
    this.part("take").hidden = false;
    this.good = checks.length === 0;
    if (fresh) this.judged();
  }

  tell(text, say) {
    if (say) {
      this.part("mood").hidden = true;
      this.part("step").textContent = text;
      this.part("coaching").textContent = "";
      this.part("says").textContent = say;
    } else this.now("", text);
  }

  ask(question, choices) {
    this.part("question").textContent = question;
    const known = choices.some(({ key }) => key === "a") ? AFTER : question ? {} : BEFORE;
    const buttons = choices.map(({ key, does }, place) => this.way(key, known[key] || sentence(does), place === 0));
    this.part("choices").replaceChildren(...buttons);
    if (!buttons.length) return;
    buttons[0].focus();
    if (known === AFTER) this.judged();
  }

  judged() {
    if (this.good) this.now("good", "Good");
    else this.now("remarks", "Kept, with remarks");
  }

  way(key, does, first) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.key = key;
    button.className = first ? "primary" : "";
    button.append(does);
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
    if (!this.link || this.over || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const onButton = event.target instanceof HTMLElement && event.target.closest("button, a, summary, input");
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
    clearInterval(this.counting);
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

/** What a check found, with its measure. */
function check({ what, advice, measure, value, fault }) {
  const item = document.createElement("li");
  item.className = `told ${fault ? "told-bad" : "told-unsure"}`;
  const strong = document.createElement("strong");
  strong.textContent = `${sentence(what)}.`;
  const small = document.createElement("span");
  small.className = "measure";
  small.textContent = value === null ? measure : `${measure}: ${Number(value.toPrecision(4))}`;
  item.append(strong, ` ${advice}`, small);
  return item;
}

/** @param {string} address @param {object} wanted */
async function begun(address, wanted) {
  const csrf = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=csrf]")).content;
  const headers = { "x-voicesim-csrf": csrf, "content-type": "application/json" };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(wanted) });
  const told = await answer.json();
  if (answer.ok) return told;
  throw new Error(`${sentence(told.error.what)}. ${told.error.mend}`);
}

/** A text that begins with a capital letter. */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

for (const root of document.querySelectorAll("#booth")) new Booth(/** @type {HTMLElement} */ (root));
