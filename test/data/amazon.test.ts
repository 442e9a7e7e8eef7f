import { describe, expect, onTestFinished, test, vi } from "vitest";
import { loadAmazon, readAmazon } from "../../lib/data/amazon";
import { type TextColumn, textsAt } from "../../lib/data/raw";
import { temporaryCache } from "../temporary";

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

  test("refuses options that make no sense before it looks for files", async () => {
    await expect(readAmazon("nowhere", { seed: 1, historyLength: 2.5 })).rejects.toThrow("historyLength is 2.5");
    await expect(readAmazon("nowhere", {} as never)).rejects.toThrow("seed is undefined");
    await expect(readAmazon("nowhere", { seed: 1, length: 9 } as never)).rejects.toThrow("has no option length");
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

  test("says that a file has no reviews", async () => {
    const none = temporaryCache("amazon-electronics", { "reviews_Electronics_5.json": "\n", "meta_Electronics.json": "" });
    await expect(readAmazon(none, { seed: 1 })).rejects.toThrow("an empty file, expected a review on each line");
  });

  test("draws the same negatives from the same seed", async () => {
    const folder = cache();
    const items = async (seed: number) =>
      Array.from(((await readAmazon(folder, { seed })).columns.item as TextColumn).codes);
    expect(await items(7)).toEqual(await items(7));
    const draws = await Promise.all([1, 2, 3, 4, 5, 6].map(async (seed) => (await items(seed)).join()));
    expect(new Set(draws).size).toBeGreaterThan(1);
  });

  test("is not mistaken for the paper's set when reviews are missing", async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("CTR_DATA", cache());
    await expect(loadAmazon({ seed: 1 })).rejects.toThrow(
      /^amazon-electronics has 3 users, expected 192403 as in the paper\. Delete the folder /,
    );
  });

  test("refuses lines that are no records", async () => {
    const noDay = JSON.stringify({ reviewerID: "ann", asin: "a", unixReviewTime: "1" });
    for (const record of ['{"reviewerID": "ann"}', noDay, review("", "a", 1), review("ann", "", 1)]) {
      const broken = temporaryCache("amazon-electronics", {
        "reviews_Electronics_5.json": `${reviews[0]}\n${record}\n`,
        "meta_Electronics.json": "",
      });
      await expect(readAmazon(broken, { seed: 1 })).rejects.toThrow(
        "line 2, column 1: a record that lacks reviewerID, asin or unixReviewTime",
      );
    }
    for (const categories of ["[]", "'Electronics'", "['Books', 'Electronics']", "5"]) {
      const nowhere = temporaryCache("amazon-electronics", {
        "reviews_Electronics_5.json": reviews[1],
        "meta_Electronics.json": `{'asin': 'a', 'categories': ${categories}}`,
      });
      await expect(readAmazon(nowhere, { seed: 1 })).rejects.toThrow("line 1, column 1: a record without categories");
    }
    const garbage = temporaryCache("amazon-electronics", {
      "reviews_Electronics_5.json": "[1, 2]\n",
      "meta_Electronics.json": "",
    });
    await expect(readAmazon(garbage, { seed: 1 })).rejects.toThrow("line 1, column 1");
  });
});
