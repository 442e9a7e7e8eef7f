/** The helpers of these tests must fail where they should. */
import { expect, test } from "vitest";
import { expectClose, numericGradient, tableGradient } from "./numeric";

test("numbers are close up to the tolerance, relative to the largest, and never if one is NaN, missing or too many", () => {
  expect(() => expectClose([100, 0.0009], [100, 0])).not.toThrow();
  for (const [actual, expected] of [
    [[100, 0.0011], [100, 0]],
    [[0.5 + 2e-5], [0.5]],
    [[NaN], [0]],
    [[1, 2], [1]],
    [[1], [1, 2]],
  ])
    expect(() => expectClose(actual, expected), `${actual}`).toThrow();
});

test("a gradient by differences is that of the formula, entry by entry", () => {
  expectClose(numericGradient(([x, y]) => x * x * y, [3, 5]), [30, 9]);
});

test("rows of a table get what their lookups give, row 0 nothing", () => {
  const lookups = [{ ids: Int32Array.of(2, 0, 2), gradient: Float32Array.of(1, 2, 3, 4, 5, 6) }];
  expect([...tableGradient(lookups as never, { values: new Float32Array(6), dim: 2 })]).toEqual([0, 0, 0, 0, 6, 8]);
});
