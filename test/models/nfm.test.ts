import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { Impressions, sparseFeature } from "../../lib/data/impressions";
import { FM } from "../../lib/models/fm";
import { numParameters } from "../../lib/models/model";
import { NFM } from "../../lib/models/nfm";
import { createRandom } from "../../lib/random";
import { expectClose } from "../layers/numeric";
import { firstOrder, mlp, perImpression, presentIds, relu, setNormalWeights, sumOverPairs, vector } from "./loops";
import { data, ids } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

test("logits are those of the loops: all pairs' products summed to a vector, then the MLP", () => {
  const model = new NFM({ features: ids, embeddingDim: 3, mlp: { units: [5, 4] } }, createRandom(1));
  const values = setNormalWeights(model);
  const expected = perImpression(data, (i) => {
    const present = presentIds(data, i, ids);
    const v = (row: number) => vector(values["factors"], row, 3);
    const pairs = [0, 1, 2].map((d) => sumOverPairs(present, (a, b) => v(a.row)[d] * v(b.row)[d]));
    return firstOrder(values, present) + mlp(pairs, values, "mlp", 2, relu);
  });
  expectClose(model.logits(data), expected);
});

test("without hidden layers and with h = 1 it is FM", () => {
  const fm = new FM({ features: ids, embeddingDim: 3 }, createRandom(1));
  setNormalWeights(fm);
  const nfm = new NFM({ features: ids, embeddingDim: 3, mlp: { units: [] } }, createRandom(1));
  nfm.linear.values.set(fm.linear.values);
  nfm.factors.values.set(fm.factors.values);
  (nfm.weights["mlp/0/kernel"] as tf.Variable).assign(tf.ones([3, 1]));
  (nfm.weights["mlp/0/bias"] as tf.Variable).assign(fm.bias.reshape([1]));
  expectClose(nfm.logits(data), fm.logits(data).dataSync());
});

test("with k = 1 and h = -1 three pairs weigh -1, which FM cannot give them with k = 1", () => {
  const features = ["a", "b", "c"].map((name) => sparseFeature(name, 2)); // 0: not there
  const columns = { a: Int32Array.of(1, 1, 0), b: Int32Array.of(1, 0, 1), c: Int32Array.of(0, 1, 1) };
  const pairs = new Impressions({ features, columns, labels: new Float32Array(3) });
  const nfm = new NFM({ features, embeddingDim: 1, mlp: { units: [] } }, createRandom(1));
  nfm.factors.values.fill(1, 1); // from row 1 on: row 0 is that of padding
  (nfm.weights["mlp/0/kernel"] as tf.Variable).assign(tf.tensor2d([[-1]]));
  expectClose(nfm.logits(pairs), [-1, -1, -1]);
});

test("dropout of the pairs' sum acts in training only, and only where it is asked for", () => {
  const model = new NFM({ features: ids, embeddingDim: 3, mlp: { units: [5] }, pairDropout: 0.5 }, createRandom(1));
  const without = new NFM({ features: ids, embeddingDim: 3, mlp: { units: [5] } }, createRandom(1));
  setNormalWeights(model);
  setNormalWeights(without);
  const training = { training: true, random: createRandom("pass") };
  const logits = without.logits(data).dataSync();
  expect(model.logits(data).dataSync()).toEqual(logits);
  expect(model.logits(data, training).dataSync()).not.toEqual(logits);
  expect(without.logits(data, training).dataSync()).toEqual(logits);
});

test.each([1, 1.5, -1, NaN])("pairDropout %d is an error", (pairDropout) => {
  expect(() => new NFM({ features: ids, embeddingDim: 3, mlp: { units: [5] }, pairDropout }, createRandom(1))).toThrow(
    `pairDropout is ${pairDropout}, expected a share from 0 to below 1`,
  );
});

test("the number of parameters is that of the formula", () => {
  expect(numParameters(new NFM({ features: ids, embeddingDim: 3, mlp: { units: [5] } }, createRandom(1)))).toBe(
    13 + 13 * 3 + (3 * 5 + 5) + (5 + 1),
  );
});
