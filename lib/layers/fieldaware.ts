/** All pairs of a row's embeddings when each id has one vector for every field that it may meet. */
import * as tf from "@tensorflow/tfjs";
import { matMul } from "./ops";

/**
 * Σᵢ<ⱼ ⟨w_i,f(j), w_j,f(i)⟩ per impression: w [batch, slots, F, k] → [batch].
 * fieldOf [slots]: f(i), the field of each slot: 0 to F − 1 in ascending order, each at least once.
 *
 * The same trick as FM's lemma 3.1, with pairs of fields instead of pairs of slots. S_fg: the sum of w_i,g
 * over the slots i of field f. The sum over all i and j, i = j included, is Σ_f,g ⟨S_fg, S_gf⟩, so
 *
 *   Σᵢ<ⱼ ⟨w_i,f(j), w_j,f(i)⟩ = ½ [ Σ_f,g ⟨S_fg, S_gf⟩ − Σᵢ ‖w_i,f(i)‖² ]
 */
export function fieldAwarePairs(w: tf.Tensor4D, fieldOf: readonly number[]): tf.Tensor1D {
  const [batch, slots, F, k] = w.shape;
  const S = sumPerField(w, fieldOf); // [batch, F, F, k]
  const all = S.mul(S.transpose([0, 2, 1, 3])).sum<tf.Tensor1D>([1, 2, 3]); // → [batch]
  const isOwn = new Float32Array(slots * F * k); // 1 at the numbers of w_i,f(i)
  fieldOf.forEach((f, i) => isOwn.fill(1, (i * F + f) * k, (i * F + f + 1) * k));
  const squares = w.square().reshape<tf.Tensor2D>([batch, slots * F * k]); // [batch, slots · F · k]
  const own = matMul(squares, tf.tensor2d(isOwn, [slots * F * k, 1])).squeeze<tf.Tensor1D>([1]); // → [batch]
  return all.sub(own).mul(0.5);
}

/** S: w [batch, slots, F, k] → [batch, F, F, k]. */
function sumPerField(w: tf.Tensor4D, fieldOf: readonly number[]): tf.Tensor4D {
  const F = w.shape[2];
  if (fieldOf.length === F) return w; // one slot per field
  const sums = Array.from({ length: F }, (_, f) => {
    const start = fieldOf.indexOf(f);
    const n = fieldOf.lastIndexOf(f) + 1 - start;
    return w.slice([0, start, 0, 0], [-1, n, -1, -1]).sum<tf.Tensor4D>(1, true); // [batch, 1, F, k]
  });
  return tf.concat4d(sums, 1);
}
