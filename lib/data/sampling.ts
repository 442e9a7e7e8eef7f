/** Drawing with given weights. */
import type { Random } from "../random";

/**
 * A function that draws index i with a probability proportional to weights[i], in O(log n).
 *
 * @throws if a weight is negative or not finite, or all are 0.
 */
export function weightedSampler(weights: ArrayLike<number>, random: Random): () => number {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0 && Number.isFinite(weights[i]))) {
      throw new RangeError(`weights[${i}] is ${weights[i]}, expected a finite number from 0 up`);
    }
    cumulative[i] = sum += weights[i];
  }
  if (!(sum > 0)) throw new RangeError(`the ${weights.length} weights sum to 0, expected at least one above 0`);
  return () => {
    const target = random.uniform() * sum;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
