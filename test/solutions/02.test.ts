import { exercises } from "../../lib/notebook/exercises/02";
import { rowsOfDraw, solutions } from "../../material/solutions/02";
import { testExercises } from "./harness";

type Factor = (x: number[], V: number[][], j: number, f: number) => number;
const total = (x: number[], V: number[][], f: number) => x.reduce((sum, value, i) => sum + value * V[i][f], 0);
const withItself: Factor = (x, V, j, f) => x[j] * total(x, V, f);
const withoutFactor: Factor = (x, V, j, f) => total(x, V, f) - V[j][f] * x[j];
const notSquared: Factor = (x, V, j, f) => x[j] * total(x, V, f) - V[j][f] * x[j];
const column: Factor = (x, V, j, f) => x[j] * x.reduce((sum, value, i) => sum + value * (V[f]?.[i] ?? 0), 0);
const bracketWithoutX: Factor = (x, V, j, f) => x[j] * V.reduce((sum, v) => sum + v[f], 0) - V[j][f] * x[j] ** 2;
const afterOnly: Factor = (x, V, j, f) => {
  let sum = 0;
  for (let i = j + 1; i < x.length; i++) sum += V[i][f] * x[i];
  return x[j] * sum;
};
const beforeOnly: Factor = (x, V, j, f) => {
  let sum = 0;
  for (let i = 0; i < j; i++) sum += V[i][f] * x[i];
  return x[j] * sum;
};
const allOthers: Factor = (x, V, j, f) => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) if (i !== j) sum += V[i][f];
  return x[j] * sum;
};
const halved: Factor = (x, V, j, f) => (x[j] * total(x, V, f) - V[j][f] * x[j] ** 2) / 2;

testExercises({
  notebook: "02",
  exercises,
  solutions,
  wrong: {
    "02.1 logit": [
      [3, /sum over the pairs alone/],
      [5, /bias w0 is missing/],
      [3.5, /w1 \+ w2 \+ w3 are missing/],
      [2.5, /linear part alone/],
      [8.5, /each pair twice/],
      [24.5, /with itself/],
      [7, /^7 is not right/],
    ],
    "02.2 gradient": [
      [withItself, /does not meet itself/],
      [withoutFactor, /factor x\[j\] in front is missing/],
      [notSquared, /first power/],
      [halved, /½ too many/],
      [allOthers, /multiplied by x\[i\]/],
      [bracketWithoutX, /multiplied by x\[i\]/],
      [afterOnly, /features after j only/],
      [beforeOnly, /features before j only/],
      [column, /expected .* The hint above/],
    ],
    "02.3 rows that move": [
      [{ w: [2, 5], v: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }, /has the factor x_j/],
      [{ w: [2, 5], v: [] }, /feature 2 meets feature 5/],
      [{ w: [], v: [2, 5] }, /does not stop w/],
      [{ w: [...Array(10).keys()], v: [...Array(10).keys()] }, /a dense optimizer/],
      [{ w: [3, 6], v: [3, 6] }, /rows of lib's tables/],
      [{ w: [2], v: [5] }, /is not right/],
      [{ w: [2, 5], v: [2, 5], both: true }, /expected { v: a list, w: a list }, got/],
      [{ w: [2, 5] }, /expected { v: a list, w: a list }, got/],
      [{ w: [2, 5], v: null }, /expected { v: a list, w: a list }, got/],
      [null, /got null$/],
      [{ w: [5, 2], v: [] }, /w is right/],
    ],
    "02.4 people drawn": [
      [
        (users: number[], drawn: number[]) => [...users.keys()].filter((r) => new Set(drawn).has(users[r])),
        /with replacement: their rows come twice/,
      ],
      [
        (users: number[], drawn: number[]) => {
          const rows = new Set<number>();
          for (const user of drawn) users.forEach((one, r) => one === user && rows.add(r));
          return [...rows];
        },
        /with replacement: their rows come twice/,
      ],
      [
        (users: number[], drawn: number[]) => drawn.map((user) => users.findIndex((one) => one === user)),
        /brings all of their rows/,
      ],
      [
        (users: number[], drawn: number[]) => {
          const row = new Map(users.map((user, r) => [user, r]));
          return drawn.map((user) => row.get(user)!);
        },
        /brings all of their rows/,
      ],
      [
        (users: number[], drawn: number[]) => drawn.flatMap((user) => users.filter((one) => one === user)),
        /as places in `users`/,
      ],
      [(_users: number[], drawn: number[]) => drawn, /who was drawn/],
      [
        (users: number[], drawn: number[]) =>
          users.flatMap((user, r) => drawn.filter((one) => one === user).map(() => r)),
        /but sorted/,
      ],
      [(users: number[], drawn: number[]) => rowsOfDraw([NaN, ...users], drawn), /number the rows from 1/],
      [
        (users: number[], drawn: number[]) =>
          drawn.flatMap((user) => {
            const rows: number[] = [];
            for (let r = users.indexOf(user); r <= users.lastIndexOf(user); r++) rows.push(r);
            return rows;
          }),
        /Rows of others may lie between/,
      ],
      [
        (users: number[], drawn: number[]) => drawn.map((user) => rowsOfDraw(users, [user])),
        /expected \[ 0, 1, 3, 2, 2 \], got \[ \[ 0, 1, 3 \], \[ 2 \], \[ 2 \] \]\. The hint/,
      ],
    ],
  },
});
