/** The base model and DIN: what happens to the user's history. */
import { cells, connect, type Figure, layer, mlp, probability, topsOf, vector } from "../parts";
import { fieldColors, grey, type Pen, plain, type Shape, strong, warm } from "../pen";

const [userColor, goodsColor, candidateColor] = [fieldColors[2], fieldColors[0], fieldColors[1]];

interface Inputs {
  user: Shape;
  goods: Shape[];
  candidate: Shape;
}

/** The inputs at the bottom and their embeddings: what describes one item is put side by side. */
function inputs(pen: Pen, y: number, userX: number, goodsXs: readonly number[], candidateX: number): Inputs {
  const oneHot = (x: number, length: number, one: number, color: string, size: number) =>
    cells(
      pen,
      x,
      y,
      Array.from({ length }, (_, i) => (i === one ? "1" : "0")),
      { size, height: 17, color, marked: [one], textSize: 11 },
    );
  const userOne = oneHot(userX, 4, 1, userColor, 17)[1];
  pen.text(userX, y + 36, "user, context", { size: 12 });
  const user = vector(pen, userX, y - 62, 3, userColor);
  pen.arrow(userOne.n, user.s);
  const item = (x: number, name: string, color: string, goods: number, category: number): Shape => {
    const ones = [oneHot(x - 17, 4, goods, color, 13)[goods], oneHot(x + 29, 2, category, color, 13)[category]];
    pen.text(x - 17, y + 17, "brand", { size: 11 });
    pen.text(x + 29, y + 17, "category", { size: 11 });
    pen.text(x, y + 36, name, { size: 12 });
    const embedding = vector(pen, x, y - 62, 4, color);
    ones.forEach((one, i) => pen.arrow(one.n, [x + [-15, 18][i], embedding.bottom]));
    return embedding;
  };
  return {
    user,
    goods: goodsXs.map((x, i) => item(x, ["mouse", "cosmetics", "skin care"][i], goodsColor, i, i === 0 ? 0 : 1)),
    candidate: item(candidateX, "keyboard", candidateColor, 3, 0),
  };
}

/** Three vectors side by side, the network above them and the click probability. Returns the three. */
function head(pen: Pen, x: number, y: number, distance: number): Shape[] {
  const parts = [
    vector(pen, x - 65, y, 3, userColor),
    vector(pen, x, y, 4, goodsColor),
    vector(pen, x + 72, y, 4, candidateColor),
  ];
  const starts = parts.flatMap((part, i) => topsOf(part, [3, 4, 4][i]));
  const last = mlp(pen, x, y - distance, [8, 5], starts, { distance, label: "hidden layers" });
  probability(pen, x, y - 3 * distance + 6, last.units.map((unit) => unit.n));
  return parts;
}

export const base: Figure = {
  name: "base",
  title: "The base model: the history becomes one fixed vector",
  description:
    "User features, three items of the history and the candidate are embedded, each item as the embedding of its brand beside that of its category. The history's embeddings are pooled into one vector, their sum or their mean, which is put beside the others and passes through hidden layers to the click probability.",
  caption:
    "the pooling is done before the candidate is seen. For a keyboard and for a face wash the history is the same vector, and which brand went with which category is lost.",
  height: 560,
  draw(pen) {
    const { user, goods, candidate } = inputs(pen, 480, 100, [260, 360, 460], 610);
    pen.text(360, 536, "history", { bold: true });
    pen.text(610, 536, "candidate", { bold: true });
    const sum = pen.circle(360, 352, 15, "+");
    for (const item of goods) pen.arrow(item.n, [sum.c[0] + (item.c[0] - sum.c[0]) * 0.12, sum.bottom - 1]);
    pen.text(sum.right + 10, 354, "sum or mean", { anchor: "start" });
    const parts = head(pen, 360, 276, 56);
    pen.arrow(user.n, parts[0].s, { color: grey });
    pen.arrow(sum.n, parts[1].s);
    pen.arrow(candidate.n, parts[2].s, { color: grey });
    pen.text(parts[2].right + 12, 276, "side by side", { anchor: "start" });
  },
};

export const din: Figure = {
  name: "din",
  title: "DIN: the candidate decides what in the history counts",
  description:
    "As in the base model, but each history item meets the candidate in an activation unit, the same for all items, which gives it a weight. The history's vector is the sum of the items times their weights. The activation unit feeds the two vectors, their difference and their product to a small network, which returns one number.",
  caption:
    "the same history gives another vector for another candidate: for a keyboard the mouse weighs most. The weights (0.9, 0.1, 0.2 are made up) need not sum to 1; padding must get weight 0.",
  height: 620,
  draw(pen) {
    const xs = [170, 280, 390];
    const { user, goods, candidate } = inputs(pen, 540, 60, xs, 510);
    pen.text(280, 596, "history", { bold: true });
    pen.text(510, 596, "candidate", { bold: true });
    const weights = ["0.9", "0.1", "0.2"];
    const sum = pen.circle(280, 322, 15, "+");
    goods.forEach((item, i) => {
      const unit = pen.box(xs[i] - 4, 406, 44, 26, "a", { paper: fieldColors[3], bold: true, italic: true });
      const times = pen.circle(xs[i] - 26, 370, 12, "×", { size: 16 });
      pen.line([[xs[i] - 26, item.top], times.s], { color: "#222222", arrow: true });
      pen.arrow([xs[i] + 14, item.top], [xs[i] + 14, unit.bottom]);
      pen.line(
        [
          [xs[i] + 18, unit.top],
          [xs[i] + 18, 370],
          [times.right, 370],
        ],
        { color: warm, arrow: true },
      );
      pen.text(xs[i] + 24, 384, weights[i], { anchor: "start", size: 12, fill: warm, bold: true });
      pen.arrow(times.n, [sum.c[0] + (i - 1) * 11, sum.bottom - (i === 1 ? 0 : 4)]);
    });
    // The candidate reaches every activation unit from below.
    pen.line(
      [
        [510, candidate.top],
        [510, 446],
        [xs[0] + 30, 446],
      ],
      { color: strong, width: 1.8 },
    );
    for (const x of xs) pen.arrow([x + 30, 446], [x + 30, 432], { color: strong, width: 1.8 });
    pen.text(sum.right + 8, 314, "weighted sum", { anchor: "start" });
    const parts = head(pen, 280, 258, 50);
    pen.line([user.n, [user.n[0], 296], [parts[0].c[0], 296], parts[0].s], { color: grey, arrow: true });
    pen.arrow(sum.n, parts[1].s);
    pen.line([[510, 446], [510, 282], [parts[2].c[0], 282], parts[2].s], { color: grey, arrow: true });
    activationUnit(pen);
  },
};

/** The inset at the right: what is inside the box with the a. */
function activationUnit(pen: Pen): void {
  pen.box(556, 60, 152, 330, "", { dashed: true, paper: "none", stroke: "#666666", radius: 8 });
  pen.text(632, 80, "activation unit", { bold: true });
  const parts = ["v", "e", "v ⊙ e", "v − e"].map((text, i) =>
    pen.box(566 + [0, 24, 48, 92][i], 290, [24, 24, 44, 44][i] - 2, 26, text, {
      paper: [candidateColor, goodsColor, plain, plain][i],
      italic: true,
      size: 12,
    }),
  );
  const hidden = layer(pen, 632, 222, 4, "", { gap: 28 });
  connect(pen, parts.map((part) => part.n), hidden);
  const weight = layer(pen, 632, 160, 1);
  connect(pen, hidden.units.map((unit) => unit.n), weight);
  pen.arrow(weight.n, [632, 120], { color: warm });
  pen.text(632, 106, "weight a", { fill: warm, bold: true });
  pen.circle(596, 356, 10, "v", { paper: candidateColor, italic: true, size: 12 });
  pen.circle(672, 356, 10, "e", { paper: goodsColor, italic: true, size: 12 });
  pen.text(596, 376, "candidate", { size: 11 });
  pen.text(672, 376, "item", { size: 11 });
  for (const part of parts) for (const x of [596, 672]) {
    const both = part.c[0] > 610;
    if (both || (x === 596) === (part.c[0] < 585)) pen.line([[x, 346], part.s], { behind: true, color: grey });
  }
}
