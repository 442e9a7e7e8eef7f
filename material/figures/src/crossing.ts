/** Networks with a layer made for crosses: DCN, NFM, AFM. */
import {
  embeddedFields, type Figure, type FieldDrawing, firstOrderWays, mlp, output, probability, topsOf, vector,
} from "../parts";
import { fieldColors, grey, ink, type Pen, plain, type Shape, strong, warm } from "../pen";

/** The first-order part: the weights of the ones, read beside the embeddings. */
export function firstOrder(pen: Pen, x: number, y: number, drawn: readonly FieldDrawing[], to: Shape): void {
  const box = pen.box(x - 58, y - 22, 116, 44, "first order\nw₀ + Σ wᵢ", { paper: "#ffffff" });
  firstOrderWays(pen, drawn, [x, box.bottom]);
  pen.arrow(box.n, [to.left, to.c[1] + 4]);
}

export const dcn: Figure = {
  name: "dcn",
  title: "DCN: every cross layer multiplies by the input again",
  description:
    "The concatenated embeddings x0 feed two stacks side by side: cross layers, each of which multiplies its input by x0, and hidden layers. Their outputs are concatenated for the logit.",
  caption:
    "x₀ enters every cross layer (thick blue line): each adds one degree, so L layers reach products of L\u00a0+\u00a01 features. Version 1 stretches x₀ by one number per layer, version 2 by one number per coordinate.",
  height: 500,
  draw(pen) {
    const drawn = embeddedFields(pen, [170, 350, 550], 456, { rise: 70 });
    const x0 = vector(pen, 350, 326, 9, plain);
    pen.text(x0.right + 10, 326, "x₀: embeddings side by side", { anchor: "start" });
    drawn.forEach(({ embedding }, i) => pen.arrow(embedding.n, [x0.left + 25 + i * 46, x0.bottom]));
    const [first, second] = [0, 1].map((l) => {
      const [now, next] = ["₀₁"[l], "₁₂"[l]];
      const versions = `v1: x${next} = x₀ (x${now}ᵀ w${now}) + b${now} + x${now}\nv2: x${next} = x₀ ⊙ (W${now} x${now} + b${now}) + x${now}`;
      return pen.box(66, 236 - 72 * l, 240, 48, versions, { paper: fieldColors[0] });
    });
    pen.line([[x0.left, 326], [40, 326], [40, first.c[1]], first.w], { color: strong, width: 2, arrow: true });
    pen.line([[40, first.c[1]], [40, second.c[1]], second.w], { color: strong, width: 2, arrow: true });
    pen.arrow([290, x0.top], [290, first.bottom]);
    pen.arrow(first.n, second.s);
    const last = mlp(
      pen,
      500,
      262,
      [6, 6],
      topsOf(x0, 9),
      { distance: 66 },
    );
    const joined = vector(pen, 350, 138, 15, plain); // 9 of x₂, 6 of the hidden layer
    pen.text(joined.right + 10, 138, "side by side", { anchor: "start" });
    pen.arrow(second.n, [305, joined.bottom]);
    for (const unit of last.units) pen.line([unit.n, [417, joined.bottom]], { behind: true, color: grey });
    probability(pen, 350, 104, topsOf(joined, 15));
  },
};

export const nfm: Figure = {
  name: "nfm",
  title: "NFM: all pairs summed into one vector, then a network",
  description:
    "The embeddings go into bi-interaction pooling, the sum over all pairs of their elementwise products, a vector of k numbers. Hidden layers follow. The first-order part is added to their result before the sigmoid.",
  caption:
    "the pairs become one vector of length k, not one number as in FM. Without hidden layers and with weights 1 at the end, this is FM exactly.",
  height: 470,
  draw(pen) {
    const drawn = embeddedFields(pen, [230, 400, 580], 426, { rise: 74 });
    const pooled = pen.box(310, 268, 180, 36, "sum of vᵢ ⊙ vⱼ, i < j", { paper: fieldColors[3], italic: true });
    drawn.forEach(({ embedding }, i) => pen.arrow(embedding.n, [350 + i * 50, pooled.bottom], { color: strong }));
    pen.text(pooled.right + 10, 286, "bi-interaction pooling", { anchor: "start" });
    const sum = vector(pen, 400, 236, 3, fieldColors[3]);
    pen.arrow(pooled.n, sum.s);
    pen.text(sum.right + 10, 236, "k numbers", { anchor: "start" });
    const last = mlp(pen, 400, 190, [6, 4], [sum.n], { distance: 40 });
    const { plus } = output(pen, 400, 104);
    for (const unit of last.units) pen.line([unit.n, plus.s], { behind: true, color: grey });
    firstOrder(pen, 110, 236, drawn, plus);
  },
};

export const afm: Figure = {
  name: "afm",
  title: "AFM: pairs are weighted before they are summed",
  description:
    "The three pairwise products of embeddings are kept apart. An attention network gives each a score, a softmax over the pairs turns scores into weights, and the weighted sum, multiplied by a vector p, goes to the logit, where the first-order part is added.",
  caption:
    "the softmax runs over pairs, so the three weights a add up to 1. With equal weights and p = 1 the pair part would be FM’s, divided by the number of pairs. A softmax over the wrong axis gives 1 for every pair: no attention at all.",
  height: 480,
  draw(pen) {
    const drawn = embeddedFields(pen, [230, 400, 580], 436, { rise: 74 });
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ];
    const xs = [270, 400, 530];
    const y = 270;
    const products = pairs.map(([i, j], at) => {
      const product = vector(pen, xs[at], y, 3, fieldColors[3]);
      for (const field of [i, j]) pen.line([drawn[field].embedding.n, product.s], { color: strong });
      return product;
    });
    pen.text(products[2].right + 8, y, "vᵢ ⊙ vⱼ", { anchor: "start", italic: true });
    const attention = pen.box(570, 166, 134, 52, "attention net,\nsoftmax over pairs", {
      paper: fieldColors[1],
      size: 12,
    });
    for (const x of xs)
      pen.line(
        [
          [x + 18, y - 10],
          [x + 18, 242],
          [637, 242],
        ],
        { color: warm },
      );
    pen.arrow([637, 242], [637, attention.bottom], { color: warm });
    const weighted = xs.map((x, at) => {
      const times = pen.circle(x, 206, 12, "×", { size: 16 });
      pen.arrow(products[at].n, times.s);
      pen.text(x - 18, 216, ["a₁₂", "a₁₃", "a₂₃"][at], { size: 12, anchor: "end", fill: warm });
      return times;
    });
    pen.line(
      [
        [570, 178],
        [270, 178],
      ],
      { color: warm },
    );
    for (const { c } of weighted) pen.arrow([c[0], 178], [c[0], 194], { color: warm });
    const sum = vector(pen, 400, 146, 3, fieldColors[3]);
    for (const times of weighted) pen.line([[times.c[0], times.top], sum.s], { behind: true, color: ink });
    pen.text(sum.right + 10, 146, "Σ aᵢⱼ vᵢ ⊙ vⱼ", { anchor: "start", italic: true });
    const { plus } = output(pen, 400, 102);
    pen.arrow(sum.n, plus.s);
    pen.text(408, 126, "· p", { anchor: "start", italic: true, size: 12 });
    firstOrder(pen, 90, 206, drawn, plus);
  },
};
