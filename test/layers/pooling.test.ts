import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { EmbeddingTable, lookupTogether } from "../../lib/layers/embedding";
import { lookupPooled, meanWeights, pool, type Pooling, weightedSum } from "../../lib/layers/pooling";
import { createRandom } from "../../lib/random";
import { engines } from "../engines";
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

describe.each(engines)("on %s", (engine) => {
  beforeAll(async () => void (await useEngine(engine)));

  // TensorFlow multiplies more than 500,000 numbers itself. Then small ones: when the whole file runs, the compiled
  // loops are optimized by now. Vectors that fill groups of four numbers, only pairs, and neither.
  test.each([
    [600, 50, 20],
    [600, 50, 15],
    [3, 4, 2],
    [2, 5, 8],
    [2, 5, 7],
    [2, 3, 1],
  ])("a weighted sum is the one in loops, and so are its gradients, for [%i, %i, %i] numbers", (batch, T, k) => {
    const [weights, steps, given] = [normals(batch * T, 2), normals(batch * T * k, 3), normals(batch * k, 4)];
    const [sums, ofWeights, ofSteps] = [batch * k, batch * T, batch * T * k].map((length) =>
      new Array<number>(length).fill(0),
    );
    for (let b = 0; b < batch; b++) {
      for (let t = 0; t < T; t++) {
        for (let d = 0; d < k; d++) {
          const [w, e, g] = [weights[b * T + t], steps[(b * T + t) * k + d], given[b * k + d]];
          sums[b * k + d] += w * e;
          ofWeights[b * T + t] += g * e;
          ofSteps[(b * T + t) * k + d] = w * g;
        }
      }
    }
    const inputs = [tf.tensor2d(weights, [batch, T]), tf.tensor3d(steps, [batch, T, k])] as const;
    expectClose(weightedSum(...inputs), sums, 1e-6);
    const weigh = (w: tf.Tensor, e: tf.Tensor) =>
      weightedSum(w as tf.Tensor2D, e as tf.Tensor3D)
        .mul<tf.Tensor>(tf.tensor2d(given, [batch, k]))
        .sum();
    const gradients = tf.grads(weigh)([...inputs]);
    expectClose(gradients[0], ofWeights);
    expectClose(gradients[1], ofSteps);
  });

  test.each<[Pooling, number]>([
    ["mean", 1],
    ["mean", 2],
    ["sum", 1],
    ["sum", 2],
  ])(
    "lookupPooled is pool of what is looked up, digit for digit, with its gradients: %s, tables: %i",
    (pooling, tables) => {
      const lists = [
        Int32Array.of(3, 0, 0, 0, /**/ 0, 0, 0, 0, /**/ 2, 0, 3, 3),
        Int32Array.of(1, 2, 0, 0, /**/ 0, 0, 0, 0, /**/ 0, 0, 2, 1),
      ];
      const lookups = lists
        .slice(0, tables)
        .map((ids, i) => ({ table: new EmbeddingTable({ rows: 4, dim: 3 + i, deviation: 1 }, createRandom(i)), ids }));
      const mask = Array.from(lists[0], (_, i) => (lookups.some(({ ids }) => ids[i] !== 0) ? 1 : 0));
      const anchors = lookups.map(({ table }) => table.anchor);
      const given = tf.tensor2d(normals(batch * 7, "given"), [batch, 7]).slice([0, 0], [-1, tables === 1 ? 3 : 7]);
      const results = [
        () => lookupPooled(lookups, batch, pooling),
        () => pool(lookupTogether(lookups, [batch, T]) as tf.Tensor3D, tf.tensor2d(mask, [batch, T]), pooling),
      ].map((pooled) => {
        tf.variableGrads(() => pooled().mul(given).sum(), anchors);
        return [pooled().dataSync(), ...lookups.map(({ table }) => table.takeGradients())];
      });
      expect(results[0]).toEqual(results[1]);
      expect(Math.abs((results[0][0] as Float32Array)[0])).toBeGreaterThan(0);
    },
  );

  test("a weighted sum has the same steps for every impression if there is one history", () => {
    const weights = normals(batch * T, 2);
    const [w, one] = [tf.tensor2d(weights, [batch, T]), tf.tensor3d(steps.slice(0, T * k), [1, T, k])];
    expectClose(weightedSum(w, one), weightedSum(w, one.tile<tf.Tensor3D>([batch, 1, 1])).dataSync());
  });
});

test("sum and mean pooling count the steps with mask 1 only", () => {
  const [e, m] = [tf.tensor3d(steps, [batch, T, k]), tf.tensor2d(mask, [batch, T])];
  expectClose(pool(e, m, "sum"), weightedSumInLoops(mask), 1e-6);
  const lengths = [2, 1, 3];
  expectClose(pool(e, m, "mean"), weightedSumInLoops(mask.map((value, i) => value / lengths[Math.floor(i / T)])), 1e-6);
});

test("the mean's weights are 1 / length at real steps, and 0 for an empty history", () => {
  expectClose(
    meanWeights(tf.tensor2d(mask, [batch, T])),
    [1 / 2, 1 / 2, 0, 0, 0, 0, 0, 0, 1 / 3, 0, 1 / 3, 1 / 3],
    1e-6,
  );
});

test("the gradient of an empty history is finite and 0", () => {
  const m = tf.zeros<tf.Rank.R2>([1, T]);
  const gradient = tf.grad((e: tf.Tensor) => pool(e as tf.Tensor3D, m, "mean").sum())(tf.ones([1, T, k]));
  expect(Array.from(gradient.dataSync())).toEqual(new Array(T * k).fill(0));
});
