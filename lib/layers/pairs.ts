/**
 * All pairs of a row's embeddings: at once, without the double loop, or one by one where each pair counts for itself.
 */
import * as tf from "@tensorflow/tfjs";
import { aligned, scratch, unaligned } from "../rows/memory";
import { repeatEach, rowSums } from "./arrays";
import { tensorOfCopy } from "./ops";

/**
 * Σᵢ<ⱼ ⟨eᵢ, eⱼ⟩ per impression: e [batch, n, k] → [batch].
 *
 *   Σᵢ<ⱼ ⟨eᵢ, eⱼ⟩ = ½ Σ_f [ (Σᵢ e_if)² − Σᵢ e_if² ]                       Rendle (2010), lemma 3.1
 *
 * bilinearInteraction has the bracket, halved, for each f (pairsInJavaScript is its loop); here these k numbers are
 * summed.
 */
export function sumOfPairs(e: tf.Tensor3D): tf.Tensor1D {
  return sumOfEachRow(bilinearInteraction(e)); // [batch, k] → [batch]
}

/** Σ_f x_f of each row, in doubles: x [batch, k] → [batch]. In a plain loop: k is small, and a row soon summed. */
function sumOfEachRow(x: tf.Tensor2D): tf.Tensor1D {
  const [batch, k] = x.shape;
  const op = tf.customGrad((x) => ({
    value: tf.tensor1d(rowSums((x as tf.Tensor2D).dataSync() as Float32Array, k)),
    gradFunc: (dy: tf.Tensor) => tf.tensor2d(repeatEach(dy.dataSync(), k), [batch, k]),
  }));
  return op(x) as tf.Tensor1D;
}

/**
 * Σᵢ<ⱼ eᵢ ⊙ eⱼ per impression: e [batch, n, k] → [batch, k].
 *
 *   f_BI = ½ [ (Σᵢ eᵢ)² − Σᵢ eᵢ² ]                                     He & Chua (2017), eq. 4
 *
 * Its gradient with respect to eᵢ is Σⱼ eⱼ − eᵢ, in one step, where tfjs would go back through each square and sum.
 * More than a few numbers are left to compiled loops (lib/rows), which take a quarter of the time of sums over tensors
 * on wasm and cpu, and on node less or as much, with the way there and back.
 */
export function bilinearInteraction(e: tf.Tensor3D): tf.Tensor2D {
  const [batch, n, k] = e.shape;
  const op = tf.customGrad((e) => {
    const values = (e as tf.Tensor3D).dataSync() as Float32Array;
    const { pairs, gradient } = (values.length < few ? inJavaScript : compiled)(values, batch, n, k);
    return {
      value: tensorOfCopy(pairs, [batch, k]),
      gradFunc: (dy: tf.Tensor) => tensorOfCopy(gradient(dy.dataSync() as Float32Array), [batch, n, k]),
    };
  });
  return op(e) as tf.Tensor2D;
}

/**
 * Numbers: copying so few to the compiled loop and back takes longer than the loop. To try another term, set this to
 * Infinity, so that all is done in JavaScript, and change both pairsInJavaScript and pairsGradientInJavaScript: nothing
 * else computes the gradient.
 */
const few = 512;

/** f_BI and the way back: from its gradient [batch x k] to that of the values. Both may be overwritten later. */
interface Pairs {
  readonly pairs: Float32Array;
  gradient(given: Float32Array): Float32Array;
}

function inJavaScript(values: Float32Array, batch: number, n: number, k: number): Pairs {
  return {
    pairs: pairsInJavaScript(values, batch, n, k),
    gradient: (given) => pairsGradientInJavaScript(values, given, batch, n, k),
  };
}

/**
 * f_BI = ½ [ (Σᵢ eᵢ)² − Σᵢ eᵢ² ]: values [batch x n x k] → [batch x k]. The definition; the compiled loop
 * gives the same digits.
 */
export function pairsInJavaScript(values: Float32Array, batch: number, n: number, k: number): Float32Array {
  const pairs = new Float32Array(batch * k);
  for (let row = 0; row < batch; row++) {
    for (let f = 0; f < k; f++) {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        const e = values[(row * n + i) * k + f];
        sum += e;
        squares += e * e;
      }
      pairs[row * k + f] = (sum * sum - squares) / 2;
    }
  }
  return pairs;
}

/** Its gradient, given ⊙ (Σⱼ eⱼ − eᵢ): values [batch x n x k], given [batch x k] → [batch x n x k]. */
export function pairsGradientInJavaScript(
  values: Float32Array,
  given: Float32Array,
  batch: number,
  n: number,
  k: number,
): Float32Array {
  const gradient = new Float32Array(values.length);
  for (let row = 0; row < batch; row++) {
    for (let f = 0; f < k; f++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += values[(row * n + i) * k + f];
      for (let i = 0; i < n; i++) {
        const at = (row * n + i) * k + f;
        gradient[at] = given[row * k + f] * (sum - values[at]);
      }
    }
  }
  return gradient;
}

function compiled(values: Float32Array, batch: number, n: number, k: number): Pairs {
  const valuesAt = unaligned(0);
  const sumsAt = aligned(valuesAt + 4 * values.length); // Σᵢ eᵢ, in doubles
  const pairsAt = sumsAt + 8 * batch * k;
  const bytes = pairsAt + 4 * batch * k;
  const memory = scratch(bytes);
  memory.floats(valuesAt, values.length).set(values);
  memory.loops.pairs(valuesAt, batch, n, k, sumsAt, pairsAt);
  const sums = memory.doubles(sumsAt, batch * k).slice();
  return {
    pairs: memory.floats(pairsAt, batch * k),
    gradient: (given) => {
      const memory = scratch(bytes); // somebody else may have worked in it
      memory.floats(valuesAt, values.length).set(values);
      memory.doubles(sumsAt, batch * k).set(sums);
      memory.floats(pairsAt, batch * k).set(given);
      memory.loops.pairsGradient(valuesAt, batch, n, k, sumsAt, pairsAt);
      return memory.floats(valuesAt, values.length);
    },
  };
}

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
 * are no faster on wasm; on cpu slices take six times as long.
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
 * @throws if there is no pair: sums over nothing are not 0 but whatever the memory holds on wasm.
 */
export function forEachPair(n: number, visit: (i: number, j: number, pair: number) => void): void {
  if (n < 2)
    throw new RangeError(
      `${n} id per impression makes no pair, expected at least 2: another feature, or a sequence of length 2`,
    );
  let pair = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) visit(i, j, pair++);
}
