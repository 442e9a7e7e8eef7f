import { expect, test } from "vitest";
import { applyEncoding, encode } from "../../lib/data/encode";
import { fromRecords, type ImpressionRecord } from "../../lib/data/records";
import type { TextColumn } from "../../lib/data/raw";
import { boundaries, dense, label, type Schema, sequence, sparse, time, user } from "../../lib/data/schema";
import { readTable } from "../../lib/data/table";
import { temporaryFile } from "../temporary";

const schema: Schema = {
  who: user({ from: "user" }),
  at: time({ from: "second" }),
  item: sparse(),
  clicked: sequence({ maxLength: 3, vocabulary: "item" }),
  price: dense({ transform: Math.log1p }),
  click: label(),
};
const records: ImpressionRecord[] = [
  { user: "ann", second: 10, item: 17, clicked: [], price: 2.5, click: 1 },
  { user: "bob", second: 11.5, item: "23", clicked: [17, 23, 17, "4"], price: null, click: 0 },
  { user: "ann", second: 12, item: null, clicked: "17|23", price: "0", click: "0", colour: "not in the schema" },
];
const file = "user,second,item,clicked,price,click\nann,10,17,,2.5,1\nbob,11.5,23,17|23|17|4,,0\nann,12,,17|23,0,0\n";

test("records become what the same rows in a file become", async () => {
  const read = await readTable(temporaryFile("rows.csv", file), {}, schema);
  expect(fromRecords(records, schema)).toEqual(read);
});

test("records may be of an interface, as a request's body often is; what a value cannot be is seen by the compiler", () => {
  interface Visit {
    item: string;
    price?: number;
  }
  const shop: Schema = { item: sparse(), price: dense(), click: label() };
  const visits: Visit[] = [{ item: "a", price: 1 }];
  expect(fromRecords(visits, shop, { unlabelled: true }).size).toBe(1);
  // @ts-expect-error a Date is no value
  expect(() => fromRecords([{ item: "a", price: new Date(0) }], shop, { unlabelled: true })).toThrow("price is a Date");
});

test("no record is refused in words that fit a request", () => {
  for (const unlabelled of [false, true])
    expect(() => fromRecords([], schema, { unlabelled })).toThrow(
      "0 records, expected at least 1. Answer a request without candidates before it comes here",
    );
});

test("a generator may fill one object again and again", () => {
  function* oneByOne(): Generator<ImpressionRecord> {
    const one: ImpressionRecord = {};
    for (const record of records) yield Object.assign(one, record);
  }
  expect(fromRecords(oneByOne(), schema)).toEqual(fromRecords(records, schema));
  const unlabelled = { unlabelled: true };
  expect(fromRecords(oneByOne(), schema, unlabelled)).toEqual(fromRecords(records, schema, unlabelled));
});

test("a request is scored with the encoding of the training rows, without a label", () => {
  const { encoding, impressions } = encode(fromRecords(records, schema), Int32Array.of(0, 1, 2));
  const request = fromRecords(
    ["23", 17, "new"].map((item) => ({ user: "ann", second: 13, clicked: [17], price: 2.5, item })),
    schema,
    { unlabelled: true },
  );
  const candidates = applyEncoding(request, encoding);
  const { item, price } = impressions.columns;
  expect(Array.from(candidates.columns.item)).toEqual([item[1], item[0], 1]);
  expect(Array.from(candidates.columns.price)).toEqual([price[0], price[0], price[0]]);
  expect(Array.from(candidates.labels)).toEqual([0, 0, 0]);
});

test("a request needs no user and no time, which no model reads, as long as no record has one", () => {
  const { encoding } = encode(fromRecords(records, schema), Int32Array.of(0, 1, 2));
  const visitor = { clicked: [17], price: 2.5, item: 23 };
  const read = (request: ImpressionRecord[]) => fromRecords(request, schema, { unlabelled: true });
  const request = read([visitor, { ...visitor, user: null }]);
  expect([request.users, request.times]).toEqual([undefined, undefined]);
  expect(applyEncoding(request, encoding).size).toBe(2);
  expect(() => read([{ ...visitor, second: 1 }, visitor])).toThrow("record 1: second is not there, expected a value");
  expect(() => fromRecords([{ ...visitor, click: 1 }], schema)).toThrow("record 0: user is not there");
});

test("a column with the name of what every object has is missing where no record has it", () => {
  const schema: Schema = { driver: sparse(), constructor: sparse(), click: label() };
  const request = (record: object) => fromRecords([record], schema, { unlabelled: true });
  expect(() => request({ driver: "a" })).toThrow("record 0: constructor is not there, expected a value, or null");
  const [, { words }] = Object.values(request({ driver: "a", constructor: "b" }).columns) as TextColumn[];
  expect(words).toEqual(["", "b"]);
});

test("a larger id than a number can hold is taken as text and as bigint", () => {
  const ids = ["9007199254740993", 9007199254740993n].map((item) => ({ ...records[0], item, clicked: [item] }));
  const { item, clicked } = fromRecords(ids, schema).columns as Record<string, TextColumn>;
  expect([item.words, clicked.words]).toEqual(new Array(2).fill(["", "9007199254740993"]));
});

test("a number in buckets is no id, however large", () => {
  const bucketed: Schema = { rich: sparse({ from: "price", read: boundaries(1e17) }), click: label() };
  const { rich } = fromRecords([{ price: 1e18, click: 1 }], bucketed).columns as Record<string, TextColumn>;
  expect(rich.words).toEqual(["", "100000000000000000.."]);
});

test("null in a sequence is a step with nothing, as an empty value in a file is", async () => {
  const row: ImpressionRecord = { ...records[0], clicked: ["a", null, 4] };
  const read = await readTable(
    temporaryFile("rows.csv", "user,second,item,clicked,price,click\nann,10,17,a||4,2.5,1\n"),
    {},
    schema,
  );
  expect(fromRecords([row], schema)).toEqual(read);
});

test("a truth value is what the schema's own read takes it for", () => {
  const own = {
    item: sparse({ read: (text) => (text === "true" ? "new" : "old") }),
    click: label({ read: (text) => (text === "true" ? 1 : 0) }),
  };
  const { columns, labels } = fromRecords([{ item: true as never, click: true as never }], own);
  expect([(columns.item as TextColumn).words.at(-1), labels]).toEqual(["new", Float32Array.of(1)]);
});

test.each<[string, ImpressionRecord, string | RegExp]>([
  ["a value that is no number", { ...records[0], price: "cheap" }, 'record 1: price is "cheap", expected a number'],
  ["a number that is none", { ...records[0], second: NaN }, 'record 1: second is "NaN", expected a number'],
  ["a word that is NaN", { ...records[0], item: NaN }, "record 1: item is NaN, expected a text or a number, or null"],
  ["an infinite step", { ...records[0], clicked: ["a", -Infinity] }, "record 1: clicked is -Infinity, expected a text"],
  ["a user that is NaN", { ...records[0], user: NaN }, /^record 1: user is NaN, expected a text or a number$/],
  ["another label", { ...records[0], click: 2 }, 'record 1: click is "2", expected 1 (click) or 0 (none)'],
  [
    "a column that is not there",
    { user: "ann", second: 1, clicked: [], price: 1, click: 0 },
    "record 1: item is not there, expected a value, or null if it is missing",
  ],
  ["no label", { ...records[0], click: undefined }, /^record 1: click is not there, expected a value$/],
  [
    "an id that was rounded",
    { ...records[0], item: JSON.parse("9007199254740993") },
    "record 1: item is 9007199254740992, expected a number below 2^53, which is exact: give a larger id as text",
  ],
  ["such an id in a history", { ...records[0], clicked: [2 ** 53] }, "record 1: clicked is 9007199254740992, expected a"],
  ["such a user", { ...records[0], user: 2 ** 53 }, "record 1: user is 9007199254740992, expected a number below 2^53"],
  [
    "a step that is not there",
    { ...records[0], clicked: ["a", undefined] as never },
    "record 1: clicked is an array with undefined, expected null for a step with nothing",
  ],
  [
    "a set of values",
    { ...records[0], clicked: new Set(["a"]) as never },
    "record 1: clicked is a Set, expected a text or a number",
  ],
  [
    "a truth value",
    { ...records[0], item: true as never },
    'record 1: item is true, expected the word that the training data has for it, such as "True"',
  ],
  ["one in a history", { ...records[0], clicked: ["a", false as never] }, "record 1: clicked is false, expected the word"],
  ["a date", { ...records[0], second: new Date(0) as never }, "record 1: second is a Date, expected a text or a number"],
  [
    "several values for one",
    { ...records[0], item: [1, 2] },
    "record 1: item is an array, expected one value for the role sparse()",
  ],
  [
    "a value that a sequence would cut in two",
    { ...records[0], clicked: ["a|b"] },
    'record 1: clicked is an array with "a|b", expected values without the separator "|": give the schema another',
  ],
])("%s is refused with its record and column", (_, record, message) => {
  expect(() => fromRecords([records[0], record], schema)).toThrow(message);
});
