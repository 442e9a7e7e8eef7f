/**
 * Trains with everything that has a state, and ends itself by SIGKILL at the given step.
 * Usage: node --import tsx test/train/killed.ts CHECKPOINT STEP. Prints a hash of all that is left at the end.
 */
import { createHash } from "node:crypto";
import * as tf from "@tensorflow/tfjs";
import { rowRange } from "../../lib/data/blocks";
import type { Impressions } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { inference, type Pass } from "../../lib/layers/layer";
import { FM } from "../../lib/models/fm";
import { createRandom } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { adam, sgd } from "../../lib/train/optimizers";
import { l2 } from "../../lib/train/regularizers";
import { cosine, warmUp } from "../../lib/train/schedules";
import { copyWeights } from "../../lib/train/weights";
import { features, toyImpressions } from "./toy";

/**
 * FM with dropout of whole impressions' logits and a moving average: draws from the pass, and has a weight that is not
 * trained.
 */
class Noisy extends FM {
  readonly average = tf.variable(tf.scalar(0), false);

  override logits(batch: Impressions, { training, random }: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => {
      const logits = super.logits(batch);
      if (!training) return logits.add(this.average);
      this.average.assign(this.average.mul(0.9).add(logits.mean().mul(0.1)));
      const kept = Array.from({ length: batch.size }, () => (random.uniform() < 0.8 ? 1 : 0));
      return logits.mul(tf.tensor1d(kept));
    });
  }

  override get weights() {
    return { ...super.weights, average: this.average };
  }
}

async function main(file: string, killAt: number): Promise<void> {
  await useEngine("wasm");
  const data = toyImpressions(84);
  const model = new Noisy({ features, embeddingDim: 3 }, createRandom(1));
  let steps = 0;
  const history = await fit(model, data.read(rowRange(0, 24)), {
    epochs: 4,
    batchSize: 3, // few rows in a batch: the others owe their L2 when the process is killed
    seed: 5,
    optimizer: { factors: sgd({ learningRate: 0.5 }), "": adam({ learningRate: 0.01 }) },
    regularizer: l2(0.01),
    schedule: warmUp(5, cosine()),
    validation: data.read(rowRange(24, 84)),
    checkpoint: file === "none" ? undefined : { file, everySteps: 3 },
    callbacks: [{ onBatch: () => void (++steps === killAt && process.kill(process.pid, "SIGKILL")) }],
  });
  const hash = createHash("sha256").update(JSON.stringify(history));
  for (const weight of Object.values(copyWeights(model))) hash.update(weight);
  console.log(hash.digest("hex"));
}

main(process.argv[2], Number(process.argv[3]));
