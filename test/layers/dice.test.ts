import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { statistics } from "../../lib/layers/averages";
import { Dice, dice } from "../../lib/layers/dice";
import { inference, type Pass } from "../../lib/layers/layer";
import { createRandom } from "../../lib/random";
import { expectClose, normals, numericGradient } from "./numeric";

beforeAll(async () => void (await useEngine("wasm")));

const training: Pass = { training: true, random: createRandom(1) };
const [n, units] = [7, 3];
const mask = [1, 0, 1, 1, 0, 1, 1];

/** Eq. 9 in loops: statistics over the rows with mask 1, per unit. */
function diceInLoops(s: readonly number[], alpha: readonly number[], mask: readonly number[]): number[] {
  const result: number[] = [];
  const count = mask.reduce((sum, m) => sum + m, 0);
  for (let row = 0; row < mask.length; row++) {
    for (let u = 0; u < alpha.length; u++) {
      let mean = 0;
      for (let i = 0; i < mask.length; i++) mean += (mask[i] * s[i * alpha.length + u]) / count;
      let variance = 0;
      for (let i = 0; i < mask.length; i++) variance += (mask[i] * (s[i * alpha.length + u] - mean) ** 2) / count;
      const x = s[row * alpha.length + u];
      const p = 1 / (1 + Math.exp(-(x - mean) / Math.sqrt(variance + 1e-8)));
      result.push(p * x + (1 - p) * alpha[u] * x);
    }
  }
  return result;
}

function layer(seed = 2): { unit: Dice; alpha: number[] } {
  const unit = new Dice(units);
  const alpha = normals(units, seed);
  unit.alpha.assign(tf.tensor1d(alpha));
  return { unit, alpha };
}

test("for s = -1, 0, 1 the unit's p(1) is sigmoid(1 / sqrt(2/3)) = 0.7729", () => {
  const unit = new Dice(1); // alpha 0, so f(1) = p(1)
  const f = unit.apply(tf.tensor2d([-1, 0, 1], [3, 1]), training).dataSync();
  expect(f[2]).toBeCloseTo(0.7729, 4);
  expect(f[1]).toBe(0);
  expect(f[0]).toBeCloseTo(-(1 - 0.7729), 4);
});

describe("in training", () => {
  test("Dice is equation 9 in loops, with mean and variance of each unit over the batch", () => {
    const { unit, alpha } = layer();
    const s = normals(n * units, 3);
    expectClose(unit.apply(tf.tensor2d(s, [n, units]), training), diceInLoops(s, alpha, Array(n).fill(1)));
  });

  test("rows behind the mask do not count in the statistics", () => {
    const { unit, alpha } = layer();
    const s = normals(n * units, 3);
    expectClose(unit.apply(tf.tensor2d(s, [n, units]), training, tf.tensor1d(mask)), diceInLoops(s, alpha, mask));
  });

  test("the gradient flows through mean and variance, as central differences of the loops say", () => {
    const { unit, alpha } = layer();
    const s = normals(n * units, 3);
    const weights = normals(n * units, 4); // of the loss, a weighted sum: a plain sum would hide errors that cancel
    const loss = (values: number[]) => values.reduce((sum, value, i) => sum + weights[i] * value, 0);
    const x = tf.variable(tf.tensor2d(s, [n, units]));
    const { value, grads } = tf.variableGrads(() =>
      unit.apply(x, training, tf.tensor1d(mask)).mul(tf.tensor2d(weights, [n, units])).sum<tf.Scalar>(),
    );
    expectClose(value, [loss(diceInLoops(s, alpha, mask))]);
    expectClose(grads[x.name], numericGradient((x) => loss(diceInLoops(x, alpha, mask)), s));
    expectClose(grads[unit.alpha.name], numericGradient((a) => loss(diceInLoops(s, a, mask)), alpha));
  });

  test("a step moves the averages by a tenth of the way to the batch's mean and variance", () => {
    const { unit } = layer();
    const s = normals(n * units, 3);
    unit.apply(tf.tensor2d(s, [n, units]), training, tf.tensor1d(mask));
    const real = s.filter((_, i) => mask[Math.floor(i / units)] === 1);
    const column = (u: number) => real.filter((_, i) => i % units === u);
    const mean = [0, 1, 2].map((u) => column(u).reduce((sum, x) => sum + x / 5, 0));
    const variance = [0, 1, 2].map((u) => column(u).reduce((sum, x) => sum + (x - mean[u]) ** 2 / 5, 0));
    expectClose(unit.mean, mean.map((m) => 0.1 * m));
    expectClose(unit.variance, variance.map((v) => 0.9 * 1 + 0.1 * v));
  });

  test("a batch of padding alone gives finite numbers and leaves the averages alone", () => {
    const { unit } = layer();
    const s = tf.tensor2d(normals(n * units, 3), [n, units]);
    expect(Array.from(unit.apply(s, training, tf.zeros([n])).dataSync()).every(Number.isFinite)).toBe(true);
    expectClose(unit.mean, [0, 0, 0], 0);
    expectClose(unit.variance, [1, 1, 1], 0);
  });

  test("a batch of one row gives half of s(1 + alpha), because its deviation from the mean is 0", () => {
    const { unit, alpha } = layer();
    expectClose(unit.apply(tf.tensor2d([[1, 2, 3]]), training), alpha.map((a, u) => ((u + 1) * (1 + a)) / 2));
  });
});

describe("at inference", () => {
  test("a row alone gives the same numbers as among 1000 others, and the averages stay", () => {
    const { unit } = layer();
    unit.apply(tf.tensor2d(normals(50 * units, 5), [50, units]), training);
    const [mean, variance] = [unit.mean.arraySync(), unit.variance.arraySync()];
    const many = tf.tensor2d(normals(1000 * units, 6), [1000, units]);
    const all = unit.apply(many, inference).slice([123, 0], [1, units]).dataSync();
    expect(unit.apply(many.slice([123, 0], [1, units]), inference).dataSync()).toEqual(all);
    expect(unit.mean.arraySync()).toEqual(mean);
    expect(unit.variance.arraySync()).toEqual(variance);
  });

  test("when the averages have converged it agrees with training", () => {
    const { unit } = layer();
    const batch = tf.tensor2d(normals(64 * units, 7), [64, units]).mul<tf.Tensor2D>(3).add<tf.Tensor2D>(2);
    const early = unit.apply(batch, inference).dataSync();
    for (let step = 0; step < 200; step++) unit.apply(batch, training);
    const late = unit.apply(batch, inference);
    const trained = unit.apply(batch, training).dataSync();
    expectClose(late, trained, 1e-5);
    expect(() => expectClose(early, trained, 1e-2)).toThrow(); // before the first step they differ
  });
});

test("with E = 0 and Var = 0 Dice is PReLU", () => {
  const s = [-2, -0.5, -0.01, 0, 0.01, 0.5, 2];
  const zero = tf.tensor1d([0]);
  const values = dice(tf.tensor2d(s, [s.length, 1]), tf.tensor1d([0.3]), zero, zero);
  expectClose(values, s.map((x) => (x > 0 ? x : 0.3 * x)), 1e-6);
});

test("the variance is a mean of squares, not a sum, and each unit has its own", () => {
  const { mean, variance } = statistics(tf.tensor2d([[1, 10], [3, 10], [5, 40], [7, 40]]));
  expectClose(mean, [4, 25]);
  expectClose(variance, [5, 225]);
});

test("alpha, and nothing else, is trained; the averages are saved", () => {
  const { alpha, mean, variance } = new Dice(units).weights;
  expect([alpha.trainable, mean.trainable, variance.trainable]).toEqual([true, false, false]);
});

test("no tensor is left behind", () => {
  const { unit } = layer();
  const s = tf.tensor2d(normals(n * units, 3), [n, units]);
  const before = tf.memory().numTensors;
  unit.apply(s, training).dispose();
  unit.apply(s, inference).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
