// @ts-check
// The form of a script: opens the step that a link names, and warns before changes are lost.
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("form"));
let changed = false, sending = false;

function openNamed() {
  const step = document.getElementById(location.hash.slice(1));
  if (step instanceof HTMLDetailsElement) {
    step.open = true;
    step.scrollIntoView();
  }
}

form?.addEventListener("input", () => { changed = true; });
form?.addEventListener("submit", () => { sending = true; });
window.addEventListener("beforeunload", (event) => { if (changed && !sending) event.preventDefault(); });
window.addEventListener("hashchange", openNamed);
openNamed();
