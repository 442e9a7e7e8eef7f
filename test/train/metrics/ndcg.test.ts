import { describe, expect, it } from "vitest";
import { ndcg } from "../../../lib/train/metrics/ndcg";
import golden from "../../golden/metrics.json";

describe("NDCG", () => {
  it("is worked by hand for two users", () => {
    // User 1, by score: no, yes, yes: (1/log₂3 + 1/log₂4) / (1 + 1/log₂3). User 2: clicked first: 1. User 0: no click.
    const scores = [3, 2, 1, 9, 8, 5];
    const labels = [0, 1, 1, 1, 0, 0];
    const users = [1, 1, 1, 2, 2, 0]; // the first of all is the one to skip
    const first = (1 / Math.log2(3) + 0.5) / (1 + 1 / Math.log2(3));
    expect(ndcg(scores, labels, users, 3)).toEqual({
      ndcg: expect.closeTo((first + 1) / 2, 12),
      users: 2,
      skippedUsers: 1,
    });
    expect(ndcg(scores, labels, users, 1).ndcg).toBeCloseTo(0.5, 12);
  });

  it("meets scikit-learn, ties included", () => {
    for (const { logits, labels, ndcg: expected } of golden.cases) {
      for (const [k, value] of Object.entries(expected))
        expect(
          ndcg(
            logits,
            labels,
            labels.map(() => 7),
            Number(k),
          ).ndcg,
        ).toBeCloseTo(value, 12);
    }
  });

  it("refuses what has none", () => {
    expect(() => ndcg([1, 2], [0, 0], [1, 1], 3)).toThrow("none of 1 users clicked anything");
    expect(() => ndcg([1, 2], [0, 1], [1, 1], 0)).toThrow("k is 0");
    expect(() => ndcg([1, 2], [0, 1], [1], 1)).toThrow("1 users and 2 scores");
    expect(() => ndcg([3, 2, 1, 0], [0, 1, 0, 1], ["a", "b", "a", "b"] as never, 1)).toThrow(
      'users[0] is "a", expected a number: give each user one',
    ); // sorted as numbers they are no groups
  });
});
