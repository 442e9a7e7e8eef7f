/**
 * PReLU: a ReLU whose slope below 0 is learned, one slope per unit.
 *
 *   f(s) = s if s > 0, α s otherwise                                     He et al. (2015), eq. 1
 *
 * α starts at 0.25, as in that paper.
 *
 * Source: K. He et al., "Delving Deep into Rectifiers", ICCV 2015.
 */
import * as tf from "@tensorflow/tfjs";
import type { Activation } from "./layer";
import { relu } from "./ops";
import { variable } from "./variables";

/** A ReLU with a slope below 0, which it learns for each unit. */
export class PReLU implements Activation {
  readonly alpha: tf.Variable<tf.Rank.R1>; // α: [units]

  constructor(units: number) {
    this.alpha = variable([units], 0.25);
  }

  /** s [n, units] → [n, units]. */
  apply(s: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      const positive = relu(s);
      const negative = s.sub(positive);
      return positive.add(negative.mul(this.alpha));
    });
  }

  get weights() {
    return { alpha: this.alpha };
  }
}
