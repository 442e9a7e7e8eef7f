import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { type ActivationName, createActivation } from "../../lib/layers/activations";
import { drop } from "../../lib/layers/dropout";
import { inference, type Pass } from "../../lib/layers/layer";
import { MLP, type MLPConfig } from "../../lib/layers/mlp";
import { createRandom } from "../../lib/random";
import { expectClose, normals } from "./numeric";

beforeAll(async () => void (await useEngine("wasm")));

const x = normals(4 * 3, "x");
const input = () => tf.tensor2d(x, [4, 3]);
const training = (): Pass => ({ training: true, random: createRandom("pass") });

function build({
  outputDim,
  ...config
}: MLPConfig & { outputDim?: number }): { mlp: MLP; values: Record<string, number[]> } {
  const mlp = new MLP(config, { inputDim: 3, outputDim }, createRandom(1));
  const values: Record<string, number[]> = {};
  for (const [name, weight] of Object.entries(mlp.weights)) {
    values[name] = normals(weight.dataSync().length, name).map((v) => (name.endsWith("variance") ? v * v + 0.5 : v));
    weight.assign(tf.tensor(values[name], weight.shape));
  }
  return { mlp, values };
}

/** A linear layer in float64: rows [n][inputs] → [n][units]. */
function linear(rows: number[][], kernel: number[], units: number, bias?: number[]): number[][] {
  return rows.map((row) =>
    Array.from({ length: units }, (_, u) => row.reduce((sum, v, i) => sum + v * kernel[i * units + u], bias?.[u] ?? 0)),
  );
}
const rowsOf = (flat: readonly number[], n: number) =>
  Array.from({ length: flat.length / n }, (_, i) => flat.slice(i * n, (i + 1) * n));

const functions: Partial<Record<ActivationName, (v: number) => number>> = {
  relu: (v) => Math.max(v, 0),
  tanh: Math.tanh,
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  none: (v) => v,
};

describe.each(Object.entries(functions) as [ActivationName, (v: number) => number][])(
  "activation %s",
  (activation, f) => {
    test("is that function, entry by entry", () => {
      expectClose(createActivation(activation, 3).apply(input(), inference), x.map(f));
    });

    test("comes after every hidden layer and not after the output", () => {
      const { mlp, values } = build({ units: [5, 2], outputDim: 2, activation });
      let h = linear(rowsOf(x, 3), values["0/kernel"], 5, values["0/bias"]).map((row) => row.map(f));
      h = linear(h, values["1/kernel"], 2, values["1/bias"]).map((row) => row.map(f));
      expectClose(mlp.apply(input(), inference), linear(h, values["2/kernel"], 2, values["2/bias"]).flat());
      expect(mlp.outputDim).toBe(2);
    });
  },
);

test("without outputDim the last hidden layer is the result; without layers the input is", () => {
  const { mlp, values } = build({ units: [5], activation: "tanh" });
  expectClose(
    mlp.apply(input(), inference),
    linear(rowsOf(x, 3), values["0/kernel"], 5, values["0/bias"]).flat().map(Math.tanh),
  );
  expect(mlp.outputDim).toBe(5);
  const none = build({ units: [] });
  expectClose(none.mlp.apply(input(), inference), x);
  expect([none.mlp.outputDim, Object.keys(none.mlp.weights)]).toEqual([3, []]);
});

test("with outputDim that many numbers are the result of each row, and outputDim says so", () => {
  for (const units of [[], [5]]) {
    const mlp = new MLP({ units }, { inputDim: 3, outputDim: 2 }, createRandom(1));
    expect([mlp.outputDim, mlp.apply(input(), inference).shape]).toEqual([2, [x.length / 3, 2]]);
  }
});

describe("batch normalization", () => {
  const pre = (values: Record<string, number[]>) => linear(rowsOf(x, 3), values["0/kernel"], 2);

  test("in training takes mean and variance of the batch, per unit, and has no bias beside it", () => {
    const { mlp, values } = build({ units: [2], activation: "none", batchNorm: true });
    expect(Object.keys(values).sort()).toEqual([
      "0/batchNorm/mean",
      "0/batchNorm/scale",
      "0/batchNorm/shift",
      "0/batchNorm/variance",
      "0/kernel",
    ]);
    const rows = pre(values);
    const expected = rows.map((row) => row.map((v, u) => {
      const column = rows.map((other) => other[u]);
      const mean = column.reduce((sum, c) => sum + c, 0) / 4;
      const variance = column.reduce((sum, c) => sum + (c - mean) ** 2, 0) / 4;
      return (
        ((v - mean) / Math.sqrt(variance + 1e-5)) * values["0/batchNorm/scale"][u] + values["0/batchNorm/shift"][u]
      );
    }));
    expectClose(mlp.apply(input(), training()), expected.flat());
  });

  test("at inference takes the moving averages, so that a batch of 1 is as good as any", () => {
    const { mlp, values } = build({ units: [2], activation: "none", batchNorm: true });
    const expected = pre(values).map((row) =>
      row.map(
        (v, u) =>
          ((v - values["0/batchNorm/mean"][u]) / Math.sqrt(values["0/batchNorm/variance"][u] + 1e-5)) *
            values["0/batchNorm/scale"][u] +
          values["0/batchNorm/shift"][u],
      ),
    );
    expectClose(mlp.apply(input(), inference), expected.flat());
    expectClose(mlp.apply(tf.tensor2d(x.slice(0, 3), [1, 3]), inference), expected[0]);
  });

  test("comes before the activation", () => {
    const [plain, cut] = (["none", "relu"] as const).map((activation) => {
      const { mlp } = build({ units: [2], activation, batchNorm: true });
      return Array.from(mlp.apply(input(), inference).dataSync());
    });
    expect(plain.some((v) => v < 0)).toBe(true);
    expectClose(cut, plain.map((v) => Math.max(v, 0)));
  });

  test("starts with scale 1 and shift 0, and averages 0 and 1", () => {
    const { weights } = new MLP({ units: [2], batchNorm: true }, { inputDim: 3 }, createRandom(1));
    const start = (name: string) => Array.from(weights[`0/batchNorm/${name}`].dataSync());
    expect(["scale", "shift", "mean", "variance"].map(start)).toEqual([[1, 1], [0, 0], [0, 0], [1, 1]]);
  });

  test("has its averages beside those of Dice, not in their place", () => {
    const { weights } = new MLP({ units: [2], activation: "dice", batchNorm: true }, { inputDim: 3 }, createRandom(1));
    const names = Object.keys(weights).filter((name) => /mean|variance/.test(name));
    expect(names.sort()).toEqual(["0/batchNorm/mean", "0/batchNorm/variance", "0/mean", "0/variance"]);
  });

  test("only a training step moves the averages, a tenth of the way", () => {
    const { mlp, values } = build({ units: [2], activation: "none", batchNorm: true });
    mlp.apply(input(), inference);
    expect(Array.from(mlp.weights["0/batchNorm/mean"].dataSync())).toEqual(values["0/batchNorm/mean"]);
    mlp.apply(input(), training());
    const columns = [0, 1].map((u) => pre(values).map((row) => row[u]));
    const means = columns.map((column) => column.reduce((sum, v) => sum + v / 4, 0));
    const variances = columns.map((column, u) => column.reduce((sum, v) => sum + (v - means[u]) ** 2 / 4, 0));
    expectClose(
      mlp.weights["0/batchNorm/mean"] as tf.Tensor,
      means.map((mean, u) => 0.9 * values["0/batchNorm/mean"][u] + 0.1 * mean),
    );
    expectClose(
      mlp.weights["0/batchNorm/variance"] as tf.Tensor,
      variances.map((variance, u) => 0.9 * values["0/batchNorm/variance"][u] + 0.1 * variance),
    );
  });
});

describe("dropout", () => {
  test("switches off the given share in training and keeps the mean; at inference it does nothing", () => {
    const ones = tf.ones([100, 100]);
    const dropped = drop(ones, 0.3, training()).dataSync();
    const off = dropped.filter((v) => v === 0).length / dropped.length;
    expect(off).toBeGreaterThan(0.28); // standard error 0.005
    expect(off).toBeLessThan(0.32);
    expect(new Set(dropped)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
    expect(drop(ones, 0.3, inference)).toBe(ones);
  });

  test("follows the activation of every hidden layer and not the output", () => {
    const { mlp, values } = build({ units: [50], outputDim: 1, activation: "sigmoid", dropout: 0.5 });
    const random = createRandom("pass");
    const mask = Array.from({ length: 4 * 50 }, () => (random.uniform() < 0.5 ? 0 : 2));
    const hidden = linear(rowsOf(x, 3), values["0/kernel"], 50, values["0/bias"]).map((row, i) =>
      row.map((v, u) => functions.sigmoid!(v) * mask[i * 50 + u]),
    );
    expectClose(mlp.apply(input(), training()), linear(hidden, values["1/kernel"], 1, values["1/bias"]).flat());
  });

  test("draws anew for each layer and each step", () => {
    const pass = training();
    const draw = () => Array.from(drop(tf.ones([20]), 0.5, pass).dataSync());
    expect(draw()).not.toEqual(draw());
  });
});

describe("the first weights", () => {
  const deviation = (config: MLPConfig, layer: string) => {
    const kernel = new MLP(config, { inputDim: 200, outputDim: 100 }, createRandom(1)).weights[
      `${layer}/kernel`
    ].dataSync() as Float32Array;
    return Math.sqrt(kernel.reduce((sum, v) => sum + v * v, 0) / kernel.length);
  };

  test.each([
    ["relu", 2],
    ["prelu", 2],
    ["tanh", 1],
    ["sigmoid", 1],
    ["none", 1],
  ] as const)("%s: N(0, %i / inputs), output N(0, 1 / inputs), biases 0", (activation, gain) => {
    expect(deviation({ units: [100], activation }, "0") / Math.sqrt(gain / 200)).toBeCloseTo(1, 1);
    expect(deviation({ units: [100], activation }, "1") / Math.sqrt(1 / 100)).toBeCloseTo(1, 1);
    const biases = new MLP({ units: [4], activation }, { inputDim: 3 }, createRandom(1)).weights["0/bias"].dataSync();
    expect(Array.from(biases)).toEqual([0, 0, 0, 0]);
  });
});

test.each([
  [{ units: [4], dropout: 1 }, "dropout is 1, expected a share from 0 to below 1"],
  [{ units: [4], dropout: -0.1 }, "dropout is -0.1, expected a share from 0 to below 1"],
  [
    { units: [4], outputDim: 2 },
    "mlp has no option outputDim, expected some of units, activation, dropout, batchNorm",
  ],
  [{ units: [4, 0] }, "a layer has 0 units, expected a whole number from 1 up"],
  [{ units: [2.5] }, "a layer has 2.5 units, expected a whole number from 1 up"],
  [
    { units: [4], activation: "swish" as "relu" },
    'activation is "swish", expected "relu", "prelu", "dice", "tanh", "sigmoid" or "none"',
  ],
])("%j is an error", (config, message) => {
  expect(() => new MLP(config, { inputDim: 3 }, createRandom(1))).toThrow(message);
});
