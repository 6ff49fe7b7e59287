// @ts-check
// A try of the script with typed replies: the server keeps nothing, the state goes back and forth.
import {element, sentence} from "/static/page.js";

/** @param {string} id @returns {any} */
const the = (id) => document.getElementById(id);

/**
 * @param {{ask: (url: string, method: string, body: object) => Promise<any>, goTo: (line: number) => void,
 *   script: () => object}} with_
 */
export function startPlaying({ask, goTo, script}) {
  /** @type {any} */
  let state = null;
  const form = the("play"), played = the("played"), reply = the("reply");
  form.hidden = false;

  /** @param {any} told */
  function show(told) {
    the("play-told").hidden = !told.error;
    if (told.error) {
      the("play-told").textContent = `${sentence(told.error.what)}. ${told.error.mend ?? ""}`;
      return;
    }
    state = told.state;
    if (told.rule) played.lastElementChild?.append(whyOf(told));
    if (told.line) played.append(lineOf(told));
    if (told.ending) played.append(element("li", `The call ended: ${told.ending.replaceAll("_", " ")}.`, "over"));
    the("play-reply").hidden = Boolean(told.ending);
    played.scrollTop = played.scrollHeight;
    if (!told.ending) reply.focus();
  }

  /** @param {any} told */
  function lineOf(told) {
    const item = element("li");
    const moved = told.anger === told.anger_before ? "" : ` (was ${told.anger_before})`;
    item.append(element("p", told.line), element("p", `${told.mood}, anger ${told.anger}${moved} · ${told.step}`, `meta mood-${told.mood}`));
    return item;
  }

  /** @param {any} told */
  function whyOf(told) {
    const why = element("ul", "", "why");
    for (const one of told.influences) why.append(element("li", `anger ${one.by}: ${one.why}`));
    const named = new Set(told.influences.map((/** @type {any} */ one) => one.why));
    for (const one of told.heard) if (!one.sure && !named.has(one.id)) why.append(element("li", `perhaps ${one.name}: not sure, counts for nothing`));
    if (told.offers.length) why.append(element("li", `offered: ${told.offers.join(", ")}`));
    if (told.mentions.length) why.append(element("li", `mentioned: ${told.mentions.join(", ")}`));
    const rule = element("li", told.rule);
    if (told.rule_line) {
      const go = element("button", `line ${told.rule_line}`, "small");
      /** @type {HTMLButtonElement} */ (go).type = "button";
      go.onclick = () => goTo(told.rule_line);
      rule.append(" ", go);
    }
    why.append(rule);
    return why;
  }

  the("play-begin").addEventListener("click", async () => {
    played.replaceChildren();
    const body = {...script(), step: the("play-step").value || null, anger: Number(the("play-anger").value)};
    show(await ask("/api/scripts/play", "POST", body));
  });
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (state === null || the("play-reply").hidden) return the("play-begin").click();
    const said = reply.value;
    reply.value = "";
    const item = element("li", "", "you");
    item.append(element("p", said.trim() ? said : "(you say nothing)"));
    played.append(item);
    const told = await ask("/api/scripts/play", "POST", {...script(), state, reply: said});
    if (told.error) { item.remove(); reply.value = said; }
    show(told);
  });
}
