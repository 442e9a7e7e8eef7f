/** All pairs of a row's embeddings at once, without the double loop. For each pair by itself: eachpair.ts. */
import * as tf from "@tensorflow/tfjs";
import { aligned, scratch, unaligned } from "../rows/memory";
import { repeatEach, rowSums } from "./arrays";
import { tensorOfCopy } from "./ops";

/**
 * Σᵢ<ⱼ ⟨eᵢ, eⱼ⟩ per impression: e [batch, n, k] → [batch].
 *
 *   Σᵢ<ⱼ ⟨eᵢ, eⱼ⟩ = ½ Σ_f [ (Σᵢ e_if)² − Σᵢ e_if² ]                       Rendle (2010), lemma 3.1
 *
 * bilinearInteraction gives half the bracket for each f (pairsInJavaScript is its loop); here these k numbers are
 * summed.
 */
export function sumOfPairs(e: tf.Tensor3D): tf.Tensor1D {
  return sumOfEachRow(bilinearInteraction(e)); // [batch, k] → [batch]
}

/** Σ_f x_f of each row, in doubles: x [batch, k] → [batch]. In a plain loop: k is small, so a row is soon summed. */
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
 * More than a few numbers are left to compiled loops (lib/rows). These take a quarter of the time of sums over tensors
 * on wasm, far less on cpu, and no more on node, copying there and back included.
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
 * How many numbers are a few: copying fewer than this to the compiled loop and back takes longer than the loop. To try
 * another term, set this to Infinity, so that everything runs in JavaScript, and change both pairsInJavaScript and
 * pairsGradientInJavaScript: nothing else computes the gradient.
 */
const few = 512;

/** f_BI and the way back: from its gradient [batch x k] to that of the values. Later work may overwrite both arrays. */
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

/** The gradient of f_BI, given ⊙ (Σⱼ eⱼ − eᵢ): values [batch x n x k], given [batch x k] → [batch x n x k]. */
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
      const memory = scratch(bytes); // other work may have overwritten it
      memory.floats(valuesAt, values.length).set(values);
      memory.doubles(sumsAt, batch * k).set(sums);
      memory.floats(pairsAt, batch * k).set(given);
      memory.loops.pairsGradient(valuesAt, batch, n, k, sumsAt, pairsAt);
      return memory.floats(valuesAt, values.length);
    },
  };
}
