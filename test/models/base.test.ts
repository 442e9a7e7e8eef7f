import { beforeAll, describe, expect, test } from "vitest";
import { sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { BaseModel, type BaseModelConfig } from "../../lib/models/base";
import { numParameters } from "../../lib/models/model";
import { expectClose } from "../layers/numeric";
import { batchOf, behaviours, behavioursOf, features, fieldsOf, k, mean, random, sum } from "./histories";
import { linear, setNormalWeights, sigmoid } from "./loops";

beforeAll(async () => void (await useEngine("wasm")));

const config: BaseModelConfig = {
  features,
  behaviours,
  embeddingDim: k,
  mlp: { units: [5, 3], activation: "sigmoid" },
};
const batch = batchOf();

test.each(["mean", "sum"] as const)("logits are those of the loops, with the %s of each history", (pooling) => {
  const model = new BaseModel({ ...config, pooling }, random());
  const values = setNormalWeights(model);
  const pool = pooling === "mean" ? mean : sum;
  const expected = [0, 1, 2].map((i) => {
    const pooled = behaviours.flatMap(({ history }, g) =>
      pool(
        behavioursOf(values, batch, i, g).steps.map(({ e }) => e),
        history.length * k,
      ),
    );
    const first = linear([...pooled, ...fieldsOf(values, batch, i)], values, "mlp/0").map(sigmoid);
    const second = linear(first, values, "mlp/1").map(sigmoid);
    return linear(second, values, "mlp/2")[0];
  });
  expectClose(model.logits(batch), expected);
});

test("histories are pooled by their mean, if the config says nothing", () => {
  const [silent, mean] = [new BaseModel(config, random()), new BaseModel({ ...config, pooling: "mean" }, random())];
  setNormalWeights(silent);
  setNormalWeights(mean);
  expect(silent.logits(batch).dataSync()).toEqual(mean.logits(batch).dataSync());
});

test("the number of parameters is that of the formula", () => {
  const tables = (4 + 8 + 3 + 5) * k; // users, items, categories, tags: each without id 0
  const inputs = (2 + 1) * k + 3 * k + 1 + k; // two histories of 2 ids and 1 id, three fields, a number, a set
  expect(numParameters(new BaseModel(config, random()))).toBe(tables + (inputs * 5 + 5) + (5 * 3 + 3) + (3 + 1));
});

test("clicked and candidate items share one table", () => {
  const names = Object.keys(new BaseModel(config, random()).weights).filter((name) => name.startsWith("embeddings/"));
  expect(names).toEqual(["embeddings/user", "embeddings/item", "embeddings/category", "embeddings/tags"]);
});

test("the order of the history changes nothing", () => {
  const model = new BaseModel(config, random());
  setNormalWeights(model);
  const turned = batchOf({
    "clicked items": [7, 2, 3, 0, 1, 8, 0, 8, 0, 0, 0, 0],
    "clicked categories": [3, 1, 1, 0, 2, 3, 0, 0, 0, 0, 0, 0],
  });
  expectClose(model.logits(turned), model.logits(batch).dataSync());
});

describe("what the behaviours may not be", () => {
  const item = sparseFeature("item", 9);
  const clicked = sequenceFeature("clicked", 9, 4, "item");
  const shop = sequenceFeature("shops", 5, 4);
  const build = (group: { candidate: string[]; history: string[] }, extra = shop) => () =>
    new BaseModel({ ...config, features: [item, clicked, extra], behaviours: [group] }, random());

  test.each([
    [
      { candidate: ["item"], history: ["clicks"] },
      "behaviours name clicks, which is no feature, expected a sequence feature",
    ],
    [
      { candidate: ["clicked"], history: ["clicked"] },
      "behaviours name clicked, which is a sequence feature, expected a sparse feature",
    ],
    [{ candidate: [], history: ["clicked"] }, "1 history and 0 candidate features, expected the same number of each"],
    [{ candidate: [], history: [] }, "0 history and 0 candidate features, expected the same number of each, at least one"],
    [{ candidate: ["item"], history: ["shops"] }, "shops has the vocabulary shops, expected item, that of item"],
  ])("%j", (group, message) => expect(build(group)).toThrow(message));

  test("steps of different number", () => {
    for (const length of [3, 5]) {
      const other = sequenceFeature("other", 9, length, "item");
      expect(build({ candidate: ["item", "item"], history: ["clicked", "other"] }, other)).toThrow(
        `other has maxLength ${length}, expected 4, that of clicked`,
      );
    }
  });

  test("one vocabulary of two sizes", () => {
    expect(
      () =>
        new BaseModel(
          { ...config, features: [item, sequenceFeature("clicked", 8, 4, "item")], behaviours: [] },
          random(),
        ),
    ).toThrow("feature clicked has vocabSize 8, expected 9 as in the vocabulary item it shares");
  });
});
