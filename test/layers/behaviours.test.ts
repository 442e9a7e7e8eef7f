import { beforeAll, describe, expect, test } from "vitest";
import { denseFeature, type Feature, Impressions, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { BehaviourInput } from "../../lib/layers/behaviours";
import { createRandom } from "../../lib/random";
import { engines } from "../engines";

const k = 2;
const features = [
  sparseFeature("user", 4),
  sparseFeature("item", 4),
  sequenceFeature("tags", 4, 1),
  sparseFeature("shop", 4),
  ...["user", "item", "shop"].map((name) => sequenceFeature(`${name}s`, 4, 1, name)),
];
const batch = new Impressions({
  features,
  columns: Object.fromEntries(features.map(({ name }, f) => [name, Int32Array.of(1 + (f % 3), 1 + ((f + 1) % 3))])),
  labels: Float32Array.of(0, 1),
});

describe.each(engines)("on %s", (engine) => {
  beforeAll(async () => void (await useEngine(engine)));

  test.each([
    ["all that was looked up together", ["user", "item"]],
    ["a part of it", ["item"]],
    ["the other way round", ["item", "user"]],
    ["from several lookups", ["user", "item", "shop"]],
    ["from several lookups, mixed", ["shop", "user", "item"]],
  ])("a candidate has its embeddings in the order of its names: %s", (_, candidate) => {
    const input = new BehaviourInput(
      features,
      [{ candidate, history: candidate.map((name) => `${name}s`) }],
      k,
      1,
      createRandom(1),
    );
    const rows = (names: readonly string[]) =>
      [0, 1].flatMap((i) => names.flatMap((name) => row(input, name, batch.columns[name][i])));
    const { groups, fields } = input.apply(batch);
    expect(groups[0].candidate.shape).toEqual([2, candidate.length * k]);
    expect(Array.from(groups[0].candidate.dataSync())).toEqual(rows(candidate));
    expect(groups[0].steps.shape).toEqual([2, 1, candidate.length * k]);
    expect(Array.from(groups[0].steps.dataSync())).toEqual(rows(candidate.map((name) => `${name}s`)));
    expect(fields.slice(0, 3).map((field) => Array.from(field.dataSync()))).toEqual(
      [["user", "item"], ["tags"], ["shop"]].map(rows),
    );
  });
});

describe("the batch's features", () => {
  const input = () =>
    new BehaviourInput(features, [{ candidate: ["item"], history: ["items"] }], k, 1, createRandom(1));
  const changed = (name: string, change: Partial<Feature>) =>
    new Impressions({
      ...batch,
      features: batch.features.map((feature) =>
        feature.name === name ? ({ ...feature, ...change } as Feature) : feature,
      ),
    });

  test.each(["item", "items", "tags"])("with another vocabSize of %s are an error", (name) => {
    const other = changed(name, { vocabSize: 7 });
    expect(() => input().apply(other)).toThrow(
      `${name} is ${name === "item" ? "sparse" : "sequence"} with vocabSize 7 in the data, expected`,
    );
    expect(() => input().pooled(other, "mean")).toThrow("with vocabSize 4, which the model was built for");
  });

  test("without one of the model's are an error", () => {
    const without = new Impressions({ ...batch, features: batch.features.filter(({ name }) => name !== "items") });
    expect(() => input().apply(without)).toThrow("items is missing in the data, expected sequence with vocabSize 4");
  });

  test("are of any length, but of one for all that describes the same steps", () => {
    const [shown, group] = [["item", "shop"], { candidate: ["item", "shop"], history: ["items", "shops"] }];
    const parallel = new BehaviourInput(features, [group], k, 1, createRandom(1));
    const steps = (length: number) => Int32Array.from({ length: 2 * length }, (_, i) => 1 + (i % 3));
    const read = (items: number, shops: number) =>
      new Impressions({
        ...batch,
        features: [
          ...features.filter(({ name }) => name !== "items" && name !== "shops"),
          sequenceFeature("items", 4, items, "item"),
          sequenceFeature("shops", 4, shops, "shop"),
        ],
        columns: { ...batch.columns, items: steps(items), shops: steps(shops) },
      });
    expect(parallel.apply(read(3, 3)).groups[0].steps.shape).toEqual([2, 3, shown.length * k]);
    for (const use of [() => parallel.apply(read(4, 2)), () => parallel.pooled(read(4, 2), "mean")]) {
      expect(use).toThrow(
        "shops has 2 steps in the data, expected 4, as many as items, whose steps it describes. Read both with the same maxLength",
      );
    }
  });

  test("may have the name and the vocabulary of something that every object has", () => {
    const named = [
      sparseFeature("constructor", 5),
      sequenceFeature("__proto__", 5, 3, "constructor"),
      sparseFeature("toString", 3),
    ];
    const { tables } = new BehaviourInput(
      named,
      [{ candidate: ["constructor"], history: ["__proto__"] }],
      k,
      1,
      createRandom(1),
    );
    expect(Object.entries(tables).map(([name, { rows }]) => [name, rows])).toEqual([
      ["constructor", 5],
      ["toString", 3],
    ]);
  });

  test("are at least one, and their embeddings of some length even where all are numbers", () => {
    expect(() => new BehaviourInput([], [], k, 1, createRandom(1))).toThrow("0 features, expected at least 1");
    expect(() => new BehaviourInput([denseFeature("price")], [], 0, 1, createRandom(1))).toThrow(
      "embedding dimension is 0, expected a whole number from 1 up",
    );
  });

  test("may not have one name twice", () => {
    expect(() => new BehaviourInput([...features, features[0]], [], k, 1, createRandom(1))).toThrow(
      "two features are named user, expected different names",
    );
  });
});

test("a step is there if one of the features that describe it has an id", () => {
  const described = [
    ...["item", "shop"].map((name) => sparseFeature(name, 4)),
    ...["item", "shop"].map((name) => sequenceFeature(`${name}s`, 4, 3, name)),
  ];
  const one = Int32Array.of(1);
  const row = new Impressions({
    features: described,
    columns: { item: one, shop: one, items: Int32Array.of(1, 0, 0), shops: Int32Array.of(2, 3, 0) },
    labels: Float32Array.of(1),
  });
  const group = { candidate: ["item", "shop"], history: ["items", "shops"] };
  const { groups } = new BehaviourInput(described, [group], k, 1, createRandom(1)).apply(row);
  expect(Array.from(groups[0].mask.dataSync())).toEqual([1, 1, 0]);
});

test("for one user the steps are made once, and the candidates as for any batch", () => {
  const input = new BehaviourInput(features, [{ candidate: ["item"], history: ["items"] }], k, 1, createRandom(1));
  const oneUser = new Impressions({ ...batch, columns: { ...batch.columns, items: Int32Array.of(3, 3) } });
  const [once, each] = [input.applyToOneUser(oneUser), input.apply(oneUser)];
  const { candidate, steps, mask } = once.groups[0];
  expect([steps.shape, mask.shape]).toEqual([[1, 1, k], [1, 1]]);
  expect(Array.from(steps.dataSync())).toEqual(row(input, "item", 3));
  expect(Array.from(mask.dataSync())).toEqual([1]);
  expect([candidate, ...once.fields].map((x) => x.arraySync())).toEqual(
    [each.groups[0].candidate, ...each.fields].map((x) => x.arraySync()),
  );
});

/** The embedding of an id of the feature. */
function row({ tables }: BehaviourInput, name: string, id: number): number[] {
  const { values } = tables[features.find((feature) => feature.name === name)!.vocabulary];
  return Array.from(values.subarray(id * k, (id + 1) * k));
}
