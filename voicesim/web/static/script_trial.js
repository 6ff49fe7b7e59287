// @ts-check
// Shows how far calls with made-up agents are, and the table once they are done.
const told = document.getElementById("so-far"), bar = /** @type {HTMLProgressElement | null} */ (document.getElementById("progress"));

async function look() {
  const answer = await fetch(told?.dataset.api ?? "", {headers: {accept: "application/json"}});
  const soFar = answer.ok ? await answer.json() : {over: true};
  if (soFar.over) return location.reload();
  if (told) told.textContent = `${soFar.done} of ${soFar.of} calls held`;
  if (bar) bar.value = soFar.done;
  setTimeout(look, 1000);
}

if (told) setTimeout(look, 1000);
