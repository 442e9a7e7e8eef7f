/** What the parts of a model share: weights with names, and the pass they are used in. */
import * as tf from "@tensorflow/tfjs";
import { createRandom, type Random } from "../random";
import type { EmbeddingTable } from "./embedding";

export type Weight = EmbeddingTable | tf.Variable;

/** Whether this is a training step (dropout on, batch statistics) and where its randomness comes from. */
export interface Pass {
  readonly training: boolean;
  readonly random: Random;
}

export const inference: Pass = { training: false, random: createRandom("inference draws nothing") };

/** Puts a part's weights under its name: { bias } of "mlp" becomes { "mlp/bias" }. */
export function under<W extends Weight>(name: string, weights: Readonly<Record<string, W>>): Record<string, W> {
  return Object.fromEntries(Object.entries(weights).map(([key, weight]) => [`${name}/${key}`, weight]));
}

export function isTable(weight: Weight): weight is EmbeddingTable {
  return "anchor" in weight;
}

/** A dense weight of one value, or of the given values, that leaves no other tensor behind. */
export function variable<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  values: number | Float32Array = 0,
  trainable = true,
): tf.Variable<R> {
  return tf.tidy(() => {
    const start = typeof values === "number" ? tf.fill<R>(shape, values) : tf.tensor<R>(values, shape);
    return tf.variable(start, trainable);
  });
}
