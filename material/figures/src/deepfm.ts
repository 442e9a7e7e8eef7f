/** Two paths side by side: Wide & Deep, and DeepFM whole and in its parts. */
import {
  cells,
  connect,
  embeddedFields,
  type FieldDrawing,
  fields,
  type Figure,
  firstOrderWays,
  group,
  layer,
  mlp,
  output,
  topsOf,
  vector,
} from "../parts";
import { fieldColors, grey, type Pen, plain, type Point, type Shape, strong } from "../pen";

export const wideAndDeep: Figure = {
  name: "wide-deep",
  title: "Wide & Deep: hand-made crosses beside a network",
  description:
    "On the left the single ids and crosses chosen by hand go straight into a linear model. On the right, fields become embeddings and pass through hidden layers. Both logits are added before one sigmoid.",
  caption:
    "the two sides share no weights, only the final sum, and are trained together. Somebody must choose the crosses of the wide side; DeepFM replaces that choice by FM.",
  height: 450,
  draw(pen) {
    const raw = fields.flatMap(({ length, one, color }, i) =>
      cells(
        pen,
        [62, 111, 167][i],
        400,
        Array.from({ length }, (_, j) => (j === one ? "1" : "0")),
        { size: 14, height: 17, color, marked: [one], textSize: 11 },
      ),
    );
    pen.text(118, 426, "x: single ids", { size: 12 });
    const crosses = cells(pen, 250, 400, ["0", "0", "1", "0", "0"], {
      size: 14,
      height: 17,
      color: fieldColors[3],
      marked: [2],
      textSize: 11,
    });
    pen.text(250, 426, "φ(x): crosses", { size: 12 });
    const wide = layer(pen, 158, 250, 1, "linear");
    for (const cell of [...raw, ...crosses]) pen.line([cell.n, wide.s], { behind: true, color: grey, width: 0.8 });
    const drawn = embeddedFields(pen, [374, 494, 630], 400, { rise: 70, label: "" });
    const last = mlp(
      pen,
      500,
      266,
      [7, 5],
      drawn.map(({ embedding }) => embedding.n),
      { distance: 56, label: "hidden\nlayers" },
    );
    const deep = layer(pen, 500, 166, 1);
    connect(
      pen,
      last.units.map((unit) => unit.n),
      deep,
    );
    const { plus } = output(pen, 330, 112);
    pen.arrow(wide.n, [plus.left + 3, plus.bottom - 3]);
    pen.arrow(deep.n, [plus.right - 3, plus.bottom - 3]);
    group(pen, 24, 216, 296, 444, "wide");
    group(pen, 310, 146, 704, 444, "deep", "right");
  },
};

/** The FM part above its embeddings: the sum of first-order weights, and one product per pair. */
function fmUnits(
  pen: Pen,
  drawn: readonly FieldDrawing[],
  y: number,
  sumX: number,
  productXs: readonly number[],
): { sum: Shape; products: Shape[] } {
  const sum = pen.circle(sumX, y, 13, "+");
  firstOrderWays(pen, drawn, sum.s);
  const pairs = [
    [0, 1],
    [0, 2],
    [1, 2],
  ];
  const products = productXs.map((x) => pen.circle(x, y, 13, "•", { size: 15 }));
  pairs.forEach((pair, i) =>
    pair.forEach((field) => pen.line([drawn[field].embedding.n, products[i].s], { color: strong })),
  );
  return { sum, products };
}

export const deepFM: Figure = {
  name: "deepfm",
  title: "DeepFM: both parts read the same embeddings",
  description:
    "Three one-hot fields and their embeddings at the bottom. On the left the FM part adds first-order weights and the inner products of pairs. On the right hidden layers read the same embeddings. Both logits are added before one sigmoid.",
  caption:
    "one set of embeddings serves both parts (blue and grey lines), so each is trained by low and high orders together. The dashed lines from the ones to + are first-order weights (w₀ is not drawn). Logits are added, then one sigmoid.",
  height: 480,
  draw(pen) {
    const drawn = embeddedFields(pen, [170, 350, 550], 436, { rise: 76, label: "shared\nembeddings" });
    const { sum, products } = fmUnits(pen, drawn, 246, 84, [160, 220, 280]);
    const last = mlp(
      pen,
      540,
      262,
      [7, 5],
      drawn.map(({ embedding }) => embedding.n),
      { distance: 56, label: "" },
    );
    const deep = layer(pen, 540, 166, 1);
    connect(pen, last.units.map((unit) => unit.n), deep);
    const { plus } = output(pen, 360, 112);
    for (const unit of [sum, ...products]) pen.line([unit.n, [plus.left + 3, plus.bottom - 4]], { behind: true });
    pen.arrow(deep.n, [plus.right - 3, plus.bottom - 3]);
    group(pen, 40, 180, 320, 274, "FM part");
    group(pen, 380, 146, 690, 288, "deep part");
  },
};

export const deepFMPart: Figure = {
  name: "deepfm-fm",
  title: "The FM part of DeepFM",
  description:
    "The first-order weights of the three active features are added, each pair of embeddings gives its inner product, and everything is summed to the logit of the FM part.",
  caption:
    "three fields make one sum and three inner products. The identity of notebook 02 computes the three without looking at pairs.",
  height: 420,
  draw(pen) {
    const drawn = embeddedFields(pen, [200, 380, 570], 376, { rise: 80 });
    const { sum, products } = fmUnits(pen, drawn, 176, 100, [260, 380, 500]);
    pen.text(100, 146, "Σ wᵢ", { italic: true });
    ["⟨v₁, v₂⟩", "⟨v₁, v₃⟩", "⟨v₂, v₃⟩"].forEach((text, i) =>
      pen.text(products[i].right + 6, 160, text, { anchor: "start", italic: true, size: 12 }),
    );
    const total = pen.circle(330, 92, 15, "+");
    const ends: Point[] = [total.w, [total.left + 5, total.bottom - 4], total.s, [total.right - 3, total.bottom - 6]];
    [[sum.n[0] + 30, 146] as Point, products[0].n, products[1].n, products[2].n].forEach((from, i) =>
      pen.line([i === 0 ? [sum.right, sum.c[1]] : from, ends[i]], { behind: true }),
    );
    pen.arrow(total.n, [330, 52]);
    pen.text(total.right + 10, 92, "+ w₀", { anchor: "start", italic: true });
    pen.text(344, 58, "logit of the FM part", { anchor: "start" });
    pen.text(58, 222, "first order");
    pen.text(590, 222, "second order", { fill: strong });
  },
};

export const deepFMDeepPart: Figure = {
  name: "deepfm-deep",
  title: "The deep part of DeepFM",
  description: "The embeddings of the three fields are put side by side and pass through two hidden layers to one logit.",
  caption:
    "the embeddings are joined, not summed, so the network still knows which field a number came from. The result is a logit: the sigmoid comes after the FM part is added.",
  height: 440,
  draw(pen) {
    const drawn = embeddedFields(pen, [200, 360, 540], 396, { rise: 74 });
    const joined = vector(pen, 360, 262, 9, plain, { gap: 22 });
    drawn.forEach(({ embedding }, i) => pen.arrow(embedding.n, [294 + i * 66, joined.bottom], { color: strong }));
    pen.text(joined.right + 10, 262, "side by side", { anchor: "start" });
    const last = mlp(pen, 360, 196, [9, 7], topsOf(joined, 9, 22), { distance: 54 });
    const logit = layer(pen, 360, 90, 1);
    connect(
      pen,
      last.units.map((unit) => unit.n),
      logit,
    );
    pen.arrow(logit.n, [360, 52]);
    pen.text(374, 58, "logit of the deep part", { anchor: "start" });
  },
};
