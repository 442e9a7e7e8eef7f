import { describe, expect, it } from "vitest";
import { type Feature, type ImpressionSource, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { batches } from "../../lib/train/batches";
import { toyImpressions } from "./toy";

/** How many rows are read at a time where nothing is said. */
async function sizes(features: readonly Feature[], size: number): Promise<number[]> {
  const read: number[] = [];
  const source: ImpressionSource = { features, size, read: (rows) => (read.push(rows.length), toyImpressions(1)) };
  for await (const _ of batches(source)) continue;
  return read;
}

describe("batches", () => {
  it("are of 4096 impressions, and of fewer where long histories would fill the engine's memory", async () => {
    const item = sparseFeature("item", 9);
    const long = ["a", "b"].map((name) => sequenceFeature(name, 9, 400));
    expect(await sizes([item, sequenceFeature("a", 9, 100)], 5000)).toEqual([4096, 904]);
    expect(await sizes([item, ...long], 1400)).toEqual([654, 654, 92]);
    expect(await sizes([sequenceFeature("a", 9, 2 ** 20)], 2)).toEqual([1, 1]);
  });
});
