/** What makes a click probability of a logit. */

/** p = 1 / (1 + e^−s). Of many logits at once: probabilities in lib/train/predict.ts. */
export function sigmoid(s: number): number {
  return 1 / (1 + Math.exp(-s));
}
