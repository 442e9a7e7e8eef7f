import { describe, expect, it } from "vitest";
import { candidates } from "../../lib/train/search";

describe("candidates", () => {
  it("tries the values of its space, also where the model's settings have one already", () => {
    expect(candidates({ A: { x: 1, y: 5 } }, { space: { x: [1, 2] } }).A).toEqual([{ x: 1, y: 5 }, { x: 2, y: 5 }]);
  });

  it("gives every model as many trials, drawn by the seed without repetition", () => {
    const space = { A: { x: [1, 2, 3, 4], y: [1, 2] }, B: { x: [1, 2, 3] } };
    const drawn = candidates({ A: { name: "a" }, B: {} }, { space, trials: 3, seed: 1 });
    expect(drawn.A).toHaveLength(3);
    expect(new Set(drawn.A.map((settings) => JSON.stringify(settings))).size).toBe(3);
    for (const settings of drawn.A)
      expect(settings).toEqual({ name: "a", x: expect.any(Number), y: expect.any(Number) });
    expect(drawn.B).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
    expect(candidates({ A: {} }, { space, trials: 3 })).toEqual(candidates({ A: {} }, { space, trials: 3, seed: 0 }));
    expect(candidates({ A: {}, B: {} }, { space, trials: 3, seed: 1 })).toEqual(
      candidates({ A: {}, B: {} }, { space, trials: 3, seed: 1 }),
    );
    expect(candidates({ A: {}, B: {} }, { space, trials: 3, seed: 2 }).A).not.toEqual(
      candidates({ A: {}, B: {} }, { space, trials: 3, seed: 1 }).A,
    );
  });

  it("refuses a setting without a value to try, by its name", () => {
    expect(() => candidates({ A: {} }, { space: { x: [1], k: [] } })).toThrow(
      "the search space of k is empty, expected at least one value",
    );
  });

  it("refuses a value that stands in a space twice, which would be one trial less", () => {
    expect(() => candidates({ A: {} }, { space: { x: [1], k: [0.1, 0.2, 0.1] }, trials: 2 })).toThrow(
      "the search space of k has 0.1 twice, expected different values",
    );
  });

  it("refuses unequal budgets", () => {
    const space = { A: { x: [1, 2] }, B: { x: [1, 2, 3] } };
    expect(() => candidates({ A: {}, B: {} }, { space })).toThrow(
      "the grids have different sizes (A 2, B 3): say how many trials each model gets",
    );
    expect(() => candidates({ A: {}, B: {} }, { space, trials: 3 })).toThrow(
      "3 trials for each model, but the grids have only A 2, B 3 settings",
    );
    expect(() => candidates({ A: {}, C: {} }, { space })).toThrow("no search space for C");
    expect(() => candidates({ A: {}, B: {} }, { space, trials: 0 })).toThrow(
      "trials is 0, expected a whole number from 1 up",
    );
  });
});
