import { describe, expect, it } from "vitest";
import { ascending } from "../../../lib/train/metrics/order";
import { fc } from "../../properties";

describe("ascending", () => {
  it("takes −0 and 0 for the same", () => {
    expect(Array.from(ascending([0, -0, 0, -1]))).toEqual([3, 0, 1, 2]);
  });

  it("orders any doubles as the comparison of numbers does, and keeps equal ones in their order", () => {
    const near = fc
      .tuple(fc.constantFrom(-3, -1e-9, 1, 1e9), fc.integer({ min: -8, max: 8 }))
      .map(([x, steps]) => x * (1 + steps * 2 ** -50)); // in their last bits
    const numbers = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 }), near), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(numbers, (values) => {
        const expected = values
          .map((_, i) => i)
          .sort((i, j) =>
            values[i] === values[j] ? i - j : values[i] - values[j] || (values[i] < values[j] ? -1 : 1),
          );
        expect(Array.from(ascending(values))).toEqual(expected);
      }),
    );
  });
});
