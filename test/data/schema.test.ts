import { describe, expect, test } from "vitest";
import { fromRecords } from "../../lib/data/records";
import {
  boundaries,
  dense,
  label,
  logSquaredBucket,
  sequence,
  sparse,
  time,
  user,
  weight,
} from "../../lib/data/schema";
import { packTable } from "../../lib/data/stream";
import { readTable } from "../../lib/data/table";
import { temporaryFile } from "../temporary";
import { shop, shopTable } from "./shop";

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
