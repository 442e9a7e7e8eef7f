/** Does a predicted 5 % mean 5 %? AUC cannot tell: it looks at the order alone. */
import { checkWhole } from "../../checks";
import { sigmoid } from "../../sigmoid";
import { checkLabels, type Numbers } from "./check";
import { ascending } from "./order";

/** Impressions with similar predictions. */
export interface CalibrationBin {
  count: number;
  /** Mean predicted click probability. */
  predicted: number;
  /** Share that was clicked. */
  observed: number;
  /** 95 % interval of the click rate behind `observed` (Wilson's, which keeps within 0 and 1). */
  low: number;
  high: number;
}

/**
 * The impressions in `bins` groups by rising prediction, of equal size up to rounding; equal logits stay
 * together, so there may be fewer groups. A calibrated model has predicted ≈ observed in each.
 */
export function calibrationTable(logits: Numbers, labels: Numbers, bins = 10): CalibrationBin[] {
  checkLabels("logits", logits, labels);
  checkWhole("bins", bins);
  const order = ascending(logits);
  const table: CalibrationBin[] = [];
  for (let bin = 1, start = 0; start < order.length; bin++) {
    let end = Math.max(start, Math.round((bin * order.length) / bins));
    if (end === start) continue; // swallowed by ties
    while (end < order.length && logits[order[end]] === logits[order[end - 1]]) end++;
    let predicted = 0;
    let clicks = 0;
    for (let i = start; i < end; i++) {
      predicted += sigmoid(logits[order[i]]);
      clicks += labels[order[i]];
    }
    table.push({ count: end - start, predicted: predicted / (end - start), ...wilson(clicks, end - start) });
    start = end;
  }
  return table;
}

/**
 * Expected calibration error: Σ_b (n_b / n) |predicted_b − observed_b| over the groups of calibrationTable,
 * in probability (Naeini et al. 2015, there with groups of equal width). 0 is calibrated; but few impressions
 * per group alone make it larger than 0.
 */
export function calibrationError(logits: Numbers, labels: Numbers, bins = 10): number {
  let sum = 0;
  for (const { count, predicted, observed } of calibrationTable(logits, labels, bins))
    sum += count * Math.abs(predicted - observed);
  return sum / labels.length;
}

function wilson(clicks: number, n: number): Pick<CalibrationBin, "observed" | "low" | "high"> {
  const z = 1.959963984540054; // 97.5 % of the normal distribution lie below
  const observed = clicks / n;
  const middle = (observed + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((observed * (1 - observed)) / n + (z * z) / (4 * n * n));
  return { observed, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
