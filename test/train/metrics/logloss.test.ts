import { describe, expect, it } from "vitest";
import { logLoss } from "../../../lib/train/metrics/logloss";
import golden from "../../golden/metrics.json";

describe("log loss", () => {
  it("meets scikit-learn, with and without weights", () => {
    for (const { logits, labels, weights, logLoss: expected, weightedLogLoss } of golden.cases) {
      expect(logLoss(logits, labels)).toBeCloseTo(expected, 10);
      expect(logLoss(logits, labels, weights)).toBeCloseTo(weightedLogLoss, 10);
    }
  });

  it("is ln 2 for a coin flip and |s| for a logit far on the wrong side", () => {
    expect(logLoss([0], [1])).toBeCloseTo(Math.log(2), 15);
    expect(logLoss([1000, -1000], [0, 1])).toBe(1000);
    expect(logLoss([Infinity, 0], [1, 0])).toBeCloseTo(Math.log(2) / 2, 15); // a certain click, clicked, costs nothing
    expect(logLoss([-Infinity, 0], [0, 0])).toBeCloseTo(Math.log(2) / 2, 15);
    expect([logLoss([Infinity], [0]), logLoss([-Infinity], [1])]).toEqual([Infinity, Infinity]);
  });

  it("leaves out impressions of weight 0, whatever their logit", () => {
    expect(logLoss([0, Infinity], [1, 0], [1, 0])).toBeCloseTo(Math.log(2), 15);
  });

  it("refuses what has no log loss", () => {
    expect(() => logLoss([], [])).toThrow("0 logits");
    expect(() => logLoss([NaN], [1])).toThrow("logits[0] is NaN");
  });
});
