/** All pairs of a row's embeddings: at once, without the double loop, or one by one where each pair counts for itself. */
import * as tf from "@tensorflow/tfjs";
import { matMul } from "./ops";

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

/**
 * Both members of every pair i < j, in the order (0,1), (0,2), ..., (n−2,n−1): e [batch, n, k] → eᵢ and eⱼ,
 * each [batch, pairs, k].
 *
 * Picked out by products with matrices of zeros and ones: tf.gather has no gradient on wasm, and a slice
 * per pair is a copy per pair.
 */
export function pairSides(e: tf.Tensor3D): [tf.Tensor3D, tf.Tensor3D] {
  const [batch, n, k] = e.shape;
  const pairs = (n * (n - 1)) / 2;
  const columns = e.transpose([0, 2, 1]).reshape<tf.Tensor2D>([batch * k, n]);
  const pick = (choice: tf.Tensor2D) => matMul(columns, choice).reshape([batch, k, pairs]).transpose<tf.Tensor3D>([0, 2, 1]);
  const [first, second] = [new Float32Array(n * pairs), new Float32Array(n * pairs)];
  forEachPair(n, (i, j, pair) => {
    first[i * pairs + pair] = 1;
    second[j * pairs + pair] = 1;
  });
  return [pick(tf.tensor2d(first, [n, pairs])), pick(tf.tensor2d(second, [n, pairs]))];
}

/** 1 for each pair of slots that both hold an id, else 0: ids [batch x slots] → [batch, pairs], in the order of pairSides. */
export function presentPairs(ids: Int32Array, slots: number): tf.Tensor2D {
  const pairs = (slots * (slots - 1)) / 2;
  const batch = ids.length / slots;
  const both = new Float32Array(batch * pairs);
  for (let row = 0; row < batch; row++) {
    forEachPair(slots, (i, j, pair) => {
      both[row * pairs + pair] = ids[row * slots + i] !== 0 && ids[row * slots + j] !== 0 ? 1 : 0;
    });
  }
  return tf.tensor2d(both, [batch, pairs]);
}

/**
 * Visits (0,1), (0,2), ..., (n−2,n−1) and counts them from 0.
 *
 * @throws if there is no pair: sums over nothing are not 0 but whatever the memory holds on wasm.
 */
export function forEachPair(n: number, visit: (i: number, j: number, pair: number) => void): void {
  if (n < 2) throw new RangeError(`${n} id per impression makes no pair, expected at least 2: another feature, or a sequence of length 2`);
  let pair = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) visit(i, j, pair++);
}
