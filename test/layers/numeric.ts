/** For tests: plain numbers in float64 beside what the library computes in float32. */
import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import type { RowGradients } from "../../lib/layers/embedding";
import { createRandom } from "../../lib/random";

/** n numbers from N(0, 1) that float32 holds exactly. */
export function normals(n: number, seed: number | string): number[] {
  const random = createRandom(seed);
  return Array.from({ length: n }, () => Math.fround(random.normal()));
}

/** df/dx by central differences, entry by entry. */
export function numericGradient(f: (x: number[]) => number, x: readonly number[], step = 1e-5): number[] {
  return x.map((_, i) => {
    const at = (delta: number) => f(x.map((value, j) => (j === i ? value + delta : value)));
    return (at(step) - at(-step)) / (2 * step);
  });
}

/** What each row of a table gets from the gradients of its lookups; row 0, which means nothing, gets none. */
export function tableGradient(
  lookups: readonly RowGradients[],
  { values, dim }: { values: ArrayLike<number>; dim: number },
): Float64Array {
  const sums = new Float64Array(values.length);
  for (const { ids, gradient } of lookups) {
    ids.forEach((id, i) => {
      if (id === 0) return;
      for (let d = 0; d < dim; d++) sums[id * dim + d] += gradient[i * dim + d];
    });
  }
  return sums;
}

/** All numbers agree to `tolerance`, relative to the largest expected one (or to 1 if all are smaller). */
export function expectClose(
  actual: ArrayLike<number> | tf.Tensor,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
): void {
  const values = actual instanceof tf.Tensor ? actual.dataSync() : actual;
  expect(values.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(values[i] - expected[i]);
    if (!(difference <= tolerance * scale)) {
      throw new Error(
        `[${i}] is ${values[i]}, expected ${expected[i]} to ${tolerance * scale} (difference ${difference})`,
      );
    }
  }
}
