import { expect, test } from "vitest";
import { pairHash } from "../../lib/layers/hashing";
import { judge } from "../../lib/notebook/check";
import { exercises } from "../../lib/notebook/exercises/01";
import { solutions } from "../../material/solutions/01";
import { testExercises } from "./harness";

/** The pairs of the features in the order that `sort` gives them. */
function after(sort: (present: number[]) => number[], hash = pairHash) {
  return (present: number[], weights: number[]) => loops((i) => i + 1, hash)(sort([...present]), weights);
}
function loops(start: (i: number) => number, hash: (a: number, b: number, B: number) => number) {
  return (present: number[], weights: number[]) => {
    let sum = 0;
    for (let i = 0; i < present.length; i++) {
      for (let j = start(i); j < present.length; j++) sum += weights[hash(present[i], present[j], weights.length)];
    }
    return sum;
  };
}
const sorted = (a: number, b: number, B: number) => pairHash(Math.min(a, b), Math.max(a, b), B);

const orders = ["a, c, b", "A < C < B", "A <= C < B", "|A| < |C| < |B|", "wA < wC < wB", "A -> C -> B", "A => C => B"];
test.each(orders)("01.3 takes the order from %s", async (order) => {
  expect(await judge(exercises, "01.3 which weight", order)).toEqual({ state: "solved" });
});

testExercises({
  notebook: "01",
  exercises,
  solutions,
  wrong: {
    "01.1 bucket": [
      [41, /pairing number/],
      [((8 * 9) / 2 + 3) % 16, /added j1 = 3/],
      [((8 * 9) / 2) % 16, /adds j2 = 5 first/],
      [(8 * 9 + 5) % 16, /halved before/],
      [Math.floor(41 / 16), /how often 16 goes into 41/],
      [(3 * 5) % 16, /product j1/],
      [8, /^8 is not right/],
    ],
    "01.2 sum over pairs": [
      [loops((i) => i, sorted), /paired with themselves/],
      [loops((i) => i + 1, pairHash), /order each pair/],
      [(present: number[], weights: number[]) => 2 * loops((i) => i + 1, sorted)(present, weights), /counted twice/],
      [
        (present: number[], weights: number[]) => loops((i) => i + 1, sorted)(present, weights) / 2,
        /nothing is left to halve/,
      ],
      [() => 0, /expected 22, got 0\. The hint above/],
      [after((present) => present.sort()), /as text/],
      [after((present) => present.sort((a, b) => b - a)), /larger feature first/],
      [
        loops(
          (i) => i + 1,
          (i, j, B) => {
            const [a, b] = [Math.min(i, j), Math.max(i, j)];
            return (((a + b) * (a + b + 1)) / 2 + a) % B;
          },
        ),
        /formula of your own adds the smaller feature/,
      ],
      [loops((i) => i + 1, (a, b, B) => 1 + sorted(a, b, B)), /has no such row/],
      [after((present) => present.map((_, i) => i)), /hash the positions/],
      [after((present) => present.map((_, i) => i + 1)), /hash the positions/],
      [
        after(
          (present) => present.sort((a, b) => a - b),
          (a, b, B) => ((((a + b) * (a + b + 1)) >> 1) + b) % B,
        ),
        /32-bit integer/,
      ],
      [
        after(
          (present) => present.sort((a, b) => a - b),
          (a, b, B) => (((((a + b) * (a + b + 1)) / 2) | 0) + b) % B,
        ),
        /32-bit integer/,
      ],
      [
        after(
          (present) => present.sort((a, b) => a - b),
          (a, b, B) => ((((a + b) * (a + b + 1)) >>> 1) + b) % B,
        ),
        /32-bit integer/,
      ],
      [
        (present: number[], weights: number[]) =>
          loops((i) => i + 1, pairHash)(
            present.sort((a, b) => a - b),
            weights,
          ),
        /changed its input/,
      ],
    ],
    "01.3 which weight": [
      ["ABC", /averages to zero/],
      ["CBA", /A is not the largest/],
      ["BAC", /A cannot be larger than B/],
      ["b < c < a", /^B, C, A is the right order, but largest first/],
      ["B > C > A", /^B, C, A is the right order, but largest first/],
      ["A > C > B", /^with > between them your letters say that A is the largest/],
      ["|A| ≥ |C| ≥ |B|", /^with > between them your letters say that A is the largest/],
      ["CAB", /C wobbles around 0: each/],
      ...["A=C<B", "c = a < b", "A == C < B", "A ≈ C < B", "a ~ c, b"].map((order) => [order, /but not equal/] as const),
      ["AB", /^'AB' is not right/],
      [["A", "C", "B"], /expected a word, got \[ 'A', 'C', 'B' \]/],
    ],
    "01.4 where a pair helps": [
      [{ A: false, B: true, C: false, D: true, E: true }, /steps in percentage points\. LR adds logits/],
      [{ A: true, B: true, C: true, D: true, E: true }, /^A: both brands have the same rates/],
      [{ A: false, B: true, C: true, D: true, E: true }, /^B: .* from 1\/99 to 1\/9, and from 1\/9 to 11\/9/],
      [{ A: false, B: false, C: false, D: false, E: false }, /^C: .* from 1\/9 to 1\/4, and from 2\/3 to 1/],
      [{ A: false, B: false, C: true, D: false, E: true }, /^D: that is XOR/],
      [{ A: false, B: false, C: true, D: true, E: false }, /^E: site 2 does nothing for brand 1/],
      [["C", "D", "E"], /^expected 5 answers, got 0/],
    ],
  },
});
