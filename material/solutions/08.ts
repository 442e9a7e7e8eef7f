/** Solutions of notebook 08: for each exhibit a property that the bug does not have. Often there are others. */
import type { Kind } from "../../lib/notebook/museum/catalogue";
import type {
  Attend,
  BatchedAuc,
  Column,
  DiceAtInference,
  Keep,
  Loss,
  Pool,
  Split,
} from "../../lib/notebook/museum/exhibits";

/** Every row is in one part, once. */
export function testSplit(split: Split): boolean {
  const { train, validation, test } = split([["a", "b"], ["a", "b", "c"], ["d", "a", "c", "b", "e"]]);
  const rows = [...train, ...validation, ...test].map((row) => JSON.stringify(row));
  return new Set(rows).size === rows.length;
}

/** Padding changes nothing. */
export function testPool(pool: Pool): boolean {
  const short = pool([1, 2, 3], 4);
  const padded = pool([1, 2, 3, 0, 0, 0], 4);
  return short.every((value, f) => Math.abs(value - padded[f]) < 1e-9);
}

/** A mean lies between the smallest and the largest. */
export function testAttend(attend: Attend): boolean {
  const pairs = [[1, 2], [3, 1], [2, 5]];
  return attend(pairs, [0.5, -1]).every(
    (value, f) =>
      value >= Math.min(...pairs.map((pair) => pair[f])) && value <= Math.max(...pairs.map((pair) => pair[f])),
  );
}

/** To be sure and right costs nothing; to say nothing costs ln 2. */
export function testLoss(loss: Loss): boolean {
  return loss(30, 1) < 1e-6 && loss(-30, 0) < 1e-6 && Math.abs(loss(0, 1) - Math.LN2) < 1e-6;
}

/** What goes in comes out, up to the largest id. */
export function testColumn(column: Column): boolean {
  const ids = [0, 1, 2 ** 24 - 1, 2 ** 24 + 1, 123_456_789, 2 ** 31 - 1];
  const out = column(ids);
  return ids.every((id, i) => out[i] === id);
}

/** How the rows are cut into batches changes nothing. */
export function testAuc(auc: BatchedAuc): boolean {
  const low = { scores: [0.1, 0.2, 0.3], labels: [0, 1, 0] };
  const high = { scores: [0.7, 0.8, 0.9], labels: [1, 0, 1] };
  const all = { scores: [...low.scores, ...high.scores], labels: [...low.labels, ...high.labels] };
  return Math.abs(auc([low, high]) - auc([all])) < 1e-9;
}

/** A row alone gives what it gives among others. */
export function testDice(dice: DiceAtInference): boolean {
  const row = [1, -2, 3];
  const [alone] = dice([row]);
  const [among] = dice([row, [0, 5, 1], [-3, 0.5, 2]]);
  return alone.every((value, unit) => Math.abs(value - among[unit]) < 1e-9);
}

/** You get the best epoch that was run, whether training stopped early or ran to its end. */
export function testKeep(keep: Keep): boolean {
  const toTheEnd = [0.6, 0.7, 0.69];
  const stopped = [0.6, 0.7, 0.69, 0.68, 0.9];
  return toTheEnd[keep(toTheEnd, 5)] === 0.7 && stopped[keep(stopped, 2)] === 0.7;
}

/** Bounds catch five of the eight bugs, company and the smallest example three each, once two, and order one. */
export const guess: { most: Kind; fewest: Kind } = { most: "bounds", fewest: "order" };

export const solutions = {
  "08.1 split": testSplit,
  "08.2 pool": testPool,
  "08.3 attend": testAttend,
  "08.4 loss": testLoss,
  "08.5 column": testColumn,
  "08.6 AUC": testAuc,
  "08.7 Dice": testDice,
  "08.8 keep": testKeep,
  "08.9 which kind": guess,
};
