/** All pairs of a row's embeddings at once, without the double loop. */
import * as tf from "@tensorflow/tfjs";

/**
 * Σᵢ<ⱼ ⟨eᵢ, eⱼ⟩ per impression: e [batch, n, k] → [batch].
 *
 *   Σᵢ<ⱼ ⟨eᵢ, eⱼ⟩ = ½ Σ_f [ (Σᵢ e_if)² − Σᵢ e_if² ]                       Rendle (2010), lemma 3.1
 */
export function sumOfPairs(e: tf.Tensor3D): tf.Tensor1D {
  return bilinearInteraction(e).sum<tf.Tensor1D>(1);
}

/**
 * Σᵢ<ⱼ eᵢ ⊙ eⱼ per impression: e [batch, n, k] → [batch, k].
 *
 *   f_BI = ½ [ (Σᵢ eᵢ)² − Σᵢ eᵢ² ]                                     He & Chua (2017), eq. 4
 */
export function bilinearInteraction(e: tf.Tensor3D): tf.Tensor2D {
  const squareOfSum = e.sum<tf.Tensor2D>(1).square(); // [batch, k]
  const sumOfSquares = e.square().sum<tf.Tensor2D>(1); // [batch, k]
  return squareOfSum.sub(sumOfSquares).mul(0.5);
}
