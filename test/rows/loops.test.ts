import { expect, test } from "vitest";
import { pairsGradientInJavaScript, pairsInJavaScript } from "../../lib/layers/pairs";
import { aligned, scratch, unaligned } from "../../lib/rows/memory";
import { normals } from "../layers/numeric";

// k that fills whole vectors of two numbers and that does not; one number that has no pair.
test.each([
  [1, 3, 2],
  [4, 1, 3],
  [5, 4, 1],
  [7, 26, 16],
  [300, 5, 7],
])("the loops for %i x %i x %i pairs give the digits of their definition", (batch, n, k) => {
  const values = Float32Array.from(normals(batch * n * k, "values"));
  const given = Float32Array.from(normals(batch * k, "given"));
  const [valuesAt, sumsAt] = [unaligned(0), aligned(unaligned(0) + 4 * values.length)];
  const pairsAt = sumsAt + 8 * batch * k;
  const memory = scratch(pairsAt + 4 * batch * k);
  const [inMemory, pairs] = [memory.floats(valuesAt, values.length), memory.floats(pairsAt, batch * k)];
  inMemory.set(values);
  memory.loops.pairs(valuesAt, batch, n, k, sumsAt, pairsAt);
  expect(pairs).toEqual(pairsInJavaScript(values, batch, n, k));
  pairs.set(given);
  memory.loops.pairsGradient(valuesAt, batch, n, k, sumsAt, pairsAt);
  expect(inMemory).toEqual(pairsGradientInJavaScript(values, given, batch, n, k));
});

// k that fills whole vectors of two and of four numbers and that does not.
test.each([
  [1, 1, 1],
  [4, 1, 2],
  [3, 5, 7],
  [7, 26, 16],
])("the loops for %i x %i steps of %i numbers give the digits of sums in doubles", (batch, T, k) => {
  const [weights, steps, given] = [batch * T, batch * T * k, batch * k].map((length) =>
    Float32Array.from(normals(length, `${length}`)),
  );
  const sums = new Float32Array(batch * k);
  const ofWeights = new Float32Array(batch * T);
  const ofSteps = steps.map((_, i) => weights[Math.floor(i / k)] * given[Math.floor(i / (T * k)) * k + (i % k)]);
  for (let row = 0; row < batch; row++) {
    const step = (j: number) => steps.subarray((row * T + j) * k, (row * T + j + 1) * k);
    for (let f = 0; f < k; f++)
      for (let j = 0, sum = 0; j < T; j++) sums[row * k + f] = sum += weights[row * T + j] * step(j)[f];
    for (let j = 0; j < T; j++) {
      const products = Array.from(step(j), (e, f) => given[row * k + f] * e);
      const last = k % 2 === 1 ? products.pop()! : 0;
      const [even, odd] = [0, 1].map((side) => products.reduce((sum, x, f) => (f % 2 === side ? sum + x : sum), 0));
      ofWeights[row * T + j] = even + odd + last;
    }
  }
  const [stepsAt, sumsAt] = [4 * weights.length, 4 * (weights.length + steps.length)];
  const memory = scratch(sumsAt + 4 * sums.length);
  const [w, e] = [memory.floats(0, weights.length), memory.floats(stepsAt, steps.length)];
  const s = memory.floats(sumsAt, sums.length);
  w.set(weights);
  e.set(steps);
  memory.loops.weightedSum(0, stepsAt, batch, T, k, sumsAt);
  expect(s).toEqual(sums);
  s.set(given);
  memory.loops.weightedSumGradient(0, stepsAt, batch, T, k, sumsAt);
  expect(w).toEqual(ofWeights);
  expect(e).toEqual(ofSteps);
});
