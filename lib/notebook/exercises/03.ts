/** Exercises of notebook 03: the road to deep. */
import { checker, type Exercise, functionExercise, valueExercise } from "../check";

/** Exponentials as shares of their sum, without overflow. */
function softmax(scores: number[]): number[] {
  const largest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}

const transposed = (matrix: number[][]) => matrix[0].map((_, column) => matrix.map((row) => row[column]));

/** The largest product of kinds that each model sees. */
interface Orders {
  LR: number;
  FM: number;
  FFM: number;
  oneCrossLayer: number;
  threeCrossLayers: number;
}

const orders: Orders = { LR: 1, FM: 2, FFM: 2, oneCrossLayer: 2, threeCrossLayers: 4 };

/** What to say about a wrong number, by model. */
const aboutOrders: Record<keyof Orders, string> = {
  LR: "LR: it adds up what single features say, one at a time. It never multiplies two",
  FM: "FM: every product in its sum has two features in it. A larger k adds more such products, none of three",
  FFM: "FFM: many vectors per feature, but each term is still an inner product of two. More fields do not make longer products",
  oneCrossLayer: "oneCrossLayer: x0 alone is already of degree 1, and the layer multiplies it by x0 once more",
  threeCrossLayers: "threeCrossLayers: begin at degree 1 for x0 and add one for each layer",
};

const largestProduct: Exercise<Orders> = {
  verify(answer) {
    if (typeof answer !== "object" || answer === null) return "expected an object with a number for each of the five models";
    const wrong = (Object.keys(orders) as (keyof Orders)[]).find((model) => answer[model] !== orders[model]);
    return wrong && aboutOrders[wrong];
  },
  mistakes: [
    { like: { ...orders, LR: 2 }, say: aboutOrders.LR },
    { like: { ...orders, FM: 3 }, say: aboutOrders.FM },
    { like: { ...orders, FFM: 3 }, say: aboutOrders.FFM },
    { like: { ...orders, oneCrossLayer: 1, threeCrossLayers: 3 }, say: aboutOrders.oneCrossLayer },
    { like: { ...orders, threeCrossLayers: 8 }, say: aboutOrders.threeCrossLayers },
  ],
};

export const exercises = {
  "03.1 field-aware pairs": valueExercise<number>({
    right: 11,
    mistakes: [
      { like: 150, say: "you let each feature use the vector towards its own field. A feature never meets its own field: take the one towards the other's field" },
      { like: -2, say: "you compared the two vectors towards the third field. In a pair each brings its vector towards the field of the other" },
      { like: 22, say: "you counted each pair twice, as (i, j) and as (j, i)" },
      { like: 161, say: "you added each feature's meeting with itself. The sum runs over pairs of different features" },
    ],
    hint: "Write the three pairs down. Gucci meets Vogue with its vector towards site, and Vogue meets Gucci with its vector towards brand.",
  }),
  "03.2 attention weights": functionExercise<[number[][]], number[][]>({
    cases: () => [[[[2, 0, -1], [5, 5, 5]]], [[[0, 1], [3, -3], [1, 1]]], [[[1000, 1001, 999]]]],
    right: (scores) => scores.map(softmax),
    mistakes: [
      {
        like: (scores) => scores.map((row) => row.map(() => 1)),
        say: "every weight is 1: that is the softmax over an axis of length 1, the fault of the public code. The weights of one impression's pairs must add up to 1",
      },
      {
        like: (scores) => transposed(transposed(scores).map(softmax)),
        say: "you took the softmax over the batch: the same pair of different impressions adds up to 1. Impressions must not know of each other",
      },
      {
        like: (scores) => {
          const flat = softmax(scores.flat());
          return scores.map((row, l) => row.map((_, p) => flat[l * row.length + p]));
        },
        say: "you took one softmax over the whole batch. Each impression has a sum of its own",
      },
      {
        like: (scores) =>
          scores.map((row) => {
            const exponentials = row.map(Math.exp);
            return exponentials.map((value) => value / exponentials.reduce((a, b) => a + b, 0));
          }),
        say: "right for small scores, but Math.exp(1000) is Infinity. Subtract the impression's largest score first",
      },
      { like: (scores) => scores.map((row) => row.map(Math.exp)), say: "the exponentials are there, but nothing makes them add up to 1" },
      {
        like: (scores) => scores.map((row) => row.map((score) => score / row.reduce((a, b) => a + b, 0))),
        say: "you divided the scores themselves by their sum, which may be 0 or negative. Take their exponentials first",
      },
    ],
  }),
  "03.3 largest product": largestProduct,
};

export const check = checker(exercises);
