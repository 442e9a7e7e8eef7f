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
