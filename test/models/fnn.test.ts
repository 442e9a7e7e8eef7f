import type * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { FM } from "../../lib/models/fm";
import { FNN } from "../../lib/models/fnn";
import { numParameters } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { sgd } from "../../lib/train/optimizers";
import { Training, trainStep } from "../../lib/train/step";
import { expectClose } from "../layers/numeric";
import { fieldVectors, mlp, perImpression, setNormalWeights, vector } from "./loops";
import { data, ids } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

const config = { features: ids, embeddingDim: 3, mlp: { units: [5, 4] } };

test("logits are those of the loops: tanh layers over z = (w₀, z₁, ..., z_m)", () => {
  const model = new FNN(config, createRandom(1));
  const values = setNormalWeights(model);
  const expected = perImpression(data, (i) => {
    const z = [values["bias"][0], ...fieldVectors(data, i, ids, values["factors"], 4).flat()];
    return mlp(z, values, "mlp", 2, Math.tanh);
  });
  expectClose(model.logits(data), expected);
});

test("started from an FM, z holds that FM's w₀, wᵢ and vᵢ, and the FM keeps its own", () => {
  const fm = new FM({ features: ids, embeddingDim: 3 }, createRandom(1));
  const { bias, linear, factors } = setNormalWeights(fm);
  const model = FNN.fromFM(fm, config.mlp, createRandom(2));
  expect(model.bias.dataSync()[0]).toBe(bias[0]);
  for (let row = 1; row < fm.index.rows; row++) {
    expect(vector(Array.from(model.factors.values), row, 4)).toEqual([linear[row], ...vector(factors, row, 3)]);
  }
  model.factors.values.fill(0);
  expect(Array.from(fm.factors.values)).toEqual(factors);
});

test("an activation that is undefined is tanh, as one that is not named", () => {
  const [named, unnamed] = [{ ...config.mlp, activation: undefined }, config.mlp].map(
    (mlp) => new FNN({ ...config, mlp }, createRandom(1)),
  );
  expect(named.logits(data).dataSync()).toEqual(unnamed.logits(data).dataSync());
});

test("weight decay leaves w₀ as it is, as every bias", () => {
  const trained = (weightDecay: number) => {
    const model = new FNN(config, createRandom(1));
    setNormalWeights(model);
    trainStep(new Training(model, { optimizer: sgd({ learningRate: 0.1 }), weightDecay }), data);
    return model;
  };
  const [plain, decayed] = [trained(0), trained(0.5)];
  expect(decayed.bias.dataSync()).toEqual(plain.bias.dataSync());
  const kernel = ({ weights }: FNN) => (weights["mlp/0/kernel"] as tf.Variable).dataSync();
  expect(kernel(decayed)).not.toEqual(kernel(plain));
});

test("the number of parameters is that of the formula", () => {
  const z = 1 + 4 * 4;
  expect(numParameters(new FNN(config, createRandom(1)))).toBe(1 + 13 * 4 + (z * 5 + 5) + (5 * 4 + 4) + (4 + 1));
});
