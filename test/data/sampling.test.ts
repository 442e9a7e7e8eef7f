import { describe, expect, test } from "vitest";
import { additiveWorld } from "../../lib/data/planted/additive";
import {
  type Clicks,
  correctLogits,
  correctProbability,
  downSample,
  popularity,
  sampleNegatives,
  weightedSampler,
} from "../../lib/data/sampling";
import { LR } from "../../lib/models/lr";
import { dispose } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { adam } from "../../lib/train/optimizers";
import { predict } from "../../lib/train/predict";
import { fc, percents } from "../properties";

const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));

/** Up to 30 clicks of 4 users on items 1..8, while items 9..12 are never clicked. */
const someClicks: fc.Arbitrary<Clicks> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 9 })), {
    minLength: 1,
    maxLength: 30,
  })
  .map((clicks) => ({
    users: Int32Array.from(clicks, ([user]) => user),
    items: Int32Array.from(clicks, ([, item]) => item),
    times: Float64Array.from(clicks, ([, , time]) => time),
  }));
const allItems = Float64Array.from({ length: 13 }, (_, id) => (id === 0 ? 0 : 1));

describe("sampled negatives", () => {
  test("are never anything the user clicks, with avoid: all", () => {
    fc.assert(
      fc.property(someClicks, fc.integer(), (clicks, seed) => {
        const negatives = sampleNegatives(clicks, { perClick: 3, weights: allItems, avoid: "all", seed });
        expect(negatives.length).toBe(3 * clicks.users.length);
        negatives.forEach((negative, n) => {
          const user = clicks.users[Math.floor(n / 3)];
          expect(negative).toBeGreaterThan(0);
          clicks.users.forEach((other, i) => expect(other === user && clicks.items[i] === negative).toBe(false));
        });
      }),
    );
  });

  test("can be what the user clicks later, but not before or now, with avoid: past", () => {
    let later = 0;
    fc.assert(
      fc.property(someClicks, fc.integer(), (clicks, seed) => {
        const negatives = sampleNegatives(clicks, { perClick: 3, weights: allItems, avoid: "past", seed });
        negatives.forEach((negative, n) => {
          const now = Math.floor(n / 3);
          clicks.users.forEach((user, i) => {
            if (user !== clicks.users[now] || clicks.items[i] !== negative) return;
            expect(clicks.times[i]).toBeGreaterThan(clicks.times[now]);
            later++;
          });
        });
      }),
    );
    expect(later).toBeGreaterThan(0);
  });

  test("need a user, an item and a time for each click: what has no time would not be avoided", () => {
    const clicks = { users: new Int32Array(3), items: Int32Array.of(1, 2, 1), times: new Float64Array(3) };
    const options = { perClick: 1, weights: allItems, avoid: "all", seed: 1 } as const;
    expect(() => sampleNegatives({ ...clicks, times: new Float64Array(0) }, options)).toThrow(
      "3 users, 3 items and 0 times, expected the same number of each",
    );
    expect(() => sampleNegatives({ ...clicks, items: new Int32Array(2) }, options)).toThrow("3 users, 2 items");
  });

  test("are found even if only one item in a thousand is left, and refused if none is", () => {
    const users = new Int32Array(1_000).fill(7);
    const items = Int32Array.from({ length: 1_000 }, (_, i) => i + 1);
    const clicks = { users: users.subarray(0, 999), items: items.subarray(0, 999), times: new Float64Array(999) };
    const weights = new Float64Array(1_001).fill(1).fill(0, 0, 1);
    const negatives = sampleNegatives(clicks, { perClick: 1, weights, avoid: "all", seed: 1 });
    expect(new Set(negatives)).toEqual(new Set([1_000]));
    const all = { users, items, times: new Float64Array(1_000) };
    expect(() => sampleNegatives(all, { perClick: 1, weights, avoid: "all", seed: 1 })).toThrow(
      "user 7 has clicked every item that could be drawn",
    );
  });

  test("are refused with another word for what they avoid, which would be the past, and with a slip", () => {
    const clicks = { users: Int32Array.of(1), items: Int32Array.of(1), times: Float64Array.of(1) };
    const options = { perClick: 1, weights: allItems, avoid: "all", seed: 1 } as const;
    expect(() => sampleNegatives(clicks, { ...options, avoid: "All" as "all" })).toThrow(
      'avoid is "All", expected "all" or "past"',
    );
    expect(() => sampleNegatives(clicks, { ...options, perclick: 2 } as never)).toThrow(
      "sampleNegatives has no option perclick",
    );
  });

  test("follow the weights", () => {
    // User 1 clicks item 1 a hundred times; of the others, 2, 3 and 4 weigh 1, 2 and 5.
    const clicks = {
      users: new Int32Array(8_000).fill(1),
      items: new Int32Array(8_000).fill(1),
      times: new Float64Array(8_000),
    };
    const negatives = sampleNegatives(clicks, { perClick: 1, weights: [0, 9, 1, 2, 5], avoid: "all", seed: 1 });
    for (const [item, weight] of [[2, 1], [3, 2], [4, 5]]) {
      const count = negatives.filter((negative) => negative === item).length;
      expect(Math.abs(count - 1_000 * weight)).toBeLessThan(4 * Math.sqrt((8_000 * weight * (8 - weight)) / 64));
    }
  });
});

test("popularity is the number of clicks to the power of alpha, and nothing for what was never clicked", () => {
  const items = Int32Array.of(2, 2, 2, 2, 3, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0);
  expect(Array.from(popularity(items, 7, 1))).toEqual([0, 0, 4, 1, 0, 9, 0]);
  expect(Array.from(popularity(items, 7, 0.5))).toEqual([0, 0, 2, 1, 0, 3, 0]);
  expect(Array.from(popularity(items, 7, 0))).toEqual([0, 0, 1, 1, 0, 1, 0]);
});

describe("down-sampling", () => {
  const labels = Float32Array.from({ length: 20_000 }, (_, row) => (row % 10 === 0 ? 1 : 0));

  test("draws from the rows of a part, by their numbers in the whole table", () => {
    const part = Int32Array.from({ length: 5_000 }, (_, i) => 19_999 - 2 * i); // odd rows: none is a click
    const rows = downSample(labels, 0.25, 1, part);
    expect(Math.abs(rows.length - 1_250)).toBeLessThan(4 * Math.sqrt(5_000 * 0.25 * 0.75));
    expect(Array.from(rows)).toEqual(Array.from(part.filter((row) => rows.includes(row))));
    // The clicks, in the part's order.
    expect(downSample(labels, 1e-9, 1, Int32Array.of(25, 20, 31, 10))).toEqual(Int32Array.of(20, 10));
    expect(downSample(labels, 0.25, 1, Int32Array.from(labels.keys()))).toEqual(downSample(labels, 0.25, 1));
    expect(() => downSample(labels, 0.5, 1, Int32Array.of(20_000))).toThrow("row 20000, expected 0..19999");
  });

  test("keeps all clicks and the wanted share of the rest, in order", () => {
    const rows = downSample(labels, 0.25, 1);
    expect(Array.from(rows)).toEqual(Array.from(new Set(rows)).sort((a, b) => a - b));
    expect(rows.filter((row) => labels[row] === 1).length).toBe(2_000);
    expect(Math.abs(rows.length - 2_000 - 4_500)).toBeLessThan(4 * Math.sqrt(18_000 * 0.25 * 0.75));
    expect(downSample(labels, 1, 1).length).toBe(20_000);
  });

  test("is undone by p / (p + (1 - p) / w): 10 of 100 clicked, 9 of 10 others dropped, 10 of 19 clicked", () => {
    expect(correctProbability(10 / 19, 0.1)).toBeCloseTo(10 / 100, 12);
  });

  test("is undone for logits as for probabilities", () => {
    fc.assert(
      fc.property(percents(-1200, 1200), percents(1, 100), (s, rate) => {
        const [corrected] = correctLogits(Float32Array.of(s), rate);
        expect(sigmoid(corrected) / correctProbability(sigmoid(Math.fround(s)), rate)).toBeCloseTo(1, 5);
      }),
    );
  });

  test("leaves a model that says too much, and after the correction is right in every fifth of the impressions", async () => {
    const rate = 0.1;
    const { impressions, bayesLogits } = additiveWorld({ rows: 60_000, baseRate: 0.05, strength: 1, seed: 2 });
    const train = impressions.read(downSample(impressions.labels, rate, 3));
    const model = new LR({ features: impressions.features }, createRandom(1));
    await fit(model, train, { epochs: 4, batchSize: 100, optimizer: adam({ learningRate: 0.01 }), seed: 1 });
    const logits = await predict(model, impressions);
    dispose(model);
    const mean = (values: Float32Array) => values.reduce((sum, s) => sum + sigmoid(s), 0) / values.length;
    expect(mean(logits)).toBeGreaterThan(0.2); // more than four times what it should be
    const corrected = correctLogits(logits, rate);
    const order = Int32Array.from(corrected.keys()).sort((a, b) => corrected[a] - corrected[b]);
    for (let fifth = 0; fifth < 5; fifth++) {
      const rows = order.subarray(fifth * 12_000, (fifth + 1) * 12_000);
      const predicted = mean(Float32Array.from(rows, (row) => corrected[row]));
      const wanted = mean(Float32Array.from(rows, (row) => bayesLogits[row]));
      expect(predicted / wanted).toBeGreaterThan(0.8);
      expect(predicted / wanted).toBeLessThan(1.25);
    }
  });
});

test("weightedSampler draws each index as often as its weight says, and never one of weight 0", () => {
  const draw = weightedSampler([0, 3, 0, 1, 0], createRandom(1));
  const counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < 8_000; i++) counts[draw()]++;
  expect([counts[0], counts[2], counts[4]]).toEqual([0, 0, 0]);
  expect(Math.abs(counts[1] - 6_000)).toBeLessThan(4 * Math.sqrt(8_000 * 0.75 * 0.25));
  expect(weightedSampler([0, 3, 1], { ...createRandom(1), uniform: () => 0 })()).toBe(1);
  expect(weightedSampler([0, 3, 1, 0], { ...createRandom(1), uniform: () => 1 - 2 ** -32 })()).toBe(2);
});

test.each([
  [() => weightedSampler([1, -1], createRandom(1)), "weights[1] is -1, expected a finite number from 0 up"],
  [() => weightedSampler([0, 0], createRandom(1)), "the 2 weights sum to 0, expected at least one above 0"],
  [() => popularity(Int32Array.of(1, 3), 3, 1), "an item is 3, expected an id from 0 to 2: give the vocabSize of these items"],
  [() => downSample(new Float32Array(3), 0, 1), "rate is 0, expected a probability above 0"],
  [() => correctProbability(0.5, 2), "rate is 2, expected a probability above 0"],
  [() => correctLogits(new Float32Array(1), NaN), "rate is NaN"],
  [
    () =>
      sampleNegatives(
        { users: new Int32Array(1), items: new Int32Array(1), times: new Float64Array(1) },
        { perClick: 0, weights: [0, 1], avoid: "all", seed: 1 },
      ),
    "perClick is 0",
  ],
  [
    () =>
      sampleNegatives(
        { users: new Int32Array(1), items: new Int32Array(1), times: new Float64Array(1) },
        { perClick: 1, weights: [1, 1], avoid: "all", seed: 1 },
      ),
    "weights[0] is 1, expected 0: id 0 means nothing",
  ],
])("what cannot be drawn is refused: %s", (make, message) => {
  expect(make).toThrow(message);
});
