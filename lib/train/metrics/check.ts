/** What every metric demands of its input: a metric either is a number, or says why it is not. */
import { checkNoNaN } from "../../checks";

/** Any list of numbers. */
export interface Numbers {
  readonly length: number;
  readonly [index: number]: number;
}

/**
 * @throws if lengths differ, nothing is given, a score is NaN, a label is not 0 or 1, or the weights are not all ≥ 0
 * with a sum > 0.
 */
export function checkLabels(name: string, scores: Numbers, labels: Numbers, weights?: Numbers): void {
  const n = labels.length;
  if (scores.length !== n) throw new RangeError(`${scores.length} ${name} and ${n} labels, expected the same number of both`);
  if (n === 0) throw new RangeError(`0 ${name}, expected at least 1`);
  if (weights && weights.length !== n)
    throw new RangeError(`${weights.length} weights and ${n} labels, expected the same number of both`);
  checkNoNaN(name, scores);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (labels[i] !== 0 && labels[i] !== 1)
      throw new RangeError(`labels[${i}] is ${labels[i]}, expected 0 (no click) or 1 (click)`);
    if (weights) {
      if (!(weights[i] >= 0 && weights[i] < Infinity))
        throw new RangeError(`weights[${i}] is ${weights[i]}, expected a finite number from 0 up`);
      total += weights[i];
    }
  }
  if (weights && total === 0) throw new RangeError("all weights are 0, expected at least one above 0");
}

/** @throws if the users are not as many as the scores, or not all numbers. */
export function checkUsers(users: Numbers, scores: Numbers): void {
  if (users.length !== scores.length)
    throw new RangeError(`${users.length} users and ${scores.length} scores, expected the same number of both`);
  for (let i = 0; i < users.length; i++) {
    if (!Number.isFinite(users[i]))
      throw new TypeError(
        `users[${i}] is ${typeof users[i] === "string" ? JSON.stringify(users[i]) : users[i]}, expected a number: give each user one`,
      );
  }
}
