/** Exercises of notebook 00: clicks. */
import { checker, functionExercise, partsExercise, valueExercise } from "../check";

/** Sum of the rows of W with these ids. */
function rowSum(ids: number[], W: number[][]): number[] {
  return W[0].map((_, d) => ids.reduce((sum, id) => sum + W[id][d], 0));
}

export const exercises = {
  "00.1 AUC with a tie": valueExercise<number>({
    right: 3.5 / 6,
    tolerance: 0.005,
    mistakes: [
      { like: 3 / 6, say: "the tie between the two scores of 0.7 counts half a win, not none" },
      { like: 4 / 6, say: "the tie between the two scores of 0.7 counts half a win, not a whole one" },
      {
        like: 3.5 / 10,
        say: "you divided by all pairs of impressions. Only pairs of one clicked and one unclicked count: 3 times 2",
      },
      {
        like: 3 / 5,
        say: "three fifths can be two things. If you left the tied pair out: it stays among the 6 pairs, and counts ½. If you counted impressions: AUC is a share of pairs, not of impressions",
      },
      {
        like: 2.5 / 6,
        say: "that is the share of pairs that are lost. A pair is won if the clicked impression has the higher score",
      },
    ],
  }),
  "00.2 multi-hot": functionExercise<[number[], number[][]], number[]>({
    cases: () => [
      [[2, 0, 1], [[5, 5], [1, 2], [10, 20], [100, -100]]],
      [[3, 3, 0, 0, 1], [[5, 5, 5], [1, 2, 3], [10, 20, 30], [100, -100, 7]]],
      [[0, 0], [[5, 5], [1, 2]]],
      [[3, 1, 3, 0], [[5, 5], [1, 2], [10, 20], [100, -100]]],
    ],
    right: (ids, W) => rowSum([...new Set(ids)].filter((id) => id !== 0), W),
    mistakes: [
      {
        like: (ids, W) => rowSum(ids.filter((id) => id !== 0), W),
        say: "an id that comes twice was added twice. A multi-hot vector has only 0 and 1: whether, not how often",
      },
      {
        like: (ids, W) => rowSum([...new Set(ids)], W),
        say: "row 0 was added. In this course 0 is padding, whatever its row holds",
      },
      {
        like: (ids, W) => rowSum(ids, W),
        say: "row 0 was added, which is padding, and ids that come twice were added twice",
      },
      {
        like: (ids, W) => rowSum([...new Set(ids)].filter((id) => id !== 0).map((id) => id - 1), W),
        say: "every row is one too high up. W[id] is the embedding of id: row 0 is there, it only means nothing",
      },
      {
        like: (ids, W) => rowSum(ids.filter((id, i) => id !== 0 && id !== ids[i - 1]), W),
        say: "you drop an id only if the one before it is the same. In [3, 1, 3, 0] the second 3 is a repetition too",
      },
      // each id once, and as often as it comes
      ...[(ids: number[]) => [...new Set(ids)], (ids: number[]) => ids].map((once) => ({
        like: (ids: number[], W: number[][]) => rowSum(once(ids.slice(0, ids.indexOf(0))), W),
        say: "you stop at the first 0. It can stand between ids, as in the source text's week: skip it, and go on",
      })),
      // with a guard, and without one: NaN if there is only padding
      ...[1, 0].map((least) => ({
        like: (ids: number[], W: number[][]) => {
          const present = [...new Set(ids)].filter((id) => id !== 0);
          return rowSum(present, W).map((sum) => sum / Math.max(least, present.length));
        },
        say: "that is the mean of the rows. A vector times a matrix is a sum: nothing is divided",
      })),
      {
        like: (ids, W) => rowSum([...new Set(ids)].filter((id) => id !== 0), W).slice(0, 2),
        say: "your result has two numbers, whatever W is. It is as long as a row of W: W[0].length",
      },
    ],
  }),
  "00.3 what AUC sees": partsExercise<string[]>({
    right: ["same", "same", "mirrored", "different"],
    mistakes: [{ like: ["different", "different", "mirrored", "different"], say: "squaring and dividing change the numbers and keep the order. AUC looks at the order alone" }],
    about: [
      () => "(a) p² is not p, but it keeps the order: of two probabilities the larger one has the larger square",
      () => "(b) p / 10 is not p, but it keeps the order. AUC looks at the order alone, not at how far apart the scores are",
      (answer) =>
        answer === "different"
          ? "(c) can be said exactly: every won pair becomes lost and every lost one won, so AUC becomes 1 − AUC"
          : "(c) 1 − p turns the order round: every pair that was won is now lost",
      (answer) =>
        answer === "mirrored"
          ? "(d) rounding turns no two scores round, so no won pair becomes a lost one. What can it do to two scores that are close?"
          : "(d) rounding makes ties: 0.31 and 0.34 become the same. A tie counts half, so the AUC can change",
    ],
  }),
  "00.4 gradient of LR": functionExercise<[number[], number, number], number | number[]>({
    cases: () => [
      [[1, 0, 1], 0.9, 0],
      [[1, 2], 0.25, 1],
      [[0, 0.5, -1], 0.5, 1],
    ],
    right: (x, p, y) => x.map((value) => (p - y) * value),
    mistakes: [
      ...[(x: number[]) => [1, ...x], (x: number[]) => [...x, 1]].map((withBias) => ({
        like: (x: number[], p: number, y: number) => withBias(x).map((value) => (p - y) * value),
        say: "right, with one slope more than there are features. The bias is not asked for: return a list as long as x",
      })),
      {
        like: (x, p, y) => x.map((value) => (y - p) * value),
        say: "the sign is turned. That is the direction in which to step; the gradient points uphill, p − y",
      },
      {
        like: (x, p, y) => x.map(() => p - y),
        say: "the factor x[i] is missing. A feature that is absent has no part in the error",
      },
      {
        like: (x, p, y) => x.map((value) => (p - y) * p * (1 - p) * value),
        say: "that is the gradient of the squared error. With log loss the factor p (1 − p) cancels",
      },
      {
        like: (x, p, y) => x.map((value) => (-y / p + (1 - y) / (1 - p)) * value),
        say: "that is the derivative by p, not by the logit. Multiply by dp/ds = p (1 − p), and it becomes p − y",
      },
      {
        like: (x, p, y) => x.reduce((sum, value) => sum + (p - y) * value, 0),
        say: "that is one number, the derivatives of all weights added up. Each weight has its own: return a list as long as x",
      },
      {
        like: (x, p, y) => x.map((value) => ((p - y) * value) / x.length),
        say: "you divided by the number of features. The log loss of one impression is no mean over its features",
      },
    ],
  }),
};

export const check = checker(exercises);
