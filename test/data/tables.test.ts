import { describe, expect, test } from "vitest";
import { loadAdult, readAdult } from "../../lib/data/adult";
import { readAmazon } from "../../lib/data/amazon";
import { avazuFormat, avazuSchema, hourToSeconds } from "../../lib/data/avazu";
import { inCache } from "../../lib/data/cache";
import { criteoFormat, criteoSchema, loadCriteo10k } from "../../lib/data/criteo";
import { encode } from "../../lib/data/encode";
import { type TextColumn, textsAt } from "../../lib/data/raw";
import { readTable } from "../../lib/data/table";
import { temporaryCache, temporaryFile } from "../temporary";

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

  test.skipIf(!inCache("adult"))("in the cache has the published rows and class balance", async () => {
    const data = await loadAdult();
    expect([data.trainRows.length, data.testRows.length]).toEqual([32_561, 16_281]);
    const rich = (rows: Int32Array) => rows.reduce((sum, row) => sum + data.labels[row], 0) / rows.length;
    expect(rich(data.trainRows)).toBeCloseTo(0.2408, 4); // adult.names: 23.93 % of both files together
    expect(rich(Int32Array.from(data.labels.keys()))).toBeCloseTo(0.2393, 4);
  });
});

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
    const { I1, C1 } = criteoSchema({ minCount: 3, hashBuckets: 50 });
    for (const column of [I1, C1]) expect(column).toMatchObject({ minCount: 3, hashBuckets: 50, missing: "word" });
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

  test.skipIf(!inCache("criteo-10k"))("10k in the cache has the published rows and clicks", async () => {
    const data = await loadCriteo10k({ minCount: 5 });
    const { impressions } = encode(data, Int32Array.from({ length: 8000 }, (_, row) => row));
    expect(impressions.size).toBe(10_000);
    expect(data.labels.reduce((sum, y) => sum + y, 0)).toBe(2182); // counted in the published file
  });
});

describe("Avazu", () => {
  const header =
    "id,click,hour,C1,banner_pos,site_id,site_domain,site_category,app_id,app_domain,app_category,device_id,device_ip,device_model,device_type,device_conn_type,C14,C15,C16,C17,C18,C19,C20,C21";
  const row = (click: number, hour: string) =>
    `1000009418151094273,${click},${hour},1005,0,1fbe01fe,f3845767,28905ebd,ecad2386,7801e8d9,07d7df22,a99f214a,ddd2926e,44956a24,1,2,15706,320,50,1722,0,35,-1,79`;

  test("has its time, hour of the day and weekday", async () => {
    const raw = await readTable(
      temporaryFile("train.csv", [header, row(0, "14102100"), row(1, "14103023")].join("\n")),
      avazuFormat,
      avazuSchema(),
    );
    expect(Array.from(raw.times!)).toEqual([Date.UTC(2014, 9, 21) / 1000, Date.UTC(2014, 9, 30, 23) / 1000]);
    expect([textsAt(raw.columns.hourOfDay as TextColumn, 1), textsAt(raw.columns.weekday as TextColumn, 0)]).toEqual([
      ["23"],
      ["2"],
    ]); // a Tuesday
    expect(Object.keys(raw.columns).length).toBe(23);
  });

  test("passes its options on to all columns", () => {
    const { weekday, hourOfDay, C21 } = avazuSchema({ minCount: 3, hashBuckets: 50 });
    for (const column of [weekday, hourOfDay, C21]) expect(column).toMatchObject({ minCount: 3, hashBuckets: 50 });
  });

  test("refuses hours that do not exist", () => {
    for (const text of ["", "14103100x", "14133100", "14022900", "14102124", "141021"])
      expect(() => hourToSeconds(text)).toThrow("expected YYMMDDHH");
  });
});

describe("Amazon", () => {
  // Ann reviews a, b, c, d on days 1 to 4 (not in this order in the file), Bob b and c; nobody bought e more than once.
  const review = (reviewerID: string, asin: string, unixReviewTime: number) =>
    JSON.stringify({ reviewerID, asin, overall: 5, reviewText: "good", unixReviewTime });
  const reviews = [
    review("ann", "b", 2),
    review("ann", "a", 1),
    review("bob", "b", 1),
    review("ann", "d", 4),
    review("ann", "c", 3),
    review("bob", "c", 1),
    review("eve", "e", 1),
  ];
  const meta = ["a", "b", "c", "d", "e"].map(
    (asin) =>
      `{'asin': '${asin}', 'title': "it's", 'price': 9.99, 'categories': [['Books'], ['Electronics', 'Type ${asin < "c" ? 1 : 2}']]}`,
  );
  meta.push("{'asin': 'z'}"); // nobody reviewed it: what its record has does not matter
  const cache = () =>
    temporaryCache("amazon-electronics", {
      "reviews_Electronics_5.json.gz": reviews.join("\n"),
      "meta_Electronics.json.gz": meta.join("\n"),
    });

  test("predicts each behaviour from those before it, and the last one in the test", async () => {
    const data = await readAmazon(cache(), { seed: 1, historyLength: 2 });
    const texts = (name: string, row: number) => textsAt(data.columns[name] as TextColumn, row).join();
    const rows = (some: Int32Array) =>
      Array.from(
        some,
        (row) => `${texts("user", row)}: ${texts("history", row)} → ${texts("item", row)} ${data.labels[row]}`,
      );
    const positives = (some: Int32Array) => rows(some).filter((text) => text.endsWith("1"));
    expect(positives(data.trainRows)).toEqual(["ann: a → b 1", "ann: a,b → c 1"]);
    // The newest two; one day's in the file's order.
    expect(positives(data.testRows)).toEqual(["ann: b,c → d 1", "bob: b → c 1"]);
    expect(data.size).toBe(8);
    expect(Array.from(data.times!)).toEqual([2, 2, 3, 3, 4, 4, 1, 1]); // of what is predicted
    expect(texts("historyCategory", 4)).toBe("Type 1,Type 2");
    expect(data.schema).toMatchObject({ history: { vocabulary: "item" }, historyCategory: { vocabulary: "category" } });
    for (let row = 0; row < data.size; row++)
      if (data.labels[row] === 0 && texts("user", row) === "ann") expect(texts("item", row)).toBe("e");
  });

  test("keeps the newest twenty behaviours if nothing else is said", async () => {
    const bought = Array.from({ length: 23 }, (_, i) => `g${i}`);
    const data = await readAmazon(
      temporaryCache("amazon-electronics", {
        "reviews_Electronics_5.json": [...bought.map((asin, i) => review("ann", asin, i)), reviews[6]].join("\n"),
        "meta_Electronics.json": "",
      }),
      { seed: 1 },
    );
    expect(textsAt(data.columns.history as TextColumn, data.testRows[0])).toEqual(bought.slice(2, 22));
  });

  test("refuses a user who reviewed everything, as there is no negative", async () => {
    const all = temporaryCache("amazon-electronics", {
      "reviews_Electronics_5.json": `${reviews[0]}\n${reviews[1]}`,
      "meta_Electronics.json": "",
    });
    await expect(readAmazon(all, { seed: 1 })).rejects.toThrow(
      "user ann reviewed every item, so there is none to draw as a negative",
    );
  });

  test("draws the same negatives from the same seed", async () => {
    const folder = cache();
    const items = async (seed: number) =>
      Array.from(((await readAmazon(folder, { seed })).columns.item as TextColumn).codes);
    expect(await items(7)).toEqual(await items(7));
    const draws = await Promise.all([1, 2, 3, 4, 5, 6].map(async (seed) => (await items(seed)).join()));
    expect(new Set(draws).size).toBeGreaterThan(1);
  });

  test("refuses lines that are no records", async () => {
    const noDay = JSON.stringify({ reviewerID: "ann", asin: "a", unixReviewTime: "1" });
    for (const record of ['{"reviewerID": "ann"}', noDay]) {
      const broken = temporaryCache("amazon-electronics", {
        "reviews_Electronics_5.json": `${reviews[0]}\n${record}\n`,
        "meta_Electronics.json": "",
      });
      await expect(readAmazon(broken, { seed: 1 })).rejects.toThrow(
        "line 2, column 1: a record without reviewerID, asin and unixReviewTime",
      );
    }
    const nowhere = temporaryCache("amazon-electronics", {
      "reviews_Electronics_5.json": reviews[1],
      "meta_Electronics.json": "{'asin': 'a', 'categories': []}",
    });
    await expect(readAmazon(nowhere, { seed: 1 })).rejects.toThrow("line 1, column 1: a record without categories");
    const garbage = temporaryCache("amazon-electronics", {
      "reviews_Electronics_5.json": "[1, 2]\n",
      "meta_Electronics.json": "",
    });
    await expect(readAmazon(garbage, { seed: 1 })).rejects.toThrow("line 1, column 1");
  });
});
