/** Is the difference of two AUCs on the same impressions more than chance? */
import { mean, normalQuantile, normalTail, variance } from "../statistics";
import { checkLabels, type Numbers } from "./check";
import { ascending } from "./order";

export interface AucDifference {
  /** AUC of a − AUC of b. */
  difference: number;
  /** 95 % interval of the difference. */
  low: number;
  high: number;
  /** Probability of a difference at least this large, either way, if both were equally good. */
  p: number;
}

/**
 * The test of DeLong, DeLong & Clarke-Pearson (1988) for two models' scores of the same impressions.
 *
 * An impression's placement is the share of the other class that it beats, ties counting half. The AUC is
 * the mean placement of the clicked ones, and as each impression has a placement under a and one under b,
 * the variance of their difference is estimated by what varies between impressions:
 *
 *   Var = s²(clicked: placement_a − placement_b) / P + s²(others: the same) / N
 *
 * It speaks of these two trained models and of other impressions like these; not of training them again. And it takes
 * the impressions as independent. Where few users give many each, those of a user are alike, so there are fewer
 * opinions than rows and the interval is too narrow: take aucDifferenceByUsers (byusers.ts) instead. Knows no weights:
 * every impression counts 1.
 *
 * @throws if there are fewer than two impressions with a click or without.
 */
export function delong(a: Numbers, b: Numbers, labels: Numbers): AucDifference {
  const placements = [a, b].map((scores, i) => {
    checkLabels(`scores of ${"ab"[i]}`, scores, labels);
    return placementsOf(scores, labels);
  });
  const differences: [number[], number[]] = [[], []]; // of those without a click, of the clicked
  for (let i = 0; i < labels.length; i++) differences[labels[i]].push(placements[0][i] - placements[1][i]);
  const [others, clicked] = differences;
  if (clicked.length < 2 || others.length < 2) {
    throw new RangeError(
      `${clicked.length} clicks in ${labels.length} impressions: DeLong's test needs two of each class`,
    );
  }
  const difference = mean(clicked);
  const deviation = Math.sqrt(variance(clicked) / clicked.length + variance(others) / others.length);
  const half = normalQuantile(0.975) * deviation;
  const p = difference === 0 ? 1 : 2 * normalTail(Math.abs(difference) / deviation);
  return { difference, low: difference - half, high: difference + half, p };
}

/** For each impression the share of the other class below it if it was clicked, and above it if not. */
function placementsOf(scores: Numbers, labels: Numbers): Float64Array {
  const order = ascending(scores);
  const clicks = order.reduce((n, i) => n + labels[i], 0);
  const placements = new Float64Array(order.length);
  let clickedBelow = 0;
  let othersBelow = 0;
  for (let start = 0, end = 0; start < order.length; start = end) {
    let tied = 0;
    for (; end < order.length && scores[order[end]] === scores[order[start]]; end++) tied += labels[order[end]];
    const tiedOthers = end - start - tied;
    for (let i = start; i < end; i++) {
      placements[order[i]] =
        labels[order[i]] === 1
          ? (othersBelow + tiedOthers / 2) / (order.length - clicks)
          : (clicks - clickedBelow - tied / 2) / clicks;
    }
    clickedBelow += tied;
    othersBelow += tiedOthers;
  }
  return placements;
}
