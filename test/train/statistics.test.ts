import { describe, expect, it } from "vitest";
import {
  median,
  holm,
  meanInterval,
  normalQuantile,
  normalTail,
  pairedTest,
  studentQuantile,
  studentTwoSided,
} from "../../lib/train/statistics";
import golden from "../golden/metrics.json";

const relative = 1e-10;

function expectRelative(value: number, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(relative * Math.max(Math.abs(expected), 1e-300) + 1e-15);
}

describe("statistics", () => {
  it("has the quantiles and tails of SciPy's distributions", () => {
    for (const [freedom, t] of golden.studentQuantiles) expectRelative(studentQuantile(0.975, freedom), t);
    for (const [t, freedom, p] of golden.studentTwoSided) expectRelative(studentTwoSided(t, freedom), p);
    for (const [z, p] of golden.normalTail) expectRelative(normalTail(z), p);
    for (const [p, z] of golden.normalQuantile) expectRelative(normalQuantile(p), z);
  });

  it("refuses a quantile that there is none of, as of one seed, and does not search for ever", () => {
    for (const probability of [0.025, 1, 1.5, NaN]) {
      const words = `probability is ${probability}, expected a number from 0.5 to below 1`;
      expect(() => normalQuantile(probability)).toThrow(words);
      expect(() => studentQuantile(probability, 4)).toThrow(words);
    }
    for (const freedom of [0, NaN])
      expect(() => studentQuantile(0.975, freedom)).toThrow(`freedom is ${freedom}, expected a number above 0`);
    expect([normalQuantile(0.5), studentQuantile(0.5, 4)].map((x) => Number(x.toFixed(7)))).toEqual([0, 0]);
  });

  it("has the tail near 0 too: for 1 and 2 degrees of freedom there is a formula", () => {
    for (const t of [0.001, 0.01, 0.1, 0.5]) {
      expectRelative(studentTwoSided(t, 1), 1 - (2 / Math.PI) * Math.atan(t));
      expectRelative(studentTwoSided(t, 2), 1 - t / Math.sqrt(2 + t * t));
    }
  });

  it("tests pairs as SciPy does", () => {
    const { a, b, p, low, high } = golden.paired;
    const test = pairedTest(a, b);
    expectRelative(test.p, p);
    expectRelative(test.low, low);
    expectRelative(test.high, high);
  });

  it("gives 1, 2, 3 the interval 2 ± 4.303 · 1/√3", () => {
    const { mean, low, high } = meanInterval([1, 2, 3]);
    expect(mean).toBe(2);
    expect(high - mean).toBeCloseTo(4.302653 / Math.sqrt(3), 6);
    expect(mean - low).toBeCloseTo(4.302653 / Math.sqrt(3), 6);
  });

  it("says p = 1 of equal values and 0 of a difference that never varies, and refuses a single one", () => {
    expect(pairedTest([1, 2], [1, 2]).p).toBe(1);
    expect(pairedTest([1, 2], [0, 1])).toEqual({ mean: 1, low: 1, high: 1, p: 0 });
    expect(() => meanInterval([1])).toThrow("1 value, expected at least 2, such as two seeds");
    expect(() => pairedTest([1, 2], [1])).toThrow("2 and 1 values");
  });

  it("has the value in the middle as median, or the mean of the two in the middle", () => {
    const lists = [[3], [9, 1], [5, 1, 2], [4, 1, 3, 100], []];
    expect(lists.map(median)).toEqual([3, 5, 2, 3.5, NaN]);
    expect(lists[2]).toEqual([5, 1, 2]); // as it was
  });

  it("corrects p values by Holm's rule, worked by hand", () => {
    // 3 x 0.01; 2 x 0.03; 1 x 0.04 may not fall below 0.06.
    expect(holm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06]);
    expect(holm([0.6, 0.9])).toEqual([1, 1]);
  });
});
