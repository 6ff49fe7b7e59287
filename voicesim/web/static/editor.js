// @ts-check
// The editor of a script: line numbers, live remarks, saving, the drawing, and a try with typed replies.
import {csrf, element, sentence} from "/static/page.js";
import {startPlaying} from "/static/play.js";

/** @param {string} id @returns {any} */
const the = (id) => document.getElementById(id);
const editor = the("editor"), text = the("text"), lines = the("lines"), state = the("state");
const id = editor.dataset.id, own = editor.dataset.own === "yes";
let sha256 = editor.dataset.sha256, saved = text.value, drawn = text.value, wait = 0, asked = 0;

/** Ask the server; what went wrong comes back as `error`. @param {string} url @param {string} method @param {object} body */
async function ask(url, method, body) {
  const headers = {"content-type": "application/json", "accept": "application/json", ...csrf()};
  try {
    const answer = await fetch(url, {method, headers, body: JSON.stringify(body)});
    const told = await answer.json().catch(() => ({}));
    return answer.ok ? told : {error: {what: "that did not work", mend: "", ...told.error}, status: answer.status};
  } catch {
    return {error: {what: "the server does not answer", mend: "Is voicesim serve still running?"}, status: 0};
  }
}

/** Put the cursor on a line (from 1) and show it. @param {number} line */
function goTo(line) {
  const rows = text.value.split("\n");
  const at = Math.min(line, rows.length) - 1;
  const start = rows.slice(0, at).reduce((/** @type {number} */ sum, /** @type {string} */ row) => sum + row.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + rows[at].length);
  const height = parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (at - 5) * height);
  text.scrollLeft = 0;
}

/** Number the lines, those with a remark marked. @param {Map<number, string>} marks */
function number(marks) {
  const count = text.value.split("\n").length;
  const numbers = Array.from({length: count}, (_, at) => element("b", String(at + 1), marks.get(at + 1)));
  lines.replaceChildren(...numbers);
  lines.scrollTop = text.scrollTop;
}

/** @param {any} told */
function show(told) {
  const all = [...told.errors, ...told.remarks];
  the("remarks").replaceChildren(...all.map((one) => {
    const item = element("li", "", told.loads ? "remark" : "remark fault");
    const go = /** @type {HTMLAnchorElement} */ (element("a", `Line ${one.line}`));
    const about = /** @type {HTMLAnchorElement} */ (element("a", one.code, "small"));
    go.href = "#text";
    go.dataset.line = one.line;
    about.href = one.about;
    about.target = "_blank";
    item.append(go, `: ${one.what}. `, element("span", one.mend, "mend"), " ", about);
    return item;
  }));
  the("count").textContent = String(all.length);
  the("no-remarks").hidden = all.length > 0;
  number(new Map(all.map((one) => [one.line, told.loads ? "remarked" : "faulty"])));
  if (told.loads) offerSteps(told.steps);
}

/** @param {{name: string, line: number, ends: string | null}[]} steps */
function offerSteps(steps) {
  const chosen = the("play-step").value;
  the("play-step").replaceChildren(...steps.filter((step) => !step.ends).map((step) => new Option(step.name, step.name, false, step.name === chosen)));
  where.clear();
  for (const step of steps) where.set(step.name, step.line);
}
/** @type {Map<string, number>} */
const where = new Map();

async function check() {
  const mine = ++asked, value = text.value;
  const told = await ask("/api/scripts/check", "POST", {text: value, id});
  if (mine !== asked) return;
  if (told.error) return tell(told.error);
  show(told);
  if (told.loads && value !== drawn) {
    drawn = value;
    await draw(value);
  }
}

/** @param {string} value */
async function draw(value) {
  const told = await ask("/api/scripts/graph", "POST", {text: value, id});
  if (told.error || told.svg === null) return;
  const parsed = new DOMParser().parseFromString(told.svg, "image/svg+xml").documentElement;
  if (parsed.localName !== "svg") return;
  the("graph").replaceChildren(document.importNode(parsed, true));
  the("no-graph")?.remove();
}

/** @param {{what: string, mend: string} | null} error */
function tell(error) {
  the("not-saved").hidden = error === null;
  the("not-saved").textContent = error === null ? "" : `${sentence(error.what)}. ${error.mend ?? ""}`;
}

/** @param {string} over the digest of what may be written over */
async function save(over) {
  const value = text.value;
  state.textContent = "Saving …";
  const told = await ask(`/api/scripts/${encodeURIComponent(id)}`, "PUT", {text: value, sha256: over});
  the("both").hidden = told.status !== 409;
  state.textContent = told.error ? "Not saved" : "Saved";
  tell(told.error ?? null);
  if (told.status === 409) {
    the("other").value = told.error.theirs;
    the("over").onclick = () => save(told.error.sha256);
  }
  if (told.error) return;
  sha256 = told.sha256;
  saved = value;
  forget();
}

// What was typed and not saved outlives a closed tab; it is offered again, never put in place by itself.
const kept = `voicesim-text-${id}`;
function forget() { localStorage.removeItem(kept); }
function offerKept() {
  const old = localStorage.getItem(kept);
  if (!own || old === null || old === text.value) return;
  const offer = document.createElement("p"), put = document.createElement("button"), drop = document.createElement("button");
  offer.className = "told told-unsure row";
  offer.append("There is text from last time that was not saved. ", put, drop);
  put.type = drop.type = "button";
  put.textContent = "Put it back";
  drop.textContent = "Forget it";
  put.onclick = () => { text.value = old; offer.remove(); changed(); };
  drop.onclick = () => { forget(); offer.remove(); };
  text.form.prepend(offer);
}

function changed() {
  number(new Map());
  state.textContent = text.value === saved ? "" : "Not saved yet";
  if (text.value === saved) forget(); else localStorage.setItem(kept, text.value);
  clearTimeout(wait);
  wait = setTimeout(check, 300);
}

text.addEventListener("input", changed);
text.addEventListener("scroll", () => { lines.scrollTop = text.scrollTop; });
text.form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  if (/** @type {any} */ (event.submitter)?.value === "save") save(sha256); else check();
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && own) {
    event.preventDefault();
    save(sha256);
  }
});
document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a");
  if (link instanceof HTMLAnchorElement && link.dataset.line) {
    event.preventDefault();
    goTo(Number(link.dataset.line));
  } else if (link instanceof SVGAElement) {
    event.preventDefault();
    const name = (link.getAttribute("href") ?? "").split("#step-")[1];
    for (const one of document.querySelectorAll("svg.graph .chosen")) one.classList.remove("chosen");
    link.closest(".node")?.classList.add("chosen");
    if ([...the("play-step").options].some((one) => one.value === name)) the("play-step").value = name;
    goTo(where.get(name) ?? 1);
  }
});
window.addEventListener("beforeunload", (event) => { if (own && text.value !== saved) event.preventDefault(); });
number(new Map());
offerKept();
check();
startPlaying({ask, goTo, script: () => ({text: text.value})});
