import { describe, expect, test } from "vitest";
import { catalogue, kinds, outcomes } from "../../lib/notebook/museum/catalogue";
import { aucB, keepA, keepB } from "../../lib/notebook/museum/exhibits";
import { guess } from "../../material/solutions/08";

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

test.each([keepA, keepB])("exhibit 8 stops after as many epochs without a better one as patience says: %o", (keep) => {
  expect([keep([0.5, 0.4, 0.6, 0.3, 0.3], 2), keep([0.5, 0.4, 0.4, 0.6], 2)]).toEqual([2, 0]);
});

test("the bug of exhibit 6 leaves out a batch without a pair of click and no click", () => {
  const pair = { scores: [1, 2], labels: [0, 1] };
  expect([aucB([pair, { scores: [3], labels: [1] }]), aucB([{ scores: [3], labels: [0] }, pair])]).toEqual([1, 1]);
});
