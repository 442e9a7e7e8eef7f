/** Exercises of notebook 00: clicks. */
import { checker, functionExercise, valueExercise } from "../check";

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
      { like: 3.5 / 10, say: "you divided by all pairs of impressions. Only pairs of one clicked and one unclicked count: 3 times 2" },
      { like: 3 / 5, say: "that looks like a share of impressions, as in accuracy. AUC is a share of pairs, and there are 6" },
    ],
    hint: "List the six pairs of one clicked and one unclicked impression, and give each 1, ½ or 0.",
  }),
  "00.2 multi-hot": functionExercise<[number[], number[][]], number[]>({
    cases: () => [
      [[2, 0, 1], [[5, 5], [1, 2], [10, 20], [100, -100]]],
      [[3, 3, 0, 0, 1], [[5, 5], [1, 2], [10, 20], [100, -100]]],
      [[0, 0], [[5, 5], [1, 2]]],
    ],
    right: (ids, W) => rowSum([...new Set(ids)].filter((id) => id !== 0), W),
    mistakes: [
      {
        like: (ids, W) => rowSum(ids.filter((id) => id !== 0), W),
        say: "an id that comes twice was added twice. A multi-hot vector has only 0 and 1: whether, not how often",
      },
      { like: (ids, W) => rowSum([...new Set(ids)], W), say: "row 0 was added. In this course 0 is padding, whatever its row holds" },
      { like: (ids, W) => rowSum(ids, W), say: "row 0 was added, which is padding, and ids that come twice were added twice" },
      {
        like: (ids, W) => rowSum([...new Set(ids)].filter((id) => id !== 0).map((id) => id - 1), W),
        say: "every row is one too high up. W[id] is the embedding of id: row 0 is there, it only means nothing",
      },
    ],
    hint: "Add up the rows of the different ids that are not 0.",
  }),
  "00.3 what AUC sees": valueExercise<string[]>({
    right: ["same", "same", "mirrored", "different"],
    mistakes: [
      { like: ["different", "same", "mirrored", "different"], say: "p² is not p, but it keeps the order: of two probabilities the larger one has the larger square" },
      { like: ["different", "different", "mirrored", "different"], say: "squaring and dividing change the numbers and keep the order. AUC looks at the order alone" },
      { like: ["same", "same", "mirrored", "same"], say: "rounding makes ties: 0.31 and 0.34 become the same. A tie counts half, so the AUC can change" },
      { like: ["same", "same", "same", "same"], say: "1 − p turns the order round: every pair that was won is now lost" },
      { like: ["same", "same", "different", "different"], say: "(c) can be said exactly: every won pair becomes lost and every lost one won, so AUC becomes 1 − AUC" },
    ],
    hint: "Ask of each change: can it turn two scores round, and can it make them equal?",
  }),
  "00.4 gradient of LR": functionExercise<[number[], number, number], number[]>({
    cases: () => [
      [[1, 0, 1], 0.9, 0],
      [[1, 2], 0.25, 1],
      [[0, 0.5, -1], 0.5, 1],
    ],
    right: (x, p, y) => x.map((value) => (p - y) * value),
    mistakes: [
      { like: (x, p, y) => x.map((value) => (y - p) * value), say: "the sign is turned. That is the direction in which to step; the gradient points uphill, p − y" },
      { like: (x, p, y) => x.map(() => p - y), say: "the factor x[i] is missing. A feature that is absent has no part in the error" },
      {
        like: (x, p, y) => x.map((value) => (p - y) * p * (1 - p) * value),
        say: "that is the gradient of the squared error. With log loss the factor p (1 − p) cancels",
      },
      { like: (x, p, y) => x.map((value) => (-y / p + (1 - y) / (1 - p)) * value), say: "that is the derivative by p, not by the logit. Multiply by dp/ds = p (1 − p), and it becomes p − y" },
    ],
  }),
};

export const check = checker(exercises);
