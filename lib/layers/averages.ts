/** Moving averages of what training batches measured, for inference: a row's logit must not depend on its batch. */
import * as tf from "@tensorflow/tfjs";
import { variable } from "./layer";

/** Share of the old value that one step keeps: after 100 steps 0.003 % of the start are left. */
export const momentum = 0.9;

/** A moving average of [units] numbers, `start` each at first: saved with the model, not trained. */
export function movingAverage(units: number, start: number): tf.Variable<tf.Rank.R1> {
  return variable([units], start, false);
}

/** average ← momentum · average + (1 − momentum) · now. Only training steps do this. */
export function moveTowards(average: tf.Variable, now: tf.Tensor): void {
  tf.tidy(() => average.assign(average.mul(momentum).add(now.mul(1 - momentum))));
}
