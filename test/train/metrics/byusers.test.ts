import { describe, expect, test } from "vitest";
import { createRandom } from "../../../lib/random";
import { auc } from "../../../lib/train/metrics/auc";
import { aucDifferenceByUsers } from "../../../lib/train/metrics/byusers";
import { delong } from "../../../lib/train/metrics/delong";

const random = createRandom("by users");
const count = 600;
const labels = Array.from({ length: count }, () => random.integer(2));
const [a, b] = [1, 0.5].map((signal) => labels.map((label) => Math.round(4 * (signal * label + random.normal())))); // with ties
const oneEach = labels.map((_, row) => row);
const few = labels.map(() => 7 * random.integer(40)); // 40 users, in no order

describe("the difference of two AUCs by users", () => {
  test("is that of the AUCs of all impressions", () => {
    expect(aucDifferenceByUsers(a, b, labels, few, { draws: 40, seed: 1 }).difference).toBeCloseTo(
      auc(a, labels) - auc(b, labels),
      14,
    );
  });

  test("has the interval of a plain bootstrap that puts the drawn users' impressions side by side", () => {
    const { low, high } = aucDifferenceByUsers(a, b, labels, few, { draws: 200, seed: "plain" });
    const rowsOf = new Map<number, number[]>();
    few.forEach((user, row) => rowsOf.set(user, [...(rowsOf.get(user) ?? []), row]));
    const users = [...rowsOf.values()];
    const draw = createRandom("plain");
    const drawn = Array.from({ length: 200 }, () => {
      const rows = users.flatMap(() => users[draw.integer(users.length)]);
      const [ofA, ofB] = [a, b].map((scores) => auc(rows.map((row) => scores[row]), rows.map((row) => labels[row])));
      return ofA - ofB;
    }).sort((x, y) => x - y);
    expect(low).toBeCloseTo(drawn[5], 12); // five of 200, which are 2.5 %, are below
    expect(high).toBeCloseTo(drawn[194], 12);
  });

  test("the other way round has the other sign, also where 2.5 % of the draws is no whole number", () => {
    const [there, back] = [[a, b], [b, a]].map(([one, other]) =>
      aucDifferenceByUsers(one, other, labels, few, { draws: 50, seed: 1 }),
    );
    expect([back.low, back.high]).toEqual([-there.high, -there.low]);
  });

  test("is DeLong's where every user has one impression", () => {
    const [here, there] = [aucDifferenceByUsers(a, b, labels, oneEach, { draws: 2000, seed: 1 }), delong(a, b, labels)];
    expect((here.high - here.low) / (there.high - there.low)).toBeCloseTo(1, 1);
    expect(here.difference).toBeCloseTo(there.difference, 14);
  });

  test("is no surer of nine copies of each impression, where DeLong's interval is a third as wide", () => {
    const copied = (values: readonly number[]) => values.flatMap((value) => new Array<number>(9).fill(value));
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    const once = aucDifferenceByUsers(a, b, labels, oneEach, { draws: 100, seed: 1 });
    const nine = aucDifferenceByUsers(copied(a), copied(b), copied(labels), copied(oneEach), { draws: 100, seed: 1 });
    expect(width(nine)).toBeCloseTo(width(once), 12);
    expect(width(delong(copied(a), copied(b), copied(labels))) / width(delong(a, b, labels))).toBeCloseTo(1 / 3, 2);
  });

  test("with whole weights is that of as many copies of each impression, of some users none", () => {
    const weights = labels.map((_, row) => (few[row] < 70 ? 0 : 1 + (row % 3))); // 30 users are left
    const copied = (values: readonly number[]) =>
      values.flatMap((value, row) => new Array<number>(weights[row]).fill(value));
    const weighted = aucDifferenceByUsers(a, b, labels, few, { draws: 100, seed: 1, weights });
    const copies = aucDifferenceByUsers(copied(a), copied(b), copied(labels), copied(few), { draws: 100, seed: 1 });
    for (const key of ["difference", "low", "high"] as const) expect(weighted[key]).toBeCloseTo(copies[key], 12);
  });

  test("is of 1000 draws, if nothing else is said", () => {
    expect(aucDifferenceByUsers(a, b, labels, few, { seed: 1 })).toEqual(
      aucDifferenceByUsers(a, b, labels, few, { draws: 1000, seed: 1 }),
    );
  });

  test("is 0 to 0 for a model and itself, also where users with one class alone are drawn", () => {
    expect(aucDifferenceByUsers([1, 2, 3], [1, 2, 3], [0, 1, 0], [5, 5, 9], { draws: 100, seed: 1 })).toEqual({
      difference: 0,
      low: 0,
      high: 0,
    });
  });

  test.each<[string, () => unknown, string]>([
    [
      "one user",
      () => aucDifferenceByUsers([1, 2], [2, 1], [0, 1], [3, 3], { seed: 1 }),
      "1 user, expected at least 2",
    ],
    [
      "one user who counts",
      () => aucDifferenceByUsers([1, 2, 3], [2, 1, 3], [0, 1, 1], [3, 3, 4], { seed: 1, weights: [1, 1, 0] }),
      "1 user with a weight above 0, expected at least 2",
    ],
    ["one class", () => aucDifferenceByUsers([1, 2], [2, 1], [0, 0], [3, 4], { seed: 1 }), "all labels are the same"],
    [
      "too few draws",
      () => aucDifferenceByUsers(a, b, labels, few, { draws: 39, seed: 1 }),
      "draws is 39, expected a whole number from 40 up",
    ],
    [
      "weights that are not all from 0 up",
      () => aucDifferenceByUsers(a, b, labels, few, { seed: 1, weights: labels.map(() => -1) }),
      "weights[0] is -1, expected a finite number from 0 up",
    ],
    [
      "an option that there is none",
      () => aucDifferenceByUsers(a, b, labels, few, { seed: 1, ...{ weight: labels } }),
      "aucDifferenceByUsers has no option weight",
    ],
    [
      "users of other impressions",
      () => aucDifferenceByUsers(a, b, labels, few.slice(1), { seed: 1 }),
      "599 users and 600 scores, expected the same number of both",
    ],
    [
      "a score that is no number",
      () =>
        aucDifferenceByUsers(
          a,
          b.map(() => NaN),
          labels,
          few,
          { seed: 1 },
        ),
      "scores of b[0] is NaN",
    ],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});
