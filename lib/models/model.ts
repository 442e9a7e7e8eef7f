/**
 * What every model of the course is: something that turns impressions into logits, and the weights
 * that decide how.
 */
import type * as tf from "@tensorflow/tfjs";
import type { Impressions } from "../data/impressions";
import { isTable, type Pass, type Weight } from "../layers/layer";

/** What fit, evaluate, predict and save work with: a class in this folder, or one of your own. */
export interface Model {
  /** One logit per impression, [batch]; the click probability is sigmoid(logit). */
  logits(batch: Impressions, pass?: Pass): tf.Tensor1D;
  /** All weights by name. Variables made with trainable = false (moving averages) are saved but not trained. */
  readonly weights: Readonly<Record<string, Weight>>;
  /** What the constructor got, as plain JSON, so that a saved model can be built again. */
  readonly config: object;
}

/** How many numbers training decides: row 0 of tables (nothing) and moving averages do not count. */
export function numParameters(model: Model): number {
  let sum = 0;
  for (const weight of Object.values(model.weights)) {
    if (isTable(weight)) sum += (weight.rows - 1) * weight.dim;
    else if (weight.trainable) sum += weight.size;
  }
  return sum;
}

/** Frees the memory that a model holds in the engine, once the model is no longer needed. */
export function dispose(model: Model): void {
  for (const weight of Object.values(model.weights)) weight.dispose();
}

/** @throws if the model's memory was freed: the error that tfjs would throw mentions no model. */
export function checkNotDisposed(model: Model): void {
  if (Object.values(model.weights).every((weight) => !(isTable(weight) ? weight.anchor : weight).isDisposed)) return;
  throw new Error(
    "the model's memory was freed by dispose, so the model cannot be used any more. Build it again, or load it",
  );
}
