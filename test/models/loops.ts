/** What the models' oracles have in common: impressions and weights as plain numbers in float64. */
import * as tf from "@tensorflow/tfjs";
import type { Impressions } from "../../lib/data/impressions";
import type { IdFeature } from "../../lib/layers/fields";
import { isTable } from "../../lib/layers/layer";
import type { Model } from "../../lib/models/model";
import { normals } from "../layers/numeric";

/** A model's weights by name. */
export type Values = Record<string, number[]>;

/** Gives every weight values from N(0, 1), moving variances positive ones, and returns them by name. */
export function setNormalWeights(model: Model): Values {
  const values: Values = {};
  for (const [name, weight] of Object.entries(model.weights)) {
    const size = isTable(weight) ? weight.values.length : weight.size;
    values[name] = normals(size, name).map((x) => (name.endsWith("variance") ? Math.fround(x * x + 0.5) : x));
    if (isTable(weight)) weight.values.set(values[name]);
    else weight.assign(tf.tensor(values[name], weight.shape));
  }
  return values;
}

/** An id that is present in an impression: the field it belongs to and its row in a table over all fields. */
export interface Present {
  field: number;
  row: number;
}

/** The ids of one impression in the order of the features, repeats included, missing ones left out. */
export function presentIds(batch: Impressions, impression: number, features: readonly IdFeature[]): Present[] {
  const start = new Map<string, number>(); // of each vocabulary's ids among all rows
  let rows = 1;
  for (const { vocabulary, vocabSize } of features) {
    if (start.has(vocabulary)) continue;
    start.set(vocabulary, rows - 1);
    rows += vocabSize - 1;
  }
  const present: Present[] = [];
  features.forEach(({ name, vocabulary }, field) => {
    const column = batch.columns[name];
    const n = column.length / batch.size;
    for (let j = 0; j < n; j++) {
      const id = column[impression * n + j];
      if (id !== 0) present.push({ field, row: id + start.get(vocabulary)! });
    }
  });
  return present;
}

/** Row `row` of a table with `dim` numbers a row. */
export function vector(table: readonly number[], row: number, dim: number): number[] {
  return table.slice(row * dim, (row + 1) * dim);
}

/** One vector per field: the mean over its present ids, zeros if there are none. */
export function fieldVectors(
  batch: Impressions,
  impression: number,
  features: readonly IdFeature[],
  table: readonly number[],
  dim: number,
): number[][] {
  const present = presentIds(batch, impression, features);
  return features.map((_, f) => {
    const own = present.filter(({ field }) => field === f).map(({ row }) => vector(table, row, dim));
    return Array.from({ length: dim }, (_, d) => own.reduce((sum, v) => sum + v[d] / own.length, 0));
  });
}

/** Σ over all pairs i < j of a list. */
export function sumOverPairs<T>(items: readonly T[], f: (a: T, b: T) => number): number {
  let sum = 0;
  for (let i = 0; i < items.length; i++) for (let j = i + 1; j < items.length; j++) sum += f(items[i], items[j]);
  return sum;
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

export const relu = (x: number): number => Math.max(0, x);

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A linear layer: x [inputs] → [units]. */
export function linear(x: readonly number[], values: Values, name: string): number[] {
  const [kernel, bias] = [values[`${name}/kernel`], values[`${name}/bias`]];
  return bias.map((start, u) => x.reduce((total, value, i) => total + value * kernel[i * bias.length + u], start));
}

/** An MLP with `hidden` hidden layers and one output: x [inputs] → its logit. */
export function mlp(
  x: readonly number[],
  values: Values,
  name: string,
  hidden: number,
  activation: (x: number) => number,
): number {
  let h = x;
  for (let l = 0; l < hidden; l++) h = linear(h, values, `${name}/${l}`).map(activation);
  return linear(h, values, `${name}/${hidden}`)[0];
}

/** w₀ + Σ wᵢ of one impression; w₀ is 0 for models without a weight named bias. */
export function firstOrder(values: Values, present: readonly Present[]): number {
  return present.reduce((sum, { row }) => sum + values["linear"][row], values["bias"]?.[0] ?? 0);
}

/** One number per impression. */
export function perImpression(batch: Impressions, f: (impression: number) => number): number[] {
  return Array.from({ length: batch.size }, (_, impression) => f(impression));
}
