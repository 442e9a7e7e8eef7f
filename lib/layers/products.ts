/**
 * Product layers of PNN: what pairs of fields say, as D signals for the first hidden layer.
 *
 *   l_p^n = W_p^n ⊙ p = Σᵢⱼ (W_p^n)ᵢⱼ pᵢⱼ,  n = 1..D                          Qu et al. (2016), sec. III.A
 *
 * f [batch, N, M]: the embeddings f₁..f_N of the fields, M numbers each. pᵢⱼ depends on the kind of product, and so do
 * i and j: fields in the inner, coordinates of p in the outer, pairs of fields with i < j in the kernel product.
 */
import * as tf from "@tensorflow/tfjs";
import { pairSides } from "./eachpair";
import { matMul } from "./ops";

/**
 * Inner products, pᵢⱼ = ⟨fᵢ, fⱼ⟩, with W_p^n = θ^n θ^nᵀ: f [batch, N, M], theta [N, D] → [batch, D].
 *
 *   l_p^n = ‖ Σᵢ θᵢ^n fᵢ ‖²                                               IPNN, sec. III.B
 */
export function innerProduct(f: tf.Tensor3D, theta: tf.Tensor2D): tf.Tensor2D {
  const [batch, N, M] = f.shape;
  const D = theta.shape[1];
  const columns = f.transpose([0, 2, 1]).reshape<tf.Tensor2D>([batch * M, N]); // [batch · M, N]
  const delta = matMul(columns, theta).reshape<tf.Tensor3D>([batch, M, D]); // Σᵢ θᵢ^n fᵢ: [batch, M, D]
  return delta.square().sum<tf.Tensor2D>(1); // [batch, M, D] → [batch, D]
}

/**
 * Outer products by superposition, p = Σᵢⱼ fᵢ fⱼᵀ = f_Σ f_Σᵀ with f_Σ = Σᵢ fᵢ: f [batch, N, M], W [M · M, D] →
 * [batch, D]. OPNN, sec. III.C.
 */
export function outerProduct(f: tf.Tensor3D, W: tf.Tensor2D): tf.Tensor2D {
  const [batch, , M] = f.shape;
  const sum = f.sum<tf.Tensor2D>(1); // f_Σ: [batch, M]
  const p = sum.expandDims(2).mul(sum.expandDims(1)); // [batch, M, M]
  return matMul(p.reshape<tf.Tensor2D>([batch, M * M]), W); // [batch, M · M] → [batch, D]
}

/**
 * Kernel products, pᵢⱼ = fᵢᵀ K_ij fⱼ for i < j: f [batch, N, M], K [pairs, M, M], W [pairs, D] → [batch, D].
 * Qu et al. (2018), KPNN.
 */
export function kernelProduct(f: tf.Tensor3D, K: tf.Tensor3D, W: tf.Tensor2D): tf.Tensor2D {
  const [left, right] = pairSides(f); // [batch, pairs, M] each
  const turned = matMul(left.transpose<tf.Tensor3D>([1, 0, 2]), K).transpose([1, 0, 2]); // fᵢᵀ K_ij: [batch, pairs, M]
  return matMul(turned.mul(right).sum<tf.Tensor2D>(2), W); // [batch, pairs] → [batch, D]
}
