import { describe, expect, test } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { applyEncoding, encode, fitEncoding } from "../../lib/data/encode";
import { boundaries, dense, label, type Schema, sequence, sparse } from "../../lib/data/schema";
import { randomSplit } from "../../lib/data/split";
import { packTable } from "../../lib/data/stream";
import { readTable } from "../../lib/data/table";
import { fc } from "../properties";
import { temporaryFile } from "../temporary";
import { shop, shopTable, table } from "./shop";

test("parallel histories stay in step where a value is empty", async () => {
  const schema: Schema = { items: sequence({ maxLength: 3 }), kinds: sequence({ maxLength: 3 }), click: label() };
  const raw = await table("items,kinds,click\na|b,|x,1\na|b|c,x||y,0\na|b,x|,0\n,,0\np|q|r|s,||z|,1\n", schema);
  const { impressions, encoding } = encode(raw, Int32Array.of(0, 1, 2));
  // "" is no word.
  expect(encoding.vocabularies).toEqual({ items: { words: ["a", "b", "c"] }, kinds: { words: ["x", "y"] } });
  // Of p|q|r|s and ||z| the newest three are q, r, s and nothing, z, nothing; none of these words is known.
  expect(Array.from(impressions.columns.items)).toEqual([2, 3, 0, 2, 3, 4, 2, 3, 0, 0, 0, 0, 1, 1, 1]);
  expect(Array.from(impressions.columns.kinds)).toEqual([0, 2, 0, 2, 0, 3, 2, 0, 0, 0, 0, 0, 0, 1, 0]);
});

describe("an encoding", () => {
  test("gives known words ids from 2 by frequency, unknown ones 1, missing ones and the end of a sequence 0", async () => {
    const raw = await table(shopTable, shop);
    const { impressions, encoding } = encode(raw, Int32Array.of(0, 1, 2));
    // Of the training rows: apple 3 times, pear 2, fig and plum once; only the newest two of a history are there,
    // so apple counts as item twice (rows 0, 2), and not in row 1's history, which keeps fig and plum.
    expect(encoding.vocabularies.item).toEqual({ words: ["apple", "pear", "fig", "plum"] });
    expect(Array.from(impressions.columns.item)).toEqual([2, 3, 2, 1]);
    expect(Array.from(impressions.columns.clicked)).toEqual([0, 0, 4, 5, 3, 0, 2, 1]);
    expect(impressions.features.map((feature) => ("vocabSize" in feature ? feature.vocabSize : undefined))).toEqual([
      4,
      6,
      6,
      undefined,
    ]);
  });

  test("standardises numbers with the training rows' mean and deviation, and puts the mean where one is missing", async () => {
    const { impressions, encoding } = encode(await table(shopTable, shop), Int32Array.of(0, 1, 2));
    expect(encoding.statistics.price).toEqual({ mean: 2, deviation: 1 });
    expect(Array.from(impressions.columns.price)).toEqual([-1, 1, 0, 98]);
    const unknown = encode(await table("price,click\n,1\n,0\n", { price: dense(), click: label() }), Int32Array.of(0, 1));
    expect(unknown.encoding.statistics.price).toEqual({ mean: 0, deviation: 1 }); // where all are missing
  });

  test("does not change with the rows that are not for training", async () => {
    const schema: Schema = { a: sparse(), b: sequence({ maxLength: 3, vocabulary: "a" }), n: dense(), click: label() };
    const cell = fc.constantFrom("p", "q", "r", "s");
    const row = fc.tuple(cell, fc.array(cell, { maxLength: 4 }), fc.integer({ min: -5, max: 5 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 4, maxLength: 12 }),
        fc.array(row, { minLength: 4, maxLength: 12 }),
        async (train, others) => {
          const write = (rows: typeof train) => rows.map(([a, b, n]) => `${a},${b.join("|")},${n},1\n`).join("");
          const alone = await table(`a,b,n,click\n${write(train)}`, schema);
          const together = await table(`a,b,n,click\n${write(others)}${write(train)}`, schema);
          const rows = Int32Array.from(train, (_, i) => i);
          expect(
            fitEncoding(
              together,
              rows.map((row) => row + others.length),
            ),
          ).toEqual(fitEncoding(alone, rows));
        },
      ),
      { numRuns: 50 },
    );
  });

  test("does not change with the order of the training rows, not in its last digit either, and leaves them in it", async () => {
    const raw = await table("n,click\n0.1,0\n0.7,1\n0.3,0\n0.2,1\n1.1,0\n", { n: dense(), click: label() });
    const [rows, backwards] = [Int32Array.of(0, 1, 2, 3, 4), Int32Array.of(4, 3, 2, 1, 0)];
    expect(fitEncoding(raw, backwards)).toEqual(fitEncoding(raw, rows));
    expect(backwards).toEqual(Int32Array.of(4, 3, 2, 1, 0));
  });

  test("is plain JSON, and encodes new rows the same way", async () => {
    const raw = await table(shopTable, shop);
    const { impressions, encoding } = encode(raw, Int32Array.of(0, 1, 2));
    const again = applyEncoding(raw, JSON.parse(JSON.stringify(encoding)));
    expect(again).toEqual(impressions);
  });

  const other: Schema = { a: sparse(), n: dense(), s: sequence({ maxLength: 2 }), click: label() };
  const fitOther = async (schema: Schema) =>
    encode(await table("a,n,s,click\n,1,x,1\np,3,y|z,0\n", schema), Int32Array.of(0, 1));
  test.each<[string, Schema, Schema, string]>([
    [
      "a transform that was lost",
      { n: dense({ transform: Math.log1p }) },
      { n: dense() },
      'n: transform is "none" in the schema, expected "a function"',
    ],
    [
      "a transform that is new",
      { n: dense() },
      { n: dense({ transform: Math.log1p }) },
      'n: transform is "a function" in the schema, expected "none"',
    ],
    [
      "missing values that were words",
      { a: sparse({ missing: "word" }) },
      { a: sparse() },
      'a: missing is "nothing" in the schema, expected "word"',
    ],
    [
      "buckets that were lost",
      { a: sparse({ from: "n", read: boundaries(2) }) },
      { a: sparse({ from: "n" }) },
      'a: read is "none" in the schema, expected "a function"',
    ],
    [
      "another separator",
      { s: sequence({ maxLength: 2 }) },
      { s: sequence({ maxLength: 2, separator: " " }) },
      's: separator is " " in the schema, expected "|"',
    ],
    [
      "another length",
      { s: sequence({ maxLength: 5 }) },
      { s: sequence({ maxLength: 2 }) },
      "s: maxLength is 2 in the schema, expected 5",
    ],
    [
      "another vocabulary",
      { s: sequence({ maxLength: 2, vocabulary: "a" }) },
      { s: sequence({ maxLength: 2 }) },
      's: vocabulary is "s" in the schema, expected "a"',
    ],
    ["another kind", { n: dense() }, { n: sparse() }, 'n: kind is "sparse" in the schema, expected "dense"'],
    ["no such feature", { b: sparse({ from: "a" }) }, {}, "the schema has no feature b, which the encoding has"],
  ])("is not applied to rows read with %s", async (_, fitted, given, message) => {
    const { encoding } = await fitOther({ ...other, ...fitted });
    const raw = await table("a,n,s,click\n,1,x,1\n", { ...other, ...given });
    expect(() => applyEncoding(raw, JSON.parse(JSON.stringify(encoding)))).toThrow(message);
    expect(() => applyEncoding(raw, encoding)).toThrow("Give the schema that the encoding was fitted with");
  });

  test("makes the map of its words once, and again where words were added by hand", async () => {
    const raw = await table(shopTable, shop);
    const { encoding } = encode(raw, Int32Array.of(0, 1, 2));
    let maps = 0;
    const words = ["kiwi", "apple"];
    words.map = (...args: Parameters<typeof words.map>) => {
      maps++;
      return Array.prototype.map.apply(words, args) as never;
    };
    const features = encoding.features.map((feature) => ({ ...feature, ...("vocabSize" in feature && { vocabSize: 9 }) }));
    const own = { ...encoding, features, vocabularies: { ...encoding.vocabularies, item: { words } } };
    const items = () => Array.from(applyEncoding(raw, own).columns.item);
    expect([items(), items()]).toEqual([[3, 1, 3, 2], [3, 1, 3, 2]]);
    expect(maps).toBe(1);
    words.push("pear");
    expect(items()).toEqual([3, 4, 3, 2]);
  });

  const huge = "price,click\n1,1\n3,0\n1.7976931348623157e308,0\n";
  test("of numbers that are too large for a mean and a deviation is refused, in memory and in a packed table", async () => {
    const file = temporaryFile("table.csv", huge);
    const prices: Schema = { price: dense(), click: label() };
    const raw = await readTable(file, {}, prices);
    const message = "price has the mean 5.99";
    expect(() => fitEncoding(raw, rowRange(0, 3))).toThrow(message);
    await expect(packTable(file, {}, prices, { to: `${file}.rows`, isTrainingRow: () => true })).rejects.toThrow(message);
    expect(fitEncoding(raw, rowRange(0, 2)).statistics.price).toEqual({ mean: 2, deviation: 1 });
    const missing = await readTable(file, { missing: ["1.7976931348623157e308"] }, prices);
    expect(encode(missing, rowRange(0, 3)).impressions.columns.price).toEqual(Float32Array.of(-1, 1, 0));
  });

  test("with such a deviation, which was saved as null, is not applied", async () => {
    const raw = await table("price,click\n1,1\n3,0\n", { price: dense(), click: label() });
    const encoding = fitEncoding(raw, rowRange(0, 2));
    const before = { ...encoding, statistics: JSON.parse('{"price":{"mean":3.6e307,"deviation":null}}') };
    expect(() => applyEncoding(raw, before)).toThrow(
      'the encoding has {"mean":3.6e+307,"deviation":null} for price, expected a finite mean and a deviation above 0. Fit it again',
    );
  });

  test("with a deviation of 0, by which nothing can be divided, is not applied", async () => {
    const raw = await table("price,click\n1,1\n3,0\n", { price: dense(), click: label() });
    const statistics = { price: { mean: 2, deviation: 0 } };
    expect(() => applyEncoding(raw, { ...fitEncoding(raw, rowRange(0, 2)), statistics })).toThrow(
      'the encoding has {"mean":2,"deviation":0} for price, expected a finite mean and a deviation above 0',
    );
  });

  test("that a model was not saved with is missed by its name", async () => {
    const raw = await table(shopTable, shop);
    expect(() => applyEncoding(raw, undefined!)).toThrow("encoding is undefined, expected that of fitEncoding. Was the");
  });

  test("with a feature that has the name of every object's property is not applied where it is missing", async () => {
    const { encoding } = await fitOther({ ...other, toString: sparse({ from: "a" }) });
    const raw = await table("a,n,s,click\n,1,x,1\n", other);
    expect(() => applyEncoding(raw, encoding)).toThrow("the schema has no feature toString, which the encoding has");
  });

  test("that does not say how a feature was read is not applied: a transform may be missing", async () => {
    const { encoding } = await fitOther(other);
    const raw = await table("a,n,s,click\n,1,x,1\n", other);
    const { n: _, ...roles } = encoding.roles;
    const message = "the encoding does not say how n was read. Fit it again, and train the model that goes with it again";
    expect(() => applyEncoding(raw, { ...encoding, roles })).toThrow(message);
    const { roles: __, ...without } = encoding;
    expect(() => applyEncoding(raw, without as typeof encoding)).toThrow("does not say how a was read");
  });

  test("marks its features: the same words in the same order or the same scale, the same mark", async () => {
    const marks = async (content: string, schema: Schema = { a: sparse(), n: dense(), click: label() }) => {
      const raw = await table(`a,n,click\n${content}`, schema);
      return fitEncoding(raw, rowRange(0, raw.size)).features.map(({ fitted }) => fitted);
    };
    const [words, scale] = await marks("x,1,0\nx,2,0\ny,3,0\n");
    expect(await marks("y,3,0\nx,1,1\nz,2,1\nx,1,1\n".replace("z", "x"))).not.toContain(scale); // 3, 1, 2, 1
    expect(await marks("x,1,1\ny,2,1\nx,3,1\n")).toEqual([words, scale]); // other rows of x, the same numbers
    // Y is the more frequent one now.
    expect(await marks("y,1,0\ny,2,0\nx,3,0\n")).toEqual([expect.not.stringMatching(words!), scale]);
    expect(await marks("x,1,0\nx,2,0\nz,3,0\n")).toEqual([expect.not.stringMatching(words!), scale]);
    expect((await marks("x,1,0\n", { a: sparse({ hashBuckets: 2 }), click: label() }))[0]).not.toBe(words);
  });

  test("marks its features as it always did, or saved models would refuse the data they were trained on", async () => {
    const raw = await table("a,n,click\nx,1,0\nx,3,0\ny,1,0\ny,3,0\n", { a: sparse(), n: dense(), click: label() });
    const marks = fitEncoding(raw, rowRange(0, raw.size)).features.map(({ fitted }) => fitted);
    // The first 16 digits that sha256sum gives for {"words":["x","y"]} and for {"mean":2,"deviation":1}.
    expect(marks).toEqual(["d7157876d5c2d804", "4410a9f02b2b293a"]);
  });

  test("puts rare words together, by the smallest count that one feature of the vocabulary states", async () => {
    const schema: Schema = { ...shop, item: sparse({ minCount: 2 }) };
    const { encoding } = encode(await table(shopTable, schema), Int32Array.of(0, 1, 2));
    expect(encoding.vocabularies.item).toEqual({ words: ["apple", "pear"] });
  });

  test.each(["minCount", "hashBuckets"])("refuses two values of %s for one vocabulary", async (option) => {
    for (const [first, second] of [[2, 3], [3, 2]]) {
      const schema: Schema = {
        ...shop,
        item: sparse({ [option]: first }),
        clicked: sequence({ maxLength: 2, vocabulary: "item", [option]: second }),
      };
      const raw = await table(shopTable, schema);
      expect(() => encode(raw, Int32Array.of(0))).toThrow(
        `clicked: ${option} is ${second}, expected ${first} as in the other features of the vocabulary item`,
      );
    }
  });

  test("refuses a smallest count for words that another feature of the vocabulary hashes", async () => {
    const clicked = sequence({ maxLength: 2, vocabulary: "item", hashBuckets: 7 });
    const raw = await table(shopTable, { ...shop, item: sparse({ minCount: 5 }), clicked });
    expect(() => encode(raw, Int32Array.of(0))).toThrow(
      "clicked: the vocabulary item has minCount 5 and hashBuckets 7, expected one of them: hashed words are not counted",
    );
  });

  test("refuses a number that is too large once it is standardised, which no missing value is", async () => {
    const raw = await table("price,click\n1,1\n3,0\n1e39,0\n", { price: dense(), click: label() });
    expect(() => encode(raw, Int32Array.of(0, 1))).toThrow(
      "price[2] is 1e+39, which is Infinity when standardised, expected a number that 32 bits can hold. Correct it, or leave the row out (of a file, with keep)",
    );
    const first = await table("price,click\n1e39,1\n1,1\n3,0\n", { price: dense(), click: label() });
    expect(() => encode(first, Int32Array.of(1, 2))).toThrow("price[0] is 1e+39, which is Infinity when standardised");
  });

  test("learns from a missing value when asked to", async () => {
    const content = "a,click\nx,1\n,0\n,1\nx,0\n,0\n";
    const rows = Int32Array.of(0, 1, 2, 3);
    const nothing = encode(await table(content, { a: sparse(), click: label() }), rows);
    const word = encode(await table(content, { a: sparse({ missing: "word" }), click: label() }), rows);
    expect(Array.from(nothing.impressions.columns.a)).toEqual([2, 0, 0, 2, 0]);
    expect(Array.from(word.impressions.columns.a)).toEqual([3, 2, 2, 3, 2]);
  });

  test("hashes into the stated number of buckets, the same word always into the same one", async () => {
    const content = `a,click\n${Array.from({ length: 50 }, (_, i) => `word ${i % 25},1\n`).join("")}`;
    const { impressions, encoding } = encode(
      await table(content, { a: sparse({ hashBuckets: 10 }), click: label() }),
      Int32Array.of(0),
    );
    const ids = Array.from(impressions.columns.a);
    expect(ids.slice(0, 25)).toEqual(ids.slice(25));
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...ids)).toBeLessThanOrEqual(10);
    expect(encoding.features[0]).toMatchObject({ vocabSize: 11 });
  });

  test("is not fitted on a whole split, a mask, or rows that the data does not have", async () => {
    const raw = await table(shopTable, shop);
    const split = randomSplit(raw, { validation: 0.25, test: 0.25, seed: 1 });
    expect(() => encode(raw, split as never)).toThrow(
      "rows is Object, expected an Int32Array of row numbers, such as split.train",
    );
    expect(() => encode(raw, Uint8Array.of(1, 0, 1, 1) as never)).toThrow(
      "rows is Uint8Array, expected an Int32Array of row numbers",
    );
    expect(() => encode(raw, undefined as never)).toThrow("rows is undefined, expected an Int32Array of row numbers");
    for (const row of [-1, 4]) expect(() => encode(raw, Int32Array.of(0, row))).toThrow(`row ${row}, expected 0..3`);
  });

  test("of no rows, or for data of another shape, is refused", async () => {
    const raw = await table(shopTable, shop);
    expect(() => encode(raw, new Int32Array(0))).toThrow("0 training rows, expected at least 1");
    const { price: _, ...columns } = raw.columns;
    expect(() => applyEncoding({ ...raw, columns }, fitEncoding(raw, Int32Array.of(0)))).toThrow(
      "no column for the feature price",
    );
  });
});
