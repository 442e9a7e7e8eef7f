/**
 * Batch normalization of each unit.
 *
 *   y = γ (x − E[x]) / √(Var[x] + ε) + β                              Ioffe & Szegedy (2015), algorithm 1
 *
 * Training takes E and Var from the batch and keeps moving averages; inference uses the averages, so
 * that a row's logit does not depend on its batch. γ: scale, β: shift, one of each per unit.
 *
 * Differs: inference takes the average of Var as it is; algorithm 2 multiplies it by m / (m − 1) for batches of m.
 */
import * as tf from "@tensorflow/tfjs";
import { moveTowards, movingAverage, statistics } from "./averages";
import type { Pass } from "./layer";
import { addRow, mulRow } from "./ops";
import { variable } from "./variables";

const epsilon = 1e-5;

/** Normalizes each unit to mean 0 and variance 1 over the batch, then applies a scale and a shift that are learned. */
export class BatchNorm {
  readonly scale: tf.Variable<tf.Rank.R1>; // γ: [units]
  readonly shift: tf.Variable<tf.Rank.R1>; // β: [units]
  readonly mean: tf.Variable<tf.Rank.R1>; // moving average of E: [units]
  readonly variance: tf.Variable<tf.Rank.R1>; // moving average of Var: [units]

  constructor(units: number) {
    this.scale = variable([units], 1);
    this.shift = variable([units]);
    this.mean = movingAverage(units, 0);
    this.variance = movingAverage(units, 1);
  }

  /** x [batch, units] → [batch, units]. */
  apply(x: tf.Tensor2D, { training }: Pass): tf.Tensor2D {
    return tf.tidy(() => {
      const { mean, variance } = training ? statistics(x) : this; // [units]
      if (training) {
        moveTowards(this.mean, mean);
        moveTowards(this.variance, variance);
      }
      const normal = mulRow(addRow(x, mean.neg()), variance.add<tf.Tensor1D>(epsilon).rsqrt());
      return addRow(mulRow(normal, this.scale), this.shift);
    });
  }

  get weights() {
    return { scale: this.scale, shift: this.shift, mean: this.mean, variance: this.variance };
  }
}
