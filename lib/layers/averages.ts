/** Statistics of training batches, and moving averages for inference: a row's logit must not depend on its batch. */
import * as tf from "@tensorflow/tfjs";
import { addRow, weightedColumnSums } from "./ops";
import { variable } from "./variables";

/**
 * Mean and variance of each unit over the rows with mask 1: s [n, units] → both [units].
 * The variance is the mean squared distance from the mean: divided by the number of rows, not by one less.
 */
export function statistics(
  s: tf.Tensor2D,
  mask: tf.Tensor1D = tf.ones([s.shape[0]]),
): { mean: tf.Tensor1D; variance: tf.Tensor1D } {
  const share = mask.div<tf.Tensor1D>(mask.sum().maximum(1)); // [n], each row's part in a mean
  const mean = weightedColumnSums(s, share); // [units]
  const variance = weightedColumnSums(addRow(s, mean.neg()).square(), share); // [units]
  return { mean, variance };
}

/** Share of the old value that one step keeps: after 100 steps 0.003 % of the start is left. */
const momentum = 0.9;

/** A moving average of [units] numbers, each `start` at first: saved with the model, not trained. */
export function movingAverage(units: number, start: number): tf.Variable<tf.Rank.R1> {
  return variable([units], start, false);
}

/**
 * average ← momentum · average + (1 − momentum) · now. Only training steps do this. Every batch has the same
 * weight, however small: after a last batch of two rows, a tenth of the average is theirs. Choose a batch size that
 * leaves no such remainder.
 *
 * In a plain loop that rounds as the engines do: five operations on so few numbers take longer to start than to run.
 */
export function moveTowards(average: tf.Variable, now: tf.Tensor): void {
  const [old, latest] = [average.dataSync(), now.dataSync()];
  const [keep, take] = [momentum, 1 - momentum].map(Math.fround);
  const moved = Float32Array.from(old, (value, i) => Math.fround(value * keep) + Math.fround(latest[i] * take));
  tf.tidy(() => average.assign(tf.tensor(moved, average.shape)));
}
