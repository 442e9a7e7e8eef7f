/** From one logit to a click probability, and to the log loss of what happened. */

/** p = 1 / (1 + e^−s). For many logits at once: probabilities in lib/train/predict.ts. */
export function sigmoid(s: number): number {
  return 1 / (1 + Math.exp(-s));
}

/**
 * Log loss of a logit s in nats, −y ln p − (1 − y) ln(1 − p) with p = sigmoid(s). Computed as
 * max(s, 0) − s y + ln(1 + e^−|s|), which overflows for no finite s. y: 1 for a click, 0 for none, or the true click
 * probability.
 */
export function logLossOf(s: number, y: number): number {
  return Math.max(s, 0) - s * y + Math.log1p(Math.exp(-Math.abs(s)));
}
