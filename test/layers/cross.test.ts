import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { type CrossConfig, CrossNetwork } from "../../lib/layers/cross";
import { createRandom } from "../../lib/random";
import { expectClose, normals } from "./numeric";

beforeAll(async () => void (await useEngine("wasm")));

const x = normals(4 * 3, "x");
const variants: CrossConfig[] = [
  { version: 1, layers: 3 },
  { version: 2, layers: 3 },
  { version: 2, layers: 3, rank: 2 },
];

function build(config: CrossConfig, value: (name: string, size: number) => number[]): CrossNetwork {
  const network = new CrossNetwork(config, { inputDim: 3 }, createRandom(1));
  for (const [name, weight] of Object.entries(network.weights)) {
    weight.assign(tf.tensor(value(name, weight.size), weight.shape));
  }
  return network;
}

describe.each(variants)("%j", (config) => {
  test("with zero weights it gives its input", () => {
    const network = build(config, (_, size) => new Array<number>(size).fill(0));
    expect(Array.from(network.apply(tf.tensor2d(x, [4, 3])).dataSync())).toEqual(x);
  });

  test("without layers it gives its input", () => {
    const network = new CrossNetwork({ ...config, layers: 0 }, { inputDim: 3 }, createRandom(1));
    expect(Array.from(network.apply(tf.tensor2d(x, [4, 3])).dataSync())).toEqual(x);
  });

  test("L layers without biases are polynomials of degree 1 to L + 1: along t · x the (L + 2)th difference is 0", () => {
    const network = build({ ...config, layers: 2 }, (name, size) =>
      name.endsWith("bias") ? new Array<number>(size).fill(0) : normals(size, name),
    );
    const at = (t: number) => network.apply(tf.tensor2d([0.5 * t, -0.25 * t, t], [1, 3])).dataSync()[0];
    const differences = (values: number[]): number[] => values.slice(1).map((value, i) => value - values[i]);
    let values = [0, 1, 2, 3, 4, 5].map(at);
    expect(values[0]).toBe(0);
    for (let degree = 0; degree < 3; degree++) values = differences(values);
    expect(Math.abs(values[0])).toBeGreaterThan(1e-2); // degree 3 is there
    expectClose(differences(values), [0, 0], 1e-3);
  });
});

test.each([
  { version: 1, layers: 20 },
  { version: 2, layers: 1 },
  { version: 2, layers: 1, rank: 50 },
] as CrossConfig[])("%j: kernels start from N(0, 1 / inputs), biases at 0", (config) => {
  const { weights } = new CrossNetwork(config, { inputDim: 200 }, createRandom(1));
  const biases = Object.keys(weights).filter((name) => name.endsWith("bias"));
  for (const name of biases) expect(weights[name].dataSync().every((value) => value === 0)).toBe(true);
  const kernels = Object.values(weights).filter(({ rank }) => rank === 2);
  const scaled = kernels.flatMap((kernel) => Array.from(kernel.dataSync(), (w) => w * Math.sqrt(kernel.shape[0])));
  expect(Math.hypot(...scaled) / Math.sqrt(scaled.length)).toBeCloseTo(1, 1);
});

test.each([-1, 2.5, NaN])("%d layers are an error", (layers) => {
  expect(() => new CrossNetwork({ version: 2, layers }, { inputDim: 3 }, createRandom(1))).toThrow(
    `cross.layers is ${layers}, expected a whole number from 0 up`,
  );
});

test.each([0, 2.5, NaN])("a rank of %d is an error", (rank) => {
  expect(() => new CrossNetwork({ version: 2, layers: 1, rank }, { inputDim: 3 }, createRandom(1))).toThrow(
    `cross.rank is ${rank}, expected a whole number from 1 up`,
  );
});

test("version 1 by hand: x₀ = (1, 2), w = (3, 4), b = (5, 6): x₀ · 11 + b + x₀", () => {
  const network = new CrossNetwork({ version: 1, layers: 1 }, { inputDim: 2 }, createRandom(1));
  const { "0/kernel": w, "0/bias": b } = network.weights;
  w.assign(tf.tensor2d([[3], [4]]));
  b.assign(tf.tensor1d([5, 6]));
  expect(Array.from(network.apply(tf.tensor2d([[1, 2]])).dataSync())).toEqual([17, 30]);
});

test("version 2 by hand: x₀ ⊙ (x₀ᵀ W + b) + x₀, with b inside the product", () => {
  const network = new CrossNetwork({ version: 2, layers: 1 }, { inputDim: 2 }, createRandom(1));
  const { "0/kernel": W, "0/bias": b } = network.weights;
  W.assign(tf.tensor2d([[1, 0], [0, 3]]));
  b.assign(tf.tensor1d([5, 6]));
  expect(Array.from(network.apply(tf.tensor2d([[1, 2]])).dataSync())).toEqual([1 * (1 + 5) + 1, 2 * (6 + 6) + 2]);
});

test("without biases version 2 whose W has equal rows is version 1", () => {
  const [first, second] = ([1, 2] as const).map((version) =>
    build({ version, layers: 2 }, (name, size) => (name.endsWith("bias") ? [0, 0, 0] : normals(size, name))),
  );
  for (const name of ["0/kernel", "1/kernel"]) second.weights[name].assign(first.weights[name].tile([1, 3])); // Wᵀ
  const rows = tf.tensor2d(x, [4, 3]);
  expectClose(second.apply(rows), first.apply(rows).dataSync());
});
