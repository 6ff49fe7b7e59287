// @ts-check
// Lets a report inside the page be as high as what is in it, and keeps its player where it can be seen. What the page
// tells itself is left out of the report here, and it takes on the page's looks; by itself it is whole.

const SAID_BY_THE_PAGE = "header.page .hero, .skip, main > .pair, main > footer, body > footer, section[aria-labelledby=reviewed]";
/** Variables of the report and what they are called here. */
const LOOKS = { card: "sheet", ink: "ink", soft: "soft", line: "line", accent: "action", "on-accent": "action-ink" };

/** @param {HTMLIFrameElement} frame @param {Document} inside */
function fitsIn(frame, inside) {
  for (const part of inside.querySelectorAll(SAID_BY_THE_PAGE)) /** @type {HTMLElement} */ (part).hidden = true;
  const root = inside.documentElement.style;
  const here = getComputedStyle(document.documentElement);
  for (const [theirs, ours] of Object.entries(LOOKS)) root.setProperty(`--${theirs}`, here.getPropertyValue(`--${ours}`));
  root.setProperty("--page", here.getPropertyValue("--paper"));
  root.setProperty("--serif", here.getPropertyValue("--text"));
  root.setProperty("--sans", here.getPropertyValue("--text"));
  for (const part of inside.querySelectorAll("header.page, main")) {
    const style = /** @type {HTMLElement} */ (part).style;
    style.maxWidth = "none";
    style.padding = "0 1px";
  }
  frame.dataset.within = "";
}

/** @type {WeakSet<Document>} */
const grown = new WeakSet();

/** @param {HTMLIFrameElement} frame */
function grows(frame) {
  const inside = frame.contentDocument;
  // Before its report is loaded, a frame holds an empty page.
  if (!inside || !inside.body || inside.URL === "about:blank" || grown.has(inside)) return;
  grown.add(inside);
  fitsIn(frame, inside);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => fitsIn(frame, inside));
  const fit = () => {
    frame.style.height = `${inside.documentElement.offsetHeight + 4}px`;
    follow();
  };
  // The player hangs on the lower edge of its window, which is now as high as the report itself.
  const player = /** @type {HTMLElement | null} */ (inside.querySelector(".player"));
  const follow = () => {
    if (!player) return;
    const box = frame.getBoundingClientRect();
    const below = Math.max(0, box.bottom - window.innerHeight);
    player.style.bottom = `${Math.min(below, Math.max(0, box.height - player.offsetHeight))}px`;
  };
  new ResizeObserver(fit).observe(inside.body);
  window.addEventListener("scroll", follow, { passive: true });
  window.addEventListener("resize", fit);
  fit();
}

for (const frame of document.querySelectorAll("iframe[data-grows]")) {
  const iframe = /** @type {HTMLIFrameElement} */ (frame);
  iframe.addEventListener("load", () => grows(iframe));
  if (iframe.contentDocument && iframe.contentDocument.readyState === "complete") grows(iframe);
}
