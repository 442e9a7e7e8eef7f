import { describe, expect, it } from "vitest";
import { createRandom } from "../../../lib/random";
import { auc } from "../../../lib/train/metrics/auc";
import { delong } from "../../../lib/train/metrics/delong";
import { fc } from "../../properties";
import { impressions } from "./pairs";

describe("DeLong's test", () => {
  /** Variance of the difference from the definition: placements by loops over all pairs. */
  function byLoops(a: readonly number[], b: readonly number[], labels: readonly number[]) {
    const beats = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
    const clicked = labels.flatMap((y, i) => (y === 1 ? [i] : []));
    const others = labels.flatMap((y, i) => (y === 0 ? [i] : []));
    const difference = (i: number, j: number) => beats(a[i], a[j]) - beats(b[i], b[j]);
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const spread = (values: number[]) =>
      values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1) / values.length;
    const ofClicked = clicked.map((i) => mean(others.map((j) => difference(i, j))));
    const ofOthers = others.map((j) => mean(clicked.map((i) => difference(i, j))));
    return { difference: mean(ofClicked), deviation: Math.sqrt(spread(ofClicked) + spread(ofOthers)) };
  }

  it("has the difference and the deviation of its definition", () => {
    fc.assert(
      fc.property(impressions, ({ scores, labels, users }) => {
        const clicks = labels.reduce((n, y) => n + y, 0);
        fc.pre(clicks >= 2 && labels.length - clicks >= 2);
        const expected = byLoops(scores, users, labels);
        const result = delong(scores, users, labels);
        expect(result.difference).toBeCloseTo(auc(scores, labels) - auc(users, labels), 12);
        expect(result.difference).toBeCloseTo(expected.difference, 12);
        expect(result.high - result.low).toBeCloseTo(2 * 1.959963984540054 * expected.deviation, 9);
      }),
    );
  });

  it("errs in about 5 of 100 worlds without a difference, and finds a large one", () => {
    const random = createRandom(1);
    let found = 0;
    for (let world = 0; world < 400; world++) {
      const labels = Array.from({ length: 120 }, (_, i) => i % 3 === 0 ? 1 : 0);
      const shared = labels.map((y) => y + random.normal());
      const noisy = () => shared.map((s) => s + random.normal());
      if (delong(noisy(), noisy(), labels).p < 0.05) found++;
    }
    expect(found / 400).toBeGreaterThan(0.025);
    expect(found / 400).toBeLessThan(0.085); // deviation 0.011
    const labels = Array.from({ length: 200 }, (_, i) => i % 2);
    const good = labels.map((y) => 2 * y + random.normal());
    expect(delong(good, labels.map(() => random.normal()), labels).p).toBeLessThan(1e-6);
  });

  it("says p = 1 for equal scores and refuses too few impressions", () => {
    expect(delong([1, 2, 3, 4], [1, 2, 3, 4], [0, 1, 0, 1])).toEqual({ difference: 0, low: 0, high: 0, p: 1 });
    expect(() => delong([1, 2, 3], [3, 2, 1], [0, 1, 0])).toThrow(
      "1 clicks in 3 impressions: DeLong's test needs two of each class",
    );
    expect(() => delong([1, 2, 3], [3, 2, 1], [1, 0, 1])).toThrow(
      "2 clicks in 3 impressions: DeLong's test needs two of each class",
    );
  });

  it("refuses scores of either model that are no numbers, or not as many as the labels", () => {
    expect(() => delong([1, 2, 3, 4], [1, NaN, 3, 4], [0, 1, 0, 1])).toThrow("scores of b[1] is NaN");
    expect(() => delong([1, 2, 3], [1, 2, 3, 4], [0, 1, 0, 1])).toThrow("3 scores of a and 4 labels");
  });
});
