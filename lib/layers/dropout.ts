/** Dropout: in training, numbers are switched off at random. */
import * as tf from "@tensorflow/tfjs";
import type { Pass } from "./layer";

/**
 * Inverted dropout: in training sets each number to 0 with the probability `share` and divides the others
 * by 1 − share, so that the mean stays the same and inference needs no correction.
 */
export function drop<T extends tf.Tensor>(x: T, share: number, { training, random }: Pass): T {
  if (!training || share === 0) return x;
  const mask = new Float32Array(x.size);
  for (let i = 0; i < mask.length; i++) mask[i] = random.uniform() < share ? 0 : 1 / (1 - share);
  return x.mul(tf.tensor(mask, x.shape));
}
