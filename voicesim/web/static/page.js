// @ts-check
// What several parts of the page need: its token, elements with text, sentences.

/** What a request that changes something must carry. */
export function csrf() {
  return { "x-voicesim-csrf": /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=csrf]")).content };
}

/** An element that holds a text, which is never markup. */
export function element(/** @type {string} */ tag, text = "", kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

/** A text that begins with a capital letter. */
export function sentence(/** @type {string} */ text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
