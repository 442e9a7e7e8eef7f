import { describe, expect, test } from "vitest";
import { catalogue, kinds, outcomes } from "../../lib/notebook/museum/catalogue";
import {
  attendA,
  aucB,
  diceA,
  diceB,
  keepA,
  keepB,
  lossA,
  lossB,
  moving,
  poolA,
  poolB,
  splitA,
  splitB,
  vectors,
} from "../../lib/notebook/museum/exhibits";
import { guess } from "../../material/solutions/08";
import { attended } from "./attended";

describe.each(Object.entries(catalogue))("exhibit %s", (name, { right, properties }) => {
  test("has a right version that keeps every property", () => {
    for (const kind of kinds) expect(properties[kind]?.(right) ?? true, kind).toBe(true);
  });

  test("has a bug that at least one kind of property catches", () => {
    expect(outcomes()[name]).toContain("caught");
  });
});

test("no single kind of property catches every bug", () => {
  for (const [i, kind] of kinds.entries())
    expect(
      Object.values(outcomes()).every((row) => row[i] === "caught"),
      kind,
    ).toBe(false);
});

test("which kinds catch what is as cell which-notice of the notebook says", () => {
  const found = outcomes();
  const catches = (kind: string) =>
    Object.keys(found).filter((name) => found[name][kinds.findIndex((each) => each === kind)] === "caught");
  const all = Object.keys(found);
  expect(catches("smallest example").length).toBeLessThan(all.length / 2); // "is silent on most"
  expect(catches("smallest example")).toEqual(["1 split", "4 loss", "7 Dice"]); // as 8.9 says to who guesses it
  expect(catches("order")).toEqual(["6 AUC"]); // "finds one"
  const either = new Set([...catches("bounds"), ...catches("company")]);
  expect(all.filter((name) => !either.has(name))).toEqual(["1 split"]); // "every bug but the splitter's"
  expect(catches("once")).toContain("1 split"); // "and the splitter's by once"
});

test("the solution of 8.9 names the kinds that catch most and fewest, alone in that", () => {
  const caught = kinds.map((_, i) => Object.values(outcomes()).filter((row) => row[i] === "caught").length);
  const of = (kind: string) => caught[kinds.findIndex((each) => each === kind)];
  expect([of(guess.most), of(guess.fewest)]).toEqual([Math.max(...caught), Math.min(...caught)]);
  for (const number of [of(guess.most), of(guess.fewest)])
    expect(caught.filter((each) => each === number)).toHaveLength(1);
});

test("exhibit 1 cuts off each user's last click for the test and the one before for validation; its bug trains on it too", () => {
  const row = (user: number, history: string, candidate: string) => ({ user, history: [...history], candidate });
  const parts = {
    train: [row(0, "a", "b")],
    validation: [row(0, "ab", "c"), row(1, "e", "f")],
    test: [row(0, "abc", "d"), row(1, "ef", "g")],
  };
  const clicks = [[..."abcd"], [..."efg"]];
  expect(splitA(clicks)).toEqual(parts);
  const leaked = [...parts.train, ...parts.test];
  const { train, ...rest } = splitB(clicks);
  expect(rest).toEqual({ validation: parts.validation, test: parts.test });
  expect(train).toHaveLength(leaked.length);
  expect(train).toEqual(expect.arrayContaining(leaked));
});

test("exhibits 2, 3, 4 and 7 compute what their lessons do, but for the bug alone", () => {
  const near = (values: number[]) => values.map((value) => expect.closeTo(value, 6));
  // The vectors of items 1, 2 and of the padding times that of item 5, [1.3, 0.3].
  expect(poolB([1, 2, 0], 5)).toEqual(near(attended([vectors[1], vectors[2]], [1.3, 0.53])));
  expect(poolA([1, 2, 0], 5)).toEqual(near(attended([vectors[1], vectors[2], vectors[0]], [1.3, 0.53, 0.86])));
  const pairs = [[1, 2], [-1, 0.5]];
  expect(attendA(pairs, [1, -1])).toEqual(near(attended(pairs, [-1, -0.5])));
  const p = 1 / (1 + Math.exp(-2));
  expect([lossB(2, 0), lossB(2, 1)]).toEqual(near([Math.log(1 + Math.exp(2)), Math.log(1 + Math.exp(-2))]));
  expect([lossA(2, 0), lossA(2, 1)]).toEqual(near([Math.log(1 + Math.exp(p)), Math.log(1 + Math.exp(p)) - p]));
  const dice = (s: number, m: number, v: number) => {
    const gate = 1 / (1 + Math.exp(-(s - m) / Math.sqrt(v)));
    return gate * s + (1 - gate) * 0.1 * s;
  };
  const row = [1, -2, 2.5];
  expect(diceA([row])).toEqual([near(row.map((s, i) => dice(s, moving.mean[i], moving.variance[i])))]);
  const batch = [[1, 1, 1], [3, 5, -1]]; // means 2, 3, 0; variances 1, 4, 1
  const own = batch.map((each) => near(each.map((s, i) => dice(s, [2, 3, 0][i], [1, 4, 1][i]))));
  expect(diceB(batch)).toEqual(own);
});

test("without a clicked item exhibit 2 gives the zero vector of length 2; its bug has only padding to weigh", () => {
  expect([poolB([0, 0], 5), poolB([], 5), poolA([0, 0], 5)]).toEqual([[0, 0], [0, 0], vectors[0]]);
});

test.each([keepA, keepB])("exhibit 8 stops after as many epochs without a better one as patience says: %o", (keep) => {
  expect([keep([0.5, 0.4, 0.6, 0.3, 0.3], 2), keep([0.5, 0.4, 0.4, 0.6], 2)]).toEqual([2, 0]);
});

test("exhibit 8 gives the best epoch, the first of equals; its bug the last when time is up", () => {
  expect([keepB([0.5, 0.7, 0.7, 0.6], 5), keepA([0.5, 0.7, 0.7, 0.6], 5)]).toEqual([1, 3]);
});

test("the bug of exhibit 6 leaves out a batch without a pair of click and no click", () => {
  const pair = { scores: [1, 2], labels: [0, 1] };
  expect([aucB([pair, { scores: [3], labels: [1] }]), aucB([{ scores: [3], labels: [0] }, pair])]).toEqual([1, 1]);
});
