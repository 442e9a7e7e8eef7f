/** Copies of all weights of a model, as plain arrays. */
import * as tf from "@tensorflow/tfjs";
import { isTable, type Weight } from "../layers/layer";
import type { Model } from "../models/model";

/** All weights by name, tables and moving averages included. */
export type WeightCopy = Record<string, Float32Array>;

/** A copy of all weights. Pass an earlier copy of this model, and it is written over instead: one copy less in memory. */
export function copyWeights(model: Model, into: WeightCopy = {}): WeightCopy {
  for (const [name, weight] of Object.entries(model.weights)) {
    const values = valuesOf(weight);
    if (into[name]) into[name].set(values);
    else into[name] = values.slice();
  }
  return into;
}

/**
 * Where a weight is not a finite number, as "name[place] is NaN"; undefined if all are. Looks at every row of every
 * table: about half a second for 10 million rows of 16 numbers.
 */
export function findNotFinite(model: Model): string | undefined {
  for (const [name, weight] of Object.entries(model.weights)) {
    const values = valuesOf(weight);
    const at = placeNotFinite(values);
    if (at >= 0) return `${name}[${at}] is ${values[at]}`;
  }
  return undefined;
}

/** The first place whose number is not finite; -1 if all are. */
export function placeNotFinite(values: Float32Array): number {
  let sum = 0; // in doubles no sum of finite floats overflows, and one that is not finite stays in it
  for (let i = 0; i < values.length; i++) sum += values[i];
  return Number.isFinite(sum) ? -1 : values.findIndex((value) => !Number.isFinite(value));
}

/**
 * Puts the copied weights back into the model, or into another one with the same configuration.
 *
 * @throws before any is put back if the copy has other weights, or weights of another length: if a vocabulary has grown
 * since, rows would become those of other words.
 */
export function restoreWeights(model: Model, copy: WeightCopy): void {
  for (const name of new Set([...Object.keys(model.weights), ...Object.keys(copy)])) {
    const weight = model.weights[name];
    const [wanted, came] = [weight && (isTable(weight) ? weight.values.length : weight.size), copy[name]?.length];
    if (wanted === came) continue;
    throw new RangeError(
      `the copy has ${came ?? "no"} values of ${name}, the model ${wanted ?? "none"}. Restore weights into a model with the configuration that they were copied from`,
    );
  }
  for (const [name, weight] of Object.entries(model.weights)) {
    if (isTable(weight)) weight.values.set(copy[name]);
    else tf.tidy(() => weight.assign(tf.tensor(copy[name].slice(), weight.shape)));
  }
}

/** Its numbers where they are, not a copy: not to be written to. */
function valuesOf(weight: Weight): Float32Array {
  return isTable(weight) ? weight.values : (weight.dataSync() as Float32Array);
}
