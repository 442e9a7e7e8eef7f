/** What a model's config may not have: an option that is misspelt, or a word where there is a choice of others. */
import * as fs from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Feature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { BaseModel } from "../../lib/models/base";
import { DCN } from "../../lib/models/dcn";
import { DIN } from "../../lib/models/din";
import { DNN } from "../../lib/models/dnn";
import type { Model } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { fc } from "../properties";
import { all, models } from "./registry";

type Options = Record<string, unknown>;

const build = ({ constructor }: Model, config: Options) =>
  new (constructor as new (...args: unknown[]) => Model)(config, createRandom("model"));

/** The config itself, those of its parts, and its first group of behaviours: each with a way to put another there. */
function places(config: Options): { given: Options; put: (other: Options) => Options }[] {
  const parts = Object.entries(config).filter(([, value]) => typeof value === "object" && !Array.isArray(value));
  const [group, ...groups] = (config.behaviours ?? []) as Options[];
  const found = [{ given: config, put: (other: Options) => other }];
  for (const [name, given] of parts)
    found.push({ given: given as Options, put: (other) => ({ ...config, [name]: other }) });
  if (group) found.push({ given: group, put: (other) => ({ ...config, behaviours: [other, ...groups] }) });
  return found;
}

beforeAll(async () => void (await useEngine("cpu")));

test.each(Object.entries(models))("%s refuses each option without one of its letters, and any other", (_name, make) => {
  const model = make(createRandom("model"));
  for (const { given, put } of places({ ...model.config })) {
    const slips = Object.keys(given).flatMap((name) =>
      Array.from(name, (_, i) => name.slice(0, i) + name.slice(i + 1)),
    );
    const name = fc.oneof(fc.constantFrom(...slips), fc.string(), fc.constantFrom("constructor", "__proto__"));
    fc.assert(
      fc.property(name, (slip) => {
        expect(() => build(model, put({ ...given, [slip]: 1 }))).toThrow(` has no option ${slip}, expected some of `);
      }),
      { numRuns: 30 },
    );
  }
});

test.each(Object.entries(models))("%s says which part of its config is not there", (_name, make) => {
  const model = make(createRandom("model"));
  for (const [name, part] of Object.entries(model.config).filter(([name]) => name === "mlp" || name === "cross")) {
    const needed = `expected an object with some of ${Object.keys(part as Options)[0]}`;
    for (const missing of [undefined, null])
      expect(() => build(model, { ...model.config, [name]: missing })).toThrow(`${name} is ${missing}, ${needed}`);
  }
});

test.each(Object.entries(models))("%s refuses a feature that comes twice, also a number", (_name, make) => {
  const model = make(createRandom("model"));
  for (const [list, features] of Object.entries({ ...model.config }).filter(([name]) => /features$/i.test(name)))
    for (const feature of features as Feature[])
      expect(() => build(model, { ...model.config, [list]: [...(features as Feature[]), feature] })).toThrow(
        `two features are named ${feature.name}, expected different names`,
      );
});

test.each([0, -1, 0.5])("FNN, whose table has one number more, refuses embeddings of length %d by that number", (dim) => {
  const model = models.FNN(createRandom("model"));
  expect(() => build(model, { ...model.config, embeddingDim: dim })).toThrow(
    `embedding dimension is ${dim}, expected a whole number from 1 up`,
  );
});

describe("a word that is not among those to choose from is refused when the model is built", () => {
  const behaviours = [{ candidate: ["item"], history: ["clicked"] }];
  const shape = { features: all, behaviours, embeddingDim: 3, mlp: { units: [4] } };
  const random = createRandom("model");

  test.each<[string, () => Model, string]>([
    [
      "pooling",
      () => new BaseModel({ ...shape, pooling: "max" as "sum" }, random),
      'pooling is "max", expected "mean" or "sum"',
    ],
    [
      "normalize",
      () => new DIN({ ...shape, attention: { normalize: "sum" as "softmax" } }, random),
      'attention.normalize is "sum", expected "none" or "softmax"',
    ],
    [
      "activation, also without a hidden layer",
      () => new DNN({ features: all, embeddingDim: 3, mlp: { units: [], activation: "gelu" as "relu" } }, random),
      'activation is "gelu", expected "relu", "prelu", "dice", "tanh", "sigmoid" or "none"',
    ],
    [
      "the activation of DCN without an MLP",
      () => {
        const mlp = { units: [], activation: "gelu" as "relu" };
        return new DCN({ features: all, embeddingDim: 3, cross: { version: 1, layers: 1 }, mlp }, random);
      },
      'activation is "gelu"',
    ],
  ])("%s", (_name, make, message) => {
    expect(make).toThrow(message);
  });
});

test("every option of lib/models and lib/layers that has words or numbers to choose from is checked", () => {
  const files = ["lib/models", "lib/layers"].flatMap((folder) =>
    fs.readdirSync(folder).map((name) => `${folder}/${name}`),
  );
  const literal = String.raw`(?:"[^"]*"|\d+)`;
  const choice = new RegExp(`^  (\\w+)\\??: ${literal}(?: \\| ${literal})+(?: \\| undefined)?;`, "gm");
  const options = files.flatMap((file) => {
    const source = fs.readFileSync(file, "utf8");
    return Array.from(source.matchAll(choice), ([, name]) => ({ file, name, source }));
  });
  expect(options.map(({ name }) => name)).toEqual(expect.arrayContaining(["product", "normalize", "version"]));
  const unchecked = options
    .filter(({ name, source }) => !new RegExp(`checkOneOf\\("(?:\\w+\\.)?${name}"`).test(source))
    .map(({ file, name }) => `${file}: checkOneOf("${name}", ...) in the constructor`);
  expect(unchecked, "options whose wrong words nobody refuses").toEqual([]);
});
