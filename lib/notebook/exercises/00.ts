/** Exercises of notebook 00: clicks. */
import { checker, functionExercise, valueExercise } from "../check";

export const exercises = {
  "00.1 AUC with a tie": valueExercise<number>({
    right: 3.5 / 6,
    tolerance: 0.002,
    mistakes: [
      { like: 3 / 6, say: "the tie between the two scores of 0.7 counts half a win, not none" },
      { like: 4 / 6, say: "the tie between the two scores of 0.7 counts half a win, not a whole one" },
      { like: 3.5 / 10, say: "you divided by all pairs of impressions. Only pairs of one clicked and one unclicked count: 3 times 2" },
      { like: 3 / 5, say: "that looks like a share of impressions, as in accuracy. AUC is a share of pairs, and there are 6" },
    ],
    hint: "List the six pairs of one clicked and one unclicked impression, and give each 1, ½ or 0.",
  }),
  "00.2 multi-hot": functionExercise<[number[], number], number[]>({
    cases: () => [
      [[2, 0, 1], 4],
      [[5, 5, 0, 0, 3], 6],
      [[0, 0], 3],
    ],
    right: (ids, size) => Array.from({ length: size }, (_, id) => (id !== 0 && ids.includes(id) ? 1 : 0)),
    mistakes: [
      {
        like: (ids, size) => Array.from({ length: size }, (_, id) => (ids.includes(id) ? 1 : 0)),
        say: "position 0 is set. In this course 0 is padding, it means that nothing is there",
      },
      {
        like: (ids, size) => Array.from({ length: size }, (_, id) => (id === 0 ? 0 : ids.filter((each) => each === id).length)),
        say: "you counted. A multi-hot vector has only 0 and 1: whether, not how often",
      },
      {
        like: (ids, size) => Array.from({ length: size }, (_, id) => ids.filter((each) => each === id).length),
        say: "you counted, and counted the padding too. A multi-hot vector has only 0 and 1, and 0 is no item",
      },
      {
        like: (ids, size) => Array.from({ length: size }, (_, at) => (ids.filter((id) => id !== 0).includes(at + 1) ? 1 : 0)),
        say: "everything is one place too far left. Id 3 belongs at position 3: position 0 stays for padding",
      },
    ],
    hint: "Start from a vector of zeros, and set the position of every id that is not 0 to 1.",
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
