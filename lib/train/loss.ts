/** The loss of the whole course, from logits: log loss, also called binary cross-entropy. */
import * as tf from "@tensorflow/tfjs";
import { logLossOf, sigmoid } from "../sigmoid";

/**
 * Mean log loss of a batch in nats, as a scalar tensor: −mean( y ln p + (1 − y) ln(1 − p) ), p = sigmoid(s).
 *
 * For s ≥ 0: −y ln p − (1 − y) ln(1 − p) = s − s y + ln(1 + e^−s); for s < 0 it is −s y + ln(1 + e^s).
 * Both are max(s, 0) − s y + ln(1 + e^−|s|), which overflows for no s. Its gradient is (p − y) / batch.
 *
 * In plain loops: tfjs takes longer to begin an operation on so few numbers than to do it, and here would be fifteen.
 *
 * logits, labels: [batch], labels 0 or 1. Labels get no gradient. weights: [batch], how much each impression counts, 1
 * by default; then the mean is Σ w loss / Σ w, and the gradient w (p − y) / Σ w. Where all weights are 0, so are both.
 */
export function meanLogLoss(logits: tf.Tensor1D, labels: ArrayLike<number>, weights?: ArrayLike<number>): tf.Scalar {
  const total = totalWeight(labels.length, weights);
  const op = tf.customGrad((logits) => {
    const s = (logits as tf.Tensor1D).dataSync();
    let sum = 0;
    for (let i = 0; i < s.length; i++) sum += (weights ? weights[i] : 1) * logLossOf(s[i], labels[i]);
    return {
      value: tf.scalar(total === 0 ? 0 : sum / total),
      gradFunc: (dy: tf.Tensor) => {
        const factor = total === 0 ? 0 : dy.dataSync()[0] / total;
        const gradient = new Float32Array(s.length);
        for (let i = 0; i < s.length; i++)
          gradient[i] = factor * (weights ? weights[i] : 1) * (sigmoid(s[i]) - labels[i]);
        return tf.tensor1d(gradient);
      },
    };
  });
  return op(logits) as tf.Scalar;
}

/** How much a batch counts: the sum of its weights, without weights its size. */
export function totalWeight(size: number, weights?: ArrayLike<number>): number {
  if (!weights) return size;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += weights[i];
  return sum;
}
