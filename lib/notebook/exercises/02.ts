/** Exercises of notebook 02: factorization machines. */
import { sigmoid } from "../../sigmoid";
import { checker, functionExercise, valueExercise } from "../check";

type Slope = (x: number[], w: number[], V: number[][], j: number) => number;

const inner = (a: number[], b: number[]) => a.reduce((sum, value, f) => sum + value * b[f], 0);
/** Σ ⟨v_i, v_j⟩ x_i over the features i that meet j. */
const partners = (x: number[], V: number[][], j: number, meets = (i: number) => i !== j) =>
  x.reduce((sum, value, i) => sum + (meets(i) ? inner(V[i], V[j]) * value : 0), 0);
const slope: Slope = (x, w, V, j) => w[j] + partners(x, V, j);
/** The bracket of the gradient of V, x_j Σ_i v_if x_i − v_jf x_j², summed over f. */
const bracketed = (x: number[], V: number[][], j: number) =>
  V[j].reduce((sum, own, f) => {
    const all = x.reduce((part, value, i) => part + V[i][f] * value, 0);
    return sum + x[j] * all - own * x[j] ** 2;
  }, 0);

const rowsOf = (users: number[], user: number) => users.flatMap((one, r) => (one === user ? [r] : []));
const rowsOfDraw = (users: number[], drawn: number[]) => drawn.flatMap((user) => rowsOf(users, user));
/** In the order in which each came first, equal ones side by side. */
const together = (values: number[]) => [...new Set(values)].flatMap((value) => values.filter((one) => one === value));

const asSet = (features: number[]) => [...new Set(features)].sort((a, b) => a - b);

export const exercises = {
  "02.1 logit": valueExercise<number>({
    right: 5.5,
    tolerance: 0.001, // for a probability with three decimals
    mistakes: [
      {
        like: 3,
        say: "that is the sum over the pairs alone. Equation 1 has two more parts: the bias w0, and one weight per feature",
      },
      { like: 5, say: "the pairs and the single weights are there. The bias w0 is missing" },
      { like: 3.5, say: "the bias and the pairs are there. The single weights w1 + w2 + w3 are missing" },
      { like: 8.5, say: "you counted each pair twice, as (i, j) and as (j, i). The sum runs over i < j" },
      {
        like: 24.5,
        say: "you also added the inner product of each vector with itself. The sum runs over i < j, so no feature meets itself",
      },
      { like: 2.5, say: "that is the linear part alone. The pairs are missing" },
      { like: sigmoid(5.5), say: "that is the probability. The logit is the number that the sigmoid turns into it" },
    ],
  }),
  "02.2 what a feature adds": functionExercise<Parameters<Slope>, number>({
    cases: () => [
      [[1, 1, 1], [1, -1, 2], [[1, 2], [3, -1], [0, 2]], 0],
      [[1, 0, 1], [1, -1, 2], [[1, 2], [3, -1], [0, 2]], 1],
      [[0.5, 2, 0, -1], [0.5, -2, 1, 3], [[1, 2, 1], [3, -1, 2], [5, 5, 0], [1.5, 2, -1]], 1],
      [[0.5, 2, 0, -1], [0.5, -2, 1, 3], [[1, 2, 1], [3, -1, 2], [5, 5, 0], [1.5, 2, -1]], 3],
    ],
    right: slope,
    mistakes: [
      {
        like: (x, _w, V, j) => partners(x, V, j),
        say: "the pairs are right. x_j appears in one more term of equation 1: w_j x_j",
      },
      {
        like: (_x, w, _V, j) => w[j],
        say: "in logistic regression that would be all. In FM x_j also appears in its pairs with the other features",
      },
      {
        like: (x, w, V, j) => w[j] + partners(x, V, j, () => true),
        say: "your sum includes j itself. Equation 1 has i < j, so no feature meets itself: leave i = j out",
      },
      {
        like: (x, w, V, j) => x[j] * slope(x, w, V, j),
        say: "that is what x_j adds to the logit with the value it has. The derivative of c x_j is c: no factor x[j] is left, and an absent feature has a slope, too",
      },
      {
        like: (x, w, V, j) => w[j] + x[j] * partners(x, V, j),
        say: "the factor x[j] is still in front of the pairs. It belongs to the slope with respect to v_jf; here we differentiate with respect to x_j",
      },
      {
        like: (x, w, V, j) => w[j] + partners(x, V, j) / 2,
        say: "you have a ½ too many: equation 1 has each pair once, without a ½. The ½ of the identity cancels against the 2 from the derivative of the square",
      },
      {
        like: (x, w, V, j) => w[j] + 2 * partners(x, V, j),
        say: "you count each pair twice, as (i, j) and as (j, i). Equation 1 has it once",
      },
      {
        like: (x, w, V, j) => w[j] + partners(x.map(() => 1), V, j),
        say: "the sum runs over all features, present or not. Each inner product has to be multiplied by x[i]",
      },
      {
        like: (x, w, V, j) => w[j] * x[j] + partners(x, V, j),
        say: "the pairs are right, but you kept w_j x_j as it is in the logit: its derivative with respect to x_j is w_j",
      },
      {
        like: (x, w, V, j) => w[j] + partners(x.map((value) => (value === 0 ? 0 : 1)), V, j),
        say: "you ask only whether a feature is present. Each inner product has to be multiplied by that feature's value, x[i]",
      },
      {
        like: (x, w, V, j) => w[j] + partners(x, V, j, () => true) - inner(V[j], V[j]),
        say: "you subtract v_jf, which is right only for x_j = 1. The sum over all features contains v_jf x_j, and x_j can be any number",
      },
      // with w_j, and without
      ...[1, 0].map((single) => ({
        like: (x: number[], w: number[], V: number[][], j: number) => single * w[j] + bracketed(x, V, j),
        say: "that is the bracket, summed over f: the slope with respect to j's factors. Here the factors stay fixed and x_j moves: go back to equation 1",
      })),
      ...["after", "before"].map((side) => ({
        like: (x: number[], w: number[], V: number[][], j: number) =>
          w[j] + partners(x, V, j, (i) => (side === "after" ? i > j : i < j)),
        say: `you add up the features ${side} j only. Equation 1 counts each pair once, but feature j is in pairs with features on both sides of it`,
      })),
    ],
  }),
  "02.3 rows that move": valueExercise<{ w: number[]; v: number[] }>({
    right: { w: [2, 5], v: [2, 5] },
    read: ({ w, v }) => ({ w: asSet(w), v: asSet(v) }),
    mistakes: [
      {
        like: { w: [2, 5], v: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
        say: "the gradient of v_j has the factor x_j. The eight features that are absent have x_j = 0, so their vectors do not move",
      },
      {
        like: { w: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], v: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
        say: "a dense optimizer would touch every row, but eight of ten gradients are exactly 0, because x_j = 0 for an absent feature",
      },
      {
        like: { w: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], v: [2, 5] },
        say: "v is right. The gradient of w_i is (p − y) x_i, and the eight features that are absent have x_i = 0",
      },
      {
        like: { w: [3, 6], v: [3, 6] },
        say: "these are rows of lib's tables, where row 0 is padding. The question asks for the features, which it numbers from 0 to 9",
      },
      {
        like: { w: [2, 5], v: [] },
        say: "w is right. For v the sum over the other features is not zero: feature 2 meets feature 5, and V is random",
      },
      {
        like: { w: [], v: [2, 5] },
        say: "v is right. w = 0 does not stop w from moving: its gradient is (p − y) x_i, which needs no other weight",
      },
    ],
  }),
  "02.4 people drawn": functionExercise<[number[], number[]], number[]>({
    cases: () => [
      [[7, 7, 3, 7, 5], [7, 3, 3]],
      [[2, 4, 4, 9], [4, 9, 2]],
      [[1, 1, 6], [6, 6, 6]],
      [[8, 8, 5], [5, 8]],
      [[7, 7, 3, 7], [7, 3, 7]],
    ],
    right: rowsOfDraw,
    mistakes: [
      // in the order of the rows, and in that of the draw
      ...[
        (users: number[], drawn: number[]) => users.flatMap((user, r) => (drawn.includes(user) ? [r] : [])),
        (users: number[], drawn: number[]) => rowsOfDraw(users, [...new Set(drawn)]),
      ].map((like) => ({
        like,
        say: "a user who was drawn twice counts only once in your result. We draw with replacement: their rows come twice",
      })),
      ...["first", "last"].map((which) => ({
        like: (users: number[], drawn: number[]) =>
          drawn.map((user) => (which === "first" ? users.indexOf(user) : users.lastIndexOf(user))),
        say: "you return one row for each drawn user. Every drawn user brings all of their rows: these rows are alike, and that is why we draw people",
      })),
      {
        like: (users, drawn) => rowsOfDraw(users, drawn).map((r) => users[r]),
        say: "these are the users of the rows. Return the rows themselves, as positions in `users`",
      },
      { like: (_users, drawn) => [...drawn], say: "you return the users who were drawn. The question asks for their rows" },
      {
        like: (users, drawn) => rowsOfDraw(users, drawn).sort((a, b) => a - b),
        say: "these are the right rows, each as often as it should be, but sorted. Keep the order of the draw: all rows of its first user, then those of the next",
      },
      // user by user, and row by row
      ...[
        (users: number[], drawn: number[]) => rowsOfDraw(users, together(drawn)),
        (users: number[], drawn: number[]) => together(rowsOfDraw(users, drawn)),
      ].map((like) => ({
        like,
        say: "these are the right rows, each as often as it should be, but you grouped what was drawn twice. Keep the order of the draw: all rows of its first user, then those of the next, even if that is the first user again",
      })),
      {
        like: (users, drawn) => rowsOfDraw(users, drawn).slice(0, users.length),
        say: "you stop once you have as many rows as the file. A draw of people can have more rows or fewer: that depends on who is drawn",
      },
      {
        like: (users, drawn) => rowsOfDraw(users, drawn).map((r) => r + 1),
        say: "you number the rows from 1. users[r] is the user of row r, so the first row is 0",
      },
      {
        like: (users, drawn) =>
          drawn.flatMap((user) => {
            const [first, last] = [users.indexOf(user), users.lastIndexOf(user)];
            return users.flatMap((_, r) => (r >= first && r <= last ? [r] : []));
          }),
        say: "you take all rows from a user's first row to their last. Rows of other users may lie between them",
      },
    ],
  }),
};

export const check = checker(exercises);
