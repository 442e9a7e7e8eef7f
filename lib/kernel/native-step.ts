/**
 * Trains a step of a factorization machine with the tfjs-node in the folder given, and prints the
 * version of TensorFlow; fails if anything does. For native.ts, in a process of its own: a broken
 * addon can take the process down.
 */
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { Impressions, sparseFeature } from "../data/impressions";
import { prepareNode } from "../engine";
import { FM } from "../models/fm";
import { createRandom } from "../random";
import { gradients } from "../train/gradients";

async function main(folder: string): Promise<void> {
  prepareNode();
  await import(pathToFileURL(path.resolve(folder, "dist", "index.js")).href);
  if (tf.getBackend() !== "tensorflow") throw new Error(`tfjs-node loaded, but the engine is ${tf.getBackend()}`);
  const features = [sparseFeature("user", 4), sparseFeature("item", 4)];
  const columns = { user: Int32Array.of(1, 2, 3), item: Int32Array.of(1, 2, 3) };
  const batch = new Impressions({ features, columns, labels: Float32Array.of(1, 0, 1) });
  const model = new FM({ features, embeddingDim: 4 }, createRandom(1));
  const { loss, dense } = gradients(model, batch);
  model.bias.assign(tf.scalar(-dense.bias[0]));
  const after = gradients(model, batch).loss;
  if (!(after < loss)) throw new Error(`a step changed the log loss from ${loss} to ${after}, expected less`);
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  console.log(`Trained a step on TensorFlow ${binding.TF_Version}.`);
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
