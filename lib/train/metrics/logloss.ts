/** Log loss of any number of impressions, from logits, in plain numbers: for judging. For training see ../loss.ts. */
import { checkLabels, type Numbers } from "./check";

/**
 * Log loss per impression, in nats: −mean( y ln p + (1 − y) ln(1 − p) ), p = sigmoid(s), computed from the
 * logits s as max(s, 0) − s y + ln(1 + e^−|s|), which overflows for no s. An infinite s claims to be certain: the loss
 * is 0 if it is right, else infinite.
 * 0 is perfect; ln 2 ≈ 0.693 is a coin flip. Given probabilities in place of logits, it would be wrong, silently.
 * weights: how much each impression counts, 1 by default.
 *
 * @throws if the lengths differ, nothing is given, a label is not 0 or 1, or a logit is not a number.
 */
export function logLoss(logits: Numbers, labels: Numbers, weights?: Numbers): number {
  checkLabels("logits", logits, labels, weights);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < logits.length; i++) {
    const s = logits[i];
    const w = weights ? weights[i] : 1;
    if (w === 0) continue;
    const against = labels[i] === 1 ? -s : s; // max(against, 0) is max(s, 0) − s y, without ∞ − ∞
    sum += w * (Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(s))));
    total += w;
  }
  return sum / total;
}
