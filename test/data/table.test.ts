import { describe, expect, test } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import type { TextRow } from "../../lib/data/csv";
import { applyEncoding, encode, fitEncoding } from "../../lib/data/encode";
import { DataError } from "../../lib/data/faults";
import { checkLeaks } from "../../lib/data/leaks";
import { type TextColumn, textsAt } from "../../lib/data/raw";
import { fromRecords } from "../../lib/data/records";
import { dense, label, type Schema, sequence, sparse, time, user, weight } from "../../lib/data/schema";
import { packTable } from "../../lib/data/stream";
import { readTable, TableBuilder } from "../../lib/data/table";
import { hashText } from "../../lib/data/vocabulary";
import { temporaryFile } from "../temporary";
import { shop, shopTable, table } from "./shop";

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
    // Nor does it change from one version to the next: packed files have it. 31 bits of a hash that is tested.
    expect(Array.from(first.users!)).toEqual(["alice", "bob"].map((name) => hashText(name) >>> 1));
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
    ["click", "2", 'click is "2", expected 1 (click) or 0 (none). For other words give label({ read })'],
    ["click", "", 'click is "", expected 1 (click) or 0 (none)'],
    [
      "price",
      "NA",
      'price is "NA", expected a number. If it stands for a missing value, name it in the file\'s format, ' +
        "{ missing: [...] }, and in a record give null. For all else give dense({ read })",
    ],
    ["price", "1e400", 'price is "1e400", expected a number'],
    ["when", "", 'when is "", expected a number of seconds'],
    [
      "when",
      "2024-03-01 00:00",
      'when is "2024-03-01 00:00", expected a number of seconds. For dates give ' +
        "time({ read: (text) => Date.parse(text) / 1000 })",
    ],
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

test("a table's numbers are kept outside of the heap, whose arrays end at 112 million: two million histories of 50", () => {
  const builder = new TableBuilder({ clicked: sequence({ maxLength: 50 }), price: dense(), click: label() });
  const before = process.memoryUsage().heapUsed;
  const values = [["a", "b"], 0, 1];
  for (let row = 0; row < 100_000; row++) {
    values[1] = row;
    builder.add(values);
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20e6); // 5 million of 8 bytes would be on it
  const { columns, labels } = builder.finish();
  const { codes } = columns.clicked as TextColumn;
  expect([codes.length, codes.at(-51), codes.at(-50), codes.at(-49)]).toEqual([5_000_000, 0, 1, 2]);
  expect((columns.price as Float64Array).length).toBe(100_000);
  expect((columns.price as Float64Array).every((price, row) => price === row)).toBe(true);
  expect([labels.length, labels.at(-1)]).toEqual([100_000, 1]);
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

  test("takes every number from 0 up as it is written", async () => {
    const { weights } = await table("w,click\n0,0\n0.5,1\n10,0\n", { w: weight(), click: label() });
    expect(weights).toEqual(Float32Array.of(0, 0.5, 10));
  });

  test.each(["-1", "", "1e39", "x"])("with the value %j is refused", async (value) => {
    const read = table(`w,click\n1,1\n${value},0\n`, { w: weight(), click: label() });
    await expect(read).rejects.toThrow(`line 3, column 1: w is ${JSON.stringify(value)}, expected a number`);
  });
});

describe("what a role's own read makes", () => {
  test("is taken where it is what the role expects: labels of both kinds, a missing number", async () => {
    const schema: Schema = {
      click: label({ read: (text) => (text === "yes" ? 1 : 0) }),
      n: dense({ read: (text) => (text === "?" ? NaN : 2 * Number(text)) }),
    };
    const { labels, columns } = await table("click,n\nyes,1\nno,?\n", schema);
    expect([labels, columns.n]).toEqual([Float32Array.of(1, 0), Float64Array.of(2, NaN)]);
  });

  test("is a history as JSON, newest first, as the example of sequence() reads it, also where there is none", async () => {
    const read = (text: string) => (text === "" ? [] : JSON.parse(text).reverse().map(String));
    const schema: Schema = { h: sequence({ maxLength: 2, read }), click: label() };
    const { columns } = await table('h,click\n"[3, 1]",1\n,0\n', schema);
    expect(columns.h).toMatchObject({ words: ["", "1", "3"], codes: Int32Array.of(1, 2, 0, 0) });
    expect(fromRecords([{ h: null, click: 0 }], schema).columns.h).toMatchObject({ codes: Int32Array.of(0, 0) });
    expect(() => fromRecords([{ h: "[3", click: 0 }], schema)).toThrow(
      /^record 0: h is "\[3", at which read fails: .*JSON/,
    );
  });

  const read = (made: unknown) => ({ read: () => made }) as object;
  const failing = () => {
    throw new TypeError("no such thing");
  };
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
    ["nothing: it fails", { click: label({ read: failing }) }, 'click is "yes", at which read fails: no such thing'],
    [
      "a number at which the transform fails",
      { click: label(read(1)), n: dense({ from: "click", ...read(2), transform: failing }) },
      'click is "yes", at which the transform fails: no such thing',
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
