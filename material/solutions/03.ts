/** Solutions of notebook 03. test/solutions runs each through the same check as the notebook. */

/** (2, 1)·(1, 3) + (1, 0)·(4, −1) + (0, 2)·(−2, 1) = 5 + 4 + 2. */
export const ffmByHand = 11;

export function attentionWeights(scores: number[][]): number[][] {
  return scores.map((row) => {
    const largest = Math.max(...row); // so that no exponential overflows
    const exponentials = row.map((score) => Math.exp(score - largest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    return exponentials.map((value) => value / sum);
  });
}

/** FM and FFM multiply two. L cross layers reach degree L + 1. */
export const largestProduct = { LR: 1, FM: 2, FFM: 2, oneCrossLayer: 2, threeCrossLayers: 4 };

/** Sums of pairs cannot. FNN does from a larger start, Wide & Deep with Adam. */
export const whyCoin: Record<"FM" | "FNN" | "cross" | "fault" | "wide", "cannot" | "did not"> = {
  FM: "cannot",
  FNN: "did not",
  cross: "cannot",
  fault: "cannot",
  wide: "did not",
};

export const solutions = {
  "03.1 field-aware pairs": ffmByHand,
  "03.2 attention weights": attentionWeights,
  "03.3 largest product": largestProduct,
  "03.4 cannot or did not": whyCoin,
};
