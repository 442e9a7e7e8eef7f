/** Claims of notebook 08. */
import type * as tf from "@tensorflow/tfjs";
import { rowRange } from "../../lib/data/blocks";
import type { Impressions } from "../../lib/data/impressions";
import { additiveWorld } from "../../lib/data/planted/additive";
import { expectedScores } from "../../lib/data/planted/bayes";
import { FM } from "../../lib/models/fm";
import { LR } from "../../lib/models/lr";
import { createRandom } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { adam } from "../../lib/train/optimizers";
import { predict } from "../../lib/train/predict";
import type { Claim } from "./claim";
import { bySeed } from "./measure";

/** The bug of exhibit 4: what the model returns is a probability, and the loss takes it for a logit. */
function squashTwice(model: LR | FM): void {
  const logits = model.logits.bind(model);
  model.logits = (batch: Impressions): tf.Tensor1D => {
    const s = logits(batch);
    const p = s.sigmoid();
    s.dispose();
    return p;
  };
}

/** Expected AUC of LR or FM, trained on its logits − on its probabilities. */
export async function lostOrder(name: "LR" | "FM", baseRate: number, seed: number): Promise<number> {
  const { impressions, bayesLogits } = additiveWorld({ rows: 50_000, baseRate, seed });
  const test = rowRange(40_000, 50_000);
  const truth = Float32Array.from(test, (row) => bayesLogits[row]);
  const aucs: number[] = [];
  for (const twice of [false, true]) {
    const { features } = impressions;
    const model =
      name === "LR"
        ? new LR({ features }, createRandom(seed))
        : new FM({ features, embeddingDim: 8, deviation: 0.05 }, createRandom(seed));
    if (twice) squashTwice(model);
    const optimizer = adam({ learningRate: 0.02 });
    await fit(model, impressions.read(rowRange(0, 40_000)), { epochs: 5, batchSize: 256, seed, optimizer });
    aucs.push(expectedScores(await predict(model, impressions.read(test)), truth).auc);
  }
  return aucs[0] - aucs[1];
}

const secondSigmoid = (model: "LR" | "FM", percent: number, seeds: readonly number[]) => ({
  id: "second-sigmoid",
  notebook: "08-bug-museum",
  cell: "exercise-4",
  world: `additiveWorld, 5 fields of 20 ids, ${percent} % clicked`,
  models: [model],
  seeds,
  effect: `expected AUC of ${model} trained with the loss on its logits − with a loss that takes its probabilities for logits`,
  measure: () => bySeed<number>("test/claims/08-bug-museum#lostOrder", [model, percent / 100], seeds),
});

export const claims: Claim[] = [
  {
    ...secondSigmoid("LR", 2, [1, 2, 3, 4, 5]),
    claim: "Where 2 % of the impressions are clicked, LR trained through a second sigmoid loses at least 0.2 AUC",
    expected: { atLeast: 0.2 },
  },
  {
    ...secondSigmoid("LR", 50, [1, 2, 3]),
    claim: "Where half of the impressions are clicked, training LR through a second sigmoid hardly hurts its ranking",
    expected: { within: 0.01 },
  },
  {
    ...secondSigmoid("LR", 20, [31, 32, 33, 34]),
    claim:
      "Where a fifth of the impressions are clicked, LR trained through a second sigmoid loses some of its ranking",
    expected: { atLeast: 0.03 },
  },
  {
    ...secondSigmoid("FM", 20, [11, 12, 13, 14]),
    claim:
      "Where a fifth of the impressions are clicked, FM trained through a second sigmoid loses some of its ranking",
    expected: { atLeast: 0.03 },
  },
  {
    ...secondSigmoid("FM", 50, [11, 12, 13, 14]),
    claim: "Where half of the impressions are clicked, FM trained through a second sigmoid loses little of its ranking",
    expected: { within: 0.03 },
  },
];
