/** Log loss made comparable between data sets. */
import type { Numbers } from "./check";
import { logLoss } from "./logloss";

/**
 * Log loss divided by that of a model that predicts the average click rate c for everything:
 *
 *   NE = log loss / −( c ln c + (1 − c) ln(1 − c) )                         He et al. (2014), eq. 1
 *
 * 1 is no better than the average, 0 is perfect. Rare clicks make a low log loss easy, and NE takes that out.
 * It needs logits, as logLoss does. weights: how much each impression counts, 1 by default.
 *
 * @throws if there is no click or nothing but clicks: then the average alone is perfect.
 */
export function normalizedEntropy(logits: Numbers, labels: Numbers, weights?: Numbers): number {
  const loss = logLoss(logits, labels, weights);
  let clicks = 0;
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    const w = weights ? weights[i] : 1;
    clicks += w * labels[i];
    total += w;
  }
  if (clicks === 0 || clicks === total) {
    throw new RangeError(`${clicks === 0 ? "no click" : "nothing but clicks"} in ${labels.length} impressions: normalised entropy needs both classes`);
  }
  const rate = clicks / total;
  return loss / -(rate * Math.log(rate) + (1 - rate) * Math.log1p(-rate));
}
