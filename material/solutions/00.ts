/** Solutions of notebook 00. test/solutions runs each through the same check as the notebook. */

/** Pairs (clicked, unclicked): 0.9 wins two; 0.7 ties one and wins one; 0.2 loses two: 3.5 of 6. */
export const aucByHand = 3.5 / 6;

export function worth(said: number[], bids: number[], w: number): number[] {
  return said.map((p, i) => (bids[i] * p) / (p + (1 - p) / w));
}

/** Squaring and dividing keep the order, 1 − p turns it round, rounding makes ties. */
export const prediction: ("same" | "different" | "mirrored")[] = ["same", "same", "mirrored", "different"];

export function lrGradient(x: number[], p: number, y: number): number[] {
  return x.map((value) => (p - y) * value);
}

export const solutions = {
  "00.1 AUC with a tie": aucByHand,
  "00.2 what an ad is worth": worth,
  "00.3 what AUC sees": prediction,
  "00.4 gradient of LR": lrGradient,
};
