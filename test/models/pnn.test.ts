import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { thirdOrderWorld } from "../../lib/data/planted/thirdorder";
import { useEngine } from "../../lib/engine";
import { FM } from "../../lib/models/fm";
import { numParameters } from "../../lib/models/model";
import { PNN, type PNNConfig } from "../../lib/models/pnn";
import { createRandom } from "../../lib/random";
import { expectClose } from "../layers/numeric";
import { dot, fieldVectors, mlp, perImpression, relu, setNormalWeights, type Values } from "./loops";
import { data, ids, weekday } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

const [N, M, D] = [4, 3, 5];
const config = (product: PNNConfig["product"]): PNNConfig => ({
  features: ids,
  embeddingDim: M,
  product,
  productUnits: D,
  mlp: { units: [4] },
});

/** (W_p^n) ⊙ p for unit n, with the sum over all entries of p, one row of W per entry. */
const signals: Record<PNNConfig["product"], (f: number[][], n: number, values: Values) => number> = {
  inner(f, n, { products: theta }) {
    let sum = 0;
    for (let i = 0; i < N; i++)
      for (let j = 0; j < N; j++) sum += theta[i * D + n] * theta[j * D + n] * dot(f[i], f[j]);
    return sum;
  },
  outer(f, n, { products: W }) {
    let sum = 0;
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < N; j++) {
        for (let a = 0; a < M; a++) for (let b = 0; b < M; b++) sum += W[(a * M + b) * D + n] * f[i][a] * f[j][b];
      }
    }
    return sum;
  },
  kernel(f, n, { products: W, kernels: K }) {
    let [sum, pair] = [0, 0];
    for (let i = 0; i < N; i++) {
      for (let j = i + 1; j < N; j++, pair++) {
        for (let a = 0; a < M; a++)
          for (let b = 0; b < M; b++) sum += W[pair * D + n] * f[i][a] * K[(pair * M + a) * M + b] * f[j][b];
      }
    }
    return sum;
  },
};

describe.each(["inner", "outer", "kernel"] as const)("%s products", (product) => {
  test("logits are those of the loops", () => {
    const model = new PNN(config(product), createRandom(1));
    const values = setNormalWeights(model);
    const expected = perImpression(data, (i) => {
      const f = fieldVectors(data, i, ids, values["embeddings"], M);
      const l1 = values["bias"].map((b, n) => {
        const lz = f.flat().reduce((sum, x, d) => sum + x * values["linear"][d * D + n], 0);
        return relu(lz + signals[product](f, n, values) + b);
      });
      return mlp(l1, values, "mlp", 1, relu);
    });
    expectClose(model.logits(data), expected);
  });

  test("the number of parameters is that of the formula", () => {
    const pairs = (N * (N - 1)) / 2;
    const ofProducts = { inner: N * D, outer: M * M * D, kernel: pairs * M * M + pairs * D }[product];
    expect(numParameters(new PNN(config(product), createRandom(1)))).toBe(
      13 * M + N * M * D + ofProducts + D + (D * 4 + 4) + (4 + 1),
    );
  });
});

test("half of the signal of all fields, less those of each alone, is what FM says of the pairs", () => {
  const { impressions } = thirdOrderWorld({ rows: 8, fieldSizes: [4, 4, 4], seed: 1 });
  const { features } = impressions;
  const fm = new FM({ features, embeddingDim: M, deviation: 1 }, createRandom(1)); // w and the bias begin at 0
  const ipnn = new PNN({ ...config("inner"), features, productUnits: 4, mlp: { units: [] } }, createRandom(1));
  ipnn.embeddings.values.set(fm.factors.values);
  ipnn.linear.assign(tf.zeros([3 * M, 4]));
  ipnn.products.assign(tf.tensor2d([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1]]));
  ipnn.mlp.weights["0/kernel"].assign(tf.tensor2d([[0.5], [-0.5], [-0.5], [-0.5]]));
  expectClose(ipnn.logits(impressions), fm.logits(impressions).dataSync());
});

test.each([["inner", N], ["outer", M * M], ["kernel", 6]] as const)(
  "%s products start with weights from N(0, 2 / %i), one of as many signals, and the linear ones by the same rule",
  (product, signals) => {
    const { products, linear } = new PNN({ ...config(product), productUnits: 500 }, createRandom(1));
    const ofStart = (weights: ArrayLike<number>, inputs: number) =>
      Math.hypot(...Array.from(weights)) / Math.sqrt(weights.length) / Math.sqrt(2 / inputs);
    expect(ofStart(products.dataSync(), signals)).toBeCloseTo(1, 1);
    expect(ofStart(linear.dataSync(), N * M)).toBeCloseTo(1, 1);
  },
);

test("kernels start as identities, so that kernel products start as inner products", () => {
  const { kernels } = new PNN(config("kernel"), createRandom(1));
  expect(Array.from(kernels!.dataSync().subarray(0, 9))).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
});

test("kernel products of one field are an error", () => {
  expect(() => new PNN({ ...config("kernel"), features: [weekday] }, createRandom(1))).toThrow(
    'product is "kernel" for 1 feature, expected 2 or more',
  );
});

test.each([0, 2.5, undefined])("productUnits %s are an error that names them", (productUnits) => {
  expect(() => new PNN({ ...config("inner"), productUnits: productUnits as number }, createRandom(1))).toThrow(
    `productUnits is ${productUnits}, expected a whole number from 1 up`,
  );
});

test("an embedding without numbers is an error, and not one of the product", () => {
  expect(() => new PNN({ ...config("outer"), embeddingDim: 0 }, createRandom(1))).toThrow(
    "embedding dimension is 0, expected a whole number from 1 up",
  );
});
