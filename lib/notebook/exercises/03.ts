/** Exercises of notebook 03: the road to deep. */
import { checker, functionExercise, partsExercise, valueExercise } from "../check";

const total = (row: number[]) => row.reduce((a, b) => a + b, 0);
/** Exponentials as shares of their sum, after subtracting something from the scores. */
const minus = (subtracted: (row: number[]) => number) => (row: number[]) => {
  const exponentials = row.map((score) => Math.exp(score - subtracted(row)));
  return exponentials.map((value) => value / total(exponentials));
};
/** With the largest score subtracted nothing overflows. */
const softmax = minus((row) => Math.max(...row));

const transposed = (matrix: number[][]) => matrix[0].map((_, column) => matrix.map((row) => row[column]));

/** The largest product of kinds that each model sees. */
interface Orders {
  LR: number;
  FM: number;
  FFM: number;
  oneCrossLayer: number;
  threeCrossLayers: number;
}

/** Why a model is a coin in the third-order world: no weights would do, or training did not find them. */
type WhyCoin = Record<"FM" | "FNN" | "cross" | "fault" | "wide", "cannot" | "did not">;

export const exercises = {
  "03.1 field-aware pairs": valueExercise<number>({
    right: 11,
    mistakes: [
      {
        like: 150,
        say: "you let each feature use the vector towards its own field. A feature never meets its own field: take the vector towards the other feature's field",
      },
      {
        like: -2,
        say: "you paired the two vectors towards the third field. In a pair each feature brings its vector towards the other's field",
      },
      {
        like: -1,
        say: "you multiplied the two vectors of one and the same feature, row by row. A pair takes one vector from each of its two features",
      },
      { like: 22, say: "you counted each pair twice, as (i, j) and as (j, i)" },
      { like: 161, say: "you also added each feature's pair with itself. The sum runs over pairs of different features" },
    ],
  }),
  "03.2 attention weights": functionExercise<[number[][]], number[][]>({
    cases: () => [
      [[[2, 0, -1], [5, 5, 5]]],
      [[[0, 1], [3, -3], [1, 1]]],
      [[[1000, 1001, 999]]],
      [[[1000, 0, 0, 0], [-1000, -1001, -1002, -1003]]],
      [[[1000, 1000], [-1000, -1000]]],
      [[[-1000, -1001]]],
      [[[-1000, 0]]],
      [[[-1000, 1000]]],
      [[[9, 1000]]],
      [[[0, 0, 1000]]],
      [[[0, 1000, 0]]],
    ],
    right: (scores) => scores.map(softmax),
    mistakes: [
      {
        like: (scores) => scores.map((row) => row.map(() => 1)),
        say: "every weight is 1: that is the softmax over an axis of length 1, the fault of the public code. The weights of one impression's pairs must add up to 1",
      },
      {
        like: (scores) => transposed(transposed(scores).map(softmax)),
        say: "you took the softmax over the batch: the weights of one pair add up to 1 across impressions. Impressions must not know of each other",
      },
      {
        like: (scores) => {
          const flat = softmax(scores.flat());
          return scores.map((row, l) => row.map((_, p) => flat[l * row.length + p]));
        },
        say: "you took one softmax over the whole batch. Each impression needs a sum of its own",
      },
      // divided by the sum, and its logarithm subtracted
      ...[
        minus(() => 0),
        (row: number[]) => row.map((score) => Math.exp(score - Math.log(total(row.map(Math.exp))))),
      ].map((overflowing) => ({
        like: (scores: number[][]) => scores.map(overflowing),
        say: "right for small scores, but Math.exp(1000) is Infinity. Subtract the impression's largest score first",
      })),
      {
        like: (scores) => scores.map(minus(() => Math.max(...scores.flat()))),
        say: "you subtract one maximum for the whole batch. Next to an impression with a score of 1000, all exponentials of one with scores around −1000 are 0, and 0 / 0 is NaN. Each impression has a largest score of its own",
      },
      {
        like: (scores) => scores.map(minus((row) => Math.max(0, ...row))),
        say: "where all scores of an impression are far below 0, you subtract next to nothing, all exponentials are 0, and 0 / 0 is NaN. If your maximum starts at 0 or near it (Number.MIN_VALUE is just above 0), start it at the first score, or at -Infinity. If you subtract only from large scores, do it always",
      },
      {
        like: (scores) => scores.map(minus((row) => Math.min(...row))),
        say: "you subtract the smallest score of the impression. The largest one stays large, and its exponential is Infinity: subtract the largest",
      },
      {
        like: (scores) => scores.map(minus((row) => total(row) / row.length)),
        say: "you subtract the mean of the impression's scores. The largest one can be far above it, and then its exponential is Infinity: subtract the largest",
      },
      {
        like: (scores) => scores.map(minus((row) => row[0])),
        say: "you subtract the first score of the impression. Another may be far larger, and then its exponential is Infinity: subtract the largest",
      },
      {
        like: (scores) => scores.map(minus((row) => [...row].sort()[row.length - 1])),
        say: "sort() without a comparison sorts numbers as text, where \"9\" comes after \"1000\". Take Math.max(...row), or sort((a, b) => a - b)",
      },
      {
        like: (scores) => scores.map(minus((row) => (Math.max(...row) + Math.min(...row)) / 2)),
        say: "you subtract the midpoint between the largest and the smallest score. Between −1000 and 1000 that is 0, and Math.exp(1000) is Infinity: subtract the largest",
      },
      {
        like: (scores) => scores.map(minus((row) => Math.max(...row.map(Math.abs)))),
        say: "you subtract the largest absolute value. For −1000 and 0 that is 1000, and all exponentials are 0: subtract the largest score itself",
      },
      // of the scores, and of what is left of them
      ...[() => 0, (row: number[]) => Math.max(...row)].map((subtracted) => ({
        like: (scores: number[][]) => scores.map((row) => row.map((score) => Math.exp(score - subtracted(row)))),
        say: "the exponentials are there, but nothing makes them add up to 1",
      })),
      {
        like: (scores) => scores.map((row) => row.map((score) => score / total(row))),
        say: "you divided the scores themselves by their sum, which may be 0 or negative. Take their exponentials first",
      },
    ],
  }),
  "03.3 largest product": partsExercise<Orders>({
    right: { LR: 1, FM: 2, FFM: 2, oneCrossLayer: 2, threeCrossLayers: 4 },
    mistakes: [],
    about: {
      LR: (m) =>
        m < 1
          ? "LR: m = 1 means that the kind of a single field decides. A weight for each feature can express that"
          : "LR: it adds up what single features say, one at a time. It never multiplies two",
      FM: (m) =>
        m < 2
          ? "FM: m counts the fields in a product, not how often something is multiplied. An inner product has two fields in it"
          : "FM: every product in its sum has two features in it. A larger k adds more such products, but none of three",
      FFM: (m) =>
        m < 2
          ? "FFM: it has pairs, as FM does, only with other vectors. A pair is a product of two"
          : "FFM: many vectors per feature, but each term is still an inner product of two. More fields do not make longer products",
      oneCrossLayer: (m) =>
        m < 2
          ? "oneCrossLayer: x0 alone is already of degree 1, and the layer multiplies it by x0 once more"
          : "oneCrossLayer: the layer multiplies by x0 once. Products of three need a second layer",
      threeCrossLayers: (m) =>
        m < 4
          ? "threeCrossLayers: begin at degree 1 for x0 and add one for each layer"
          : "threeCrossLayers: each layer multiplies its input by x0 once, not by itself. So it adds one to the degree, which begins at 1 for x0",
    },
  }),
  "03.4 cannot or did not": partsExercise<WhyCoin>({
    right: { FM: "cannot", FNN: "did not", cross: "cannot", fault: "cannot", wide: "did not" },
    mistakes: [
      {
        like: { FM: "cannot", FNN: "cannot", cross: "cannot", fault: "cannot", wide: "cannot" },
        say: "an AUC of 0.5 after training does not prove that no weights could do better. Which of these reached Bayes elsewhere in the notebook, from another start?",
      },
      {
        like: { FM: "did not", FNN: "did not", cross: "did not", fault: "did not", wide: "did not" },
        say: "no training helps a model in which every term sees at most two fields. Which of these are such models?",
      },
    ],
    about: {
      FM: () => "FM: a larger k makes more products of two, but none of three. No sum of such products beats a constant in log loss here",
      FNN: () =>
        "FNN: the same network reaches Bayes from a larger start. Near 0 tanh is almost a straight line, so training stands still there",
      cross: () => "cross: one layer multiplies by x0 once, which is degree 2. More epochs do not raise the degree",
      fault: () =>
        "fault: with all weights 1, no quotient couples the pairs any more: the logit is only a sum of pairs. Nor does any gradient reach the attention",
      wide: () =>
        "wide: its crosses do not help, but its MLP reads all fields. With Adam it finds the triple in the same number of epochs",
    },
  }),
};

export const check = checker(exercises);
