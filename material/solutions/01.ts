/** Solutions of notebook 01. test/solutions runs each through the same check as the notebook. */
import { pairHash } from "../../lib/layers/hashing";

/** (3 + 5)(3 + 5 + 1) / 2 + 5 = 41, and 41 mod 16 = 9. */
export const bucket = 9;

export function pairSum(present: number[], weights: number[]): number {
  let sum = 0;
  for (let i = 0; i < present.length; i++) {
    for (let j = i + 1; j < present.length; j++) {
      const [first, second] = [Math.min(present[i], present[j]), Math.max(present[i], present[j])];
      sum += weights[pairHash(first, second, weights.length)];
    }
  }
  return sum;
}

/** A never moves; C's errors cancel; B's one click is pushed towards in every epoch. */
export const order = "ACB";

/**
 * From site 1 to site 2 the odds of brand 1 and brand 2 are multiplied by: A 7/27 both, B 11 both, C 2.25 and 1.5,
 * D 1/16 and 16, E 1 and 9.
 */
export const pairHelps = { A: false, B: false, C: true, D: true, E: true };

export const solutions = {
  "01.1 bucket": bucket,
  "01.2 sum over pairs": pairSum,
  "01.3 which weight": order,
  "01.4 where a pair helps": pairHelps,
};
