/**
 * One vector from a history of any length.
 *
 *   e = pooling(e₁, …, e_H)                                              Zhou et al. (2018), eq. 1
 *
 * eⱼ: the vector of step j of H. Steps that do not exist (padding) have mask 0 and count for nothing. An empty
 * history gives the zero vector.
 */
import * as tf from "@tensorflow/tfjs";
import { aligned, scratch, unaligned } from "../rows/memory";
import { dimOf, type Lookup, readTogether, receiveTogether } from "./embedding";
import { isNative, matMul, tensorOfCopy } from "./ops";

/** How the steps of a history become one vector. */
export type Pooling = "mean" | "sum";

/** Sum or mean over the steps with mask 1: steps [batch, T, k], mask [batch, T] → [batch, k]. */
export function pool(steps: tf.Tensor3D, mask: tf.Tensor2D, pooling: Pooling): tf.Tensor2D {
  return weightedSum(pooling === "sum" ? mask : meanWeights(mask), steps);
}

/** 1 / length for each step of a history, 0 at padding: mask [batch, T] → [batch, T]. Without a gradient. */
export function meanWeights(mask: tf.Tensor2D): tf.Tensor2D {
  return tf.tensor2d(divideByLength(mask.dataSync() as Float32Array, mask.shape[1]), mask.shape);
}

/** What meanWeights gives, as an array: [batch x T]. */
function divideByLength(mask: Float32Array, T: number): Float32Array {
  const weights = new Float32Array(mask.length);
  for (let start = 0; start < mask.length; start += T) {
    let length = 0;
    for (let j = 0; j < T; j++) length += mask[start + j];
    // An empty history has only zeros to divide.
    for (let j = 0; j < T; j++) weights[start + j] = mask[start + j] / Math.max(length, 1);
  }
  return weights;
}

/**
 * pool(lookupTogether(lookups)) without a tensor of all the steps: histories [batch x T] of ids for each table →
 * [batch, sum of the dims]. A step exists where one of the tables has an id.
 */
export function lookupPooled(lookups: readonly Lookup[], batch: number, pooling: Pooling): tf.Tensor2D {
  const T = lookups[0].ids.length / batch;
  const d = dimOf(lookups);
  const mask = presentIn(lookups.map(({ ids }) => ids));
  const weights = pooling === "sum" ? mask : divideByLength(mask, T);
  const stepsAt = aligned(4 * weights.length);
  const pooledAt = unaligned(stepsAt + 4 * weights.length * d);
  const op = tf.customGrad(() => {
    const memory = readTogether(lookups, stepsAt);
    memory.reserve(pooledAt + 4 * batch * d);
    memory.floats(0, weights.length).set(weights);
    memory.loops.weightedSum(0, stepsAt, batch, T, d, pooledAt);
    return {
      value: tensorOfCopy(memory.floats(pooledAt, batch * d), [batch, d]),
      gradFunc: (dy: tf.Tensor) => {
        const memory = scratch(pooledAt + 4 * batch * d); // other work may have overwritten it
        memory.floats(0, weights.length).set(weights);
        memory.floats(pooledAt, batch * d).set(dy.dataSync());
        // This computes the gradient of the weights, too, which nobody asks for.
        memory.loops.weightedSumGradient(0, stepsAt, batch, T, d, pooledAt);
        receiveTogether(lookups, stepsAt);
        return lookups.map(() => tf.scalar(0)); // of the anchors
      },
    };
  });
  return op(...lookups.map(({ table }) => table.anchor)) as tf.Tensor2D;
}

/** 1 where at least one of the lists has an id, 0 where none has: id 0 means nothing. */
export function presentIn(lists: readonly ArrayLike<number>[]): Float32Array {
  const mask = new Float32Array(lists[0].length);
  for (const ids of lists) for (let i = 0; i < ids.length; i++) if (ids[i] !== 0) mask[i] = 1;
  return mask;
}

/**
 * Σⱼ wⱼ eⱼ: weights [batch, T], steps [batch or 1, T, k] → [batch, k]. One history serves all impressions; steps shared
 * in this way have no gradient, as inference needs none.
 *
 * In compiled loops (lib/rows): wasm's product of many small matrices takes about twice as long, forward and back. On
 * node the loops are used only while there are few numbers.
 */
export function weightedSum(weights: tf.Tensor2D, steps: tf.Tensor3D): tf.Tensor2D {
  const shared = steps.shape[0] < weights.shape[0];
  return shared || (isNative() && steps.size > small) ? sumInEngine(weights, steps) : sumInLoops(weights, steps);
}

const small = 500_000; // numbers: with more, copying to the loops and back takes longer than node's product

function sumInEngine(weights: tf.Tensor2D, steps: tf.Tensor3D): tf.Tensor2D {
  return matMul(weights.expandDims<tf.Tensor3D>(1), steps).squeeze<tf.Tensor2D>([1]); // [batch, 1, k] → [batch, k]
}

function sumInLoops(weights: tf.Tensor2D, steps: tf.Tensor3D): tf.Tensor2D {
  const [batch, T, k] = steps.shape;
  const weightsAt = unaligned(0);
  const stepsAt = unaligned(weightsAt + 4 * weights.size);
  const sumsAt = unaligned(stepsAt + 4 * steps.size);
  const op = tf.customGrad((weights, steps) => {
    const [w, e] = [weights, steps].map((x) => (x as tf.Tensor).dataSync() as Float32Array);
    const room = () => {
      const memory = scratch(sumsAt + 4 * batch * k);
      const places = {
        weights: memory.floats(weightsAt, w.length),
        steps: memory.floats(stepsAt, e.length),
        sums: memory.floats(sumsAt, batch * k),
      };
      places.weights.set(w);
      places.steps.set(e);
      return { loops: memory.loops, ...places };
    };
    const { loops, sums } = room();
    loops.weightedSum(weightsAt, stepsAt, batch, T, k, sumsAt);
    return {
      value: tensorOfCopy(sums, [batch, k]),
      gradFunc: (dy: tf.Tensor) => {
        const { loops, weights, steps, sums } = room(); // other work may have overwritten it
        sums.set(dy.dataSync());
        loops.weightedSumGradient(weightsAt, stepsAt, batch, T, k, sumsAt);
        return [tensorOfCopy(weights, [batch, T]), tensorOfCopy(steps, [batch, T, k])];
      },
    };
  });
  return op(weights, steps) as tf.Tensor2D;
}
