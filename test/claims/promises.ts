/** What the course promises of its worlds, models and regularizers, whether a notebook states it or not. */
import { bayesScores } from "../../lib/data/planted/bayes";
import { longTailWorld } from "../../lib/data/planted/longtail";
import { secondOrderWorld } from "../../lib/data/planted/secondorder";
import { randomSplit } from "../../lib/data/split";
import { DNN } from "../../lib/models/dnn";
import { FM } from "../../lib/models/fm";
import { LR } from "../../lib/models/lr";
import { createRandom } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { adagrad, adam } from "../../lib/train/optimizers";
import { miniBatchAware } from "../../lib/train/regularizers";
import { runTrial } from "../../lib/train/trial";
import type { Measured } from "./claim";
import { bySeed } from "./measure";

const seeds = [1, 2, 3, 4, 5];

/** Bayes AUC of the test rows − the model's. */
export async function belowBayes(name: "LR" | "FM", seed: number): Promise<number> {
  const world = secondOrderWorld({ rows: 150_000, fieldSizes: [20, 20, 20], embeddingDim: 4, seed });
  const { train, validation, test } = randomSplit(world.impressions, { validation: 0.1, test: 0.2, seed });
  const data = {
    train: world.impressions.read(train),
    validation: world.impressions.read(validation),
    test: world.impressions.read(test),
  };
  const features = world.impressions.features as never;
  const random = createRandom(seed);
  const model = name === "LR" ? new LR({ features }, random) : new FM({ features, embeddingDim: 4 }, random);
  const trial = await runTrial(model, data, {
    epochs: 12,
    batchSize: 256,
    optimizer: adagrad({ learningRate: 0.5 }),
    seed,
    patience: 2,
  });
  return bayesScores(world, test).auc - trial.test.auc;
}

/** Validation AUC after each of five epochs on the long-tailed world. */
export async function longTailCurve(regularized: boolean, seed: number): Promise<number[]> {
  const { impressions } = longTailWorld({ rows: 40_000, items: 20_000, seed });
  const { train, validation } = randomSplit(impressions, { validation: 0.3, test: 0, seed });
  const model = new DNN(
    { features: impressions.features, embeddingDim: 8, mlp: { units: [32, 16] } },
    createRandom(seed),
  );
  const history = await fit(model, impressions.read(train), {
    epochs: 5,
    batchSize: 256,
    optimizer: adam({ learningRate: 0.003 }),
    regularizer: regularized ? miniBatchAware({ lambda: 0.01, atBatchSize: 5000 }) : undefined,
    seed,
    validation: impressions.read(validation),
  });
  return history.validation;
}

/** How far the validation AUC falls from its best epoch to the last, by seed. */
async function falls(regularized: boolean): Promise<number[]> {
  const curves = await bySeed<number[]>("test/claims/promises#longTailCurve", [regularized], seeds);
  return curves.map((curve) => Math.max(...curve) - curve[curve.length - 1]);
}

const secondOrder = { world: "secondOrderWorld, 150,000 impressions", seeds, effect: "Bayes AUC − AUC on test data" };
const longTail = { world: "longTailWorld, 40,000 impressions of 20,000 items", seeds };

export const promises: Measured[] = [
  {
    ...secondOrder,
    id: "fm-reaches-bayes",
    claim: "With enough data FM comes within 0.005 AUC of the best possible prediction",
    models: ["FM"],
    expected: { atMost: 0.005 },
    measure: () => bySeed("test/claims/promises#belowBayes", ["FM"], seeds),
  },
  {
    ...secondOrder,
    id: "lr-misses-pairs",
    claim: "LR, which knows no pairs, stays at least 0.1 AUC below the best possible prediction",
    models: ["LR"],
    expected: { atLeast: 0.1 },
    measure: () => bySeed("test/claims/promises#belowBayes", ["LR"], seeds),
  },
  {
    ...longTail,
    id: "long-tail-overfits",
    claim: "Without regularization the validation AUC falls by at least 0.03 from its best",
    models: ["DNN"],
    effect: "best validation AUC − that of epoch 5",
    expected: { atLeast: 0.03 },
    measure: () => falls(false),
  },
  {
    ...longTail,
    id: "mini-batch-aware-cures",
    claim: "Mini-batch aware regularization removes most of that fall",
    models: ["DNN", "DNN with mini-batch aware regularization"],
    effect: "share of the fall that is gone",
    expected: { atLeast: 0.5 },
    async measure() {
      const regularized = await falls(true);
      return (await falls(false)).map((fall, i) => 1 - regularized[i] / fall);
    },
  },
];
