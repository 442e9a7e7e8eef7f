import { describe, expect, it } from "vitest";
import { RowSums } from "../../lib/train/rowsums";
import { fc } from "../properties";

describe("row sums", () => {
  const lookups = fc.array(
    fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 2 ** 31 - 1 })), { maxLength: 40 }),
    { maxLength: 4 },
  );

  it("add up what belongs to the same row, in the order rows are first looked up, without row 0", () => {
    fc.assert(
      fc.property(fc.array(lookups, { minLength: 1, maxLength: 4 }), (batches) => {
        const sums = new RowSums(2); // the same for all batches: nothing may be left of the one before
        for (const batch of batches) {
          const expected = new Map<number, number[]>();
          batch.forEach((ids, l) =>
            ids.forEach((id, i) => {
              const before = expected.get(id) ?? [0, 0];
              if (id !== 0) expected.set(id, [before[0] + l + i, before[1] + 1]);
            }),
          );
          sums.add(
            batch.map((ids, l) => ({
              ids: Int32Array.from(ids),
              gradient: Float32Array.from(ids.flatMap((_, i) => [l + i, 1])),
            })),
          );
          expect(Array.from(sums.rows.subarray(0, sums.count))).toEqual([...expected.keys()]);
          expect(Array.from(sums.sums.subarray(0, 2 * sums.count))).toEqual([...expected.values()].flat());
        }
      }),
    );
  });

  it("have room for a batch in which every id is another one", () => {
    const sums = new RowSums(4);
    const ids = Int32Array.from({ length: 40_000 }, (_, i) => i + 1);
    sums.add([{ ids, gradient: Float32Array.from({ length: 160_000 }, (_, i) => i) }]);
    expect([sums.count, sums.sums.length, sums.sums[159_999]]).toEqual([40_000, 160_000, 159_999]);
  });

  it("take the rows that another table found for the same ids, and only then", () => {
    const ids = Int32Array.of(5, 0, 5, 7);
    const [one, two] = [new RowSums(1), new RowSums(2)];
    one.add([{ ids, gradient: Float32Array.of(1, 2, 3, 4) }]);
    two.add([{ ids, gradient: Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4) }], [one]);
    expect(two.rows).toBe(one.rows);
    expect(Array.from(two.sums.subarray(0, 2 * two.count))).toEqual([4, 4, 4, 4]);
    two.add([{ ids: Int32Array.of(9), gradient: Float32Array.of(6, 6) }], [one]);
    expect([two.count, two.rows[0], ...two.sums.subarray(0, 2)]).toEqual([1, 9, 6, 6]);
    expect([one.count, ...one.rows.subarray(0, 2), ...one.sums.subarray(0, 2)]).toEqual([2, 5, 7, 4, 4]);
  });

  it("search for themselves where the other table was looked up once more, or once less", () => {
    const [ids, more] = [Int32Array.of(5, 7), Int32Array.of(9)];
    const lookups = [
      { ids, gradient: Float32Array.of(1, 2) },
      { ids: more, gradient: Float32Array.of(3) },
    ];
    for (const [first, second] of [[1, 2], [2, 1]]) {
      const [one, two] = [new RowSums(1), new RowSums(1)];
      one.add(lookups.slice(0, first));
      two.add(lookups.slice(0, second), [one]);
      expect(Array.from(two.rows.subarray(0, two.count))).toEqual([5, 7, 9].slice(0, second + 1));
      expect(Array.from(two.sums)).toEqual([1, 2, 3].slice(0, second + 1));
    }
  });
});
