// @ts-check
// Plays takes where they stand; without this, the browser opens them.

const sound = new Audio();
/** @type {HTMLElement | null} */
let playing = null;

/** @param {HTMLElement | null} link */
function shows(link) {
  if (playing) {
    delete playing.dataset.playing;
    sign(playing, "▶");
  }
  playing = link;
  if (link) {
    link.dataset.playing = "";
    sign(link, "■");
  }
}

/** @param {HTMLElement} link @param {string} text */
function sign(link, text) {
  const found = link.querySelector(".sign");
  if (found) found.textContent = text;
}

document.addEventListener("click", async (event) => {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest("a[data-play]"));
  if (!link) return;
  event.preventDefault();
  if (playing === link) {
    sound.pause();
    shows(null);
    return;
  }
  sound.src = link.href;
  shows(link);
  try {
    await sound.play();
  } catch (error) {
    if (error.name !== "AbortError") shows(null);
  }
});
sound.addEventListener("ended", () => shows(null));
