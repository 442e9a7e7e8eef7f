/** Claims of notebook 08. */
import type * as tf from "@tensorflow/tfjs";
import { rowRange } from "../../lib/data/blocks";
import type { Impressions } from "../../lib/data/impressions";
import { additiveWorld } from "../../lib/data/planted/additive";
import { expectedScores } from "../../lib/data/planted/bayes";
import { LR } from "../../lib/models/lr";
import { createRandom } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { adam } from "../../lib/train/optimizers";
import { predict } from "../../lib/train/predict";
import type { Claim } from "./claim";
import { bySeed } from "./measure";

/** The bug of exhibit 4: it returns a probability, which the loss takes for a logit. */
class TwiceSquashedLR extends LR {
  override logits(batch: Impressions): tf.Tensor1D {
    const s = super.logits(batch);
    const p = s.sigmoid();
    s.dispose();
    return p;
  }
}

/** Expected AUC of LR, trained on its logits − on its probabilities. */
export async function lostOrder(baseRate: number, seed: number): Promise<number> {
  const { impressions, bayesLogits } = additiveWorld({ rows: 50_000, baseRate, seed });
  const test = rowRange(40_000, 50_000);
  const truth = Float32Array.from(test, (row) => bayesLogits[row]);
  const aucs: number[] = [];
  for (const Trained of [LR, TwiceSquashedLR]) {
    const model = new Trained({ features: impressions.features }, createRandom(seed));
    const optimizer = adam({ learningRate: 0.02 });
    await fit(model, impressions.read(rowRange(0, 40_000)), { epochs: 5, batchSize: 256, seed, optimizer });
    aucs.push(expectedScores(await predict(model, impressions.read(test)), truth).auc);
  }
  return aucs[0] - aucs[1];
}

const seeds = [1, 2, 3, 4, 5];

const secondSigmoid = (percent: number) => ({
  id: "second-sigmoid",
  notebook: "08-bug-museum",
  cell: "exercise-4",
  world: `additiveWorld, 5 fields of 20 ids, ${percent} % clicked`,
  models: ["LR"],
  seeds,
  effect: "expected AUC of LR trained on its logits − on its probabilities",
  measure: () => bySeed<number>("test/claims/08-bug-museum#lostOrder", [percent / 100], seeds),
});

export const claims: Claim[] = [
  {
    ...secondSigmoid(2),
    claim: "Where clicks are rare, training through a second sigmoid loses most of the order",
    expected: { atLeast: 0.2 },
  },
  {
    ...secondSigmoid(50),
    claim: "Where half is clicked, training through a second sigmoid hardly hurts the order",
    expected: { within: 0.01 },
  },
];
