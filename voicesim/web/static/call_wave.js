// @ts-check
// Her voice and one's own as bars that move to the left: hers up and filled, one's own below in the colour of "good".

const BARS = 80;
const LOWEST_DBFS = -60;

export class Wave {
  constructor(/** @type {HTMLCanvasElement} */ canvas) {
    this.canvas = canvas;
    /** @type {[number, number][]} */
    this.levels = Array.from({ length: BARS }, () => [0, 0]);
    this.draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  add(/** @type {number} */ hers, /** @type {number} */ yours) {
    const height = (/** @type {number} */ dbfs) => Math.max(0, Math.min(1, 1 - dbfs / LOWEST_DBFS));
    this.levels.push([height(hers), height(yours)]);
    this.levels.shift();
    this.draw();
  }

  draw() {
    const { canvas } = this;
    const pen = canvas.getContext("2d");
    if (!pen) return;
    const style = getComputedStyle(document.documentElement);
    const middle = canvas.height * 0.56;
    const step = canvas.width / BARS;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    this.levels.forEach(([hers, yours], index) => {
      const x = index * step + step * 0.2;
      pen.fillStyle = style.getPropertyValue("--action");
      pen.globalAlpha = hers ? 1 : 0.25;
      const up = Math.max(2, hers * middle * 0.9);
      pen.fillRect(x, middle - up, step * 0.6, up);
      if (!yours) return;
      pen.fillStyle = style.getPropertyValue("--good");
      pen.globalAlpha = 0.85;
      pen.fillRect(x, middle + 3, step * 0.6, yours * canvas.height * 0.38);
    });
    pen.globalAlpha = 1;
  }
}
