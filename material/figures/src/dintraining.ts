/** What DIN's training adds: regularisation of the batch's rows, and Dice. */
import { type Figure } from "../parts";
import { faint, fieldColors, ink, type LineStyle, type Pen, type Point, strong, warm } from "../pen";

const items = [
  { name: "best seller", count: 10000, inBatch: true },
  { name: "popular", count: 2000, inBatch: true },
  { name: "known", count: 50, inBatch: false },
  { name: "rare", count: 3, inBatch: true },
  { name: "seen once", count: 1, inBatch: true },
  { name: "seen once, too", count: 1, inBatch: false },
];

export const miniBatchAware: Figure = {
  name: "mini-batch-aware",
  title: "Which rows does the regularisation move in one step?",
  description:
    "Six items with how often each occurs in training. Full L2 pulls every row w towards 0 by λ w, in this mini-batch or not. Mini-batch aware regularisation pulls each row in the batch by λ w over its count. The best seller is pulled by λ w / 10,000, a popular item by λ w / 2,000, a rare one by λ w / 3, one seen once by λ w / 1. The two rows outside the batch, with counts 50 and 1, do not move.",
  caption:
    "full L2 touches all rows of the table in every step, millions in practice. The mini-batch aware rule leaves rows outside the batch alone and pulls a row harder the rarer it is (bars: logarithm of the factor of the row).",
  height: 330,
  draw(pen) {
    const columns = [30, 216, 250, 360, 506];
    ["item", "count nⱼ", "in the batch", "full L2", "mini-batch aware"].forEach((heading, j) =>
      pen.text(columns[j], 62, heading, { bold: true, anchor: j === 1 ? "end" : "start" }),
    );
    pen.line([
      [24, 80],
      [696, 80],
    ]);
    items.forEach(({ name, count, inBatch }, i) => {
      const y = 102 + i * 38;
      pen.text(30, y, name, { anchor: "start" });
      pen.text(columns[1], y, grouped(count), { anchor: "end" });
      pen.text(columns[2], y, inBatch ? "yes" : "no", { bold: inBatch, anchor: "start" });
      pen.box(columns[3], y - 10, 100, 20, "λ", { paper: fieldColors[0], radius: 0 });
      // The bar of the rarest row has the length of full L2's; 10,000 times less is a tenth of it.
      const pull = 100 * (1 - (0.9 * Math.log10(count)) / 4);
      if (inBatch) {
        pen.box(columns[4], y - 10, pull, 20, "", { paper: fieldColors[1], radius: 0 });
        pen.text(columns[4] + pull + 10, y, `λ / ${grouped(count)}`, { anchor: "start" });
      } else pen.text(columns[4], y, "does not move", { anchor: "start", fill: "#555555", italic: true });
      pen.line(
        [
          [24, y + 19],
          [696, y + 19],
        ],
        { color: faint, width: 0.8 },
      );
    });
  },
};

function grouped(count: number): string {
  return String(count).replace(/(\d)(\d{3})$/, "$1,$2");
}

const alpha = 0.25;

/** The looks of the curves: those of notebook 06's plots, where Dice is solid and PReLU dashed. */
const looks = {
  prelu: { color: warm, dashed: true },
  centred: { color: strong },
  shifted: { color: strong, dashed: "10 4 2 4" },
};

function gate(s: number, mean: number): number {
  return 1 / (1 + Math.exp(-(s - mean))); // with variance 1
}

export const dice: Figure = {
  name: "dice",
  title: "Dice: PReLU with a soft corner that follows the data",
  description:
    "Left, the share p(s) of the positive branch: a step at 0 for PReLU, a sigmoid around the mean of the batch for Dice. Right, the activations: PReLU bends sharply at 0, Dice bends smoothly, at 0 for mean 0 and later for mean 2.",
  caption:
    "Dice moves its corner to the mean E of its inputs: the dash-dotted curve is the same unit when E = 2. Drawn for variance 1 and α\u00a0=\u00a00.25. In inference E and the variance are moving averages, not the batch's.",
  height: 346,
  draw(pen) {
    plotAxes(pen, [50, 80, 290, 210], "input s", "p(s)", [0, 1], (to) => {
      to((s) => (s > 0 ? 1 : 0), looks.prelu);
      to((s) => gate(s, 0), looks.centred);
      to((s) => gate(s, 2), looks.shifted);
    });
    plotAxes(pen, [400, 80, 290, 210], "input s", "f(s)", [-1.5, 4], (to) => {
      to((s) => (s > 0 ? s : alpha * s), looks.prelu);
      to((s) => gate(s, 0) * s + (1 - gate(s, 0)) * alpha * s, looks.centred);
      to((s) => gate(s, 2) * s + (1 - gate(s, 2)) * alpha * s, looks.shifted);
    });
    const key = (x: number, name: string, look: LineStyle) => {
      pen.curve([[x, 58], [x + 32, 58]], look);
      pen.text(x + 40, 58, name, { anchor: "start", fill: look.color ?? ink, bold: true });
    };
    key(144, "PReLU", looks.prelu);
    key(268, "Dice, E = 0", looks.centred);
    key(432, "Dice, E = 2", looks.shifted);
  },
};

type Draw = (f: (s: number) => number, style: LineStyle) => void;

/** Axes from -4 to 4, and a function that draws curves into them. */
function plotAxes(
  pen: Pen,
  [left, top, width, height]: readonly number[],
  x: string,
  y: string,
  [low, high]: readonly number[],
  draw: (to: Draw) => void,
): void {
  const place = (s: number, value: number): Point => [
    left + ((s + 4) / 8) * width,
    top + height - ((value - low) / (high - low)) * height,
  ];
  const zero = Math.max(low, 0);
  pen.line([place(-4, zero), place(4, zero)], { color: "#777777", width: 1, behind: true });
  pen.line([place(0, low), place(0, high)], { color: "#777777", width: 1, behind: true });
  const bottom = top + height;
  for (const s of [-4, -2, 2, 4]) pen.text(place(s, low)[0], bottom + 14, String(s).replace("-", "−"), { size: 11 });
  pen.text(left + width / 2, bottom + 14, "0", { size: 11 });
  pen.text(left + width / 2, bottom + 32, x, { size: 12 });
  pen.text(left - 8, place(0, high)[1], String(high), { size: 11, anchor: "end" });
  pen.text(left - 8, place(0, low)[1], String(low).replace("-", "−"), { size: 11, anchor: "end" });
  pen.text(left - 8, top + height / 2, y, { size: 12, anchor: "end", italic: true });
  draw((f, style) => {
    const points: Point[] = [];
    for (let i = 0; i <= 320; i++) {
      const s = -4 + i / 40;
      if (f(s) >= low && f(s) <= high) points.push(place(s, f(s)));
    }
    pen.curve(points, style);
  });
}
