/** What the parts of a model share: weights with names, the pass they are used in, and what an activation is. */
import type * as tf from "@tensorflow/tfjs";
import { createRandom, type Random } from "../random";
import type { EmbeddingTable } from "./embedding";

export type Weight = EmbeddingTable | tf.Variable;

/** Whether this is a training step (dropout on, batch statistics) and where its randomness comes from. */
export interface Pass {
  readonly training: boolean;
  readonly random: Random;
}

export const inference: Pass = { training: false, random: createRandom("inference draws nothing") };

export interface Activation {
  /**
   * Entry by entry: x [n, units] → [n, units]. mask [n]: 1 for rows that count, 0 for padding, for
   * activations that measure their batch; default all 1.
   */
  apply(x: tf.Tensor2D, pass: Pass, mask?: tf.Tensor1D): tf.Tensor2D;
  readonly weights: Readonly<Record<string, tf.Variable>>;
}

/** Puts a part's weights under its name: { bias } of "mlp" becomes { "mlp/bias" }. */
export function under<W extends Weight>(name: string, weights: Readonly<Record<string, W>>): Record<string, W> {
  return Object.fromEntries(Object.entries(weights).map(([key, weight]) => [`${name}/${key}`, weight]));
}

export function isTable(weight: Weight): weight is EmbeddingTable {
  return "anchor" in weight;
}
