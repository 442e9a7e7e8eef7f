import { describe, expect, onTestFinished, test, vi } from "vitest";
import { loadAdult, readAdult } from "../../lib/data/adult";
import { inCache } from "../../lib/data/cache";
import { encode } from "../../lib/data/encode";
import { type TextColumn, textsAt } from "../../lib/data/raw";
import { temporaryCache } from "../temporary";

describe("Adult", () => {
  const person = (income: string, { workclass = "Private", age = 39, gain = 0, loss = 0, hours = 40 } = {}) =>
    `${age}, ${workclass}, 77516, Bachelors, 13, Never-married, Sales, Own-child, White, Male, ${gain}, ${loss}, ${hours}, Cuba, ${income}\n`;

  test("is read with a remark at the top, blanks after commas, and dots behind the labels of the test file", async () => {
    const cache = temporaryCache("adult", {
      "adult.data": person("<=50K") + person(">50K", { workclass: "?" }) + "\n",
      "adult.test.gz": "|1x3 Cross validator\n" + person("<=50K.") + person(">50K.") + "\n",
    });
    const data = await readAdult(cache);
    expect(Array.from(data.labels)).toEqual([0, 1, 0, 1]);
    expect([Array.from(data.trainRows), Array.from(data.testRows)]).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect((data.columns.workclass as TextColumn).words).toEqual(["", "Private"]);
    const { impressions } = encode(data, data.trainRows);
    // "?" is a word of its own; a tie goes by characters.
    expect(Array.from(impressions.columns.workclass)).toEqual([3, 2, 3, 3]);
  });

  test("has logarithms of gains and losses, and groups that begin where their ends say", async () => {
    const { columns } = await readAdult(
      temporaryCache("adult", {
        "adult.data": person("<=50K", { age: 19, gain: 99, loss: 9, hours: 40 }),
        "adult.test": person("<=50K", { age: 20, hours: 41 }) + person("<=50K", { age: 65, hours: 60 }),
      }),
    );
    const first = (name: string) => (columns[name] as Float64Array)[0];
    expect([first("capitalGain"), first("capitalLoss")]).toEqual([Math.log1p(99), Math.log1p(9)]);
    for (const name of ["ageGroup", "hoursGroup"])
      expect(new Set([0, 1, 2].map((row) => textsAt(columns[name] as TextColumn, row).join())).size).toBe(3);
  });

  test("refuses another label", async () => {
    await expect(readAdult(temporaryCache("adult", { "adult.data": person("rich"), "adult.test": "" }))).rejects.toThrow(
      'line 1, column 15: income is "rich", expected ">50K" or "<=50K"',
    );
  });

  test("is not mistaken for the published set when rows are missing", async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("CTR_DATA", temporaryCache("adult", { "adult.data": person(">50K"), "adult.test": person("<=50K.") }));
    await expect(loadAdult()).rejects.toThrow(
      /^adult has 1 \+ 1 rows with 1 \+ 0 above 50K, expected 32561 \+ 16281 with 7841 \+ 3846\. Delete the folder /,
    );
  });

  test.skipIf(!inCache("adult"))("in the cache has the published rows and class balance", async () => {
    const data = await loadAdult();
    expect([data.trainRows.length, data.testRows.length]).toEqual([32_561, 16_281]);
    const rich = (rows: Int32Array) => rows.reduce((sum, row) => sum + data.labels[row], 0) / rows.length;
    expect(rich(data.trainRows)).toBeCloseTo(0.2408, 4); // adult.names: 23.93 % of both files together
    expect(rich(Int32Array.from(data.labels.keys()))).toBeCloseTo(0.2393, 4);
  });
});
