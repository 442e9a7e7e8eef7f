/** Solutions of notebook 05. test/solutions runs each through the same check as the notebook. */

type Pooling = "sum" | "mean" | "free" | "softmax";
/**
 * Pooling sees counts of categories and of brands, DIN what goes with what. None sees the order. A mean and a softmax
 * divide by what doubles with the history.
 */
export const confused: Record<"swapped" | "order" | "twice" | "other", Pooling[]> = {
  swapped: ["sum", "mean"],
  order: ["sum", "mean", "free", "softmax"],
  twice: ["mean", "softmax"],
  other: [],
};

export function interest(weights: number[], steps: number[][], ids: number[]): number[] {
  const sum = steps[0].map(() => 0);
  for (let j = 0; j < ids.length; j++) {
    if (ids[j] === 0) continue;
    for (let f = 0; f < sum.length; f++) sum[f] += weights[j] * steps[j][f];
  }
  return sum;
}

export function attentionShares(a: number[], ids: number[]): number[] {
  const largest = Math.max(...a.filter((_, j) => ids[j] !== 0));
  const powers = a.map((score, j) => (ids[j] === 0 ? 0 : Math.exp(score - largest)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => (total === 0 ? 0 : power / total));
}

type Fate = "same" | "twice" | "direction";
type Fates = { doubled: number[]; doubledFree: Fate; raised: number[]; raisedFree: Fate };
/**
 * Softmax: 3 to 1 becomes 3² to 1² if the scores are doubled, and 3e to 1e if 1 is added. Free weights are the scores:
 * doubled, they double the sum; raised, they bring in the behaviour that had weight 0.
 */
export const predicted: Fates =
  { doubled: [0.9, 0.1], doubledFree: "twice", raised: [0.75, 0.25], raisedFree: "direction" };

export const solutions = {
  "05.1 whom pooling confuses": confused,
  "05.2 masked weighted sum": interest,
  "05.3 masked softmax": attentionShares,
  "05.4 other scores": predicted,
};
