import { describe, expect, test } from "vitest";
import { part } from "../../lib/data/blocks";
import {
  denseFeature,
  Impressions,
  type ImpressionsInit,
  sequenceFeature,
  sparseFeature,
} from "../../lib/data/impressions";

const features = [sparseFeature("weekday", 8), denseFeature("price"), sequenceFeature("clicked", 100, 2, "item")];
const good: ImpressionsInit = {
  features,
  columns: {
    weekday: Int32Array.of(1, 7, 0),
    price: Float32Array.of(0.5, -1, 2),
    clicked: Int32Array.of(4, 9, 99, 0, 0, 0),
  },
  labels: Float32Array.of(1, 0, 1),
  users: Int32Array.of(11, 12, 11),
  times: Float64Array.of(1.5e9, 1.6e9 + 0.25, 1.7e9),
};

test("read gives the rows in the order asked for, repeats included, with all their columns", () => {
  const part = new Impressions(good).read(Int32Array.of(2, 0, 2));
  expect(part.size).toBe(3);
  expect(part.columns).toEqual({
    weekday: Int32Array.of(0, 1, 0),
    price: Float32Array.of(2, 0.5, 2),
    clicked: Int32Array.of(0, 0, 4, 9, 0, 0),
  });
  expect(part.labels).toEqual(Float32Array.of(1, 1, 1));
  expect(part.users).toEqual(Int32Array.of(11, 11, 11));
  expect(part.times).toEqual(Float64Array.of(1.7e9, 1.5e9, 1.7e9));
  expect(part.read(Int32Array.of(1)).columns["weekday"]).toEqual(Int32Array.of(1)); // a part can be read from again
});

test("a part stays what it is when the array of its rows is used again", () => {
  const rows = Int32Array.of(0, 1);
  const part = new Impressions(good).read(rows);
  rows.fill(2);
  expect(part.columns["weekday"]).toEqual(Int32Array.of(1, 7));
});

test("a part has the features of the whole, as the same array", () => {
  const whole = new Impressions(good);
  expect(whole.read(Int32Array.of(0)).read(Int32Array.of(0)).features).toBe(whole.features);
});

test("users and times may be missing, and are then missing in every part", () => {
  const part = new Impressions({ ...good, users: undefined, times: undefined }).read(Int32Array.of(0));
  expect([part.users, part.times]).toEqual([undefined, undefined]);
});

test("ids up to 2^31 - 1 stay what they are", () => {
  const largest = 2 ** 31 - 1;
  const data = new Impressions({
    features: [sparseFeature("id", 2 ** 31)],
    columns: { id: Int32Array.of(largest, largest - 1) },
    labels: Float32Array.of(0, 1),
  });
  expect(Array.from(data.read(Int32Array.of(1, 0)).columns["id"])).toEqual([largest - 1, largest]);
});

describe("what does not fit together is refused in one sentence:", () => {
  const column = (name: string, values: Int32Array | Float32Array): Partial<ImpressionsInit> => ({
    columns: { ...good.columns, [name]: values },
  });

  test.each<[string, Partial<ImpressionsInit>, string]>([
    ["no labels", { labels: undefined as never }, "labels is missing, expected a Float32Array, of zeros where the clicks are not known"],
    ["no row", { labels: new Float32Array(0) }, "0 impressions, expected at least 1"],
    [
      "a label that is no click and no non-click",
      { labels: Float32Array.of(1, 0.5, 0) },
      "labels[1] is 0.5, expected 0 (no click) or 1 (click)",
    ],
    [
      "labels in a plain array",
      { labels: [1, 0, 1] as never },
      "labels is Array, expected Float32Array: Float32Array.from(labels)",
    ],
    ["such a label in the first row", { labels: Float32Array.of(0.5, 1, 0) }, "labels[0] is 0.5, expected 0"],
    ["users as floats", { users: Float32Array.of(11, 12, 11) as never }, "users is Float32Array, expected Int32Array"],
    ["times in a plain array", { times: [1, 2, 3] as never }, "times is Array, expected Float64Array"],
    ["too few users", { users: Int32Array.of(1) }, "users has 1 values, expected 3, one per label"],
    ["too many users", { users: Int32Array.of(1, 2, 3, 4) }, "users has 4 values, expected 3, one per label"],
    [
      "a time that is none",
      { times: Float64Array.of(1, NaN, 2) },
      "times[1] is NaN, expected a finite number of seconds",
    ],
    [
      "two features of one name",
      { features: [...features, sparseFeature("weekday", 8)] },
      "two features are named weekday",
    ],
    [
      "ids as floats",
      column("weekday", Float32Array.of(1, 7, 0)),
      "column weekday is Float32Array, expected Int32Array for a sparse feature",
    ],
    ["a column that is missing", { columns: {} }, "column weekday is missing, expected Int32Array"],
    [
      "numbers as whole numbers",
      column("price", Int32Array.of(1, 2, 3)),
      "column price is Int32Array, expected Float32Array for a dense feature",
    ],
    [
      "a history of another length",
      column("clicked", Int32Array.of(1, 2, 3)),
      "column clicked has 3 values, expected 6 (3 impressions x 2)",
    ],
    ["an id beyond the vocabulary", column("weekday", Int32Array.of(1, 8, 0)), "weekday[1] is 8, expected 0..7"],
    ["such an id in the first row", column("weekday", Int32Array.of(8, 1, 0)), "weekday[0] is 8, expected 0..7"],
    ["a negative id", column("clicked", Int32Array.of(1, 2, 3, -4, 0, 0)), "clicked[1] is -4, expected 0..99"],
    [
      "a number that is missing",
      column("price", Float32Array.of(1, NaN, 2)),
      "price[1] is NaN, expected a finite number",
    ],
  ])("%s", (_, change, message) => expect(() => new Impressions({ ...good, ...change })).toThrow(message));

  test("but a vocabulary may have two ids, of which one is nothing", () => {
    const data = { ...good, features: [sparseFeature("x", 2)], columns: { x: Int32Array.of(0, 1, 1) } };
    expect(new Impressions(data).columns.x).toEqual(Int32Array.of(0, 1, 1));
  });

  test.each([1, 2.5, 2 ** 31 + 1])("a vocabulary of %s ids", (size) =>
    expect(() => sparseFeature("x", size)).toThrow(`vocabSize is ${size}, expected a whole number from 2 to 2^31`),
  );

  test.each([-1, 3])("row %d of three", (row) => {
    const whole = new Impressions(good);
    expect(() => whole.read(Int32Array.of(0, row))).toThrow(`row ${row}, expected 0..2`);
    expect(() => part(whole, Int32Array.of(0, row)).read(Int32Array.of(1))).toThrow(`row ${row}, expected 0..2`);
    expect(() => part(whole, Int32Array.of(2, 1, 0)).read(Int32Array.of(row))).toThrow(`row ${row}, expected 0..2`);
  });

  test.each<[string, object]>([
    ["Uint8Array", Uint8Array.of(0, 1, 1)], // a mask, whose values would be rows 0 and 1
    ["Array", [0.5, NaN]],
    ["Float64Array", Float64Array.of(1)],
  ])("rows that are %s", (name, rows) => {
    const whole = new Impressions(good);
    const message = `rows is ${name}, expected an Int32Array of row numbers, such as split.train, or, for a mask, the numbers of its ones`;
    expect(() => whole.read(rows as Int32Array)).toThrow(message);
    expect(() => part(whole, Int32Array.of(2, 1, 0)).read(rows as Int32Array)).toThrow(message);
  });

  test("a history without a length", () =>
    expect(() => sequenceFeature("x", 5, 0)).toThrow("maxLength is 0, expected a whole number from 1 up"));
});
