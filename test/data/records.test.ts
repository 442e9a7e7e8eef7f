import { expect, test } from "vitest";
import { applyEncoding, encode } from "../../lib/data/encode";
import { fromRecords, type ImpressionRecord } from "../../lib/data/records";
import { dense, label, type Schema, sequence, sparse, time, user } from "../../lib/data/schema";
import { readTable } from "../../lib/data/table";
import { temporaryFile } from "./temporary";

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

test("no records are no impressions", () => {
  expect(fromRecords([], schema).size).toBe(0);
});

test.each<[string, ImpressionRecord, string]>([
  ["a value that is no number", { ...records[0], price: "cheap" }, 'record 1: price is "cheap", expected a number'],
  ["a number that is none", { ...records[0], second: NaN }, 'record 1: second is "NaN", expected a number'],
  ["another label", { ...records[0], click: 2 }, 'record 1: click is "2", expected 1 (click) or 0 (none)'],
  [
    "a column that is not there",
    { user: "ann", second: 1, clicked: [], price: 1, click: 0 },
    "record 1: item is not there, expected a value, or null if it is missing",
  ],
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
