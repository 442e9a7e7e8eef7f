/** What the course promises of its worlds, models and regularizers, whether a notebook states it or not. */
import { expectedScores } from "../../lib/data/planted/bayes";
import { interestsWorld } from "../../lib/data/planted/interests";
import { longTailWorld } from "../../lib/data/planted/longtail";
import { secondOrderWorld } from "../../lib/data/planted/secondorder";
import { randomSplit } from "../../lib/data/split";
import { BaseModel } from "../../lib/models/base";
import { DNN } from "../../lib/models/dnn";
import { Poly2 } from "../../lib/models/poly2";
import { createRandom } from "../../lib/random";
import { evaluate } from "../../lib/train/evaluate";
import { fit } from "../../lib/train/fit";
import { adam } from "../../lib/train/optimizers";
import { predict } from "../../lib/train/predict";
import { miniBatchAware } from "../../lib/train/regularizers";
import type { Measured } from "./claim";
import { bySeed } from "./measure";

const seeds = [1, 2, 3, 4, 5];

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

/** Test log loss of POLY2 by its buckets: the long-tailed world of 01's converge-plot and its steps, ten epochs. */
export async function rarePairLosses(seed: number): Promise<Record<100 | 10_000 | 1_200_000, number>> {
  const { impressions, parts } = secondOrderWorld({ rows: 20_000, fieldSizes: [300, 300, 300], skew: 1, seed });
  const lossWith = async (buckets: number) => {
    const model = new Poly2({ features: impressions.features, buckets }, createRandom(seed));
    const optimizer = adam({ learningRate: 0.05 });
    await fit(model, impressions.read(parts.train), { epochs: 10, batchSize: 256, seed, optimizer });
    return (await evaluate(model, impressions.read(parts.test))).logLoss;
  };
  return { 100: await lossWith(100), 10_000: await lossWith(10_000), 1_200_000: await lossWith(1_200_000) };
}

/** How much higher the log loss is with so many buckets than with 100, by seed. */
async function costOfBuckets(many: 10_000 | 1_200_000): Promise<number[]> {
  const losses = await bySeed<Awaited<ReturnType<typeof rarePairLosses>>>(
    "test/claims/promises#rarePairLosses",
    [],
    rarePairs.seeds,
  );
  return losses.map((by) => by[many] - by[100]);
}

/** Expected AUC of the base model minus that of ceilingLogits, on other rows of the users that it was trained on. */
export async function aboveCeiling(seed: number): Promise<number> {
  const world = interestsWorld({ rows: 20_000, impressionsPerUser: 200, baseRate: 0.5, strength: 2, seed });
  const { impressions, bayesLogits, ceilingLogits } = world;
  const { train, test } = randomSplit(impressions, { validation: 0, test: 0.2, seed });
  const { features } = impressions;
  const behaviours = [{ candidate: ["category", "brand"], history: ["clickedCategories", "clickedBrands"] }];
  const model = new BaseModel(
    { features, behaviours, embeddingDim: 16, pooling: "sum", mlp: { units: [32, 16] } },
    createRandom(seed),
  );
  const optimizer = adam({ learningRate: 0.01 });
  await fit(model, impressions.read(train), { epochs: 8, batchSize: 200, seed, optimizer });
  const [truth, ceiling] = [bayesLogits, ceilingLogits].map((logits) => Float32Array.from(test, (row) => logits[row]));
  const logits = await predict(model, impressions.read(test));
  return expectedScores(logits, truth).auc - expectedScores(ceiling, truth).auc;
}

const longTail = { world: "longTailWorld, 40,000 impressions of 20,000 items", seeds };
const rarePairs = {
  id: "poly2-more-buckets",
  world: "secondOrderWorld, 20,000 impressions, three fields of 300 ids that follow Zipf's law",
  models: ["POLY2"],
  seeds: [21, 22, 23],
};
const knownUsers = [31, 32, 33];

export const promises: Measured[] = [
  {
    ...longTail,
    id: "long-tail-overfits",
    claim:
      "Without regularisation, the validation AUC of the DNN falls by at least 0.03 from its best epoch to the fifth",
    models: ["DNN"],
    effect: "best validation AUC of five epochs − validation AUC after epoch 5",
    expected: { atLeast: 0.03 },
    measure: () => falls(false),
  },
  {
    ...longTail,
    id: "mini-batch-aware-cures",
    claim:
      "Mini-batch aware regularisation removes most of the fall of the DNN's validation AUC from its best epoch to the fifth",
    models: ["DNN", "DNN with mini-batch aware regularisation"],
    effect: "share of the fall that is gone: 1 − fall with mini-batch aware regularisation / fall without",
    expected: { atLeast: 0.5 },
    async measure() {
      const regularized = await falls(true);
      return (await falls(false)).map((fall, i) => 1 - regularized[i] / fall);
    },
  },
  {
    ...rarePairs,
    claim: "Where most pairs are rare, POLY2 has a higher log loss after ten epochs with 10,000 buckets than with 100",
    effect: "log loss of POLY2 with 10,000 buckets − log loss of POLY2 with 100, in nats",
    expected: { atLeast: 0.1 },
    measure: () => costOfBuckets(10_000),
  },
  {
    ...rarePairs,
    claim:
      "Where most pairs are rare, POLY2 has a higher log loss after ten epochs with a bucket per pair than with 100",
    effect: "log loss of POLY2 with 1,200,000 buckets − log loss of POLY2 with 100, in nats",
    expected: { atLeast: 0.03 },
    measure: () => costOfBuckets(1_200_000),
  },
  {
    id: "ceiling-of-new-users",
    claim: "On new rows of the users that it was trained on, the base model passes the ceiling of pooled histories",
    world: "interestsWorld, 20,000 impressions, 200 per user, split by row",
    models: ["base model (sum)"],
    seeds: knownUsers,
    effect:
      "expected AUC of the base model (sum) − expected AUC of the best prediction for new users from the pooled history",
    expected: { atLeast: 0.1 },
    measure: () => bySeed<number>("test/claims/promises#aboveCeiling", [], knownUsers),
  },
];
