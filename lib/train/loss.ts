/** The loss of the whole course, from logits: log loss, also called binary cross-entropy. */
import * as tf from "@tensorflow/tfjs";

/**
 * Mean log loss of a batch in nats, as a scalar tensor: −mean( y ln p + (1 − y) ln(1 − p) ), p = sigmoid(s).
 *
 * For s ≥ 0: −y ln p − (1 − y) ln(1 − p) = s − s y + ln(1 + e^−s); for s < 0 it is −s y + ln(1 + e^s).
 * Both are max(s, 0) − s y + ln(1 + e^−|s|), which overflows for no s. Its gradient is (p − y) / batch.
 *
 * logits, labels: [batch], labels 0 or 1.
 */
export const meanLogLoss = tf.customGrad((logits, labels, save) => {
  const s = logits as tf.Tensor1D;
  const y = labels as tf.Tensor1D;
  (save as tf.GradSaveFunc)([s, y]);
  const value = tf.tidy(() => s.relu().sub(s.mul(y)).add(s.abs().neg().exp().log1p()).mean());
  return {
    value,
    gradFunc: (dy: tf.Tensor, [s, y]: tf.Tensor[]) => {
      const ds = s.sigmoid().sub(y).mul(dy).div(s.size);
      return [ds, ds.neg()];
    },
  };
}) as (logits: tf.Tensor1D, labels: tf.Tensor1D) => tf.Scalar;
