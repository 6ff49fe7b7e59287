// @ts-check
// The booth: shows the line to be spoken, counts in, shows what was taken, and sends which way to go on.
import { Guide } from "/static/guide.js";
import { element, sentence } from "/static/page.js";

const PIPS = 3;
const BEAT_MS = 500;
// What a key does, before a line and after it.
const BEFORE = { "": "Record it", s: "Skip this line", u: "Undo the last" };
const AFTER = { "": "Keep it, next line", a: "Again", p: "Play it", s: "Leave it out", u: "Undo" };
const STAGES = { guide: "Listen", count: "Get ready", speak: "Speak now", checking: "Kept. Listening to it …", back: "You sounded like this" };

class Booth extends Guide {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    this.ended = "The connection to voicesim has ended. Begin again: every take is kept.";
    this.good = false;
    this.counting = 0;
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

  take(message) {
    if (message.type === "booth_prompt") this.showPrompt(message);
    else if (message.type === "booth_stage") this.showStage(message.stage);
    else if (message.type === "booth_take") this.showTake(message, true);
    else super.take(message);
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
    const known = choices.some(({ key }) => key === "a") ? AFTER : question ? {} : BEFORE;
    super.ask(question, choices.map(({ key, does }) => ({ key, does: known[key] || does })));
    if (choices.length && known === AFTER) this.judged();
  }

  judged() {
    if (this.good) this.now("good", "Good");
    else this.now("remarks", "Kept, with remarks");
  }

  failed(why) {
    clearInterval(this.counting);
    super.failed(why);
  }
}

/** What a check found, with its measure. */
function check({ what, advice, measure, value, fault }) {
  const item = element("li", "", `told ${fault ? "told-bad" : "told-unsure"}`);
  const measured = value === null ? measure : `${measure}: ${Number(value.toPrecision(4))}`;
  item.append(element("strong", `${sentence(what)}.`), ` ${advice}`, element("span", measured, "measure"));
  return item;
}

for (const root of document.querySelectorAll("#booth")) new Booth(/** @type {HTMLElement} */ (root));
