// @ts-check
// While the briefing is read the caller's voice is made ready: then the phone rings soon.

const form = /** @type {HTMLFormElement} */ (document.querySelector("form.callform"));
const address = form.dataset.voice || "";
const csrf = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=csrf]")).content;
fetch(address, { method: "POST", headers: { "x-voicesim-csrf": csrf } }).catch(() => {});
