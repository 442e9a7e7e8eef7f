import { describe, expect, it } from "vitest";
import { auc } from "../../../lib/train/metrics/auc";
import golden from "../../golden/metrics.json";
import { fc } from "../../properties";
import { aucOfPairs, impressions } from "./pairs";

describe("AUC", () => {
  it("is the share of won pairs, ties counting half", () => {
    expect(auc([1, 2, 2, 3], [0, 0, 1, 1])).toBe(3.5 / 4); // 2>1, 2=2, 3>1, 3>2
    fc.assert(
      fc.property(impressions, ({ scores, labels }) => {
        expect(auc(scores, labels)).toBeCloseTo(aucOfPairs(scores, labels), 12);
      }),
    );
  });

  it("counts a weight of 2 like two impressions", () => {
    fc.assert(
      fc.property(impressions, ({ scores, labels, users }) => {
        expect(auc(scores, labels, users)).toBeCloseTo(aucOfPairs(scores, labels, users), 12);
        const repeated = users.flatMap((times, i) => new Array<number>(times).fill(i));
        expect(auc(scores, labels, users)).toBeCloseTo(
          auc(
            repeated.map((i) => scores[i]),
            repeated.map((i) => labels[i]),
          ),
          12,
        );
      }),
    );
  });

  it("meets scikit-learn, with and without weights", () => {
    for (const { logits, labels, weights, auc: expected, weightedAuc } of golden.cases) {
      expect(auc(logits, labels)).toBeCloseTo(expected, 12);
      expect(auc(logits, labels, weights)).toBeCloseTo(weightedAuc, 12);
    }
  });

  it("does not merge scores that differ by less than a 32-bit float can hold", () => {
    expect(auc([1, 1 + 1e-15], [0, 1])).toBe(1);
  });

  it("says a sentence where there is no AUC", () => {
    expect(() => auc([1, 2], [0, 0])).toThrow("no click among 2 impressions: AUC needs both classes");
    expect(() => auc([1, 2], [1, 1])).toThrow("nothing but clicks among 2 impressions");
    expect(() => auc([1, 2], [0, 1], [0, 1])).toThrow("nothing but clicks");
    expect(() => auc([1, 2], [0, 1], [0, 0])).toThrow("all weights are 0");
    expect(() => auc([], [])).toThrow("0 scores, expected at least 1");
    expect(() => auc([1], [0, 1])).toThrow("1 scores and 2 labels");
    expect(() => auc([1, 2], [0, 1], [1])).toThrow("1 weights and 2 labels, expected the same number of both");
    expect(() => auc([1, 2], [0, 1], [1, 1, 1])).toThrow("3 weights and 2 labels");
    expect(() => auc([NaN, 1], [0, 1])).toThrow("scores[0] is NaN, expected a number. Did training diverge, or was 0 divided by 0?");
    expect(() => auc([1, 2], [0, 2])).toThrow("labels[1] is 2, expected 0 (no click) or 1 (click)");
    for (const weight of [-1, Infinity])
      expect(() => auc([1, 2], [0, 1], [1, weight])).toThrow(`weights[1] is ${weight}, expected a finite number`);
  });
});
