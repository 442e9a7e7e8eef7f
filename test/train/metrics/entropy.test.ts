import { describe, expect, it } from "vitest";
import { normalizedEntropy } from "../../../lib/train/metrics/entropy";
import { logLoss } from "../../../lib/train/metrics/logloss";

describe("normalised entropy", () => {
  const labels = [1, 0, 0, 0];
  const logits = [2, -1, 0, 1];

  it("is the log loss over that of the average click rate, so 1 for that rate itself", () => {
    const average = Math.log(1 / 3); // logit of 1/4
    expect(normalizedEntropy([average, average, average, average], labels)).toBeCloseTo(1, 12);
    const entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    expect(normalizedEntropy(logits, labels)).toBeCloseTo(logLoss(logits, labels) / entropy, 12);
  });

  it("counts a weight of 2 like two impressions", () => {
    const twice = [0, 1, 2, 3, 3];
    const repeated = normalizedEntropy(twice.map((i) => logits[i]), twice.map((i) => labels[i]));
    expect(normalizedEntropy(logits, labels, [1, 1, 1, 2])).toBeCloseTo(repeated, 12);
  });

  it("refuses a single class", () => {
    expect(() => normalizedEntropy([0, 1], [1, 1])).toThrow(
      "nothing but clicks in 2 impressions: normalised entropy needs both classes",
    );
  });
});
