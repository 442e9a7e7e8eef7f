import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { denseFeature, Impressions, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { DeepInput } from "../../lib/layers/deepinput";
import { FieldIndex, numbers } from "../../lib/layers/fields";
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
    expect(Array.from(index.ids(batch))).toEqual([7, 8, 12, 0, 10, 36, /**/ 1, 9, 0, 0, 0, 0, /**/ 0, 0, 11, 11, 12, 17]);
    expect(index.fieldOf(batch)).toEqual([0, 1, 2, 2, 2, 3]);
  });

  test("features that share a vocabulary share rows", () => {
    const [item, clicked] = [sparseFeature("item", 5), sequenceFeature("clicked", 5, 2, "item")];
    const index = new FieldIndex([item, weekday, clicked]);
    const shown = new Impressions({ features: [item, weekday, clicked], columns: { item: Int32Array.of(4), weekday: Int32Array.of(1), clicked: Int32Array.of(4, 0) }, labels: Float32Array.of(1) });
    expect(index.rows).toBe(1 + 4 + 7);
    expect(Array.from(index.ids(shown))).toEqual([4, 5, 4, 0]);
  });

  test("one vocabulary of two sizes is an error", () => {
    expect(() => new FieldIndex([sparseFeature("item", 5), sequenceFeature("clicked", 6, 2, "item")])).toThrow(
      "feature clicked has vocabSize 6, expected 5 as in the vocabulary item it shares",
    );
  });

  test("no feature is an error", () => {
    expect(() => new FieldIndex([])).toThrow("0 features, expected at least 1 sparse or sequence feature");
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
    const mean = (row: number, slots: number[]) => [0, 1].map((d) => slots.reduce((sum, slot) => sum + at(row, slot)[d] / slots.length, 0));
    const ofTags = [mean(0, [2, 4]), [0, 0], mean(2, [2, 3, 4])];
    const index = new FieldIndex(features);
    expectClose(index.pool(e(), batch), [0, 1, 2].flatMap((row) => [at(row, 0), at(row, 1), ofTags[row], at(row, 5)].flat()));
    expectClose(index.pool(e(), batch, [tags, hour]), [0, 1, 2].flatMap((row) => [ofTags[row], at(row, 5)].flat()));
  });

  test("DeepInput puts the fields' vectors side by side, then the numbers", () => {
    const input = new DeepInput([price, weekday, hour]);
    const index = new FieldIndex(features);
    const prices = [0.5, -1, 2];
    expectClose(input.apply(e(), index, batch), [0, 1, 2].flatMap((row) => [...at(row, 0), ...at(row, 5), prices[row]]));
    expect(input.size(k)).toBe(2 * k + 1);
  });
});

test("numbers puts dense features side by side", () => {
  expect(numbers(batch, [price, price]).arraySync()).toEqual([[0.5, 0.5], [-1, -1], [2, 2]]);
});
