/** A real trial, small enough for tests, and one that fails. */
import { randomSplit } from "../../lib/data/split";
import { secondOrderWorld } from "../../lib/data/planted/secondorder";
import { FM } from "../../lib/models/fm";
import { LR } from "../../lib/models/lr";
import { createRandom } from "../../lib/random";
import { adagrad } from "../../lib/train/optimizers";
import { runTrial, type TrialResult } from "../../lib/train/trial";

export async function trial(
  { kind, learningRate = 0.3 }: { kind: string; learningRate?: number },
  seed: number,
): Promise<TrialResult> {
  const { impressions } = secondOrderWorld({ rows: 5000, fieldSizes: [5, 5, 5], linearShare: 0.2, strength: 3, seed });
  const split = randomSplit(impressions, { validation: 0.2, test: 0.3, seed });
  const data = {
    train: impressions.read(split.train),
    validation: impressions.read(split.validation),
    test: impressions.read(split.test),
  };
  const features = impressions.features as never;
  const random = createRandom(seed);
  const model = kind === "LR" ? new LR({ features }, random) : new FM({ features, embeddingDim: 4 }, random);
  return runTrial(model, data, { epochs: 8, batchSize: 100, optimizer: adagrad({ learningRate }), seed });
}

/** Fails with one seed, has an AUC of NaN with another; else its result is of no use. */
export async function failing(
  { fails, spoils }: { fails?: number; spoils?: number; x?: number },
  seed: number,
): Promise<TrialResult> {
  if (seed === fails) throw new Error("on purpose");
  return { test: { auc: seed === spoils ? NaN : 0.5 } } as TrialResult;
}
