/**
 * What every model of the course is: something that turns impressions into logits, and the weights
 * that decide how.
 */
import type * as tf from "@tensorflow/tfjs";
import type { Impressions } from "../data/impressions";
import type { EmbeddingTable } from "../layers/embedding";
import { createRandom, type Random } from "../random";

export interface Model {
  /** One logit per impression, [batch]; the click probability is sigmoid(logit). */
  logits(batch: Impressions, pass?: Pass): tf.Tensor1D;
  /** All weights by name. Variables made with trainable = false (moving averages) are saved but not trained. */
  readonly weights: Readonly<Record<string, Weight>>;
  /** What the constructor got, as plain JSON, so that a saved model can be built again. */
  readonly config: object;
}

export type Weight = EmbeddingTable | tf.Variable;

/** Whether this is a training step (dropout on, batch statistics) and where its randomness comes from. */
export interface Pass {
  readonly training: boolean;
  readonly random: Random;
}

export const inference: Pass = { training: false, random: createRandom("inference draws nothing") };

/** Puts a part's weights under its name: { bias } of "mlp" becomes { "mlp/bias" }. */
export function under(name: string, weights: Readonly<Record<string, Weight>>): Record<string, Weight> {
  return Object.fromEntries(Object.entries(weights).map(([key, weight]) => [`${name}/${key}`, weight]));
}

export function isTable(weight: Weight): weight is EmbeddingTable {
  return "anchor" in weight;
}

/** Frees the engine's memory of a model that is no longer needed. */
export function dispose(model: Model): void {
  for (const weight of Object.values(model.weights)) weight.dispose();
}
