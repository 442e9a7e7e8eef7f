/** What the parts of a model share: weights with names, the pass they are used in, and what an activation is. */
import type * as tf from "@tensorflow/tfjs";
import { createRandom, type Random } from "../random";
import type { EmbeddingTable } from "./embedding";

/** A table of embeddings, or a dense weight. */
export type Weight = EmbeddingTable | tf.Variable;

/** Whether this is a training step (dropout on, batch statistics) and where its randomness comes from. */
export interface Pass {
  readonly training: boolean;
  readonly random: Random;
}

/** The pass of every prediction: no dropout, and the moving averages from training in place of batch statistics. */
export const inference: Pass = { training: false, random: createRandom("inference draws nothing") };

/** What comes after a linear layer (activations.ts), with weights if it learns. */
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

/** Whether the weight is a table of embeddings, not a dense one. */
export function isTable(weight: Weight): weight is EmbeddingTable {
  return "anchor" in weight;
}
