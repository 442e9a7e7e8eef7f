/** Area under the ROC curve. */
import { checkLabels, type Numbers } from "./check";
import { ascending } from "./order";

/**
 * The probability that a random clicked impression has a higher score than a random one without a click,
 * a tie counting half. 1 is perfect, 0.5 is no better than chance. Any increasing function of the scores gives
 * the same AUC, so logits serve as well as probabilities.
 *
 *   AUC = ( Σ ranks of the clicked − P (P + 1) / 2 ) / (P N),  tied scores sharing their mean rank
 *
 * P and N: impressions with and without a click. weights: how much each impression counts, 1 by default.
 * Takes all impressions at once: a mean of AUCs over batches is another number.
 *
 * @throws if there is no click or nothing but clicks: then no pair exists, and no AUC.
 */
export function auc(scores: Numbers, labels: Numbers, weights?: Numbers): number {
  checkLabels("scores", scores, labels, weights);
  const pairs = countPairs(scores, labels, ascending(scores), weights);
  if (pairs.clicked === 0) throw new RangeError(`no click among ${labels.length} impressions: AUC needs both classes`);
  if (pairs.other === 0)
    throw new RangeError(`nothing but clicks among ${labels.length} impressions: AUC needs both classes`);
  return pairs.won / (pairs.clicked * pairs.other);
}

/**
 * Walks through the impressions by ascending score and weighs the pairs (clicked, not clicked) in which the
 * clicked one is higher; ties count half. The AUC is won / (clicked x other), where both are above 0.
 */
export function countPairs(
  scores: Numbers,
  labels: Numbers,
  order: Numbers,
  weights?: Numbers,
): { won: number; clicked: number; other: number } {
  let won = 0;
  let clicked = 0;
  let other = 0;
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i]];
    let tiedClicked = 0;
    let tiedOther = 0;
    for (; i < order.length && scores[order[i]] === score; i++) {
      const weight = weights ? weights[order[i]] : 1;
      if (labels[order[i]] === 1) tiedClicked += weight;
      else tiedOther += weight;
    }
    won += tiedClicked * (other + tiedOther / 2);
    clicked += tiedClicked;
    other += tiedOther;
  }
  return { won, clicked, other };
}
