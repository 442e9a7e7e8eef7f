import { describe, expect, test } from "vitest";
import { expectedScores } from "../../../lib/data/planted/bayes";
import { driftWorld } from "../../../lib/data/planted/drift";
import { intensityWorld } from "../../../lib/data/planted/intensity";
import { interestsWorld } from "../../../lib/data/planted/interests";
import { longTailWorld } from "../../../lib/data/planted/longtail";
import { mixedWorld } from "../../../lib/data/planted/mixed";
import { secondOrderWorld } from "../../../lib/data/planted/secondorder";
import { FM } from "../../../lib/models/fm";
import { dispose } from "../../../lib/models/model";
import { createRandom } from "../../../lib/random";
import { xorWorld } from "../../../lib/data/planted/xor";
import * as tf from "@tensorflow/tfjs";

const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));

describe("the second-order world", () => {
  test("is what an FM with the planted weights predicts", () => {
    const world = secondOrderWorld({ rows: 500, fieldSizes: [7, 20, 3], skew: 0.5, seed: 2 });
    const model = new FM({ features: world.impressions.features as never, embeddingDim: 4 }, createRandom(1));
    model.bias.assign(tf.scalar(world.intercept));
    model.linear.values.set(world.linear);
    model.factors.values.set(world.factors);
    const logits = tf.tidy(() => model.logits(world.impressions).dataSync());
    dispose(model);
    for (let row = 0; row < 500; row++) expect(logits[row]).toBeCloseTo(world.bayesLogits[row], 4);
  });

  test("tells nothing about pairs by single ids: over what an id meets, its pairs add up to nothing", () => {
    const { factors } = secondOrderWorld({ rows: 100, fieldSizes: [4, 6], skew: 1, seed: 2 });
    for (let d = 0; d < 4; d++) {
      let mean = 0;
      for (let id = 1; id <= 6; id++) mean += factors[(4 + id) * 4 + d] / id; // drawn with probability ~ 1 / id
      expect(mean).toBeCloseTo(0, 6);
    }
  });

  test("counts held-out pairs beyond 255", () => {
    const { heldOut, unseenPairs, parts, impressions } = secondOrderWorld({
      rows: 300,
      fieldSizes: Array<number>(24).fill(2),
      heldOutPairs: 0.93,
    });
    for (let row = 0; row < 300; row++) {
      const ids = Array.from({ length: 24 }, (_, f) => 2 * f + impressions.columns[`field${f + 1}`][row]);
      expect(unseenPairs[row]).toBe(
        ids.reduce((sum, id, f) => sum + ids.slice(0, f).filter((other) => heldOut[id * 49 + other] === 1).length, 0),
      );
    }
    expect(Math.max(...unseenPairs)).toBeGreaterThan(255); // or this test shows nothing
    expect(parts.unseen).toHaveLength(300);
  });

  test("never shows a held-out pair in training or test, and always in the unseen part", () => {
    const { heldOut, unseenPairs, parts, impressions } = secondOrderWorld({
      rows: 5_000,
      fieldSizes: [5, 8, 6],
      heldOutPairs: 0.1,
      seed: 4,
    });
    const tableRows = 1 + 5 + 8 + 6;
    const offsets = [0, 5, 13];
    const countOf = (row: number) => {
      const ids = offsets.map((offset, f) => offset + impressions.columns[`field${f + 1}`][row]);
      return [[0, 1], [0, 2], [1, 2]].filter(([f, g]) => heldOut[ids[f] * tableRows + ids[g]] === 1).length;
    };
    for (let row = 0; row < 5_000; row++) expect(unseenPairs[row]).toBe(countOf(row));
    expect(Array.from(parts.train).every((row) => countOf(row) === 0)).toBe(true);
    expect(Array.from(parts.test).every((row) => countOf(row) === 0)).toBe(true);
    expect(Array.from(parts.unseen).every((row) => countOf(row) > 0)).toBe(true);
    const all = [...parts.train, ...parts.test, ...parts.unseen].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 5_000 }, (_, row) => row));
    expect(parts.train.length / parts.test.length).toBeCloseTo(4, 1);
    for (let i = 0; i < tableRows; i++) {
      for (let j = 0; j < tableRows; j++) {
        expect(heldOut[i * tableRows + j]).toBe(heldOut[j * tableRows + i]);
        const field = (id: number) => (id <= 5 ? 0 : id <= 13 ? 1 : 2);
        if (field(i) === field(j)) expect(heldOut[i * tableRows + j]).toBe(0);
      }
    }
    const pairsOfFields = 5 * 8 + 5 * 6 + 8 * 6;
    const held = heldOut.reduce((sum, one) => sum + one, 0) / 2;
    expect(Math.abs(held - 0.1 * pairsOfFields)).toBeLessThan(4 * Math.sqrt(pairsOfFields * 0.1 * 0.9));
  });
});

describe("the shares of the signal's variance are those that were asked for:", () => {
  const fieldSizes = [200, 200, 200, 200, 200];
  /** Variance over the impressions of what their single ids add up to. */
  function varianceOf(linear: Float32Array, columns: Record<string, ArrayLike<number>>): number {
    const sums = Array.from(columns.field1, (_, row) =>
      fieldSizes.reduce((sum, size, f) => sum + linear[f * size + columns[`field${f + 1}`][row]], 0),
    );
    const mean = sums.reduce((total, sum) => total + sum, 0) / sums.length;
    return sums.reduce((total, sum) => total + (sum - mean) ** 2, 0) / sums.length;
  }

  test.each([0.1, undefined, 0.6])("single ids of the second-order world, %s", (linearShare) => {
    const { linear, impressions } = secondOrderWorld({ rows: 20_000, fieldSizes, linearShare, strength: 1 });
    expect(Math.abs(varianceOf(linear, impressions.columns) - (linearShare ?? 0.25))).toBeLessThan(0.05);
  });

  test.each([0.1, undefined, 0.6])("items of the long-tail world, %s", (itemShare) => {
    const { linear, impressions } = longTailWorld({ rows: 20_000, fieldSizes, itemShare, strength: 1 });
    expect(Math.abs(1 - varianceOf(linear, impressions.columns) - (itemShare ?? 0.2))).toBeLessThan(0.05);
  });

  test.each([0.1, undefined, 0.6])("the three together of the mixed world, %s", (thirdShare) => {
    const { thirdWeight } = mixedWorld({ rows: 20_000, fieldSizes, thirdShare, strength: 1 });
    expect(Math.abs(thirdWeight ** 2 - (thirdShare ?? 0.5))).toBeLessThan(0.05);
  });
});

test("the XOR world may have more sites than brands, or fewer, half of them of each kind", () => {
  for (const [brands, sites] of [[2, 6], [6, 2]]) {
    const world = xorWorld({ rows: 500, brands, sites });
    const { columns, features } = world.impressions;
    expect(features.map((feature) => "vocabSize" in feature && feature.vocabSize)).toEqual([brands + 1, sites + 1]);
    expect([columns.brand, columns.site].map((ids) => new Set(ids).size)).toEqual([brands, sites]);
    const kind = (id: number) => (id % 2 === 1 ? 1 : -1);
    for (let row = 0; row < 500; row++)
      expect(world.bayesLogits[row]).toBeCloseTo(
        world.intercept + world.scale * kind(columns.brand[row]) * kind(columns.site[row]),
        4,
      );
  }
});

test("the long-tail world's skew is that of its items alone: ids of fields are alike", () => {
  const share = (column: ArrayLike<number>, id: number) =>
    Array.from(column).filter((one) => one === id).length / 20_000;
  for (const [skew, first] of [[0, 1 / 5], [1, 1 / (1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5)]]) {
    const { columns } = longTailWorld({ rows: 20_000, items: 5, fieldSizes: [4, 4], skew }).impressions;
    expect(Math.abs(share(columns.item, 1) - first)).toBeLessThan(0.02);
    for (const id of [1, 2, 3, 4]) expect(Math.abs(share(columns.field1, id) - 1 / 4)).toBeLessThan(0.02);
  }
});

test("the drifting world's weights turn by the angle that was asked for", () => {
  const world = driftWorld({ rows: 500, fieldSizes: [3, 3], drift: 3, days: 10 });
  const { columns, times } = world.impressions;
  for (let row = 0; row < 500; row++) {
    const angle = (3 * times![row]) / (10 * 86_400); // times are whole seconds
    const weight = (id: number) => Math.cos(angle) * world.first[id] + Math.sin(angle) * world.second[id];
    const logit = world.intercept + weight(columns.field1[row]) + weight(3 + columns.field2[row]);
    expect(world.bayesLogits[row]).toBeCloseTo(logit, 3);
  }
});

test("the drifting world's impressions are in the order of time, over all its days", () => {
  const times = Array.from(driftWorld({ rows: 2_000, days: 10 }).impressions.times!);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBeLessThan(86_400);
  expect(times.at(-1)).toBeGreaterThan(9 * 86_400);
});

test.each([
  ["interests", interestsWorld],
  ["intensity", intensityWorld],
])("histories of the world %s are in random order, not one category after the other", (_name, make) => {
  const { clickedCategories } = make({ rows: 2_000 }).impressions.columns;
  const length = clickedCategories.length / 2_000;
  let histories = 0;
  let sorted = 0;
  for (let row = 0; row < 2_000; row++) {
    const history = Array.from(clickedCategories.subarray(row * length, (row + 1) * length)).filter((id) => id !== 0);
    const categories = new Set(history).size;
    if (history.length === categories) continue; // each but once: any order is one after the other
    histories++;
    if (history.filter((id, j) => id !== history[j - 1]).length === categories) sorted++;
  }
  expect(sorted / histories).toBeLessThan(0.2);
});

test("half of the long-tail world's impressions show an item that is seen at most ten times", () => {
  const { impressions } = longTailWorld();
  const count = new Int32Array(50_001);
  for (const item of impressions.columns.item) count[item]++;
  const rare = impressions.columns.item.filter((item) => count[item] <= 10).length;
  expect(rare / impressions.size).toBeGreaterThan(0.5);
});

describe("the ceiling of the interests' pooled histories", () => {
  const world = interestsWorld({ rows: 30_000, brands: 3, noise: 0.1, seed: 9 });
  const noisy = (s: number) => 0.9 * sigmoid(s) + 0.1 * 0.2;
  const { columns } = world.impressions;

  /** What pooling leaves of a row: how often each category, how often each brand, and the candidate. */
  function pooled(row: number): { categories: Map<number, number>; brands: Map<number, number> } {
    const categories = new Map<number, number>();
    const brands = new Map<number, number>();
    for (let j = row * 12; j < (row + 1) * 12; j++) {
      if (columns.clickedCategories[j] === 0) continue;
      for (const [counts, id] of [
        [categories, columns.clickedCategories[j]],
        [brands, columns.clickedBrands[j]],
      ] as const) {
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    return { categories, brands };
  }

  test("is the mean probability over all favourites that fit the pooled history", () => {
    for (let row = 0; row < 200; row++) {
      const { categories, brands } = pooled(row);
      const interests = Array.from(categories.keys());
      const at = interests.indexOf(columns.category[row]);
      let fits = 0;
      let sum = 0;
      for (let code = 0; code < 3 ** interests.length; code++) {
        const favourites = interests.map((_, i) => 1 + (Math.floor(code / 3 ** i) % 3));
        const counts = new Map<number, number>();
        interests.forEach((category, i) =>
          counts.set(favourites[i], (counts.get(favourites[i]) ?? 0) + categories.get(category)!),
        );
        if (![1, 2, 3].every((brand) => counts.get(brand) === brands.get(brand))) continue;
        fits++;
        sum += noisy(world.intercept + (favourites[at] === columns.brand[row] ? world.scale : 0));
      }
      expect(sigmoid(world.ceilingLogits[row])).toBeCloseTo(sum / fits, 6);
    }
  });

  test("is what the candidates do on average: matches are as frequent as it says", () => {
    const [none, match] = [noisy(world.intercept), noisy(world.intercept + world.scale)];
    const groups = new Map<string, { n: number; matches: number }>();
    world.matches.forEach((matches, row) => {
      const share = ((sigmoid(world.ceilingLogits[row]) - none) / (match - none)).toFixed(3);
      const group = groups.get(share) ?? { n: 0, matches: 0 };
      groups.set(share, { n: group.n + 1, matches: group.matches + matches });
    });
    expect(Array.from(groups.keys()).sort()).toEqual(["0.250", "0.333", "0.500", "0.667", "0.750", "1.000"]);
    for (const [share, { n, matches }] of groups) {
      const deviation = Math.sqrt((Number(share) * (1 - Number(share))) / n);
      expect(Math.abs(matches / n - Number(share))).toBeLessThan(5 * deviation + 0.0005);
    }
  });

  test("is far below the Bayes score", () => {
    const ceiling = expectedScores(world.ceilingLogits, world.bayesLogits);
    const best = expectedScores(world.bayesLogits, world.bayesLogits);
    expect(best.auc - ceiling.auc).toBeGreaterThan(0.1);
  });

  test("holds for histories in which every category was bought equally often, with padding at the end", () => {
    for (let row = 0; row < 1_000; row++) {
      const counts = new Set(pooled(row).categories.values());
      expect(counts.size).toBe(1);
      const history = Array.from(columns.clickedCategories.subarray(row * 12, (row + 1) * 12));
      const length = history.filter((id) => id !== 0).length;
      expect(history.slice(length).every((id) => id === 0)).toBe(true);
      expect(Array.from(columns.clickedBrands.subarray(row * 12, (row + 1) * 12), (id) => id !== 0)).toEqual(
        history.map((id) => id !== 0),
      );
    }
  });

  test("stays when shops are added, as they are drawn without looking", () => {
    const withShops = interestsWorld({ rows: 30_000, brands: 3, noise: 0.1, seed: 9, shops: 5_000 });
    expect(withShops.ceilingLogits).toEqual(world.ceilingLogits);
    const { shop, clickedShops } = withShops.impressions.columns;
    expect(Math.max(...shop.slice(0, 10_000))).toBeGreaterThan(1_000);
    expect(Array.from(clickedShops, (id) => id !== 0)).toEqual(Array.from(columns.clickedBrands, (id) => id !== 0));
  });
});

test("users of the interests world keep their history over their impressions", () => {
  const { users, columns } = interestsWorld({ rows: 1_000, shops: 500 }).impressions;
  for (const name of ["clickedCategories", "clickedBrands", "clickedShops"]) {
    const history = (row: number) => columns[name].slice(row * 12, (row + 1) * 12);
    for (let row = 1; row < 1_000; row++)
      if (users![row] === users![row - 1]) expect(history(row)).toEqual(history(row - 1));
    expect(new Set(Array.from(users!, (_, row) => String(history(row)))).size).toBeGreaterThan(100);
  }
  expect(users![999]).toBe(200);
  expect([...interestsWorld({ rows: 8, impressionsPerUser: 3 }).impressions.users!]).toEqual([1, 1, 1, 2, 2, 2, 3, 3]);
});

test("shops of the interests world come from a long tail: by Zipf's law the first of 50 has over a fifth", () => {
  const { shop, clickedShops } = interestsWorld({ rows: 5_000, shops: 50, impressionsPerUser: 1 }).impressions.columns;
  for (const ids of [shop, clickedShops.filter((id) => id !== 0)])
    expect(ids.filter((id) => id === 1).length / ids.length).toBeCloseTo(0.222, 1); // 1 / (1 + 1/2 + ... + 1/50)
});

describe("the ceiling of intensity without counting", () => {
  const world = intensityWorld({ rows: 60_000, clicks: 4, noise: 0.1, seed: 3 });

  test("is the share of clicks among impressions with and without the candidate's category", () => {
    for (const matched of [true, false]) {
      const rows = Array.from(world.counts.keys()).filter((row) => world.counts[row] > 0 === matched);
      const mean = rows.reduce((sum, row) => sum + sigmoid(world.bayesLogits[row]), 0) / rows.length;
      expect(sigmoid(world.ceilingLogits[rows[0]])).toBeCloseTo(mean, 2);
      expect(new Set(rows.map((row) => world.ceilingLogits[row])).size).toBe(1);
    }
  });

  test("comes from candidates of which a fifth are of a category that the user never bought", () => {
    expect(world.counts.filter((n) => n === 0).length / 60_000).toBeCloseTo(0.2, 2);
  });

  test("comes from histories that differ in length alone: two categories, equally often", () => {
    const { clickedCategories } = world.impressions.columns;
    for (let row = 0; row < 1_000; row++) {
      const counts = new Map<number, number>();
      for (const id of clickedCategories.subarray(row * 8, (row + 1) * 8))
        if (id !== 0) counts.set(id, (counts.get(id) ?? 0) + 1);
      expect(counts.size).toBe(2);
      expect(new Set(counts.values()).size).toBe(1);
    }
  });
});
