/**
 * How good the best possible prediction of a planted world is: on the clicks that were drawn, and on
 * average over all clicks that could have been drawn.
 *
 * Both are one formula, with c the drawn click (0 or 1) or the true click probability:
 *
 *   AUC = Σᵢ Σⱼ≠ᵢ cᵢ (1 − cⱼ) [sᵢ > sⱼ] / Σᵢ Σⱼ≠ᵢ cᵢ (1 − cⱼ),   a tie counting half
 *   log loss = −mean( c ln p + (1 − c) ln(1 − p) ),  p = sigmoid(s)
 *
 * (The expected AUC is the ratio of the expectations, which is the mean AUC up to a term of order 1 / rows.)
 */
import { checkNoNaN } from "../../checks";
import { logLossOf, sigmoid } from "../../sigmoid";
import { checkRows } from "../impressions";
import type { PlantedWorld } from "./world";

export interface Scores {
  auc: number;
  /** In nats. */
  logLoss: number;
}

/**
 * Scores of the Bayes prediction on the given rows of the world, all by default: auc and logLoss on the
 * drawn clicks, to compare with a model judged on the same rows, and under `expected` the averages over
 * clicks drawn anew, free of the luck of one draw.
 *
 * @throws RangeError if a row does not exist, all labels of the rows are of one class, or a logit is NaN, as it can be
 * in a world of your own; TypeError unless rows is an Int32Array.
 */
export function bayesScores(world: PlantedWorld, rows?: Int32Array): Scores & { expected: Scores } {
  if (rows) checkRows(rows, world.impressions.size);
  const logits = pick(world.bayesLogits, rows);
  const labels = pick(world.impressions.labels, rows);
  const expected = expectedScores(logits, logits); // first, as it refuses NaN
  return { auc: areaUnderCurve(logits, labels), logLoss: meanLogLoss(logits, labels), expected };
}

/**
 * Scores that the logits of any model would get on average over clicks drawn anew from the true
 * probabilities. The log loss above the best possible one is the divergence KL(true, predicted). The log loss is
 * infinite if a logit is, unless that row's Bayes logit is just as sure.
 *
 * @throws RangeError if the two differ in length, a logit of either is NaN, or there is no pair, as with one row.
 */
export function expectedScores(logits: Float32Array, bayesLogits: Float32Array): Scores {
  if (logits.length !== bayesLogits.length) {
    throw new RangeError(`${logits.length} logits for ${bayesLogits.length} Bayes logits, expected the same number`);
  }
  checkNoNaN("logits", logits);
  checkNoNaN("bayesLogits", bayesLogits);
  const probabilities = Float64Array.from(bayesLogits, sigmoid);
  return { auc: areaUnderCurve(logits, probabilities), logLoss: meanLogLoss(logits, probabilities) };
}

/** The AUC as defined at the head of this file, in O(n log n). */
function areaUnderCurve(scores: Float32Array, clicks: ArrayLike<number>): number {
  const order = Int32Array.from(scores, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let below = 0; // Σ (1 − c) over strictly lower scores
  let won = 0;
  let clicked = 0;
  let itself = 0; // pairs of an impression with itself, which the formula leaves out
  for (let start = 0, end = 0; start < order.length; start = end) {
    let tiedClicked = 0;
    let tiedOther = 0;
    let tiedItself = 0;
    for (; end < order.length && scores[order[end]] === scores[order[start]]; end++) {
      const c = clicks[order[end]];
      tiedClicked += c;
      tiedOther += 1 - c;
      tiedItself += c * (1 - c);
    }
    won += tiedClicked * below + (tiedClicked * tiedOther - tiedItself) / 2;
    clicked += tiedClicked;
    below += tiedOther;
    itself += tiedItself;
  }
  const pairs = clicked * below - itself;
  if (!(pairs > 0)) throw new RangeError(`${clicked} clicks in ${scores.length} impressions: AUC needs both classes`);
  return won / pairs;
}

function meanLogLoss(logits: Float32Array, clicks: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += lossOf(logits[i], clicks[i]);
  return sum / logits.length;
}

/** An infinite logit is a certain click or none; in the formula it would be ∞ − ∞. */
function lossOf(s: number, c: number): number {
  if (Number.isFinite(s)) return logLossOf(s, c);
  return c === (s > 0 ? 1 : 0) ? 0 : Infinity;
}

function pick(values: Float32Array, rows?: Int32Array): Float32Array {
  return rows ? Float32Array.from(rows, (row) => values[row]) : values;
}
