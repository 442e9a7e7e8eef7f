import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { SparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { isTable } from "../../lib/layers/layer";
import { DeepFM, type DeepFMConfig } from "../../lib/models/deepfm";
import { FM } from "../../lib/models/fm";
import { numParameters } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { gradients } from "../../lib/train/gradients";
import { expectClose } from "../layers/numeric";
import {
  dot,
  fieldVectors,
  firstOrder,
  mlp,
  perImpression,
  presentIds,
  relu,
  setNormalWeights,
  sumOverPairs,
  vector,
} from "./loops";
import { all, clicked, data, hour, ids, item, price, tags, weekday } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

const same: DeepFMConfig = { deepFeatures: all, fmFeatures: ids, embeddingDim: 3, mlp: { units: [5, 4] } };
const fewer: DeepFMConfig = { ...same, fmFeatures: [weekday, tags] };
const other: DeepFMConfig = { ...same, deepFeatures: [price, tags, hour], fmFeatures: [clicked, weekday] };
const onlyNumbers: DeepFMConfig = { ...same, deepFeatures: [price, hour] };

describe.each([
  ["the same", same],
  ["fewer", fewer],
  ["other", other],
  ["no common", onlyNumbers],
])("with %s features in the FM part", (_, config) => {
  const deepIds = config.deepFeatures.filter((feature) => feature.kind !== "dense") as typeof ids;
  const numbersOf = (i: number) =>
    config.deepFeatures.filter(({ kind }) => kind === "dense").map(({ name }) => data.columns[name][i]);
  // The shared table numbers the deep features' ids first, then those that only the FM part has.
  const shared = [...deepIds, ...config.fmFeatures.filter((feature) => !deepIds.includes(feature))] as typeof ids;

  test.each(deepIds.length > 0 ? [false, true] : [false])(
    "logits are those of the loops, separateEmbeddings %s",
    (separateEmbeddings) => {
      const model = new DeepFM({ ...config, separateEmbeddings }, createRandom(1));
      const values = setNormalWeights(model);
      const ofFM = separateEmbeddings ? config.fmFeatures : shared;
      const ofDeep = separateEmbeddings ? deepIds : shared;
      const expected = perImpression(data, (i) => {
        const inFM = presentIds(data, i, ofFM).filter(({ field }) => config.fmFeatures.includes(ofFM[field]));
        const pairs = sumOverPairs(inFM, (a, b) =>
          dot(vector(values["factors"], a.row, 3), vector(values["factors"], b.row, 3)),
        );
        const fields = fieldVectors(data, i, ofDeep, values[separateEmbeddings ? "deepEmbeddings" : "factors"] ?? [], 3);
        const a0 = [...fields.slice(0, deepIds.length).flat(), ...numbersOf(i)];
        return firstOrder(values, presentIds(data, i, config.fmFeatures)) + pairs + mlp(a0, values, "mlp", 2, relu);
      });
      expectClose(model.logits(data), expected);
    },
  );
});

test("with a zero deep part it is FM", () => {
  const fm = new FM({ features: ids, embeddingDim: 3 }, createRandom(1));
  setNormalWeights(fm);
  const model = new DeepFM(same, createRandom(1));
  const deep = model.weights as Record<string, tf.Variable>;
  deep["mlp/2/kernel"].assign(tf.zeros([4, 1]));
  deep["mlp/2/bias"].assign(fm.bias.reshape([1])); // w₀
  model.linear.values.set(fm.linear.values);
  model.factors.values.set(fm.factors.values);
  expectClose(model.logits(data), fm.logits(data).dataSync());
});

test("the shared table gets one gradient, from both parts; separate tables get one each", () => {
  const shared = new DeepFM(same, createRandom(1));
  const separate = new DeepFM({ ...same, separateEmbeddings: true }, createRandom(1));
  const values = setNormalWeights(shared);
  for (const [name, weight] of Object.entries(separate.weights)) {
    const own = values[name === "deepEmbeddings" ? "factors" : name];
    if (isTable(weight)) weight.values.set(own);
    else weight.assign(tf.tensor(own, weight.shape));
  }
  const [whole, parts] = [gradients(shared, data).rows, gradients(separate, data).rows];
  expect(whole["factors"].length).toBe(1);
  const sum = parts["factors"][0].gradient.map((g, i) => g + parts["deepEmbeddings"][0].gradient[i]);
  expectClose(whole["factors"][0].gradient, sum);
});

test("separate embeddings start from numbers of their own, besides those of the shared table", () => {
  const config = { ...same, deepFeatures: ids };
  const separate = new DeepFM({ ...config, separateEmbeddings: true }, createRandom(1));
  // So that comparing both compares the sharing alone.
  expect(separate.factors.values).toEqual(new DeepFM(config, createRandom(1)).factors.values);
  const numbers = [separate.factors, separate.deepEmbeddings!].flatMap(({ values, dim }) =>
    Array.from(values.subarray(dim)),
  );
  expect(new Set(numbers).size).toBe(numbers.length);
});

test("the number of parameters is that of the formula", () => {
  const a0 = 4 * 3 + 2;
  const deep = (a0 * 5 + 5) + (5 * 4 + 4) + (4 + 1);
  expect(numParameters(new DeepFM(same, createRandom(1)))).toBe(13 + 13 * 3 + deep);
  expect(numParameters(new DeepFM({ ...same, separateEmbeddings: true }, createRandom(1)))).toBe(
    13 + 2 * 13 * 3 + deep,
  );
  expect(numParameters(new DeepFM({ ...fewer, separateEmbeddings: true }, createRandom(1)))).toBe(
    7 + 7 * 3 + 13 * 3 + deep,
  );
});

test("no feature in the deep part is an error", () => {
  expect(() => new DeepFM({ ...same, deepFeatures: [] }, createRandom(1))).toThrow(
    "the deep part has 0 features, expected at least 1",
  );
});

test("a dense feature in the FM part is an error that says what to do", () => {
  const build = () => new DeepFM({ ...same, fmFeatures: [item, price as unknown as SparseFeature] }, createRandom(1));
  expect(build).toThrow(
    "feature price is dense, expected sparse or sequence here: a number has no embedding. Bucket it into a sparse feature, or give it as a number where the model takes dense features",
  );
});
