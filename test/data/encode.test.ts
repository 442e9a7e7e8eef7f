import { describe, expect, test } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { applyEncoding, encode, fitEncoding } from "../../lib/data/encode";
import type { TextRow } from "../../lib/data/csv";
import { DataError } from "../../lib/data/faults";
import { checkLeaks } from "../../lib/data/leaks";
import { type TextColumn, textsAt } from "../../lib/data/raw";
import { fromRecords } from "../../lib/data/records";
import {
  boundaries,
  dense,
  label,
  logSquaredBucket,
  type Schema,
  sequence,
  sparse,
  time,
  user,
  weight,
} from "../../lib/data/schema";
import { randomSplit } from "../../lib/data/split";
import { packTable } from "../../lib/data/stream";
import { readTable } from "../../lib/data/table";
import { fc } from "../properties";
import { temporaryFile } from "../temporary";

const table = (content: string, schema: Schema) => readTable(temporaryFile("table.csv", content), {}, schema);

const shop: Schema = {
  shop: sparse(),
  item: sparse(),
  clicked: sequence({ maxLength: 2, vocabulary: "item", separator: " " }),
  price: dense(),
  click: label(),
  who: user(),
  when: time(),
};
const shopTable = `who,when,shop,item,clicked,price,click
ann,100,x,apple,,1,0
bob,101,x,pear,apple fig plum,3,1
ann,102,y,apple,pear,,0
eve,103,z,kiwi,apple kiwi,100,1
`;

describe("your own table", () => {
  test("becomes columns, labels, users and times as the schema says", async () => {
    const raw = await table(shopTable, shop);
    expect(raw.size).toBe(4);
    expect(Array.from(raw.labels)).toEqual([0, 1, 0, 1]);
    const [ann, bob, again, eve] = raw.users!;
    expect([again, new Set([ann, bob, eve]).size]).toEqual([ann, 3]);
    expect(Array.from(raw.times!)).toEqual([100, 101, 102, 103]);
    expect(Array.from(raw.columns.price as Float64Array)).toEqual([1, 3, NaN, 100]);
  });

  test("gives a user the same number as another file does, so that a row in both is found", async () => {
    const schema: Schema = { item: sparse(), click: label(), who: user(), when: time() };
    const first = await table("who,when,item,click\nalice,1,x,1\nbob,2,y,0\n", schema);
    const second = await table("who,when,item,click\nbob,2,y,0\nalice,9,x,1\ncarl,9,y,0\n", schema);
    expect([second.users![0], second.users![1]]).toEqual([first.users![1], first.users![0]]);
    const encoding = fitEncoding(first, Int32Array.of(0, 1));
    const parts = { train: applyEncoding(first, encoding), test: applyEncoding(second, encoding) };
    expect(() => checkLeaks(parts, { item: "item" })).toThrow(
      /test rows in training: 1 found.* test row 0 .* is also train row 1/,
    );
  });

  test("needs one label column, and has no second one for what there is one of", async () => {
    await expect(table(shopTable, { shop: sparse() })).rejects.toThrow("the schema has 0 label columns, expected 1");
    for (const [kind, role] of Object.entries({ user: user({ from: "shop" }), time: time({ from: "price" }) }))
      await expect(table(shopTable, { ...shop, other: role })).rejects.toThrow(
        `the schema has 2 ${kind} columns, expected at most 1`,
      );
  });

  test("need not have labels where impressions are still to be scored", async () => {
    const { impressions, encoding } = encode(await table(shopTable, shop), Int32Array.of(0, 1, 2));
    const columns = shopTable.split("\n").map((line) => line.split(",").slice(0, -1).join()); // without the clicks
    const file = temporaryFile("new.csv", columns.join("\n"));
    const raw = await readTable(file, {}, shop, { unlabelled: true });
    expect(Array.from(raw.labels)).toEqual([0, 0, 0, 0]);
    expect(applyEncoding(raw, encoding).columns).toEqual(impressions.columns);
    await expect(readTable(file, {}, shop)).rejects.toThrow("click");
  });

  test.each([
    ["click", "2", 'click is "2", expected 1 (click) or 0 (none)'],
    ["click", "", 'click is "", expected 1 (click) or 0 (none)'],
    ["price", "cheap", 'price is "cheap", expected a number'],
    ["price", "1e400", 'price is "1e400", expected a number'],
    ["when", "", 'when is "", expected a number'],
    ["who", "", 'who is "", expected a user in every row'],
  ])("with the %s %j is refused", async (column, value, message) => {
    const header = ["click", "price", "when", "who", "shop", "item", "clicked"];
    const values = ["1", "2", "3", "ann", "x", "fig", ""];
    values[header.indexOf(column)] = value;
    await expect(table(`${header.join()}\n${values.join()}\n`, shop)).rejects.toThrow(
      `line 2, column ${header.indexOf(column) + 1}: ${message}`,
    );
  });

  test.each([
    ["0", "-Infinity"],
    ["-1", "NaN"],
  ])("with the number %s, which its transform makes %s, is refused", async (price, made) => {
    const read = table(`price,click\n1,1\n${price},0\n`, { price: dense({ transform: Math.log }), click: label() });
    await expect(read).rejects.toThrow(
      `line 3, column 1: price is "${price}", which the transform makes ${made}, expected a finite number`,
    );
  });
});

describe("missing values", () => {
  const content = "item,clicked,price,click\nNULL,a|NULL,NA,1\nx,NULL,2,0\n";
  const schema: Schema = { item: sparse(), clicked: sequence({ maxLength: 2 }), price: dense(), click: label() };

  test("may be written as any text, which then is missing in every column", async () => {
    const { columns } = await readTable(temporaryFile("table.csv", content), { missing: ["NULL", "NA"] }, schema);
    expect(textsAt(columns.item as TextColumn, 0)).toEqual([]);
    expect([0, 1].map((row) => textsAt(columns.clicked as TextColumn, row))).toEqual([["a", "NULL"], []]);
    expect(Array.from(columns.price as Float64Array)).toEqual([NaN, 2]);
  });

  test("are left as written where rows are chosen", async () => {
    const keep = ({ price }: TextRow) => price !== "NA";
    const raw = await readTable(temporaryFile("table.csv", content), { missing: ["NULL", "NA"] }, schema, { keep });
    expect(Array.from(raw.columns.price as Float64Array)).toEqual([2]);
  });
});

test("a read of its own makes numbers and histories of what is written otherwise", async () => {
  const price = dense({ read: (text) => (text === "free" ? NaN : Number(text.slice(1))), transform: Math.log });
  const clicked = sequence({ maxLength: 2, read: (text) => JSON.parse(text).reverse().map(String) });
  const raw = await readTable(
    temporaryFile("table.csv", "price;clicked;click\n$1;[3, 1, 2];1\nfree;[];0\n"),
    { delimiter: ";" },
    { price, clicked, click: label() },
  );
  expect(Array.from(raw.columns.price as Float64Array)).toEqual([0, NaN]);
  expect([0, 1].map((row) => textsAt(raw.columns.clicked as TextColumn, row))).toEqual([["1", "3"], []]);
  const { encoding } = encode(raw, Int32Array.of(0, 1));
  const record = { price: "$1", clicked: [3, 1, "2|4"], click: 1 };
  expect(Array.from(applyEncoding(fromRecords([record], raw.schema), encoding).columns.clicked)).toEqual([2, 1]);
  const losses: Schema[] = [{ price: dense({ transform: Math.log }) }, { clicked: sequence({ maxLength: 2 }) }];
  for (const lost of losses)
    expect(() => applyEncoding({ ...raw, schema: { ...raw.schema, ...lost } }, encoding)).toThrow(
      'read is "none" in the schema, expected "a function"',
    );
});

describe("a column of weights", () => {
  const schema: Schema = { item: sparse(), rate: weight({ read: (text) => 1 / Number(text) }), click: label() };
  const file = () => temporaryFile("table.csv", "item,rate,click\na,1,1\nb,0.1,0\na,0.5,0\n");

  test("says how much each impression counts, in memory, in a packed table and in records", async () => {
    const { impressions, encoding } = encode(await readTable(file(), {}, schema), rowRange(0, 3));
    expect(impressions.weights).toEqual(Float32Array.of(1, 10, 2));
    expect(encoding.features.map(({ name }) => name)).toEqual(["item"]);
    const packed = await packTable(file(), {}, schema, { to: `${file()}.rows`, isTrainingRow: () => true });
    expect(packed.read(rowRange(0, 3))).toEqual(impressions);
    packed.close();
    const record = { item: "a", rate: 0.25, click: 1 };
    expect(fromRecords([record], schema).weights).toEqual(Float32Array.of(4));
    expect(fromRecords([{ item: "a" }], schema, { unlabelled: true }).weights).toBeUndefined();
  });

  test.each(["-1", "", "1e39", "x"])("with the value %j is refused", async (value) => {
    const read = table(`w,click\n1,1\n${value},0\n`, { w: weight(), click: label() });
    await expect(read).rejects.toThrow(`line 3, column 1: w is ${JSON.stringify(value)}, expected a number`);
  });
});

test("a slip in an option is not taken for a default", async () => {
  const file = temporaryFile("table.csv", shopTable);
  expect(() => sparse({ hashbuckets: 9 } as object)).toThrow(
    "sparse has no option hashbuckets, expected some of from, vocabulary, minCount, hashBuckets, read, missing",
  );
  const slip = { slip: 1 } as object;
  expect(() => sequence({ maxLength: 2, ...slip })).toThrow("sequence has no option slip");
  for (const [name, role] of Object.entries({ dense, label, user, time, weight }))
    expect(() => role(slip)).toThrow(`${name} has no option slip`);
  await expect(readTable(file, { delimeter: ";" } as object, shop)).rejects.toThrow("the format has no option delimeter");
  await expect(readTable(file, {}, shop, { unlabeled: true } as object)).rejects.toThrow(
    "readTable has no option unlabeled, expected some of unlabelled, keep",
  );
  await expect(packTable(file, {}, shop, { to: "rows", ...slip })).rejects.toThrow("packTable has no option slip");
  expect(() => fromRecords([], shop, slip)).toThrow("fromRecords has no option slip");
});

describe("what a role's own read makes", () => {
  const read = (made: unknown) => ({ read: () => made }) as object;
  test.each<[string, Schema, string]>([
    [
      "a label of neither 0 nor 1",
      { click: label(read(NaN)) },
      'click is "yes", which read makes NaN, expected 1 (click) or 0 (none)',
    ],
    ["a label between 0 and 1", { click: label(read(0.7)) }, "which read makes 0.7, expected 1 (click) or 0 (none)"],
    ["a label as text", { click: label(read("1")) }, 'which read makes "1", expected 1 (click) or 0 (none)'],
    [
      "no word at all",
      { click: label(read(1)), shop: sparse({ from: "click", ...read(undefined) }) },
      'click is "yes", which read makes undefined, expected a text, "" for a missing value',
    ],
    [
      "a number as word",
      { click: label(read(1)), shop: sparse({ from: "click", hashBuckets: 9, ...read(3) }) },
      "which read makes 3, expected a text",
    ],
    [
      "an endless number",
      { click: label(read(1)), n: dense({ from: "click", ...read(Infinity) }) },
      "which read makes Infinity, expected a finite number, NaN for a missing value",
    ],
    [
      "a text as history",
      { click: label(read(1)), h: sequence({ maxLength: 2, from: "click", ...read("a|b") }) },
      'which read makes "a|b", expected a list of texts, [] for a missing value',
    ],
    [
      "a negative weight",
      { click: label(read(1)), w: weight({ from: "click", ...read(-1) }) },
      "which read makes -1, expected a number from 0 up that 32 bits can hold",
    ],
    [
      "a time that is none",
      { click: label(read(1)), when: time({ from: "click", ...read(NaN) }) },
      "which read makes NaN, expected a finite number of seconds",
    ],
  ])("is refused with its line: %s, in memory and in a packed table", async (_, schema, message) => {
    const file = temporaryFile("table.csv", "click\nyes\n");
    const to = `${file}.rows`;
    for (const read of [
      () => readTable(file, {}, schema),
      () => packTable(file, {}, schema, { to, isTrainingRow: () => true }),
    ]) {
      const error = await read().catch((thrown) => thrown);
      expect(error).toBeInstanceOf(DataError);
      expect(error.message).toContain("table.csv, line 2, column 1: ");
      expect(error.message).toContain(message);
    }
  });
});

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

describe("buckets", () => {
  test("of a count are the value itself up to 2, then the floor of its squared logarithm", () => {
    // ln 3 = 1.0986, squared 1.207; ln 100 = 4.605, squared 21.2; ln 1000000 = 13.8155, squared 190.87
    expect(["", "-2", "0", "2", "3", "100", "1000000"].map(logSquaredBucket)).toEqual([
      "",
      "-2",
      "0",
      "2",
      "ln2=1",
      "ln2=21",
      "ln2=190",
    ]);
  });

  test("of a count refuse what is no whole number", () => {
    for (const text of ["1.5", "x", "1e30", "99999999999999999999", "--1"])
      expect(() => logSquaredBucket(text)).toThrow(/expected a (whole )?number/);
  });

  test.each([[[25, 18]], [[18, 18]], [[18, NaN]]])("between the boundaries %j are refused", (ends) => {
    expect(() => boundaries(...ends)).toThrow(
      `the boundaries are ${ends.join(", ")}, expected each above the one before it`,
    );
  });

  test("between boundaries hold their lower end", () => {
    expect(["17", "18", "24.9", "25", "-1", ""].map(boundaries(18, 25))).toEqual([
      "..18",
      "18..25",
      "18..25",
      "25..",
      "..18",
      "",
    ]);
  });
});

describe("a role is refused where it is written, before a file is read by it, with", () => {
  test.each([0, -1, 2.5, NaN])("%d hash buckets, smallest count or length of a history", (n) => {
    const message = `is ${n}, expected a whole number from 1 up`;
    expect(() => sparse({ hashBuckets: n })).toThrow(`sparse: hashBuckets ${message}`);
    expect(() => sequence({ maxLength: 2, minCount: n })).toThrow(`sequence: minCount ${message}`);
    expect(() => sequence({ maxLength: n })).toThrow(`sequence: maxLength ${message}`);
  });

  test("no length of a history", () => {
    expect(() => sequence({ minCount: 2 } as never)).toThrow("sequence: maxLength is undefined");
  });

  test("a word for what is missing that is none of the two", () => {
    expect(() => sparse({ missing: "words" as "word" })).toThrow(
      'sparse: missing is "words", expected "nothing" or "word"',
    );
  });

  test("a smallest count of words that are hashed, and so not counted", () => {
    const both = { minCount: 3, hashBuckets: 9 };
    for (const make of [() => sparse(both), () => sequence({ maxLength: 2, ...both })])
      expect(make).toThrow("minCount is 3 and hashBuckets 9, expected one of them: hashed words are not counted");
  });
});
