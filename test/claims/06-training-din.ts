/** Claims of notebook 06. */
import { interestsWorld } from "../../lib/data/planted/interests";
import { longTailWorld } from "../../lib/data/planted/longtail";
import { randomSplit, userSplit } from "../../lib/data/split";
import type { ActivationName } from "../../lib/layers/activations";
import { DIN } from "../../lib/models/din";
import { DNN } from "../../lib/models/dnn";
import { createRandom } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { adam } from "../../lib/train/optimizers";
import { l2, miniBatchAware, type Regularizer } from "../../lib/train/regularizers";
import type { Claim } from "./claim";
import { bySeed } from "./measure";

const seeds = [1, 2, 3, 4, 5];

type Remedy = "none" | "dropout" | "full L2" | "full L2, a tenth" | "mini-batch aware" | "λ not scaled";

const regularizers: Partial<Record<Remedy, Regularizer>> = {
  "full L2": l2(0.01),
  "full L2, a tenth": l2(0.001),
  "mini-batch aware": miniBatchAware({ lambda: 0.01, atBatchSize: 5000 }),
  "λ not scaled": miniBatchAware({ lambda: 0.01 }),
};

/** Validation AUC after each of four epochs on the long-tailed world. */
export async function curve(remedy: Remedy, seed: number): Promise<number[]> {
  const { impressions } = longTailWorld({ rows: 12_000, items: 6_000, fieldSizes: [10, 10, 10], seed });
  const { train, validation } = randomSplit(impressions, { validation: 0.3, test: 0, seed });
  const mlp = { units: [32, 16], dropout: remedy === "dropout" ? 0.5 : 0 };
  const model = new DNN({ features: impressions.features, embeddingDim: 8, mlp }, createRandom(seed));
  const history = await fit(model, impressions.read(train), {
    epochs: 4,
    batchSize: 200,
    optimizer: adam({ learningRate: 0.01 }),
    regularizer: regularizers[remedy],
    seed,
    validation: impressions.read(validation),
  });
  return history.validation;
}

/** AUC of the fourth epoch with one remedy − with the other, by seed. */
async function lastEpochs(a: Remedy, b: Remedy): Promise<number[]> {
  const [ours, theirs] = [await curves(a), await curves(b)];
  return ours.map((curve, i) => curve[3] - theirs[i][3]);
}

function curves(remedy: Remedy): Promise<number[][]> {
  return bySeed<number[]>("test/claims/06-training-din#curve", [remedy], seeds);
}

/** Validation AUC of DIN after four epochs in the world of interests, with one activation in the MLP and the attention. */
export async function dinWith(activation: ActivationName, seed: number): Promise<number> {
  const { impressions } = interestsWorld({ rows: 6_000, interests: 3, clicks: 2, seed });
  const { train, validation } = userSplit(impressions, { validation: 0.3, test: 0, seed });
  const model = new DIN(
    {
      features: impressions.features,
      behaviours: [{ candidate: ["category", "brand"], history: ["clickedCategories", "clickedBrands"] }],
      embeddingDim: 8,
      deviation: 0.3,
      attention: { units: [16], activation },
      mlp: { units: [32, 16], activation },
    },
    createRandom(seed),
  );
  const history = await fit(model, impressions.read(train), {
    epochs: 4,
    batchSize: 128,
    optimizer: adam({ learningRate: 0.02 }),
    seed,
    validation: impressions.read(validation),
  });
  return history.validation[3];
}

async function activations(a: ActivationName, b: ActivationName): Promise<number[]> {
  const [ours, theirs] = [await bySeed<number>("test/claims/06-training-din#dinWith", [a], seeds), await bySeed<number>("test/claims/06-training-din#dinWith", [b], seeds)];
  return ours.map((auc, i) => auc - theirs[i]);
}

const longTail = { notebook: "06-training-din", cell: "compare-notice", world: "longTailWorld, 12,000 impressions of 6,000 items", seeds, models: ["DNN"] };
const interests = { notebook: "06-training-din", cell: "dice-notice", world: "interestsWorld, 6,000 impressions", seeds, models: ["DIN"] };

export const claims: Claim[] = [
  {
    ...longTail,
    id: "din-training-overfits",
    cell: "overfit-notice",
    claim: "Without a remedy the validation AUC falls by more than 0.03 from the first epoch to the fourth",
    effect: "AUC after epoch 1 − AUC after epoch 4",
    expected: { atLeast: 0.03 },
    measure: async () => (await curves("none")).map((curve) => curve[0] - curve[3]),
  },
  {
    ...longTail,
    id: "mba-keeps-auc",
    claim: "Mini-batch aware regularization keeps most of what is lost without a remedy",
    effect: "share of the fall from epoch 1 to 4 that is gone",
    expected: { atLeast: 0.5 },
    async measure() {
      const [none, aware] = [await curves("none"), await curves("mini-batch aware")];
      return none.map((curve, i) => 1 - (aware[i][0] - aware[i][3]) / (curve[0] - curve[3]));
    },
  },
  {
    ...longTail,
    id: "mba-against-l2",
    claim: "Full L2 with λ = 0.01 and mini-batch aware regularization cannot be told apart",
    effect: "AUC of epoch 4 with full L2 − with mini-batch aware regularization",
    expected: { notDistinguishable: true },
    measure: () => lastEpochs("full L2", "mini-batch aware"),
  },
  {
    ...longTail,
    id: "dropout-falls",
    claim: "Dropout delays the fall, and mini-batch aware regularization keeps more",
    effect: "AUC of epoch 4 with mini-batch aware regularization − with dropout",
    expected: { atLeast: 0 },
    measure: () => lastEpochs("mini-batch aware", "dropout"),
  },
  {
    ...longTail,
    id: "l2-tenth",
    claim: "Full L2 with a tenth of λ is much worse",
    effect: "AUC of epoch 4 with λ = 0.01 − with λ = 0.001",
    expected: { atLeast: 0.01 },
    measure: () => lastEpochs("full L2", "full L2, a tenth"),
  },
  {
    ...longTail,
    id: "mba-trap",
    cell: "trap-notice",
    claim: "With the copied λ most of the gain is lost",
    effect: "share of the gain over no remedy at epoch 4 that the copied λ has lost",
    expected: { atLeast: 0.5 },
    async measure() {
      const [gain, lost] = [await lastEpochs("mini-batch aware", "none"), await lastEpochs("mini-batch aware", "λ not scaled")];
      return gain.map((of, i) => lost[i] / of);
    },
  },
  {
    ...interests,
    id: "dice-against-prelu",
    claim: "Dice and PReLU are not distinguishable",
    effect: "validation AUC with Dice − with PReLU",
    expected: { notDistinguishable: true },
    measure: () => activations("dice", "prelu"),
  },
  {
    ...interests,
    id: "relu-against-prelu",
    claim: "ReLU and PReLU are not distinguishable",
    effect: "validation AUC with ReLU − with PReLU",
    expected: { notDistinguishable: true },
    measure: () => activations("relu", "prelu"),
  },
];
