import { describe, expect, onTestFinished, test, vi } from "vitest";
import { inCache } from "../../lib/data/cache";
import { criteoFormat, criteoSchema, loadCriteo10k } from "../../lib/data/criteo";
import { encode } from "../../lib/data/encode";
import { type TextColumn, textsAt } from "../../lib/data/raw";
import { readTable } from "../../lib/data/table";
import { temporaryCache, temporaryFile } from "../temporary";

describe("Criteo", () => {
  test("has its counts in log-squared buckets, and learns from what is missing", async () => {
    const row = (label: number, ...counts: string[]) =>
      [label, ...counts, ...new Array(13 - counts.length).fill(""), ...new Array(26).fill("68fd1e64")].join("\t");
    const raw = await readTable(
      temporaryFile("train.tsv", `${row(1, "-1", "100", "3")}\n${row(0, "2", "", "1382")}\n`),
      criteoFormat,
      criteoSchema(),
    );
    expect([
      textsAt(raw.columns.I1 as TextColumn, 0),
      textsAt(raw.columns.I2 as TextColumn, 0),
      textsAt(raw.columns.I3 as TextColumn, 1),
    ]).toEqual([["-1"], ["ln2=21"], ["ln2=52"]]);
    const { impressions } = encode(raw, Int32Array.of(0, 1));
    expect(Array.from(impressions.columns.I2).every((id) => id >= 2)).toBe(true);
    expect(impressions.features.length).toBe(39);
  });

  test("passes its options on to counts and categories, takes what is missing for a word and a quote for a character", () => {
    for (const options of [{ minCount: 3 }, { hashBuckets: 50 }]) {
      const { I1, C1 } = criteoSchema(options);
      for (const column of [I1, C1]) expect(column).toMatchObject({ ...options, missing: "word" });
    }
    expect(criteoFormat.quotes).toBe(false);
  });

  test("refuses a count that is no number and a line that is too short", async () => {
    const values = ["1", ...new Array(13).fill("1"), ...new Array(26).fill("a")];
    const read = (cells: string[]) =>
      readTable(
        temporaryFile("train.tsv", `${values.join("\t")}\n${cells.join("\t")}\n`),
        criteoFormat,
        criteoSchema(),
      );
    await expect(read(values.map((value, i) => (i === 3 ? "x" : value)))).rejects.toThrow(
      'line 2, column 4: I3 is "x", expected a number',
    );
    await expect(read(values.slice(0, 39))).rejects.toThrow(
      "line 2, column 40: no value for C26: 39 values, expected 40",
    );
  });

  test("10k is not mistaken for the published set when rows are missing", async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    const row = ["1", ...new Array(13).fill("1"), ...new Array(26).fill("a")].join("\t");
    vi.stubEnv("CTR_DATA", temporaryCache("criteo-10k", { "train.tsv": `${row}\n` }));
    await expect(loadCriteo10k()).rejects.toThrow(
      /^criteo-10k has 1 rows with 1 clicks, expected 10,000 with 2,182\. Delete the folder /,
    );
  });

  test.skipIf(!inCache("criteo-10k"))("10k in the cache has the published rows and clicks", async () => {
    const data = await loadCriteo10k({ minCount: 5 });
    const { impressions } = encode(data, Int32Array.from({ length: 8000 }, (_, row) => row));
    expect(impressions.size).toBe(10_000);
    expect(data.labels.reduce((sum, y) => sum + y, 0)).toBe(2182); // counted in the published file
  });
});
