// @ts-check
// Lets a report inside the page be as high as what is in it, and keeps its player where it can be seen.

/** @param {HTMLIFrameElement} frame */
function grows(frame) {
  const inside = frame.contentDocument;
  if (!inside || !inside.body) return;
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
