import { describe, expect, it } from "vitest";
import { relaImpr } from "../../../lib/train/metrics/relaimpr";

describe("RelaImpr", () => {
  // Zhou et al. (2018), tables 3 to 5: AUC, printed RelaImpr in %, and the base they are relative to.
  const tables: [string, number, [number, number][]][] = [
    [
      "table 3, MovieLens",
      0.73,
      [
        [0.7263, -1.61],
        [0.73, 0],
        [0.7304, 0.17],
        [0.7321, 0.91],
        [0.7324, 1.04],
        [0.7337, 1.61],
        [0.7348, 2.09],
      ],
    ],
    [
      "table 3, Electronics",
      0.8624,
      [
        [0.7742, -24.34],
        [0.8624, 0],
        [0.8637, 0.36],
        [0.8679, 1.52],
        [0.8683, 1.63],
        [0.8818, 5.35],
        [0.8871, 6.82],
      ],
    ],
    [
      "authors' correction",
      0.8624,
      [
        [0.8698, 2.04],
        [0.8711, 2.4],
      ],
    ],
    [
      "table 4",
      0.594,
      [
        [0.594, 0],
        [0.5959, 2.02],
        [0.597, 3.19],
        [0.5983, 4.57],
        [0.5954, 1.49],
        [0.6031, 9.68],
      ],
    ],
    [
      "table 5",
      0.597,
      [
        [0.5738, -23.92],
        [0.597, 0],
        [0.5977, 0.72],
        [0.5983, 1.34],
        [0.5993, 2.37],
        [0.6029, 6.08],
        [0.606, 9.28],
        [0.6044, 7.63],
        [0.6083, 11.65],
      ],
    ],
  ];

  it.each(tables)("recomputes the DIN paper's %s", (_, base, rows) => {
    for (const [value, printed] of rows) expect(Math.abs(relaImpr(value, base) - printed)).toBeLessThan(0.00501);
  });

  it("refuses a base that orders nothing", () => {
    expect(() => relaImpr(0.6, 0.5)).toThrow("baseAuc is 0.5, expected above 0.5");
    expect(() => relaImpr(60, 0.6)).toThrow("auc is 60, expected a number from 0 to 1");
    expect(() => relaImpr(-0.1, 0.6)).toThrow("auc is -0.1, expected a number from 0 to 1");
    expect(() => relaImpr(0.6, NaN)).toThrow("baseAuc is NaN, expected a number from 0 to 1");
  });
});
