/**
 * Dice: a PReLU whose bend follows the data: soft and at the batch's mean, instead of hard and at 0.
 *
 *   f(s) = p(s) s + (1 − p(s)) α s,   p(s) = 1 / (1 + exp(−(s − E[s]) / √(Var[s] + ε)))   Zhou et al. (2018), eq. 9
 *
 * E[s], Var[s]: mean and variance of the unit. A training step takes them from its batch, and the gradient
 * flows through them; it also moves the averages that inference uses. α: one per unit, starts at 0; ε = 1e-8.
 *
 * Source: G. Zhou et al., "Deep Interest Network for Click-Through Rate Prediction", KDD 2018, section 5.2.
 * Differs: nothing in eq. 9. The paper does not give the moving averages' momentum: 0.9 here (averages.ts).
 * In a history only real steps count for E and Var: if padding counted, too, the same history
 * would give other numbers when padded to another length.
 */
import * as tf from "@tensorflow/tfjs";
import { moveTowards, movingAverage, statistics } from "./averages";
import type { Activation, Pass } from "./layer";
import { addRow, mulRow } from "./ops";
import { variable } from "./variables";

const epsilon = 1e-8;

/** DIN's activation: a PReLU with a soft bend at the unit's mean. Inference takes the moving averages of training. */
export class Dice implements Activation {
  readonly alpha: tf.Variable<tf.Rank.R1>; // α: [units]
  readonly mean: tf.Variable<tf.Rank.R1>; // moving average of E: [units]
  readonly variance: tf.Variable<tf.Rank.R1>; // moving average of Var: [units]

  constructor(units: number) {
    this.alpha = variable([units]);
    this.mean = movingAverage(units, 0);
    this.variance = movingAverage(units, 1);
  }

  /** s [n, units] → [n, units]. mask [n]: 1 for rows that count for E and Var, 0 for padding; default all 1. */
  apply(s: tf.Tensor2D, { training }: Pass, mask?: tf.Tensor1D): tf.Tensor2D {
    return tf.tidy(() => {
      if (!training) return dice(s, this.alpha, this.mean, this.variance);
      const { mean, variance } = statistics(s, mask);
      const isEmpty = mask !== undefined && mask.sum().dataSync()[0] === 0; // a batch of empty histories
      if (!isEmpty) {
        moveTowards(this.mean, mean);
        moveTowards(this.variance, variance);
      }
      return dice(s, this.alpha, mean, variance);
    });
  }

  get weights() {
    return { alpha: this.alpha, mean: this.mean, variance: this.variance };
  }
}

/** Eq. 9 for given statistics: s [n, units]; alpha, mean and variance [units] → [n, units]. */
export function dice(s: tf.Tensor2D, alpha: tf.Tensor1D, mean: tf.Tensor1D, variance: tf.Tensor1D): tf.Tensor2D {
  const p = mulRow(addRow(s, mean.neg()), variance.add<tf.Tensor1D>(epsilon).rsqrt()).sigmoid();
  return s.mul(addRow(mulRow(p, tf.scalar(1).sub(alpha)), alpha)); // s (α + (1 − α) p) = p s + (1 − p) α s
}
