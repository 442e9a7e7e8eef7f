/**
 * One vector from a history of any length.
 *
 *   e = pooling(e₁, …, e_H)                                              Zhou et al. (2018), eq. 1
 *
 * Steps that do not exist (padding) have mask 0 and count for nothing. An empty history gives the zero vector.
 */
import * as tf from "@tensorflow/tfjs";
import { matMul } from "./ops";

export type Pooling = "mean" | "sum";

/** Sum or mean over the steps with mask 1: steps [batch, T, k], mask [batch, T] → [batch, k]. */
export function pool(steps: tf.Tensor3D, mask: tf.Tensor2D, pooling: Pooling): tf.Tensor2D {
  return weightedSum(pooling === "sum" ? mask : meanWeights(mask), steps);
}

/** 1 / length for each step of a history, 0 at padding: mask [batch, T] → [batch, T]. */
export function meanWeights(mask: tf.Tensor2D): tf.Tensor2D {
  const length = mask.sum(1, true); // [batch, 1]
  return mask.div(length.maximum(1)); // an empty history has only zeros to divide
}

/** Σⱼ wⱼ eⱼ: weights [batch, T], steps [batch, T, k] → [batch, k]. */
export function weightedSum(weights: tf.Tensor2D, steps: tf.Tensor3D): tf.Tensor2D {
  return matMul(weights.expandDims<tf.Tensor3D>(1), steps).squeeze<tf.Tensor2D>([1]); // [batch, 1, T] x [batch, T, k]
}
