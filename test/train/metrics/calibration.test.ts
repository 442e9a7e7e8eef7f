import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../../lib/random";
import { calibrationError, calibrationTable } from "../../../lib/train/metrics/calibration";
import { fc } from "../../properties";
import { impressions } from "./pairs";

describe("calibration", () => {
  it("is worked by hand: two groups of two", () => {
    const logit = (p: number) => Math.log(p / (1 - p));
    const table = calibrationTable([logit(0.9), logit(0.1), logit(0.2), logit(0.6)], [1, 0, 1, 1], 2);
    expect(table.map(({ count }) => count)).toEqual([2, 2]);
    expect(table[0].predicted).toBeCloseTo(0.15, 12);
    expect(table[0].observed).toBe(0.5);
    expect(table[1].predicted).toBeCloseTo(0.75, 12);
    expect(table[1].observed).toBe(1);
    expect(calibrationError([logit(0.9), logit(0.1), logit(0.2), logit(0.6)], [1, 0, 1, 1], 2)).toBeCloseTo(
      (0.35 + 0.25) / 2,
      12,
    );
  });

  it("weighs groups by their size, when ties make them unequal", () => {
    // Three equal logits of 0, one click, and one of ln 9, clicked: |0.5 − 1/3| of three and |0.9 − 1| of one.
    expect(calibrationError([0, 0, 0, Math.log(9)], [1, 0, 0, 1], 2)).toBeCloseTo((3 / 6 + 0.1) / 4, 12);
  });

  it("weighs what counts for several, by hand: two groups of weight 12, one of them a single impression of weight 12", () => {
    const logit = (p: number) => Math.log(p / (1 - p));
    const logits = [0.2, 0.4, 0.1, 0.6].map(logit);
    const weights = [9, 3, 0, 12];
    const [low, high, ...others] = calibrationTable(logits, [0, 1, 1, 1], 2, weights);
    expect(others).toEqual([]);
    expect(low).toMatchObject({ count: 2, weight: 12, observed: 0.25 });
    expect(low.predicted).toBeCloseTo((9 * 0.2 + 3 * 0.4) / 12, 12);
    expect(high).toMatchObject({ count: 1, weight: 12, observed: 1 });
    // Wilson's interval of 1/4 in ¼ · ¾ · 12² / (9² · (¼)² + 3² · (¾)²) = 8/3 impressions, worked apart.
    expect([low.low, low.high]).toEqual([expect.closeTo(0.0336, 4), expect.closeTo(0.7615, 4)]);
    // All were clicked: of one impression.
    expect([high.low, high.high]).toEqual([expect.closeTo(0.2065, 4), 1]);
    expect(calibrationError(logits, [0, 1, 1, 1], 2, weights)).toBeCloseTo((0 + 0.4) / 2, 12);
    // Half of 12 is 6, and more than half of the 9 lies below.
    expect(calibrationTable([1, 2, 3, 4], [0, 1, 1, 0], 2, [9, 1, 1, 1]).map(({ count }) => count)).toEqual([1, 3]);
  });

  it.each<[string, number, (click: number, random: Random) => number, number]>([
    ["weights that do not depend on it", 0.05, (_, random) => (random.uniform() < 0.5 ? 10 : 1), 0.05],
    ["one in ten others logged", 0.05, (y, random) => (y ? 1 : random.uniform() < 0.1 ? 10 : 0), 0.05],
    ["a worth of 20", 0.02, (y) => (y ? 20 : 1), 0.4 / (0.4 + 0.98)],
    ["a worth that varies", 0.05, (y, random) => (y ? Math.exp(random.normal() - 0.5) : 1), 0.05],
  ])("has the weighted rate of clicks in its interval nineteen times in twenty: %s", (name, rate, weightOf, truth) => {
    const random = createRandom(name);
    const tables = 300;
    let inside = 0;
    for (let table = 0; table < tables; table++) {
      const labels = Array.from({ length: 2000 }, () => (random.uniform() < rate ? 1 : 0));
      const weights = labels.map((y) => weightOf(y, random));
      const [{ low, high }] = calibrationTable(new Array<number>(2000).fill(0), labels, 1, weights);
      if (low <= truth && truth <= high) inside++;
    }
    expect(inside / tables).toBeGreaterThan(0.9);
    expect(inside / tables).toBeLessThan(0.99);
  });

  it("is the same for weights of 1, and for weights of another unit but for the unit", () => {
    fc.assert(
      fc.property(impressions, fc.integer({ min: 1, max: 12 }), ({ scores, labels }, bins) => {
        const table = calibrationTable(scores, labels, bins);
        const all = (w: number) => scores.map(() => w);
        expect(calibrationTable(scores, labels, bins, all(1))).toEqual(table);
        const quarters = calibrationTable(scores, labels, bins, all(0.25));
        expect(quarters).toEqual(table.map((bin) => ({ ...bin, weight: bin.weight / 4 })));
      }),
    );
  });

  it("of down-sampled impressions that weigh 1 / rate again is that of all", () => {
    const random = createRandom(1);
    const logits = Array.from({ length: 40_000 }, () => random.normal() - 2);
    const labels = logits.map((s) => (random.uniform() < 1 / (1 + Math.exp(-s)) ? 1 : 0));
    const kept = logits.map((_, i) => i).filter((i) => labels[i] === 1 || random.uniform() < 0.2);
    const [some, clicks] = [kept.map((i) => logits[i]), kept.map((i) => labels[i])];
    expect(calibrationError(some, clicks)).toBeGreaterThan(0.2);
    expect(calibrationError(some, clicks)).toBe(calibrationError(some, clicks, 10));
    expect(calibrationError(some, clicks, 10, clicks.map((y) => (y === 1 ? 1 : 5)))).toBeLessThan(0.02);
  });

  it("gives 3 clicks in 10 Wilson's interval 0.108 to 0.603", () => {
    const [bin] = calibrationTable(new Array<number>(10).fill(0), [1, 1, 1, 0, 0, 0, 0, 0, 0, 0], 5);
    expect(bin.count).toBe(10); // equal logits stay together
    expect(bin.low).toBeCloseTo(0.1078, 4);
    expect(bin.high).toBeCloseTo(0.6032, 4);
  });

  it("has an interval around what was observed, also for no click and nothing but clicks", () => {
    for (let n = 1; n <= 200; n++) {
      for (const label of [0, 1]) {
        const same = new Array<number>(n).fill(label);
        const [{ observed, low, high }] = calibrationTable(same, same, 1);
        // By rounding, Wilson's ends would be a trace below 0 and above 1, such as 1.0000000000000002 of 16 clicks.
        expect([0 <= low, low <= observed, observed <= high, high <= 1], `${n} of ${label}`).not.toContain(false);
      }
    }
  });

  it("puts every impression in one group, by rising prediction, never apart from its equals", () => {
    fc.assert(
      fc.property(impressions, fc.integer({ min: 1, max: 12 }), ({ scores, labels }, bins) => {
        const table = calibrationTable(scores, labels, bins);
        expect(table.reduce((n, { count }) => n + count, 0)).toBe(scores.length);
        expect(table.length).toBeLessThanOrEqual(bins);
        for (let b = 1; b < table.length; b++) expect(table[b].predicted).toBeGreaterThan(table[b - 1].predicted);
        for (const { observed, low, high } of table)
          expect(low <= observed + 1e-12 && observed <= high + 1e-12).toBe(true);
        expect(table.reduce((n, { count, observed }) => n + count * observed, 0)).toBeCloseTo(
          labels.reduce((n, y) => n + y, 0),
          9,
        );
      }),
    );
  });

  it("is near 0 for the probabilities the clicks were drawn from, and finds a shift of the logits", () => {
    const random = createRandom(1);
    const logits = Array.from({ length: 20_000 }, () => random.normal());
    const labels = logits.map((s) => (random.uniform() < 1 / (1 + Math.exp(-s)) ? 1 : 0));
    expect(calibrationError(logits, labels)).toBeLessThan(0.015);
    expect(calibrationError(logits.map((s) => s + 1), labels)).toBeGreaterThan(0.1);
  });
});
