// @ts-check
// Shows the callers that fit a few words and a difficulty.

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-filter]"));
const cards = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-cards] > li")]);
const find = /** @type {HTMLInputElement} */ (document.getElementById("find"));
const level = /** @type {HTMLSelectElement} */ (document.getElementById("level"));

function show() {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const card of cards) {
    const text = card.dataset.text || "";
    const fits = words.every((word) => text.includes(word)) && (!level.value || card.dataset.level === level.value);
    card.hidden = !fits;
    count += fits ? 1 : 0;
  }
  const told = /** @type {HTMLElement} */ (document.querySelector("[data-count]"));
  told.textContent = count === 1 ? "1 caller" : `${count} callers`;
  /** @type {HTMLElement} */ (document.querySelector("[data-none]")).hidden = count > 0;
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
find.addEventListener("input", show);
level.addEventListener("input", show);
show();
