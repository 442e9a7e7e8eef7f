import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { crossIds } from "../../lib/layers/hashing";
import { isTable } from "../../lib/layers/layer";
import { DNN } from "../../lib/models/dnn";
import { numParameters } from "../../lib/models/model";
import { WideDeep, type WideDeepConfig } from "../../lib/models/widedeep";
import { createRandom } from "../../lib/random";
import { expectClose } from "../layers/numeric";
import { fieldVectors, mlp, perImpression, presentIds, relu, setNormalWeights } from "./loops";
import { all, data, ids, item, weekday } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

const config: WideDeepConfig = {
  wideFeatures: [weekday, item],
  crosses: [[weekday, item], [item, weekday]],
  buckets: 40,
  deepFeatures: all,
  embeddingDim: 3,
  mlp: { units: [5] },
};

test("logits are those of the loops", () => {
  const model = new WideDeep(config, createRandom(1));
  const values = setNormalWeights(model);
  const expected = perImpression(data, (i) => {
    const wide = presentIds(data, i, config.wideFeatures).reduce((sum, { row }) => sum + values["wide/linear"][row], 0);
    const [day, thing] = [data.columns["weekday"][i], data.columns["item"][i]];
    // Each cross numbers its own ids: the second feature's come after the first's.
    const buckets = crossIds([Int32Array.of(day, thing && thing + 3), Int32Array.of(thing, day && day + 6)], 1, 40);
    const crosses = Array.from(buckets).reduce(
      (sum, bucket) => sum + (bucket === 0 ? 0 : values["wide/crosses"][bucket]),
      0,
    );
    const a0 = [
      ...fieldVectors(data, i, ids, values["deep/embeddings"], 3).flat(),
      data.columns["price"][i],
      data.columns["hour"][i],
    ];
    return wide + crosses + mlp(a0, values, "deep/mlp", 1, relu);
  });
  expectClose(model.logits(data), expected);
});

test("with a zero wide part it is the plain DNN", () => {
  const model = new WideDeep(config, createRandom(1));
  const dnn = new DNN({ features: all, embeddingDim: 3, mlp: { units: [5] } }, createRandom(1));
  // The wide part starts at 0.
  expect(Array.from(model.logits(data).dataSync())).toEqual(Array.from(dnn.logits(data).dataSync()));
});

test("every weight belongs to the wide or to the deep part, so that each can have its own optimizer", () => {
  const { weights } = new WideDeep(config, createRandom(1));
  expect(Object.keys(weights).filter((name) => name.startsWith("wide/"))).toEqual(["wide/linear", "wide/crosses"]);
  expect(Object.keys(weights).filter((name) => !name.startsWith("wide/") && !name.startsWith("deep/"))).toEqual([]);
  expect(isTable(weights["wide/crosses"])).toBe(true);
});

test.each([0, 1.5, 2 ** 31, NaN])("%d buckets are an error, unless there are no crosses", (buckets) => {
  expect(() => new WideDeep({ ...config, buckets }, createRandom(1))).toThrow(
    `buckets is ${buckets}, expected a whole number from 1 to 2^31 - 2`,
  );
  expect(() => new WideDeep({ ...config, buckets, crosses: [] }, createRandom(1))).not.toThrow();
});

test("without crosses no buckets are asked for, with them they are", () => {
  const { buckets: _, ...rest } = config;
  expect(() => new WideDeep({ ...rest, crosses: [] }, createRandom(1))).not.toThrow();
  expect(() => new WideDeep(rest, createRandom(1))).toThrow("buckets is undefined, expected a whole number");
});

test("a cross of nothing is an error, also the only one", () => {
  const model = (...crosses: WideDeepConfig["crosses"]) => () => new WideDeep({ ...config, crosses }, createRandom(1));
  expect(model([weekday, item], [])).toThrow("crosses[1] has no features, expected the features to cross");
  expect(model([])).toThrow("crosses[0] has no features");
});

test("the number of parameters is that of the formula", () => {
  const a0 = 4 * 3 + 2;
  const deep = 13 * 3 + (a0 * 5 + 5) + (5 + 1);
  expect(numParameters(new WideDeep(config, createRandom(1)))).toBe(3 + 6 + 40 + deep);
  expect(numParameters(new WideDeep({ ...config, crosses: [] }, createRandom(1)))).toBe(3 + 6 + deep);
});
