/** Mends logits that are too high, too low or too extreme, with two numbers: Platt scaling (Platt 1999). */
import { logLossOf, sigmoid } from "../sigmoid";
import { checkLabels, type Numbers } from "./metrics/check";
import { mean, variance } from "./statistics";

/**
 * The two numbers with which sigmoid(a + b s) has the smallest log loss on these rows, s being their logits. Give it
 * rows that the model was not trained on, and judge on others. b below 1: the logits were too extreme, above 1: too
 * cautious. With b > 0 the order stays, so the AUC too. Newton's method; the paper moves the labels a little towards
 * ½, which matters for few rows.
 *
 * weights: how much each row counts in the log loss, 1 by default; a row of weight 0 is as if it were not there.
 *
 * @throws if the lengths differ, nothing is given, a label is not 0 or 1, a logit is not a finite number, weights are
 * not all ≥ 0 with a sum > 0, or no line is best: all logits or labels are equal, or a threshold parts the clicks from
 * the rest.
 */
export function fitPlatt(logits: Numbers, labels: Numbers, weights?: Numbers): [a: number, b: number] {
  checkLabels("logits", logits, labels, weights);
  const all = Array.from(logits, (s, i) => ({ s, y: labels[i], w: weights ? weights[i] : 1 }));
  const given = all.filter(({ w }) => w > 0);
  const infinite = given.find(({ s }) => !Number.isFinite(s));
  if (infinite) throw new RangeError(`a logit is ${infinite.s}, expected finite numbers`);
  checkBestExists(given);
  // Newton's method ends soon on numbers of a size near 1; the line is scaled back at the end.
  const values = given.map(({ s }) => s);
  const [centre, scale] = [mean(values), Math.sqrt(variance(values))];
  const rows = given.map(({ s, y, w }) => ({ s: (s - centre) / scale, y, w }));
  const loss = (a: number, b: number) => rows.reduce((sum, { s, y, w }) => sum + w * logLossOf(a + b * s, y), 0);
  let [a, b] = [0, 0];
  for (let step = 0; step < 100; step++) {
    let [slopeA, slopeB, aa, ab, bb] = [0, 0, 0, 0, 0];
    for (const { s, y, w } of rows) {
      const p = sigmoid(a + b * s);
      const curvature = w * p * (1 - p);
      slopeA += w * (p - y);
      slopeB += w * (p - y) * s;
      aa += curvature;
      ab += curvature * s;
      bb += curvature * s * s;
    }
    const determinant = aa * bb - ab * ab;
    const [toA, toB] = [(ab * slopeB - bb * slopeA) / determinant, (ab * slopeA - aa * slopeB) / determinant];
    const before = loss(a, b);
    let share = 1; // a whole step may go too far
    while (share > 1e-9 && !(loss(a + share * toA, b + share * toB) <= before)) share /= 2;
    if (share <= 1e-9) break; // nothing is lower: done, up to rounding
    [a, b] = [a + share * toA, b + share * toB];
    if (Math.abs(toA) + Math.abs(toB) < 1e-10) break;
  }
  return [a - (b * centre) / scale, b / scale];
}

/** @throws RangeError where the loss only falls towards infinite numbers, or a and b can stand in for one another. */
function checkBestExists(rows: readonly { readonly s: number; readonly y: number }[]): void {
  const ends = (label: number) => {
    const own = rows.filter(({ y }) => y === label);
    return own.reduce(([low, high], { s }) => [Math.min(low, s), Math.max(high, s)], [Infinity, -Infinity]);
  };
  const [[low0, high0], [low1, high1]] = [ends(0), ends(1)];
  if (low0 > high0 || low1 > high1) throw new RangeError("all labels are the same, expected some 0 and some 1");
  if (Math.min(low0, low1) === Math.max(high0, high1)) throw new RangeError("all logits are the same, expected several");
  if (high0 <= low1 || high1 <= low0)
    throw new RangeError("a threshold parts the clicks from the rest, so no line is best. Expected rows that mix them");
}
