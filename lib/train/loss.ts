/** The loss of the whole course, from logits: log loss, also called binary cross-entropy. */
import * as tf from "@tensorflow/tfjs";
import { logLossOf, sigmoid } from "../sigmoid";

/**
 * Mean log loss of a batch in nats, as a scalar tensor: −mean( y ln p + (1 − y) ln(1 − p) ), p = sigmoid(s).
 *
 * For s ≥ 0: −y ln p − (1 − y) ln(1 − p) = s − s y + ln(1 + e^−s); for s < 0 it is −s y + ln(1 + e^s).
 * Both are max(s, 0) − s y + ln(1 + e^−|s|), which overflows for no finite s. Its gradient is (p − y) / batch.
 *
 * In plain loops: tfjs takes longer to begin an operation on so few numbers than to do it, and this would be fifteen.
 *
 * logits, labels: [batch], labels 0 or 1. Labels get no gradient. weights: [batch], how much each impression counts, 1
 * by default; then it is Σ w loss / batch, and its gradient w (p − y) / batch, as in Keras. If it were divided by
 * Σ w, all batches would pull alike, the heavy ones no more than others, and a model trained on small batches would
 * miss the least Σ w loss over the data.
 */
export function meanLogLoss(logits: tf.Tensor1D, labels: ArrayLike<number>, weights?: ArrayLike<number>): tf.Scalar {
  const op = tf.customGrad((logits) => {
    const s = (logits as tf.Tensor1D).dataSync();
    let sum = 0;
    for (let i = 0; i < s.length; i++) sum += (weights ? weights[i] : 1) * logLossOf(s[i], labels[i]);
    return {
      value: tf.scalar(sum / s.length),
      gradFunc: (dy: tf.Tensor) => {
        const factor = dy.dataSync()[0] / s.length;
        const gradient = new Float32Array(s.length);
        for (let i = 0; i < s.length; i++)
          gradient[i] = factor * (weights ? weights[i] : 1) * (sigmoid(s[i]) - labels[i]);
        return tf.tensor1d(gradient);
      },
    };
  });
  return op(logits) as tf.Scalar;
}
