/** The first networks on embeddings: FNN starts them from FM, PNN multiplies them. */
import { connect, embeddedFields, type Figure, group, layer, mlp, probability } from "../parts";
import { strong } from "../pen";

export const fnn: Figure = {
  name: "fnn",
  title: "FNN: a network that starts from a trained FM",
  description:
    "Each field's one-hot vector selects its row, made of the first-order weight w and the factor vector v of a trained FM. These rows and the bias are the input of two hidden layers and a sigmoid.",
  caption:
    "the orange dots are w₀ and the first-order weights, the white ones factor vectors. FM is trained first; then everything, rows included, is trained on. No pair is multiplied here: the hidden layers must find the crosses.",
  height: 440,
  draw(pen) {
    const drawn = embeddedFields(pen, [200, 380, 580], 396, { k: 4, rise: 84, label: "", first: "#f0a35e" });
    const bias = pen.circle(84, 312, 9, "", { paper: "#f0a35e" });
    pen.text(84, 334, "w₀");
    group(pen, 50, 270, 690, 352, "");
    pen.text(290, 320, "rows (wᵢ, vᵢ)\nof a trained FM", { bold: true, size: 11 });
    const last = mlp(pen, 360, 214, [8, 6], [bias.n, ...drawn.map(({ embedding }) => embedding.n)], {
      distance: 56,
      label: "hidden layers (tanh)",
    });
    probability(
      pen,
      360,
      106,
      last.units.map((unit) => unit.n),
    );
  },
};

export const pnn: Figure = {
  name: "pnn",
  title: "PNN: a layer of products between embeddings and network",
  description:
    "The three embeddings go to the hidden layer twice: as they are, the part z, and multiplied in pairs, the part p. IPNN takes the inner product of each pair, OPNN the sum of all outer products.",
  caption:
    "compared with FNN, the layer p is new: IPNN takes one number per pair, OPNN one matrix, the sum of all outer products. Both z and p feed the same hidden layer. Drawn is IPNN, without a field's product with itself.",
  height: 470,
  draw(pen) {
    const drawn = embeddedFields(pen, [170, 350, 550], 426, { rise: 74 });
    group(pen, 40, 226, 270, 296, "");
    pen.text(50, 268, "z: as\nthey are", { anchor: "start", bold: true, size: 12 });
    group(pen, 300, 226, 690, 296, "p: products of pairs", "right");
    const copies = [150, 195, 240].map((x, i) =>
      pen.circle(x, 268, 11, ["f₁", "f₂", "f₃"][i], { paper: drawn[i].color, size: 11 }),
    );
    copies.forEach((copy, i) => pen.line([drawn[i].embedding.n, copy.s], { behind: true, color: "#777777" }));
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ];
    const products = pairs.map((_, i) => pen.circle(370 + i * 60, 268, 12, "×", { size: 16 }));
    pairs.forEach((pair, i) =>
      pair.forEach((field) => pen.line([drawn[field].embedding.n, products[i].s], { color: strong })),
    );
    pen.text(516, 268, "IPNN: ⟨fᵢ, fⱼ⟩\nOPNN: Σᵢⱼ fᵢ fⱼᵀ", { anchor: "start", italic: true });
    const first = layer(pen, 330, 182, 8, "hidden layers (ReLU)");
    connect(
      pen,
      [...copies, ...products].map((unit) => unit.n),
      first,
    );
    const second = layer(pen, 330, 142, 6);
    connect(
      pen,
      first.units.map((unit) => unit.n),
      second,
    );
    probability(
      pen,
      330,
      104,
      second.units.map((unit) => unit.n),
    );
  },
};
