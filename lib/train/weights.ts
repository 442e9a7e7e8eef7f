/** Copies of all weights of a model, as plain arrays. */
import * as tf from "@tensorflow/tfjs";
import { isTable, type Model } from "../models/model";

/** All weights by name, tables and moving averages included. */
export type WeightCopy = Record<string, Float32Array>;

export function copyWeights(model: Model): WeightCopy {
  const copy: WeightCopy = {};
  for (const [name, weight] of Object.entries(model.weights)) {
    copy[name] = (isTable(weight) ? weight.values : (weight.dataSync() as Float32Array)).slice();
  }
  return copy;
}

/** Puts the copied weights back into the model, or into another one with the same configuration. */
export function restoreWeights(model: Model, copy: WeightCopy): void {
  for (const [name, weight] of Object.entries(model.weights)) {
    if (isTable(weight)) weight.values.set(copy[name]);
    else tf.tidy(() => weight.assign(tf.tensor(copy[name].slice(), weight.shape)));
  }
}
