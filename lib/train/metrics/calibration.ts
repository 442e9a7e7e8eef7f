/** Does a predicted 5 % mean 5 %? AUC cannot tell: it looks at the order alone. */
import { checkWhole } from "../../checks";
import { sigmoid } from "../../sigmoid";
import { checkLabels, type Numbers } from "./check";
import { ascending } from "./order";

/** Impressions with similar predictions. */
export interface CalibrationBin {
  count: number;
  /** Sum of their weights; without weights the same as count. */
  weight: number;
  /** Mean predicted click probability. */
  predicted: number;
  /** Share that was clicked. */
  observed: number;
  /**
   * 95 % interval of the click rate behind `observed` (Wilson's, which keeps within 0 and 1). Takes impressions as
   * independent: where few users give many each, it is too narrow.
   *
   * With weights w it is the interval of p (1 − p) (Σ w)² / Σ w² (y − p)² impressions without weights, p being
   * `observed`: that many would tell it as precisely. Where all or none are clicked, nothing is known of the weights of
   * the other class: then it is the interval of (Σ w)² / Σ w² impressions (Kish).
   */
  low: number;
  high: number;
}

/**
 * The impressions in `bins` groups by rising prediction, of equal size up to rounding; equal logits stay
 * together, so there may be fewer groups. A calibrated model has predicted ≈ observed in each. Probabilities in the
 * place of logits would make the table wrong, silently.
 *
 * weights: how much each impression counts, 1 by default; then the groups are of equal weight, and the means weighted.
 *
 * @throws if the lengths differ, nothing is given, a label is not 0 or 1, or a logit is not a number.
 */
export function calibrationTable(logits: Numbers, labels: Numbers, bins = 10, weights?: Numbers): CalibrationBin[] {
  checkLabels("logits", logits, labels, weights);
  checkWhole("bins", bins);
  const weightOf = (i: number) => (weights ? weights[i] : 1);
  const order = ascending(logits).filter((i) => weightOf(i) > 0);
  const total = order.reduce((sum, i) => sum + weightOf(i), 0);
  const table: CalibrationBin[] = [];
  for (let bin = 1, start = 0, done = 0; start < order.length; bin++) {
    let end = start;
    let [weight, predicted, clicks] = [0, 0, 0];
    const squares: [unclicked: number, clicked: number] = [0, 0]; // Σ w²
    for (; end < order.length; end++) {
      const i = order[end];
      const w = weightOf(i);
      const isTied = end > start && logits[i] === logits[order[end - 1]];
      if (!isTied && done + w / 2 > (bin * total) / bins) break; // more than half of it belongs to the next group
      done += w;
      weight += w;
      squares[labels[i]] += w * w;
      predicted += w * sigmoid(logits[i]);
      clicks += w * labels[i];
    }
    if (end === start) continue; // swallowed by ties
    const interval = wilson(clicks / weight, effectiveSize(weight, clicks, squares));
    table.push({ count: end - start, weight, predicted: predicted / weight, ...interval });
    start = end;
  }
  return table;
}

/**
 * Expected calibration error: Σ_b (n_b / n) |predicted_b − observed_b| over the groups of calibrationTable,
 * in probability (Naeini et al. 2015, there with groups of equal width). 0 is calibrated; but with few impressions
 * per group, chance alone makes it larger than 0. With weights, n_b and n are sums of weights. It needs logits, too.
 */
export function calibrationError(logits: Numbers, labels: Numbers, bins = 10, weights?: Numbers): number {
  let sum = 0;
  let total = 0;
  for (const { weight, predicted, observed } of calibrationTable(logits, labels, bins, weights)) {
    sum += weight * Math.abs(predicted - observed);
    total += weight;
  }
  return sum / total;
}

/**
 * n of CalibrationBin.low, with numerator and denominator divided by p (1 − p): so it is the plain count, to the digit,
 * where all weights are 1.
 */
function effectiveSize(
  weight: number,
  clicks: number,
  [unclicked, clicked]: readonly [unclicked: number, clicked: number],
): number {
  const others = weight - clicks;
  if (clicks === 0 || others === 0) return (weight * weight) / (unclicked + clicked);
  return (weight * weight) / ((unclicked * clicks) / others + (clicked * others) / clicks);
}

/** n: impressions that the share was observed in. */
function wilson(observed: number, n: number): Pick<CalibrationBin, "observed" | "low" | "high"> {
  const z = 1.959963984540054; // 97.5 % of the normal distribution lie below
  const middle = (observed + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((observed * (1 - observed)) / n + (z * z) / (4 * n * n));
  // Rounding could put a share of 0 or 1 outside its own interval.
  const [low, high] = [Math.min(observed, middle - half), Math.max(observed, middle + half)];
  return { observed, low: Math.max(0, low), high: Math.min(1, high) };
}
