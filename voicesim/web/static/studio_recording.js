// @ts-check
// Shows how far a recording is, and loads the page anew when it is over.

const sheet = /** @type {HTMLElement} */ (document.getElementById("splitting"));
const stage = /** @type {HTMLElement} */ (document.getElementById("stage"));
const far = /** @type {HTMLProgressElement} */ (document.getElementById("far"));

async function look() {
  const answer = await fetch(/** @type {string} */ (sheet.dataset.state));
  if (!answer.ok) {
    location.reload();
    return;
  }
  const state = await answer.json();
  if (state.over) {
    location.reload();
    return;
  }
  if (stage.textContent !== state.stage) stage.textContent = state.stage;
  if (state.of) {
    far.max = state.of;
    far.value = state.done;
  } else far.removeAttribute("value");
  setTimeout(look, 1000);
}

setTimeout(look, 500);
