import { describe, expect, it } from "vitest";
import { constant, cosine, reduceOnPlateau, type Schedule, stepDecay, warmUp } from "../../lib/train/schedules";

function factors(schedule: Schedule, steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => schedule({ step: i + 1, steps, validation: [], metric: "auc" }));
}

function afterEpochs(schedule: Schedule, validation: number[], metric: "auc" | "logLoss" = "auc"): number {
  return schedule({ step: 1, steps: 1, validation, metric });
}

describe("schedules", () => {
  it("are worked by hand", () => {
    expect(factors(constant(), 3)).toEqual([1, 1, 1]);
    expect(factors(stepDecay({ every: 2, factor: 0.5 }), 5)).toEqual([1, 1, 0.5, 0.5, 0.25]);
    factors(cosine(), 5).forEach((factor, i) =>
      expect(factor).toBeCloseTo([1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2, 0][i], 12),
    );
    factors(cosine({ end: 0.2 }), 3).forEach((factor, i) => expect(factor).toBeCloseTo([1, 0.6, 0.2][i], 12));
    expect(factors(cosine(), 1)).toEqual([1]);
    expect(factors(cosine(), 2)).toEqual([1, 0]);
    expect(factors(cosine({ end: 1 }), 3)).toEqual([1, 1, 1]);
    expect(factors(warmUp(4), 6)).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
    expect(factors(warmUp(2, stepDecay({ every: 2, factor: 0.1 })), 3)).toEqual([0.5, 1, 0.1]);
  });

  it("reduces after `patience` epochs without a new best, and starts to count again", () => {
    const schedule = reduceOnPlateau({ factor: 0.1, patience: 2 });
    expect(afterEpochs(schedule, [])).toBe(1);
    expect(afterEpochs(schedule, [0.7, 0.7])).toBe(1);
    expect(afterEpochs(schedule, [0.7, 0.7, 0.69])).toBe(0.1);
    expect(afterEpochs(schedule, [0.7, 0.7, 0.69, 0.69])).toBe(0.1);
    expect(afterEpochs(schedule, [0.7, 0.7, 0.69, 0.69, 0.69])).toBeCloseTo(0.01, 12);
    expect(afterEpochs(schedule, [0.7, 0.69, 0.71, 0.7])).toBe(1);
    expect(afterEpochs(schedule, [0.7, 0.69, 0.68], "logLoss")).toBe(1); // the smaller the better
    for (const validation of [[0.7, 0.71, 0.72], [0.7, 0.7, 0.7]])
      expect(afterEpochs(schedule, validation, "logLoss")).toBe(0.1);
  });

  it("reduces to a tenth after two epochs, if nothing else is said, and needs validation data, warmed up or not", () => {
    expect(
      [
        [0.7, 0.7],
        [0.7, 0.7, 0.7],
      ].map((validation) => afterEpochs(reduceOnPlateau(), validation)),
    ).toEqual([1, 0.1]);
    expect(
      [reduceOnPlateau(), warmUp(3, reduceOnPlateau()), warmUp(3), cosine()].map(
        ({ needsValidation = false }) => needsValidation,
      ),
    ).toEqual([true, true, false, false]);
  });

  it("refuse settings that make no sense", () => {
    expect(() => stepDecay({ every: 0, factor: 0.5 })).toThrow("every is 0, expected a whole number from 1 up");
    const of = (factor: number) => [() => reduceOnPlateau({ factor }), () => stepDecay({ every: 1, factor })];
    for (const factor of [0, 2]) {
      for (const make of of(factor))
        expect(make).toThrow(`factor is ${factor}, expected a number above 0 and up to 1`);
    }
    for (const make of of(1)) expect(make).not.toThrow();
    expect(() => stepDecay({ every: 1, factor: 0.5, ...{ evry: 2 } })).toThrow("stepDecay has no option evry");
    expect(() => reduceOnPlateau({ patience: 0 })).toThrow("patience is 0, expected a whole number from 1 up");
    expect(() => cosine({ end: -0.1 })).toThrow("end is -0.1");
    expect(() => cosine({ end: 2 })).toThrow("end is 2");
    expect(() => warmUp(0.5)).toThrow("steps is 0.5");
    expect(() => cosine({ ends: 0.1 } as object)).toThrow("cosine has no option ends, expected some of end");
    expect(() => reduceOnPlateau({ patient: 3 } as object)).toThrow("reduceOnPlateau has no option patient");
  });
});
