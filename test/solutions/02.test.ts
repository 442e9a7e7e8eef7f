import { exercises } from "../../lib/notebook/exercises/02";
import { rowsOfDraw, solutions } from "../../material/solutions/02";
import { testExercises } from "./harness";

type Slope = (x: number[], w: number[], V: number[][], j: number) => number;
/** With pairs that are counted in another way. */
const withPairs =
  (count: (i: number, j: number, x: number[]) => number): Slope =>
  (x, w, V, j) => {
    let sum = w[j];
    V.forEach((v, i) => v.forEach((value, f) => (sum += value * V[j][f] * count(i, j, x))));
    return sum;
  };
const others = (i: number, j: number, x: number[]) => (i === j ? 0 : x[i]);
const right = withPairs(others);
/** All features, j too, which is then taken off so often. */
const lessItself = (offBy: number) => withPairs((i, j, x) => (i === j ? (1 - offBy) * x[j] : x[i]));
/** The bracket of "The gradient, completed", summed over f. */
const bracket: Slope = (x, _w, V, j) =>
  V[j].reduce((sum, v, f) => {
    let all = 0;
    V.forEach((row, i) => (all += row[f] * x[i]));
    return sum + x[j] * all - v * x[j] * x[j];
  }, 0);
const twoCoordinates: Slope = (x, w, V, j) => right(x, w, V.map((v) => v.slice(0, 2)), j);
const firstCoordinate: Slope = (x, w, V, j) =>
  w[j] + x.reduce((sum, value, i) => sum + (i === j ? 0 : value * V[i][0] * V[j][0]), 0);

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
      [0.996, /^that is the probability/],
      [7, /^7 is not right/],
    ],
    "02.2 what a feature adds": [
      [(x: number[], w: number[], V: number[][], j: number) => right(x, w, V, j) - w[j], /one more term of equation 1/],
      [withPairs(() => 0), /in logistic regression that would be all/],
      [lessItself(0), /leave i = j out/],
      [(x: number[], w: number[], V: number[][], j: number) => x[j] * right(x, w, V, j), /what x_j adds .* with the value it has/],
      [withPairs((i, j, x) => x[j] * others(i, j, x)), /still in front of the pairs/],
      [withPairs((i, j, x) => others(i, j, x) / 2), /½ too many/],
      [withPairs((i, j, x) => 2 * others(i, j, x)), /each pair twice/],
      [withPairs((i, j) => (i === j ? 0 : 1)), /multiplied by x\[i\]/],
      [withPairs((i, j, x) => (i > j ? x[i] : 0)), /features after j only/],
      [withPairs((i, j, x) => (i < j ? x[i] : 0)), /features before j only/],
      [withPairs((i, j, x) => (i === j || x[i] === 0 ? 0 : 1)), /multiplied by that feature's value, x\[i\]/],
      [(x: number[], w: number[], V: number[][], j: number) => right(x, w, V, j) - (1 - x[j]) * w[j], /kept w_j x_j/],
      [withPairs((i, j, x) => (i === j ? x[j] - 1 : x[i])), /right only for x_j = 1/],
      [bracket, /that is the bracket/],
      [(x: number[], w: number[], V: number[][], j: number) => w[j] + bracket(x, w, V, j), /that is the bracket/],
      [twoCoordinates, /^for \(\[ 0\.5, 2, 0, -1 \], .* The hint above/],
      [firstCoordinate, /expected .* The hint above/],
      [lessItself(2), /expected .* The hint above/],
    ],
    "02.3 rows that move": [
      [{ w: [2, 5], v: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }, /has the factor x_j/],
      [{ w: [2, 5], v: [] }, /feature 2 meets feature 5/],
      [{ w: [], v: [2, 5] }, /does not stop w/],
      [{ w: [...Array(10).keys()], v: [...Array(10).keys()] }, /a dense optimizer/],
      [{ w: [...Array(10).keys()], v: [5, 2] }, /^v is right\. .* have x_i = 0$/],
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
        /as positions in `users`/,
      ],
      [(_users: number[], drawn: number[]) => drawn, /users who were drawn/],
      [
        (users: number[], drawn: number[]) =>
          users.flatMap((user, r) => drawn.filter((one) => one === user).map(() => r)),
        /but sorted/,
      ],
      [
        (users: number[], drawn: number[]) => {
          const counts = new Map<number, number>();
          for (const user of drawn) counts.set(user, (counts.get(user) ?? 0) + 1);
          return [...counts].flatMap(([user, count]) => rowsOfDraw(users, Array<number>(count).fill(user)));
        },
        /grouped what was drawn twice/,
      ],
      [
        (users: number[], drawn: number[]) =>
          [...new Set(drawn)].flatMap((user) =>
            rowsOfDraw(users, [user]).flatMap((r) => drawn.flatMap((one) => (one === user ? [r] : []))),
          ),
        /grouped what was drawn twice/,
      ],
      [
        (users: number[], drawn: number[]) => {
          const rows = new Array<number>(users.length);
          let filled = 0;
          for (const r of rowsOfDraw(users, drawn)) if (filled < rows.length) rows[filled++] = r;
          return rows.slice(0, filled);
        },
        /stop once you have as many rows as the file/,
      ],
      [(users: number[], drawn: number[]) => rowsOfDraw([NaN, ...users], drawn), /number the rows from 1/],
      [
        (users: number[]) => Array.from({ length: 20 }, () => Math.floor(users.length * Math.random())),
        /your function gives another result\. .* or draw at random\?/,
      ],
      [
        (users: number[], drawn: number[]) =>
          drawn.flatMap((user) => {
            const rows: number[] = [];
            for (let r = users.indexOf(user); r <= users.lastIndexOf(user); r++) rows.push(r);
            return rows;
          }),
        /Rows of other users may lie between/,
      ],
      [
        (users: number[], drawn: number[]) => drawn.map((user) => rowsOfDraw(users, [user])),
        /expected \[ 0, 1, 3, 2, 2 \], got \[ \[ 0, 1, 3 \], \[ 2 \], \[ 2 \] \]\. The hint/,
      ],
    ],
  },
});
