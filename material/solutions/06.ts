/** Solutions of notebook 06. test/solutions runs each through the same check as the notebook. */

type Cause = "heart" | "unfinished" | "leak" | "stuck" | "nothing";
/** A's curves part, B's both rise. C's are too high for this log, D's a coin's. E's rest, at a good place. */
export const causes: Record<"A" | "B" | "C" | "D" | "E", Cause> =
  { A: "heart", B: "unfinished", C: "leak", D: "stuck", E: "nothing" };

/** Who does not have the feature has gradient 0, and still counts in B. λB / n stays as it was tuned. */
export function update(
  w: number[],
  gradients: number[][],
  B: number,
  n: number,
  lambda: number,
  tunedAt: number,
  eta: number,
): number[] {
  const alpha = gradients.length > 0 ? 1 : 0;
  const here = (lambda * tunedAt) / B;
  return w.map((x, d) => {
    let sum = 0;
    for (const gradient of gradients) sum += gradient[d];
    return x - eta * (sum / B + here * (alpha / n) * x);
  });
}

/** E[s] = s, so p = ½ whatever s is, and f(s) = ½ (1 + α) s: a line. */
export const alone = { p: 0.5, plus: 0.5 * 1.2 * 3, minus: 0.5 * 1.2 * -3 };

/** A has 2 of 3 pairs in order, B both of 2; C has no pair and is left out. */
export const gaucByHand = (4 * (2 / 3) + 3 * 1) / (4 + 3);

export const solutions = {
  "06.1 five trainings": causes,
  "06.2 update one row": update,
  "06.3 Dice alone": alone,
  "06.4 GAUC by hand": gaucByHand,
};
