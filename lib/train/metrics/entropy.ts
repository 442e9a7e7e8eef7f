/** Log loss made comparable between data sets. */
import type { Numbers } from "./check";
import { logLoss } from "./logloss";

/**
 * Log loss divided by that of a model which says the average click rate c to everything:
 *
 *   NE = log loss / −( c ln c + (1 − c) ln(1 − c) )                         He et al. (2014), eq. 1
 *
 * 1 is no better than the average, 0 is perfect. Rare clicks make a low log loss easy, and NE takes that out.
 *
 * @throws if there is no click or nothing but clicks: then the average alone is perfect.
 */
export function normalisedEntropy(logits: Numbers, labels: Numbers): number {
  const loss = logLoss(logits, labels);
  let clicks = 0;
  for (let i = 0; i < labels.length; i++) clicks += labels[i];
  if (clicks === 0 || clicks === labels.length) {
    throw new RangeError(`${clicks} clicks in ${labels.length} impressions: normalised entropy needs both classes`);
  }
  const rate = clicks / labels.length;
  return loss / -(rate * Math.log(rate) + (1 - rate) * Math.log1p(-rate));
}
