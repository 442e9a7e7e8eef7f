import { describe, expect, it } from "vitest";
import { createRandom } from "../../lib/random";
import { sigmoid } from "../../lib/sigmoid";
import { logLoss } from "../../lib/train/metrics/logloss";
import { fitPlatt } from "../../lib/train/platt";

/** Logits of a perfect model: of each, clicks exactly as often as it says. */
const shares = [[3, 4], [1, 2], [1, 5], [9, 10]];
const labels = shares.flatMap(([clicks, rows]) => Array.from({ length: rows }, (_, i) => (i < clicks ? 1 : 0)));
const perfect = shares.flatMap(([clicks, rows]) => new Array<number>(rows).fill(Math.log(clicks / (rows - clicks))));

describe("fitPlatt", () => {
  it.each<[string, (s: number) => number, number[]]>([
    ["is perfect", (s) => s, [0, 1]],
    ["is too high", (s) => s + 1, [-1, 1]],
    ["is too extreme", (s) => 2 * s, [0, 0.5]],
    ["is too cautious and too low", (s) => (s - 3) / 4, [3, 4]],
    ["is upside down", (s) => -s, [0, -1]],
    ["is far off", (s) => 1000 * s - 400, [0.4, 0.001]],
    ["is shifted far away", (s) => s + 1e5, [-1e5, 1]],
  ])("finds the line back to a perfect model from one that %s", (_, spoil, line) => {
    const [a, b] = fitPlatt(perfect.map(spoil), labels);
    expect(a).toBeCloseTo(line[0], 6);
    expect(b).toBeCloseTo(line[1], 8);
  });

  it("has a smaller log loss than every line beside it, on labels by lot", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = createRandom(seed);
      const logits = Float32Array.from({ length: 50 }, () => 6 * random.uniform() - 3);
      const clicks = logits.map((s) => (random.uniform() < sigmoid(1 - s / 3) ? 1 : 0));
      const [a, b] = fitPlatt(logits, clicks);
      const lossOf = (a: number, b: number) => logLoss(Float64Array.from(logits, (s) => a + b * s), clicks);
      for (const [da, db] of [[0.01, 0], [-0.01, 0], [0, 0.01], [0, -0.01], [0.01, -0.01], [-0.01, 0.01]])
        expect(lossOf(a + da, b + db), `seed ${seed}`).toBeGreaterThan(lossOf(a, b));
    }
  });

  it("finds the line of rare clicks, one in a hundred, whose intercept is far below 0", () => {
    const shares = [[1, 400], [2, 200], [3, 100]];
    const labels = shares.flatMap(([clicks, rows]) => Array.from({ length: rows }, (_, i) => (i < clicks ? 1 : 0)));
    const tooHigh = (clicks: number, rows: number) => Math.log(clicks / (rows - clicks)) + 5;
    const logits = shares.flatMap(([clicks, rows]) => new Array<number>(rows).fill(tooHigh(clicks, rows)));
    const [a, b] = fitPlatt(logits, labels);
    expect([a, b]).toEqual([expect.closeTo(-5, 6), expect.closeTo(1, 6)]);
  });

  it("keeps to finite numbers where a row far off sends Newton's whole steps too far", () => {
    const near = [1.2, -1.7, -1.9, -1.8, -1.5, 1.5, -1.5, -1.1, -2.3, -1.8, -1.7, -2.3, -1.2, -2.2, -1.7, -2.4, -2.5];
    const logits = [...near, -2.6, -1.3, -1.6, -1.4, -1.5, -1.9, -1.1, -1.3, -2.5, -566];
    const clicks = logits.map((s) => (s === 1.2 ? 0 : 1));
    const [a, b] = fitPlatt(logits, clicks);
    const errors = logits.map((s, i) => sigmoid(a + b * s) - clicks[i]);
    expect(errors.reduce((sum, error) => sum + error)).toBeCloseTo(0, 5);
    expect(errors.reduce((sum, error, i) => sum + error * logits[i], 0)).toBeCloseTo(0, 5);
  });

  it("takes a row of weight 2 for two, and one of weight 0, whatever its logit, for none", () => {
    const random = createRandom("weights");
    const logits = [...Array.from({ length: 60 }, () => random.normal()), Infinity];
    const clicks = logits.map((s) => (random.uniform() < sigmoid(s - 1) ? 1 : 0));
    const weights = logits.map((_, i) => i % 3);
    const repeated = logits.flatMap((_, i) => new Array<number>(i % 3).fill(i));
    const [a, b] = fitPlatt(logits, clicks, weights);
    const line = fitPlatt(repeated.map((i) => logits[i]), repeated.map((i) => clicks[i]));
    expect([a, b]).toEqual([expect.closeTo(line[0], 8), expect.closeTo(line[1], 8)]);
    expect(fitPlatt(logits.slice(0, 60), clicks.slice(0, 60))[0]).not.toBeCloseTo(a, 1);
  });

  it("leaves a perfect model as it is where one in ten rows without a click was kept, and weighs 10", () => {
    const shares = [[3, 43], [1, 21], [8, 28]]; // clicks, and rows if all were kept
    const kept = shares.map(([clicks, rows]) => [clicks, clicks + (rows - clicks) / 10]);
    const clicks = kept.flatMap(([clicks, rows]) => Array.from({ length: rows }, (_, i) => (i < clicks ? 1 : 0)));
    const logits = kept.flatMap(([, rows], i) => {
      const [clicks, all] = shares[i];
      return new Array<number>(rows).fill(Math.log(clicks / (all - clicks)));
    });
    const [a, b] = fitPlatt(logits, clicks, clicks.map((y) => (y === 1 ? 1 : 10)));
    expect([a, b]).toEqual([expect.closeTo(0, 6), expect.closeTo(1, 6)]);
  });

  it("refuses weights that are none, and rows that all count for nothing", () => {
    expect(() => fitPlatt([1, 2, 3], [0, 1, 0], [1, 1])).toThrow("2 weights and 3 labels");
    expect(() => fitPlatt([1, 2, 3], [0, 1, 0], [1, -1, 1])).toThrow("weights[1] is -1");
    expect(() => fitPlatt([1, 2, 3], [0, 1, 0], [0, 0, 0])).toThrow("all weights are 0");
    expect(() => fitPlatt([1, 2, 3], [0, 1, 0], [1, 0, 1])).toThrow("all labels are the same");
  });

  it.each<[string, number[], number[], RegExp]>([
    ["one label", [1, 2], [1, 1], /^all labels are the same/],
    ["one logit", [2, 2, 2], [0, 1, 1], /^all logits are the same/],
    ["clicks above a threshold", [1, 2, 2, 3], [0, 0, 1, 1], /^a threshold parts/],
    ["clicks below a threshold", [1, 2, 2, 3], [1, 1, 0, 0], /^a threshold parts/],
    ["an infinite logit", [1, -Infinity, 2], [0, 1, 1], /^a logit is -Infinity, expected finite/],
    ["too few labels", [1, 2], [0], /^2 logits and 1 labels/],
  ])("refuses %s", (_, logits, labels, message) => {
    expect(() => fitPlatt(logits, labels)).toThrow(message);
  });
});
