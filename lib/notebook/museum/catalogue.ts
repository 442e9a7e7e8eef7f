/**
 * Which kind of property finds which bug of the museum: five kinds of test, run against each bug to which they apply.
 * This file gives away the answers to the exercises of notebook 08.
 */
import { sigmoid } from "../../sigmoid";
import { close } from "../check";
import {
  aucA,
  aucB,
  attendA,
  attendB,
  columnA,
  columnB,
  diceA,
  diceB,
  keepA,
  keepB,
  lossA,
  lossB,
  poolA,
  poolB,
  splitA,
  splitB,
  vectors,
} from "./exhibits";
import type { Attend, BatchedAuc, Column, DiceAtInference, Keep, Loss, Parts, Pool, Split } from "./exhibits";

export const kinds = ["smallest example", "order", "company", "once", "bounds"] as const;
export type Kind = (typeof kinds)[number];

interface Entry<Code> {
  right: Code;
  bug: Code;
  /** Each returns whether the property holds. Kinds that say nothing about this function are left out. */
  properties: Partial<Record<Kind, (code: Code) => boolean>>;
}

const same = (a: unknown, b: unknown) => close(a, b, 1e-9);
const reversed = <T>(values: readonly T[]): T[] => [...values].reverse();
const together = (a: Parts, b: Parts): Parts => ({
  train: [...a.train, ...b.train],
  validation: [...a.validation, ...b.validation],
  test: [...a.test, ...b.test],
});
const key = (row: unknown) => JSON.stringify(row);
const inside = (value: number, range: number[]) =>
  value >= Math.min(...range) - 1e-9 && value <= Math.max(...range) + 1e-9;

const clicks = [["a", "b", "c", "d", "e"], ["c", "a", "d"], ["b", "e"]];
/** The candidates of each part, user by user, whatever the order of the users. */
const contents = ({ train, validation, test }: Parts) =>
  [train, validation, test].map((rows) => rows.map(({ history, candidate }) => key([history, candidate])).sort());
const split: Entry<Split> = {
  right: splitA,
  bug: splitB,
  properties: {
    "smallest example": (split) =>
      same(split([["a", "b"]]), { train: [], validation: [], test: [{ user: 0, history: ["a"], candidate: "b" }] }),
    order: (split) => same(contents(split(clicks)), contents(split(reversed(clicks)))),
    company: (split) =>
      same(contents(split(clicks)), contents(clicks.map((items) => split([items])).reduce(together))),
    once: (split) => {
      const { train, validation, test } = split(clicks);
      const rows = [...train, ...validation, ...test].map(key);
      return rows.length === 7 && new Set(rows).size === 7;
    },
  },
};

const pool: Entry<Pool> = {
  right: poolB,
  bug: poolA,
  properties: {
    "smallest example": (pool) => same(pool([1], 2), vectors[1]),
    order: (pool) => same(pool([1, 0, 2, 3], 5), pool([3, 2, 0, 1], 5)),
    company: (pool) => same(pool([1, 2, 3], 5), pool([1, 2, 3, 0, 0, 0], 5)),
    bounds: (pool) => pool([1, 2, 0, 0, 0], 5).every((value, f) => inside(value, [vectors[1][f], vectors[2][f]])),
  },
};

const pairs = [[1, 2], [-1, 0.5], [0.3, -2]];
const attend: Entry<Attend> = {
  right: attendA,
  bug: attendB,
  properties: {
    "smallest example": (attend) => same(attend([[1, 2]], [1, 1]), [1, 2]),
    order: (attend) => same(attend(pairs, [1, -1]), attend(reversed(pairs), [1, -1])),
    bounds: (attend) => attend([[1, 2], [3, 1]], [1, -1]).every((value, f) => inside(value, [[1, 3], [1, 2]][f])),
  },
};

const loss: Entry<Loss> = {
  right: lossB,
  bug: lossA,
  properties: {
    "smallest example": (loss) => same(loss(0, 1), Math.LN2),
    bounds: (loss) => loss(30, 1) < 1e-6 && loss(-30, 0) < 1e-6,
  },
};

const large = [2 ** 31 - 1, 2 ** 24, 2 ** 24 + 1];
const column: Entry<Column> = {
  right: columnB,
  bug: columnA,
  properties: {
    "smallest example": (column) => same(Array.from(column([1])), [1]),
    order: (column) => same(Array.from(column(reversed(large))), reversed(Array.from(column(large)))),
    company: (column) => same(Array.from(column(large)), large.map((id) => column([id])[0])),
    once: (column) => new Set(Array.from(column(large))).size === large.length,
    bounds: (column) => Array.from(column(large)).every((id) => inside(id, large)),
  },
};

const rows = { scores: [0.1, 0.4, 0.3, 0.6, 0.7, 0.9], labels: [0, 1, 0, 0, 0, 1] };
const cut = (at: number, { scores, labels } = rows) => [
  { scores: scores.slice(0, at), labels: labels.slice(0, at) },
  { scores: scores.slice(at), labels: labels.slice(at) },
];
const order = [0, 4, 1, 5, 2, 3];
const area: Entry<BatchedAuc> = {
  right: aucA,
  bug: aucB,
  properties: {
    "smallest example": (area) => area([{ scores: [0.2, 0.6], labels: [0, 1] }]) === 1,
    order: (area) =>
      same(
        area(cut(3)),
        area(cut(3, { scores: order.map((i) => rows.scores[i]), labels: order.map((i) => rows.labels[i]) })),
      ),
    company: (area) => same(area(cut(3)), area([rows])),
    bounds: (area) => inside(area(cut(3)), [0, 1]),
  },
};

const above = [1.5, 1, 2.5]; // each unit one standard deviation above its moving mean
const p = sigmoid(1);
const batch = [[1, -2, 2.5], [0, 3, 1], [-1, 0.5, 2]];
const dice: Entry<DiceAtInference> = {
  right: diceA,
  bug: diceB,
  properties: {
    "smallest example": (dice) => close(dice([above]), [above.map((s) => p * s + (1 - p) * 0.1 * s)], 1e-6),
    order: (dice) => same(dice(reversed(batch)), reversed(dice(batch))),
    company: (dice) => same(dice(batch), batch.map((row) => dice([row])[0])),
    bounds: (dice) =>
      dice(batch).every((row, i) => row.every((value, unit) => inside(value, [batch[i][unit], 0.1 * batch[i][unit]]))),
  },
};

const curve = [0.7, 0.75, 0.74, 0.73];
const keep: Entry<Keep> = {
  right: keepB,
  bug: keepA,
  properties: {
    "smallest example": (keep) => keep([0.7], 1) === 0,
    bounds: (keep) => curve[keep(curve, 5)] === Math.max(...curve),
  },
};

export const catalogue: Readonly<Record<string, Entry<any>>> = {
  "1 split": split,
  "2 pool": pool,
  "3 attend": attend,
  "4 loss": loss,
  "5 column": column,
  "6 AUC": area,
  "7 Dice": dice,
  "8 keep": keep,
};

export type Outcome = "caught" | "silent" | "";

/**
 * Runs every property against the bug it applies to: for each exhibit one outcome per kind, "" where it does not apply.
 */
export function outcomes(): Record<string, Outcome[]> {
  const found: Record<string, Outcome[]> = {};
  for (const [name, { bug, properties }] of Object.entries(catalogue)) {
    found[name] = kinds.map((kind) => {
      const holds = properties[kind];
      if (!holds) return "";
      return holds(bug) ? "silent" : "caught";
    });
  }
  return found;
}
