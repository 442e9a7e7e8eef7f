/** Exercises of notebook 01: POLY2. */
import { pairHash } from "../../layers/hashing";
import { checker, functionExercise, partsExercise, valueExercise } from "../check";

/** Σ of `weight` over the pairs that `uses` lets through. */
function over(
  present: number[],
  uses: (i: number, j: number) => boolean,
  weight: (a: number, b: number) => number,
): number {
  let sum = 0;
  present.forEach((a, i) => present.forEach((b, j) => (sum += uses(i, j) ? weight(a, b) : 0)));
  return sum;
}

const ordered = (weights: number[]) => (a: number, b: number) =>
  weights[pairHash(Math.min(a, b), Math.max(a, b), weights.length)];
const asTheyCome = (weights: number[]) => (a: number, b: number) => weights[pairHash(a, b, weights.length)];
/** Every pair once, of the features in the order that `sort` gives them. */
const sortedFirst = (sort: (present: number[]) => number[]) => (present: number[], weights: number[]) =>
  over(sort(present), (i, j) => i < j, asTheyCome(weights));

/** The pairing number from a product that is halved by a shift, which first makes it an integer of 32 bits. */
const shifted = (halved: (product: number) => number) => (weights: number[]) => (a: number, b: number) =>
  weights[(halved((a + b) * (a + b + 1)) + Math.max(a, b)) % weights.length];

/** Whether a weight of the pair lets POLY2 reach click rates that LR cannot. */
type PairHelps = Record<"A" | "B" | "C" | "D" | "E", boolean>;

export const exercises = {
  "01.1 bucket": valueExercise<number>({
    right: 9, // 8 · 9 / 2 + 5 = 41, and 41 = 2 · 16 + 9
    mistakes: [
      { like: 41, say: "that is the pairing number. The bucket is the remainder when you divide that number by B = 16" },
      { like: 7, say: "you added j1 = 3 at the end. The formula adds j2 = 5" },
      { like: 4, say: "you took the remainder of 36. The formula adds j2 = 5 first" },
      { like: 13, say: "the product (j1 + j2)(j1 + j2 + 1) is halved before j2 is added" },
      { like: 2, say: "that is how often 16 goes into 41. The bucket is what remains" },
      { like: 15, say: "that is the product j1 · j2. The formula multiplies j1 + j2 by j1 + j2 + 1" },
    ],
  }),
  "01.2 sum over pairs": functionExercise<[number[], number[]], number>({
    cases: () => [
      [[1, 2, 3], Array.from({ length: 17 }, (_, i) => i)],
      [[9, 4, 6], Array.from({ length: 13 }, (_, i) => i * i)],
      [[5], [1, 2, 3]],
      [[2, 10, 9], Array.from({ length: 97 }, (_, i) => i * i)],
      [[40_000, 50_000], Array.from({ length: 97 }, (_, i) => i)],
    ],
    right: (present, weights) => over(present, (i, j) => i < j, ordered(weights)),
    mistakes: [
      {
        like: (present, weights) => over(present, (i, j) => i !== j, ordered(weights)),
        say: "each pair is counted twice. Let the inner loop start after the place that the outer one has reached",
      },
      {
        like: (present, weights) => over(present, (i, j) => i <= j, ordered(weights)),
        say: "features are paired with themselves. The inner loop starts at i + 1, not at i",
      },
      {
        like: (present, weights) => over(present, (i, j) => i < j, asTheyCome(weights)),
        say: "right as long as the features are sorted. For [9, 4, 6] the pair (9, 4) must use the bucket of (4, 9): order each pair before hashing",
      },
      {
        like: (present, weights) =>
          over(present, (i, j) => i < j, (a, b) => {
            const bucket = pairHash(Math.min(a, b), Math.max(a, b), weights.length);
            return weights[bucket + 1];
          }),
        say: "the lib's table keeps bucket h in row h + 1, because its row 0 stands for nothing. `weights` has no such row: take weights[h]",
      },
      // places counted from 0, and from 1
      ...[0, 1].map((first) => ({
        like: (present: number[], weights: number[]) =>
          over(present.map((_, place) => first + place), (i, j) => i < j, asTheyCome(weights)),
        say: "you hash the positions of the features in the list. Hash the features themselves: present[i] and present[j]",
      })),
      {
        like: (present, weights) => over(present, (i, j) => i < j, ordered(weights)) / 2,
        say: "the loop takes each pair once, so nothing is left to halve",
      },
      {
        like: sortedFirst((present) => [...present].sort()),
        say: "sort() without a comparison sorts numbers as text, where \"10\" comes before \"2\". Write sort((a, b) => a - b)",
      },
      {
        like: sortedFirst((present) => [...present].sort((a, b) => b - a)),
        say: "you use the bucket of (9, 4) for (4, 9). Either you put the larger feature first in each pair, or a formula of your own adds the smaller feature at its end. The lib takes the smaller feature as j1, and the formula adds j2",
      },
      // with a sign, and without
      ...[shifted((product) => product >> 1), shifted((product) => product >>> 1)].map((weight) => ({
        like: (present: number[], weights: number[]) => over(present, (i, j) => i < j, weight(weights)),
        say: "right for small ids. Bit operations such as >>, >>>, | and ~~ first turn a number into a 32-bit integer, and the product of large ids does not fit into one. Divide by 2, without these operators",
      })),
    ],
  }),
  "01.3 which weight": valueExercise<string>({
    right: "ACB",
    // An arrow and < keep the order asked for, so the letters say it all. But > turns it round.
    read: (letters) =>
      letters
        .toUpperCase()
        .replace(/[-=]>|<=/g, "")
        .replace(/>=|≥/g, ">")
        .replace(/[=≈~]+/g, "=")
        .replace(/[^ABC=>]/g, ""),
    mistakes: [
      {
        like: "ABC",
        say: "C has a thousand impressions, but they say that the rest of the model is already right, so C's gradient averages to zero. B's single click pushes in the same direction in every epoch",
      },
      { like: "BAC", say: "A cannot be larger than B: A's gradient is exactly zero, so A never moves" },
      ...["BCA", "B>C>A"].map((like) => ({
        like,
        say: "B, C, A is the right order, but largest first. The question asks for the smallest first",
      })),
      {
        like: "A>C>B",
        say: "with > between them your letters say that A is the largest. Write three letters, smallest weight first",
      },
      { like: "CAB", say: "A stays at exactly 0, but C wobbles around 0: each of its thousand impressions pushes it up or down" },
      ...["A=CB", "C=AB"].map((like) => ({ like, say: "A and C are close to each other, but not equal: one of them never moves, the other wobbles around 0. Write three letters, smallest weight first" })),
      {
        like: "CBA",
        say: "A is not the largest: it never occurred, so it stays at exactly 0. And nothing stops B from growing: p − y for its one click stays negative",
      },
    ],
  }),
  "01.4 where a pair helps": partsExercise<PairHelps>({
    right: { A: false, B: false, C: true, D: true, E: true },
    mistakes: [
      {
        like: { A: false, B: true, C: false, D: true, E: true },
        say: "you compared the steps in percentage points. LR adds logits, and a step in the logit multiplies the odds: in B and C that makes a difference",
      },
    ],
    about: {
      A: () => "A: both brands have the same rates, so the weights of the sites say it all",
      B: () =>
        "B: in percentage points the steps from site 1 to site 2 are 9 and 45. But LR adds logits: in odds they go from 1/99 to 1/9, and from 1/9 to 11/9. By what factor each time?",
      C: () =>
        "C: in percentage points both steps from site 1 to site 2 are 10. But LR adds logits: in odds they go from 1/9 to 1/4, and from 2/3 to 1. By what factor each time?",
      D: () => "D: that is XOR, as in notebook 00: site 2 is worse for brand 1 and better for brand 2. In a sum of weights, site 2 adds the same for both brands",
      E: () => "E: site 2 does nothing for brand 1, and much for brand 2. In a sum of weights, it adds the same for both",
    },
  }),
};

export const check = checker(exercises);
