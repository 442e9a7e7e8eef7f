import { describe, expect, it } from "vitest";
import { auc } from "../../../lib/train/metrics/auc";
import { gauc, hasMixedUser } from "../../../lib/train/metrics/gauc";
import { fc } from "../../properties";
import { aucOfPairs, impressions } from "./pairs";

describe("GAUC", () => {
  it("is the mean of the users' AUCs weighted by their impressions, without users of one class", () => {
    fc.assert(
      fc.property(impressions, ({ scores, labels, users }) => {
        let weighted = 0;
        let counted = 0;
        let skippedImpressions = 0;
        let skippedUsers = 0;
        for (const user of new Set(users)) {
          const own = users.flatMap((other, i) => (other === user ? [i] : []));
          if (new Set(own.map((i) => labels[i])).size === 1) {
            skippedUsers++;
            skippedImpressions += own.length;
            continue;
          }
          counted++;
          weighted += own.length * aucOfPairs(own.map((i) => scores[i]), own.map((i) => labels[i]));
        }
        fc.pre(counted > 0);
        const result = gauc(scores, labels, users);
        expect(result.gauc).toBeCloseTo(weighted / (users.length - skippedImpressions), 12);
        expect(result).toMatchObject({ users: counted, skippedUsers, skippedImpressions });
      }),
      { numRuns: 500 },
    );
  });

  it("is 0.5 for a model that knows the user and nothing else, though its AUC is 0.75", () => {
    const users = [1, 1, 1, 1, 2, 2, 2, 2];
    const labels = [1, 1, 1, 0, 0, 0, 0, 1];
    expect(gauc(users.map((user) => -user), labels, users).gauc).toBe(0.5);
    expect(auc(users.map((user) => -user), labels)).toBe(0.75);
  });

  it("weighs a user by all that the user's impressions weigh", () => {
    const [scores, labels, users] = [
      [1, 2, 2, 1, 5],
      [0, 1, 0, 1, 1],
      [1, 1, 2, 2, 3],
    ]; // AUC 1 and 0; the third has one class
    expect(gauc(scores, labels, users)).toEqual({ gauc: 0.5, users: 2, skippedUsers: 1, skippedImpressions: 1 });
    expect(gauc(scores, labels, users, [2, 4, 1, 1, 9])).toEqual({
      gauc: 0.75,
      users: 2,
      skippedUsers: 1,
      skippedImpressions: 1,
    });
    expect(gauc(scores, labels, users, [1, 1, 1, 0, 1])).toEqual({
      gauc: 1,
      users: 1,
      skippedUsers: 2,
      skippedImpressions: 3,
    });
  });

  it("says a sentence when no user has both classes", () => {
    expect(() => gauc([1, 2], [0, 1], [1, 2])).toThrow("none of 2 users has impressions both with and without a click");
    expect(() => gauc([1, 2], [0, 1], [1])).toThrow("1 users and 2 scores");
    expect(() => gauc([1, 2, 3], [0, 1, 0], ["bob", "alice", "bob"] as never)).toThrow(
      'users[0] is "bob", expected a number: give each user one',
    );
    expect(() => gauc([1, 2], [0, 1], [1, NaN])).toThrow("users[1] is NaN, expected a number");
  });
});

describe("a user with a click and without one", () => {
  it("is looked for within users, and among impressions that weigh something", () => {
    expect(hasMixedUser([1, 1, 0], [1, 1, 2])).toBe(false);
    expect(hasMixedUser([0, 1, 1], [2, 1, 2])).toBe(true);
    expect(hasMixedUser([0, 1, 1], [2, 1, 2], [1, 1, 0.5])).toBe(true);
    for (const weights of [[0, 1, 1], [1, 1, 0]]) expect(hasMixedUser([0, 1, 1], [2, 1, 2], weights)).toBe(false);
  });

  it("is found over several batches, by each user's first label of those before", () => {
    const first = new Map<number, number>();
    const found = [1, 1, 0].map((label) => hasMixedUser([label], [7], undefined, first));
    expect(found).toEqual([false, false, true]);
  });
});
