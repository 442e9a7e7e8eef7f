import { describe, expect, it } from "vitest";
import type { TrialResult } from "../../lib/train/trial";
import { verdicts } from "../../lib/train/verdict";

describe("a verdict", () => {
  it("knows that a larger GAUC is better", () => {
    const trials = (values: number[]) =>
      values.map((gauc, i) => {
        const labels = Float32Array.of(i % 2, i & 2);
        return { test: { auc: 0.5, gauc, logLoss: 0.5 }, answers: { labels } } as unknown as TrialResult;
      });
    const [verdict] = verdicts({ A: trials([0.6, 0.61, 0.62]), B: trials([0.7, 0.71, 0.73]) }, "gauc");
    expect(verdict.better).toBe("B");
    expect(verdict.words).toContain("B is better than A: GAUC +");
  });

  it("writes more places where four would hide on which side of 0 a number is", () => {
    const trials = (values: number[]) =>
      values.map((auc, i) => ({ test: { auc, logLoss: 0.5 }, answers: { labels: Float32Array.of(i) } }) as TrialResult);
    const differences = (...values: number[]) =>
      verdicts({ A: trials(values.map((value) => 0.5 + value)), B: trials(values.map(() => 0.5)) }, "auc")[0].words;
    expect(differences(-0.00002, 0.00006)).toContain("AUC +0.000020 (95 % interval −0.0005 to +0.0005;");
    expect(differences(-0.00006, 0.00002)).toContain("AUC −0.000020 (95 % interval −0.0005 to +0.0005;");
    expect(differences(0.0001, 0.00005)).toContain("AUC +0.0001 ");
    expect(differences(0, 0)).toContain("AUC +0.0000 (95 % interval +0.0000 to +0.0000;");
  });

  it.each([
    ["auc", "AUC", NaN],
    ["logLoss", "log loss", Infinity],
    ["gauc", "GAUC", undefined],
  ] as const)("is refused where a trial has no finite number as its %s: no winner is named for it", (metric, name, value) => {
    const trials = (...values: (number | undefined)[]) =>
      values.map((value) => ({ test: { [metric]: value }, answers: { labels: Float32Array.of(0) } }) as never);
    expect(() => verdicts({ A: trials(0.9, 0.8), B: trials(0.7, value) }, metric)).toThrow(
      `the test ${name} of B in trial 2 of 2 is ${value}, expected a finite number. Look for test values far outside`,
    );
  });

  it.each(["gauc", "logLoss"] as const)("is refused with one seed and %s: DeLong's test is one of AUC", (metric) => {
    const answers = { logits: Float32Array.of(0, 1, 2), labels: Float32Array.of(0, 1, 0) };
    const trials = [{ test: { auc: 0.5, gauc: 0.5, logLoss: 0.5 }, answers } as TrialResult];
    expect(() => verdicts({ A: trials, B: trials }, metric)).toThrow(
      `one seed and the metric ${metric}: with one seed there is a test`,
    );
    expect(verdicts({ A: trials }, metric)).toEqual([]); // alone it needs none
  });

  it("says that one is better just when p is below 0.05", () => {
    const trials = (values: number[]) =>
      values.map((auc, i) => ({ test: { auc, logLoss: 0.5 }, answers: { labels: Float32Array.of(i) } }) as TrialResult);
    const shifted = (shift: number) => trials([-1, -0.5, 0, 0.5, 1].map((d) => 0.7 + 0.01 * (d + shift)));
    const verdict = (shift: number) =>
      verdicts({ A: shifted(shift), B: trials(new Array<number>(5).fill(0.7)) }, "auc")[0];
    // T = 5.66 and 11.3.
    expect([2, 4].map((shift) => /p [<=] [\d.]+/.exec(verdict(shift).words)?.[0])).toEqual(["p = 0.005", "p < 0.001"]);
    const [below, above] = [verdict(0.97), verdict(0.99)]; // t = 2.744 and 2.800 about t₀.₉₇₅ = 2.776
    expect([below.better, above.better]).toEqual([undefined, "A"]);
    expect(below.p).toBeGreaterThan(0.05);
    expect(above.p).toBeLessThan(0.05);
  });
});
