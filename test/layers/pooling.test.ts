import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { meanWeights, pool, weightedSum } from "../../lib/layers/pooling";
import { expectClose, normals } from "./numeric";

beforeAll(async () => void (await useEngine("wasm")));

const [batch, T, k] = [3, 4, 2];
const steps = normals(batch * T * k, 1);
const mask = [1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1]; // two steps, an empty history, three with a gap

function weightedSumInLoops(weights: readonly number[]): number[] {
  const result = new Array<number>(batch * k).fill(0);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < T; t++) {
      for (let d = 0; d < k; d++) result[b * k + d] += weights[b * T + t] * steps[(b * T + t) * k + d];
    }
  }
  return result;
}

test("a weighted sum is the one in loops", () => {
  const weights = normals(batch * T, 2);
  expectClose(weightedSum(tf.tensor2d(weights, [batch, T]), tf.tensor3d(steps, [batch, T, k])), weightedSumInLoops(weights), 1e-6);
});

test("sum and mean pooling count the steps with mask 1 only", () => {
  const [e, m] = [tf.tensor3d(steps, [batch, T, k]), tf.tensor2d(mask, [batch, T])];
  expectClose(pool(e, m, "sum"), weightedSumInLoops(mask), 1e-6);
  const lengths = [2, 1, 3];
  expectClose(pool(e, m, "mean"), weightedSumInLoops(mask.map((value, i) => value / lengths[Math.floor(i / T)])), 1e-6);
});

test("the mean's weights are 1 / length at real steps, and 0 for an empty history", () => {
  expectClose(meanWeights(tf.tensor2d(mask, [batch, T])), [1 / 2, 1 / 2, 0, 0, 0, 0, 0, 0, 1 / 3, 0, 1 / 3, 1 / 3], 1e-6);
});

test("the gradient of an empty history is finite and 0", () => {
  const m = tf.zeros<tf.Rank.R2>([1, T]);
  const gradient = tf.grad((e: tf.Tensor) => pool(e as tf.Tensor3D, m, "mean").sum())(tf.ones([1, T, k]));
  expect(Array.from(gradient.dataSync())).toEqual(new Array(T * k).fill(0));
});
