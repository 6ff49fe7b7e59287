// @ts-check
// Lets a report inside the page be as high as what is in it, and keeps its player where it can be seen. A report is a
// document of its own that may not touch this one (sandbox), so the two talk: it tells its height and what a link in it
// leads to; it is told the page's looks, and how much of it lies below the window.

/** Variables of the report and what they are called here. */
const LOOKS = {
  ...{ card: "sheet", ink: "ink", soft: "soft", line: "line", accent: "action", "on-accent": "action-ink" },
  ...{ page: "paper", serif: "text", sans: "text" },
};
/** No report is higher than that, in CSS pixels. */
const HIGHEST = 200_000;
const ABOVE = 12;

/** @param {HTMLIFrameElement} frame */
function stands(frame) {
  // A document without an origin can only be written to by "*"; what is told is no secret.
  const tell = (/** @type {object} */ message) => frame.contentWindow?.postMessage({ voicesim: 1, ...message }, "*");
  const looks = () => {
    const here = getComputedStyle(document.documentElement);
    const values = Object.entries(LOOKS).map(([theirs, ours]) => [theirs, here.getPropertyValue(`--${ours}`).trim()]);
    tell({ type: "looks", looks: Object.fromEntries(values) });
  };
  const below = () => tell({ type: "below", px: Math.max(0, frame.getBoundingClientRect().bottom - window.innerHeight) });
  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== "null" || !data || data.voicesim !== 1) return;
    if (data.type === "ready") looks();
    if (!Number.isFinite(data.px) || data.px < 0 || data.px > HIGHEST) return;
    if (data.type === "height") {
      frame.dataset.within = "";
      frame.style.height = `${Math.ceil(data.px) + 4}px`;
      below();
    } else if (data.type === "show") {
      const box = frame.getBoundingClientRect();
      window.scrollTo({ top: window.scrollY + box.top + Math.min(data.px, box.height) - ABOVE });
    }
  });
  for (const link of document.querySelectorAll("a[data-inside]")) {
    link.addEventListener("click", (event) => {
      // A report of an earlier version only shows itself in a tab of its own.
      if (!("within" in frame.dataset)) return;
      event.preventDefault();
      tell({ type: "go", id: /** @type {HTMLElement} */ (link).dataset.inside });
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", looks);
  window.addEventListener("scroll", below, { passive: true });
  window.addEventListener("resize", below);
  // A report that was there before this script has told it already that it is ready.
  looks();
}

for (const frame of document.querySelectorAll("iframe[data-grows]")) stands(/** @type {HTMLIFrameElement} */ (frame));
