import { describe, expect, it, onTestFinished, test, vi } from "vitest";
import { createRandom } from "../../lib/random";
import { scratch } from "../../lib/rows/memory";
import { RowStore } from "../../lib/rows/store";

describe("a store of rows", () => {
  // Rows that fill whole vectors and that do not, fewer and more of them than a block holds.
  it.each([
    [1, 40_000],
    [3, 9000],
    [4, 50],
    [10, 700],
    [16, 3000],
    [20_000, 5],
  ])("of %i numbers reads and changes rows by their ids", (dim, rows) => {
    const random = createRandom(dim);
    const store = new RowStore(rows, dim);
    for (let i = 0; i < store.values.length; i++) store.values[i] = random.normal();
    const expected = store.values.slice();
    const rowOf = (id: number) => (id > 0 ? expected.subarray(id * dim, (id + 1) * dim) : new Float32Array(dim));
    const rowsOf = (ids: Int32Array) => {
      const all = new Float32Array(ids.length * dim);
      ids.forEach((id, i) => all.set(rowOf(id), i * dim));
      return all;
    };
    const ids = Int32Array.from({ length: Math.min(2 * rows, 30_000) }, () => random.integer(rows));
    expect(store.read(ids)).toEqual(rowsOf(ids));
    const distinct = Int32Array.from(new Set(ids)).filter((id) => id > 0);
    for (let start = 0; start < distinct.length; start += store.rowsAtOnce) {
      const some = distinct.subarray(start, start + store.rowsAtOnce);
      store.change(some, (found) => {
        expect(found).toEqual(rowsOf(some));
        for (let i = 0; i < found.length; i++) found[i] = random.normal();
        some.forEach((id, i) => rowOf(id).set(found.subarray(i * dim, (i + 1) * dim)));
      });
    }
    expect(store.values).toEqual(expected);
  });

  it("reads into an array that is given", () => {
    const store = new RowStore(3, 2);
    store.values.set([9, 9, 1, 2, 3, 4]);
    const to = new Float32Array(4);
    expect(store.read(Int32Array.of(2, 1), to)).toBe(to);
    expect(Array.from(to)).toEqual([3, 4, 1, 2]);
  });

  it("says how much memory is missing, and what to do", () => {
    expect(() => new RowStore(2 ** 31 - 1, 16)).toThrow(
      "2147483647 rows of 16 numbers need 137.44 GB, more than can be had (at most 4.29 GB). Hash the ids into fewer rows",
    );
  });

  it("needs more than there can be from 2^26 rows of 16 numbers on, and the numbers say so", () => {
    expect(() => new RowStore(2 ** 26, 16)).toThrow("need 4.30 GB, more than can be had (at most 4.29 GB)");
  });

  it("says what may be short when a small one finds no memory", () => {
    const memory = vi
      .spyOn((globalThis as never as { WebAssembly: { Memory: new () => object } }).WebAssembly, "Memory")
      .mockImplementation(function () {
        throw new RangeError("WebAssembly.Memory(): could not allocate memory");
      });
    onTestFinished(() => memory.mockRestore());
    expect(() => new RowStore(10, 1)).toThrow(
      /^no memory for 10 rows of 1 numbers \(0\.00 GB\)\. .* the addresses are used up: .* Let go of models that you no longer need/,
    );
  });
});

test("a batch whose rows no memory can hold is an error that says what to do, and the memory goes on", () => {
  expect(() => scratch(5e9)).toThrow(
    new RangeError("no memory for a batch's rows: they need 5.00 GB, of at most 4.29 GB. Take smaller batches"),
  );
  expect(scratch(64).floats(0, 16).length).toBe(16);
});
