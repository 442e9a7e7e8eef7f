import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { type AttentionConfig, comparison, LocalActivationUnit, maskedSoftmax } from "../../lib/layers/attention";
import { inference, isTable, type Pass } from "../../lib/layers/layer";
import { createRandom } from "../../lib/random";
import { engines } from "../engines";
import { expectClose, normals, numericGradient } from "./numeric";

beforeAll(async () => void (await useEngine("wasm")));

const [batch, T, d] = [3, 4, 2];
const candidate = normals(batch * d, "candidate");
const steps = normals(batch * T * d, "steps");
const mask = [1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1]; // two steps, an empty history, three with a gap

/** What a candidate v is compared with a step e by: [v, e, v ⊙ e, v − e], the last only with difference. */
function compared(v: readonly number[], e: readonly number[], difference: boolean): number[] {
  return [...v, ...e, ...v.map((x, i) => x * e[i]), ...(difference ? v.map((x, i) => x - e[i]) : [])];
}

/** The same for candidate b and step t of history b. */
function sideBySide(b: number, t: number, difference: boolean): number[] {
  return compared(candidate.slice(b * d, (b + 1) * d), steps.slice((b * T + t) * d, (b * T + t + 1) * d), difference);
}

/** A linear layer in loops: x [inputs], kernel [inputs x units], bias [units]. */
function linear(x: readonly number[], kernel: ArrayLike<number>, bias: ArrayLike<number>): number[] {
  return Array.from(bias, (start, u) => x.reduce((sum, value, i) => sum + value * kernel[i * bias.length + u], start));
}

function randomUnit(config: AttentionConfig): {
  unit: LocalActivationUnit;
  values: Record<string, number[]>;
} {
  const unit = new LocalActivationUnit(config, { inputDim: d }, createRandom(1));
  const values: Record<string, number[]> = {};
  for (const [name, weight] of Object.entries(unit.weights)) {
    if (isTable(weight)) throw new Error("attention has no table");
    values[name] = normals(weight.size, name).map((x) => (name.endsWith("variance") ? Math.fround(x * x + 0.5) : x));
    weight.assign(tf.tensor(values[name], weight.shape));
  }
  return { unit, values };
}

function apply(unit: LocalActivationUnit, pass: Pass = inference): tf.Tensor2D {
  return unit.apply(
    tf.tensor2d(candidate, [batch, d]),
    tf.tensor3d(steps, [batch, T, d]),
    tf.tensor2d(mask, [batch, T]),
    pass,
  );
}

describe.each([true, false])("with difference: %s", (difference) => {
  test("the first layer is the linear layer on the vectors side by side", () => {
    const units = 3;
    const inputs = difference ? 4 * d : 3 * d;
    const [W, b] = [normals(inputs * units, "W"), normals(units, "b")];
    const expected: number[] = [];
    for (let i = 0; i < batch; i++)
      for (let t = 0; t < T; t++) expected.push(...linear(sideBySide(i, t, difference), W, b));
    const [v, e] = [tf.tensor2d(candidate, [batch, d]), tf.tensor3d(steps, [batch, T, d])];
    expectClose(comparison(v, e, tf.tensor2d(W, [inputs, units]), tf.tensor1d(b)), expected);
  });

  test.each(["none", "softmax"] as const)("weights with normalize: %s are those of the MLP in loops", (normalize) => {
    const { unit, values } = randomUnit({ units: [3, 2], activation: "sigmoid", difference, normalize });
    const expected: number[] = [];
    for (let b = 0; b < batch; b++) {
      const a = Array.from({ length: T }, (_, t) => {
        const first = linear(sideBySide(b, t, difference), values["kernel"], values["bias"]).map(sigmoid);
        const second = linear(first, values["rest/0/kernel"], values["rest/0/bias"]).map(sigmoid);
        return linear(second, values["rest/1/kernel"], values["rest/1/bias"])[0];
      });
      const real = a.map((_, t) => mask[b * T + t]);
      const total = a.reduce((sum, x, t) => sum + real[t] * Math.exp(x / Math.sqrt(d)), 0);
      const weight = (x: number) => (normalize === "none" ? x : Math.exp(x / Math.sqrt(d)) / total);
      expected.push(...a.map((x, t) => (real[t] === 1 ? weight(x) : 0)));
    }
    expectClose(apply(unit), expected);
  });
});

describe.each(engines)("on %s", (engine) => {
  beforeAll(async () => void (await useEngine(engine)));

  test.each([
    ["3 candidates with 3 histories", 3, true],
    ["3 candidates with 3 histories, without v − e", 3, false],
    ["3 candidates with 1 history", 1, true],
    ["3 candidates with 1 history, without v − e", 1, false],
  ])("the gradients of the first layer are the slopes of the loops: %s", (_, histories, difference) => {
    const units = 3;
    const inputs = (difference ? 4 : 3) * d;
    const shapes = [[batch, d], [histories, T, d], [inputs, units], [units]];
    const values = shapes.map((shape, i) => normals(shape.reduce((a, b) => a * b), `input ${i}`));
    const given = normals(batch * T * units, "given");
    const loss = (which: number) => (x: number[]) => {
      const [v, e, W, b] = values.map((value, i) => (i === which ? x : value));
      return given.reduce((sum, g, at) => {
        const [i, t, u] = [Math.floor(at / units / T), Math.floor(at / units) % T, at % units];
        const [own, step] = [
          v.slice(i * d, (i + 1) * d),
          e.slice(((i % histories) * T + t) * d, ((i % histories) * T + t + 1) * d),
        ];
        return sum + g * linear(compared(own, step, difference), W, b)[u];
      }, 0);
    };
    const tensors = values.map((value, i) => tf.tensor(value, shapes[i]));
    const scored = (v: tf.Tensor, e: tf.Tensor, W: tf.Tensor, b: tf.Tensor) =>
      comparison(v as tf.Tensor2D, e as tf.Tensor3D, W as tf.Tensor2D, b as tf.Tensor1D)
        .mul(tf.tensor3d(given, [batch, T, units]))
        .sum();
    const gradients = tf.grads(scored as never)(tensors);
    gradients.forEach((gradient, i) => {
      expect(gradient.shape).toEqual(shapes[i]);
      expectClose(gradient, numericGradient(loss(i), values[i]), 1e-5);
    });
  });
});

test("one history compared with many candidates gives what it gives with each of them", () => {
  const units = 3;
  const [W, b] = [tf.tensor2d(normals(4 * d * units, "W"), [4 * d, units]), tf.tensor1d(normals(units, "b"))];
  const history = tf.tensor3d(steps.slice(0, T * d), [1, T, d]);
  const repeated = tf.concat([history, history, history]);
  const v = tf.tensor2d(candidate, [batch, d]);
  expectClose(comparison(v, history, W, b), comparison(v, repeated, W, b).dataSync(), 1e-6);
});

describe("padding", () => {
  test.each(["none", "softmax"] as const)(
    "has weight 0 whatever is behind the mask, and changes no other weight (%s)",
    (normalize) => {
      const { unit } = randomUnit({ units: [3], activation: "dice", normalize });
      const other = steps.map((value, i) => (mask[Math.floor(i / d)] === 1 ? value : 1000 * value - 7));
      const pass: Pass = { training: true, random: createRandom(1) }; // Dice measures the batch here
      const weights = apply(unit, pass).dataSync();
      const changed = unit.apply(
        tf.tensor2d(candidate, [batch, d]),
        tf.tensor3d(other, [batch, T, d]),
        tf.tensor2d(mask, [batch, T]),
        pass,
      );
      expectClose(changed, weights, 1e-5);
      for (let i = 0; i < mask.length; i++) if (mask[i] === 0) expect(Math.abs(weights[i])).toBe(0);
    },
  );

  test("softmax weights of a history sum to 1, of an empty history to 0", () => {
    const { unit } = randomUnit({ units: [3], normalize: "softmax" });
    expectClose(apply(unit).sum(1), [1, 0, 1], 1e-6);
  });

  test("softmax survives scores that would overflow exp", () => {
    const weights = maskedSoftmax(
      tf.tensor2d([
        [900, 901, 2000],
        [-900, -901, 0],
      ]),
      tf.tensor2d([
        [1, 1, 0],
        [1, 1, 0],
      ]),
    );
    const [low, high] = [1 / (1 + Math.E), Math.E / (1 + Math.E)];
    expectClose(weights, [low, high, 0, high, low, 0], 1e-6);
  });

  test("the gradient of an empty history's softmax is finite and 0", () => {
    const a = tf.tensor2d(normals(T, 1), [1, T]);
    const gradient = tf.grad((a: tf.Tensor) => maskedSoftmax(a as tf.Tensor2D, tf.zeros([1, T])).square().sum())(a);
    expect(Array.from(gradient.dataSync(), Math.abs)).toEqual([0, 0, 0, 0]);
  });
});

test.each([
  ["relu", 2],
  ["dice", 2],
  ["sigmoid", 1],
] as const)("the first layer starts as that of an MLP, with %s: N(0, %i / inputs)", (activation, gain) => {
  const { kernel } = new LocalActivationUnit({ units: [100], activation }, { inputDim: 50 }, createRandom(1));
  const values = kernel.dataSync() as Float32Array;
  const deviation = Math.sqrt(values.reduce((sum, w) => sum + w * w, 0) / values.length);
  expect(deviation / Math.sqrt(gain / 200)).toBeCloseTo(1, 1);
});

test("if the config says nothing, the hidden layers have the authors' units and Dice, and no softmax follows", () => {
  const [unit, none] = [{}, { normalize: "none", activation: "dice" } as const].map(
    (config) => new LocalActivationUnit(config, { inputDim: d }, createRandom(1)),
  );
  const shapes = ["kernel", "rest/0/kernel", "rest/1/kernel"].map((name) => (unit.weights[name] as tf.Variable).shape);
  expect(shapes).toEqual([[4 * d, 80], [80, 40], [40, 1]]);
  expect(Object.keys(unit.weights)).toEqual(Object.keys(none.weights)); // Dice alone has averages
  expect(apply(unit).dataSync()).toEqual(apply(none).dataSync());
});

test("attention without a hidden layer is refused", () => {
  expect(() => new LocalActivationUnit({ units: [] }, { inputDim: d }, createRandom(1))).toThrow(
    "expected at least one hidden layer",
  );
});

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
