import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { denseFeature, type Feature, Impressions, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { numbers } from "../../lib/layers/columns";
import { DeepInput } from "../../lib/layers/deepinput";
import { FieldIndex } from "../../lib/layers/fields";
import { expectClose, normals } from "./numeric";

beforeAll(async () => void (await useEngine("wasm")));

const weekday = sparseFeature("weekday", 8);
const gender = sparseFeature("gender", 3);
const tags = sequenceFeature("tags", 4, 3);
const hour = sparseFeature("hour", 25);
const price = denseFeature("price");
const features = [weekday, gender, tags, hour];
const batch = new Impressions({
  features: [...features, price],
  columns: {
    weekday: Int32Array.of(7, 1, 0),
    gender: Int32Array.of(1, 2, 0),
    tags: Int32Array.of(3, 0, 1, /**/ 0, 0, 0, /**/ 2, 2, 3),
    hour: Int32Array.of(24, 0, 5),
    price: Float32Array.of(0.5, -1, 2),
  },
  labels: Float32Array.of(0, 1, 0),
});

describe("FieldIndex", () => {
  test("numbers the ids of all features in one row: 7 weekdays, then 2 genders, 3 tags, 24 hours", () => {
    const index = new FieldIndex(features);
    expect(index.rows).toBe(1 + 7 + 2 + 3 + 24);
    expect(Array.from(index.ids(batch))).toEqual([
      7, 8, 12, 0, 10, 36, /**/ 1, 9, 0, 0, 0, 0, /**/ 0, 0, 11, 11, 12, 17,
    ]);
    expect(index.fieldOf(batch)).toEqual([0, 1, 2, 2, 2, 3]);
  });

  test("features that share a vocabulary share rows", () => {
    const [item, clicked] = [sparseFeature("item", 5), sequenceFeature("clicked", 5, 2, "item")];
    const index = new FieldIndex([item, weekday, clicked]);
    const shown = new Impressions({
      features: [item, weekday, clicked],
      columns: { item: Int32Array.of(4), weekday: Int32Array.of(1), clicked: Int32Array.of(4, 0) },
      labels: Float32Array.of(1),
    });
    expect(index.rows).toBe(1 + 4 + 7);
    expect(Array.from(index.ids(shown))).toEqual([4, 5, 4, 0]);
  });

  test("one vocabulary of two sizes is an error", () => {
    expect(() => new FieldIndex([sparseFeature("item", 5), sequenceFeature("clicked", 6, 2, "item")])).toThrow(
      "feature clicked has vocabSize 6, expected 5 as in the vocabulary item it shares",
    );
  });

  test("two features of one name are an error, or their pair would be one of an id with itself", () => {
    expect(() => new FieldIndex([weekday, gender, weekday])).toThrow(
      "two features are named weekday, expected different names",
    );
  });

  test("no feature is an error", () => {
    expect(() => new FieldIndex([])).toThrow(
      "0 features with ids, expected at least 1 sparse or sequence feature. If there are only numbers, bucket one into a sparse feature",
    );
  });

  const k = 2;
  const values = normals(3 * 6 * k, "e");
  const e = () => tf.tensor3d(values, [3, 6, k]);
  const at = (row: number, slot: number) => values.slice((row * 6 + slot) * k, (row * 6 + slot + 1) * k);

  test.each([
    ["one", [gender], [1]],
    ["neighbours", [weekday, gender], [0, 1]],
    ["others, in the index's order", [hour, weekday], [0, 5]],
    ["a sequence", [tags], [2, 3, 4]],
    ["all", features, [0, 1, 2, 3, 4, 5]],
  ])("select takes the slots of %s", (_, wanted, slots) => {
    const selected = new FieldIndex(features).select(e(), batch, wanted);
    expect(Array.from(selected.dataSync())).toEqual([0, 1, 2].flatMap((row) => slots.flatMap((slot) => at(row, slot))));
    expect(selected.shape).toEqual([3, slots.length, k]);
  });

  test("pool gives a sparse feature its vector and a sequence the mean over its ids, zero if it has none", () => {
    const mean = (row: number, slots: number[]) =>
      [0, 1].map((d) => slots.reduce((sum, slot) => sum + at(row, slot)[d] / slots.length, 0));
    const ofTags = [mean(0, [2, 4]), [0, 0], mean(2, [2, 3, 4])];
    const index = new FieldIndex(features);
    expectClose(
      index.pool(e(), batch),
      [0, 1, 2].flatMap((row) => [at(row, 0), at(row, 1), ofTags[row], at(row, 5)].flat()),
    );
    expectClose(index.pool(e(), batch, [tags, hour]), [0, 1, 2].flatMap((row) => [ofTags[row], at(row, 5)].flat()));
  });

  test("DeepInput puts the fields' vectors side by side, then the numbers", () => {
    const input = new DeepInput([price, weekday, hour]);
    const index = new FieldIndex(features);
    const prices = [0.5, -1, 2];
    expectClose(
      input.apply(e(), index, batch),
      [0, 1, 2].flatMap((row) => [...at(row, 0), ...at(row, 5), prices[row]]),
    );
    expect(input.size(k)).toBe(2 * k + 1);
  });
});

test("DeepInput of no feature is an error", () => {
  expect(() => new DeepInput([])).toThrow(
    "the deep part has 0 features, expected at least 1 sparse, sequence or dense feature",
  );
});

test("numbers puts dense features side by side", () => {
  expect(numbers(batch, [price, price]).arraySync()).toEqual([[0.5, 0.5], [-1, -1], [2, 2]]);
});

describe("a batch's features are compared with the model's", () => {
  const changed = (change: (feature: Feature) => Feature[], of = batch) =>
    new Impressions({ ...of, features: of.features.flatMap(change) });
  const replaced = (other: Feature) => changed((feature) => [feature.name === other.name ? other : feature]);
  const index = () => new FieldIndex(features);

  test.each<[string, Impressions, string]>([
    [
      "another vocabulary",
      replaced(sparseFeature("gender", 9)),
      "gender is sparse with vocabSize 9 in the data, expected sparse with vocabSize 3",
    ],
    [
      "another kind",
      replaced(sequenceFeature("gender", 3, 1)),
      "gender is sequence with vocabSize 3 in the data, expected sparse with vocabSize 3",
    ],
    [
      "none",
      changed((feature) => (feature.name === "gender" ? [] : [feature])),
      "gender is missing in the data, expected sparse with vocabSize 3",
    ],
  ])("%s of that name is an error", (_, other, message) => {
    expect(() => index().ids(other)).toThrow(
      `${message}, which the model was built for. Encode the data with the encoding that the model was saved with`,
    );
  });

  test("one fitted on other rows is an error, of the same size or not; one of which nothing is known is none", () => {
    const [one, other] = ["1234", "abcd"].map((fitted) => ({ ...sparseFeature("gender", 3), fitted }));
    const message =
      "gender is sparse with vocabSize 3 and a vocabulary of checksum abcd in the data, expected sparse with vocabSize 3 and a vocabulary of checksum 1234, which the model was built for. Encode the data";
    expect(() => new FieldIndex([one]).ids(replaced(other))).toThrow(message);
    const ids = new FieldIndex([sparseFeature("gender", 3)]).ids(batch);
    expect(new FieldIndex([one]).ids(replaced({ ...one }))).toEqual(ids);
    expect(new FieldIndex([one]).ids(batch)).toEqual(ids);
    expect(new FieldIndex([sparseFeature("gender", 3)]).ids(replaced(other))).toEqual(ids);
  });

  test("numbers standardised by other rows are an error", () => {
    const message =
      "price is dense with a mean and deviation of checksum abcd in the data, expected dense with a mean and deviation of checksum 1234";
    expect(() => numbers(replaced({ ...price, fitted: "abcd" }), [{ ...price, fitted: "1234" }])).toThrow(message);
  });

  test("a number that is missing or of another kind is an error", () => {
    const without = changed((feature) => (feature === price ? [] : [feature]));
    expect(() => numbers(without, [price])).toThrow(
      "price is missing in the data, expected dense, which the model was built for",
    );
    expect(() => numbers(batch, [denseFeature("hour")])).toThrow(
      "hour is sparse with vocabSize 25 in the data, expected dense",
    );
  });

  test("a batch of 0 impressions is an error, each time", () => {
    const one = index();
    for (let time = 0; time < 2; time++) {
      expect(() => one.ids(batch.read(new Int32Array(0)))).toThrow("the batch has 0 impressions, expected at least 1");
      one.ids(batch);
    }
  });

  test("data that do not fit are an error after data that do", () => {
    const one = index();
    one.ids(batch);
    expect(() => one.ids(replaced(sparseFeature("gender", 9)))).toThrow("gender is sparse with vocabSize 9");
    one.ids(batch);
  });

  test("each time: data that were refused are not taken the second time", () => {
    const [one, other] = [index(), replaced(sparseFeature("gender", 9))];
    for (let time = 0; time < 2; time++) expect(() => one.ids(other)).toThrow("gender is sparse with vocabSize 9");
  });

  test("another order, copies, features besides and histories of another length are no difference", () => {
    const copies = changed((feature) => [{ ...feature }]);
    const turned = new Impressions({ ...batch, features: [...batch.features].reverse() });
    const longer = new Impressions({
      ...batch,
      features: batch.features.map((feature) => (feature === tags ? { ...tags, maxLength: 4 } : feature)),
      columns: { ...batch.columns, tags: Int32Array.of(3, 0, 1, 0, /**/ 0, 0, 0, 0, /**/ 2, 2, 3, 0) },
    });
    expect(index().ids(copies)).toEqual(index().ids(batch));
    expect(index().ids(turned)).toEqual(index().ids(batch));
    expect(index().ids(longer).length).toBe(3 * 7);
  });

  test("parts of one data set are compared once", () => {
    const data = changed((feature) => [feature]);
    const find = vi.spyOn(data.features as Feature[], "find");
    const one = index();
    for (let row = 0; row < 3; row++) one.ids(data.read(Int32Array.of(row)));
    expect(find).toHaveBeenCalledTimes(features.length);
  });
});
