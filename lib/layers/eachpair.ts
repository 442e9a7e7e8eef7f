/** The pairs of a row's embeddings one by one, where each pair counts for itself. For their sum alone: pairs.ts. */
import * as tf from "@tensorflow/tfjs";

/**
 * Both members of every pair i < j, in the order (0,1), (0,2), ..., (n−2,n−1): e [batch, n, k] → eᵢ and eⱼ, each
 * [batch, pairs, k].
 */
export function pairSides(e: tf.Tensor3D): [tf.Tensor3D, tf.Tensor3D] {
  const first: number[] = [];
  const second: number[] = [];
  forEachPair(e.shape[1], (i, j) => {
    first.push(i);
    second.push(j);
  });
  return [pick(e, first), pick(e, second)];
}

/**
 * The vectors at the given places, which may repeat: e [batch, n, k] → [batch, places, k].
 *
 * In plain loops, because tf.gather has no gradient on wasm. Slices, or products with a matrix of zeros and ones,
 * are no faster on wasm; on cpu slices are many times slower.
 */
function pick(e: tf.Tensor3D, places: readonly number[]): tf.Tensor3D {
  const [batch, n, k] = e.shape;
  const op = tf.customGrad((e) => {
    const values = (e as tf.Tensor3D).dataSync();
    const picked = new Float32Array(batch * places.length * k);
    for (let row = 0, to = 0; row < batch; row++) {
      for (const place of places)
        for (let d = 0, from = (row * n + place) * k; d < k; d++) picked[to++] = values[from + d];
    }
    return {
      value: tf.tensor3d(picked, [batch, places.length, k]),
      gradFunc: (dy: tf.Tensor) => {
        const given = dy.dataSync();
        const gradient = new Float32Array(batch * n * k);
        for (let row = 0, from = 0; row < batch; row++) {
          for (const place of places)
            for (let d = 0, to = (row * n + place) * k; d < k; d++) gradient[to + d] += given[from++];
        }
        return tf.tensor3d(gradient, [batch, n, k]);
      },
    };
  });
  return op(e) as tf.Tensor3D;
}

/**
 * 1 for each pair of slots that both hold an id, else 0: ids [batch x slots] → [batch, pairs], in the order of
 * pairSides.
 */
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
 * @throws if there is no pair: on wasm, a sum over nothing is not 0 but whatever the memory holds.
 */
export function forEachPair(n: number, visit: (i: number, j: number, pair: number) => void): void {
  if (n < 2)
    throw new RangeError(
      `${n} id per impression makes no pair, expected at least 2: add a feature, or a sequence of length 2`,
    );
  let pair = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) visit(i, j, pair++);
}
