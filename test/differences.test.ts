import { describe, expect, it } from "vitest";
import { differencesOf } from "../lib/differences";

describe("differences of two values", () => {
  it("are none between equal values, whatever the order of their keys", () => {
    expect(differencesOf({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, { b: null }] })).toEqual([]);
    expect(differencesOf({ a: undefined }, {})).toEqual([]);
  });

  it("name each place, with what is there on both sides, or undefined for nothing", () => {
    const a = { model: ["FM", { dim: 4, same: 1 }], rows: [1, 2, 3] };
    const b = { model: ["FM", { dim: 8, same: 1 }], rows: [1, 5] };
    expect(differencesOf(a, b)).toEqual([
      { place: "model[1].dim", a: 4, b: 8 },
      { place: "rows[1]", a: 2, b: 5 },
      { place: "rows[2]", a: 3, b: undefined },
    ]);
  });

  it("are the values themselves if they are no trees, or a list stands where an object was", () => {
    expect(differencesOf(1, 2)).toEqual([{ place: "", a: 1, b: 2 }]);
    expect(differencesOf({ a: [] }, { a: {} })).toEqual([{ place: "a", a: [], b: {} }]);
    expect(differencesOf({ a: null }, { a: {} })).toEqual([{ place: "a", a: null, b: {} }]);
  });
});
