// @ts-check
// A dialogue with sound: every line that is told stays, what is to be said stands large.
import { Guide, LEAVE } from "/static/guide.js";
import { element, sentence } from "/static/page.js";

class Dialogue extends Guide {
  changed(state) {
    super.changed(state);
    if (state === "open") this.part("log").replaceChildren();
  }

  tell(text, say) {
    const log = this.part("log");
    log.append(element("li", sentence(text || "Say this:")));
    log.scrollTop = log.scrollHeight;
    if (!say) return;
    this.part("say").textContent = say;
    this.part("say").hidden = false;
  }

  ask(question, choices) {
    super.ask(question, choices);
    this.part("leave").hidden = choices.some(({ key }) => key === LEAVE);
  }

  failed(why) {
    this.part("say").hidden = true;
    super.failed(why);
  }
}

for (const root of document.querySelectorAll("[data-dialogue]")) new Dialogue(/** @type {HTMLElement} */ (root));
