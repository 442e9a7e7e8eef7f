/**
 * One vector from a history of any length.
 *
 *   e = pooling(e₁, …, e_H)                                              Zhou et al. (2018), eq. 1
 *
 * Steps that do not exist (padding) have mask 0 and count for nothing. An empty history gives the zero vector.
 */
import * as tf from "@tensorflow/tfjs";
import { aligned, scratch } from "../rows/memory";
import { isNode, matMul } from "./ops";

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

/**
 * Σⱼ wⱼ eⱼ: weights [batch, T], steps [batch, T, k] → [batch, k]. With steps [1, T, k] all impressions have these.
 *
 * In compiled loops (lib/rows), where wasm's product of many small matrices takes several times as long; on node only
 * while there are few numbers.
 */
export function weightedSum(weights: tf.Tensor2D, steps: tf.Tensor3D): tf.Tensor2D {
  const shared = steps.shape[0] < weights.shape[0];
  return shared || (isNode() && steps.size > small) ? sumInEngine(weights, steps) : sumInLoops(weights, steps);
}

const small = 500_000; // numbers: for more, the way to the loops and back takes node longer than the product

function sumInEngine(weights: tf.Tensor2D, steps: tf.Tensor3D): tf.Tensor2D {
  return matMul(weights.expandDims<tf.Tensor3D>(1), steps).squeeze<tf.Tensor2D>([1]); // [batch, 1, T] x [batch, T, k]
}

function sumInLoops(weights: tf.Tensor2D, steps: tf.Tensor3D): tf.Tensor2D {
  const [batch, T, k] = steps.shape;
  const stepsAt = aligned(4 * weights.size);
  const sumsAt = aligned(stepsAt + 4 * steps.size);
  const op = tf.customGrad((weights, steps) => {
    const [w, e] = [weights, steps].map((x) => (x as tf.Tensor).dataSync() as Float32Array);
    const room = () => {
      const memory = scratch(sumsAt + 4 * batch * k);
      memory.floats(0, w.length).set(w);
      memory.floats(stepsAt, e.length).set(e);
      return { memory, sums: memory.floats(sumsAt, batch * k) };
    };
    const { memory, sums } = room();
    memory.loops.weightedSum(0, stepsAt, batch, T, k, sumsAt);
    return {
      value: tf.tensor2d(sums.slice(), [batch, k]),
      gradFunc: (dy: tf.Tensor) => {
        const { memory, sums: given } = room(); // somebody else may have worked in it
        given.set(dy.dataSync());
        memory.loops.weightedSumGradient(0, stepsAt, batch, T, k, sumsAt);
        return [tf.tensor2d(memory.floats(0, w.length).slice(), [batch, T]), tf.tensor3d(memory.floats(stepsAt, e.length).slice(), [batch, T, k])];
      },
    };
  });
  return op(weights, steps) as tf.Tensor2D;
}
