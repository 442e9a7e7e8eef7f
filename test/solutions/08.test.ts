import { expect, test } from "vitest";
import { judge } from "../../lib/notebook/check";
import { exercises } from "../../lib/notebook/exercises/08";
import {
  type Attend,
  type BatchedAuc,
  type Column,
  type DiceAtInference,
  type Keep,
  type Loss,
  moving,
  type Pool,
  type Row,
  type Split,
  vectors,
} from "../../lib/notebook/museum/exhibits";
import { solutions } from "../../material/solutions/08";
import { attended } from "../notebook/attended";
import { testExercises } from "./harness";

const users = [["a", "b"], ["a", "b", "c", "d"]];
const text = (value: unknown) => JSON.stringify(value);
const near = (a: number[], b: number[]) => a.length === b.length && a.every((x, i) => Math.abs(x - b[i]) < 1e-9);
/** Tests that compare with what comes out exactly: the right code passes them in whatever way it is written. */
const exact: [keyof typeof exercises, string, (code: any) => boolean][] = [
  [
    "08.1 split",
    "all rows in their parts, in any order",
    (split: Split) => {
      const { train, validation, test } = split([[..."abcde"], [..."fg"]]);
      const rows = (part: Row[]) => part.map((row) => `${row.user}${row.history.join("")} ${row.candidate}`).sort().join();
      return text([train, validation, test].map(rows)) === text(["0a b,0ab c", "0abc d", "0abcd e,1f g"]);
    },
  ],
  [
    "08.2 pool",
    "the mean that attention gives", // vectors of items 1, 2 and 3 times that of item 5, [1.3, 0.3]
    (pool: Pool) => near(pool([1, 0, 2, 3], 5), attended([vectors[1], vectors[2], vectors[3]], [1.3, 0.53, 1.03])),
  ],
  [
    "08.3 attend",
    "the mean that attention gives",
    (attend: Attend) => {
      const pairs = [[1, 2], [-1, 0.5], [3, -1]];
      return near(attend(pairs, [0.5, -1]), attended(pairs, [-1.5, -0.5, 1.5]));
    },
  ],
  [
    "08.4 loss",
    "the formula",
    (loss: Loss) =>
      [-3, 0, 2].every((z) => near([loss(z, 1), loss(z, 0)], [Math.log(1 + Math.exp(-z)), Math.log(1 + Math.exp(z))])),
  ],
  [
    "08.6 AUC",
    "two pairs won of four, one tied",
    (auc: BatchedAuc) =>
      near([auc([{ scores: [0.1, 0.4], labels: [0, 1] }, { scores: [0.4, 0.3], labels: [0, 1] }])], [0.625]),
  ],
  [
    "08.7 Dice",
    "the formula",
    (dice: DiceAtInference) =>
      [[1, -2, 2.5], [3, 0, 1]].every((row, r, batch) => {
        const away = row.map((s, i) => (moving.mean[i] - s) / Math.sqrt(moving.variance[i] + 1e-8));
        const gates = away.map((value) => 1 / (1 + Math.exp(value)));
        return near(dice(batch)[r], row.map((s, i) => gates[i] * s + (1 - gates[i]) * 0.1 * s));
      }),
  ],
  [
    "08.8 keep",
    "the best epoch, and none that was not run",
    (keep: Keep) =>
      keep([0.5, 0.7, 0.6], 5) === 1 && keep([0.5, 0.4, 0.6], 1) === 0 && keep([0.5, 0.6, 0.5, 0.5, 0.9], 2) === 1,
  ],
];
/** Tests that are right and must pass, beside the solutions. */
const alsoRight: [keyof typeof exercises, string, (code: any) => boolean][] = [
  ...exact,
  [
    "08.6 AUC",
    "batches of one label each",
    (auc: BatchedAuc) => auc([{ scores: [0.9], labels: [1] }, { scores: [0.1], labels: [0] }]) === 1,
  ],
  [
    "08.4 loss",
    "an error, as tests elsewhere tell",
    (loss: Loss) => {
      if (Math.abs(loss(0, 1) - Math.LN2) > 1e-9) throw new Error("not ln 2");
      return true;
    },
  ],
  [
    "08.2 pool",
    "much padding",
    (pool: Pool) => near(pool([1, 2, ...Array<number>(100_000).fill(0)], 4), pool([1, 2], 4)),
  ],
  ["08.2 pool", "no history", (pool: Pool) => near(pool([0, 0], 4), [0, 0])],
  [
    "08.3 attend",
    "the plain mean where h = 0",
    (attend: Attend) =>
      near(
        attend(
          [
            [1, 2],
            [3, -1],
            [2, 5],
          ],
          [0, 0],
        ),
        [2, 2],
      ),
  ],
  ["08.4 loss", "0.693 and a tolerance that fits", (loss: Loss) => Math.abs(loss(0, 1) - 0.693) < 1e-3],
  [
    "08.8 keep",
    "a run without epochs, too",
    (keep: Keep) => keep([], 3) === 0 && keep([0.6, 0.7, 0.69], 5) === 1,
  ],
  [
    "08.3 attend",
    "no pair at all, too",
    (attend: Attend) =>
      near(attend([], [1, 1]), [0, 0]) &&
      near(
        attend(
          [
            [1, 2],
            [3, 4],
          ],
          [0, 0],
        ),
        [2, 3],
      ),
  ],
  ["08.4 loss", "a symmetry, with a tolerance", (loss: Loss) => Math.abs(loss(2, 1) - loss(-2, 0)) < 1e-9],
  [
    "08.3 attend",
    "large scores",
    (attend: Attend) =>
      near(
        attend(
          [
            [1, 0],
            [3, 0],
          ],
          [1000, 0],
        ),
        [3, 0],
      ),
  ],
];
test.each(alsoRight)("%s is passed by a test with %s", async (id, _, answer) => {
  expect(await judge(exercises, id, answer)).toEqual({ state: "solved" });
});

const neverCalls = () => true;
const rejectsAll = (code: (...inputs: any[]) => unknown) => (code([], 1), false);

testExercises({
  notebook: "08",
  exercises,
  solutions,
  wrong: {
    "08.1 split": [
      [neverCalls, /never calls the function/],
      [(split: Split) => void split(users), /returns nothing/],
      [(split: Split) => split(users).test.length, /returns 2, expected true or false/],
      [
        (split: Split) => {
          const { train, test } = split(users);
          return !test.some(({ user }) => train.some((row) => row.user === user));
        },
        /A user may be in all parts/,
      ],
      [
        (split: Split) => {
          const { train, validation, test } = split(users);
          return train.length + validation.length + test.length === 6;
        },
        /first click makes no row/,
      ],
      [(split: Split) => split(users).validation.length === 2, /two clicks make one, for the test/],
      [
        (split: Split) => {
          const { train, test } = split([["a"], ["b"]]);
          return !test.some((row) => train.map(text).includes(text(row)));
        },
        /no row at all/,
      ],
      [
        (split: Split) => {
          const { train, validation } = split(users);
          return !validation.some((row) => train.map(text).includes(text(row)));
        },
        /each pair of the three parts/,
      ],
      ...[text, (row: Row): unknown => row].map((key): [(split: Split) => boolean, RegExp] => [
        (split) => {
          const { train, validation, test } = split([["a", "b"], ["a", "b", "c", "d"], ["a", "b", "c"]]);
          return new Set([...train, ...validation, ...test].map(key)).size === 6;
        },
        /your test does not see it: .*a Set keeps equal rows only once/,
      ]),
      [
        (split: Split) => {
          const { train, validation, test } = split(users);
          const rows = [...train, ...validation, ...test];
          return users.every((items, user) =>
            items.slice(1).every((item) => rows.some((row) => row.user === user && row.candidate === item)),
          );
        },
        /your test does not see it/,
      ],
      [
        (split: Split) => {
          const { train, test } = split(users);
          return test[0].candidate === "b" && !train.includes(test[0]);
        },
        /come in another order/,
      ],
      [
        (split: Split) => {
          const { train, test } = split(users);
          return test.every((row) => !train.includes(row));
        },
        /ask whether two rows are the same object/,
      ],
      [
        (split: Split) => {
          const { train, test } = split(users);
          const learned = new Set(train);
          return !test.some((row) => learned.has(row));
        },
        /a Set of rows ask whether two rows are the same object/,
      ],
    ],
    "08.2 pool": [
      [(pool: Pool) => pool([1, 2], 4).length === pool([3, 0, 0], 4).length, /never the same clicks/],
      [(pool: Pool) => pool([1, 2, 0], 4).length === pool([2, 1], 4).length, /with more and with less padding\. Now compare/],
      [neverCalls, /never calls/],
      [(pool: Pool) => pool([1, 2], 3) === pool([1, 2, 0], 3), /never === each other/],
      [
        (pool: Pool) => {
          const [a, b] = [pool([1, 2, 3, 5], 4), pool([0, 5, 3, 2, 0, 1], 4)];
          return a[0] === b[0] && a[1] === b[1];
        },
        /can differ in their last digits: compare with a tolerance/,
      ],
      [
        (pool: Pool) => {
          try {
            pool([7], 4);
          } catch {} // there is no item 7
          return pool([1, 2], 4).length === 2;
        },
        /^your test lets the bug pass\. None of the histories that you tried has padding/,
      ],
      [(pool: Pool) => near(pool([1, 7], 3), pool([1, 7, 0], 3)), /right code\. The table has the items 1 to 5/],
      [(pool: Pool) => near(pool([1, 2], 3), pool([2, 1], 3)), /None of the histories that you tried has padding/],
      [
        (pool: Pool) => near(pool([1, 0, 2], 3), pool([2, 0, 1], 3)),
        /never the same clicks, one or more, and the same candidate with another amount/,
      ],
      [
        (pool: Pool) => {
          const [a, b] = [pool([1, 2, 3], 4), pool([1, 2, 3, 0], 4)];
          return a.every((x, f) => Math.abs(x - b[f]) < 0.5);
        },
        /small tolerance such as 1e-9/,
      ],
      [
        (pool: Pool) => {
          pool([1, 2], 3);
          return pool([1, 2, 0, 0], 3).length === 2;
        },
        /Now compare what comes out/,
      ],
      [(pool: Pool) => pool([3, 0], 4)[1] - pool([3], 4)[1] < 1e-9, /neither more nor less \(Math\.abs\)/],
      [
        (pool: Pool) => pool([1, 2], 3).length === pool([1, 2, 0], 4).length,
        /never the same clicks, one or more, and the same candidate with another amount/,
      ],
      [(pool: Pool) => near(pool([0], 4), pool([0, 0, 0], 4)), /never the same clicks, one or more, and the same/],
      [
        (pool: Pool) => near(pool([0], 4), pool([0, 0, 0], 4)) && pool([1, 0], 4).length === 2,
        /never the same clicks, one or more, and the same/,
      ],
      [
        (pool: Pool) => {
          const history = [1, 2, 3];
          const before = pool(history, 4);
          history.push(0); // what was tried before stays what it was
          return Math.abs(pool(history, 4)[0] - before[0]) < 0.5;
        },
        /Now compare what comes out/,
      ],
    ],
    "08.3 attend": [
      ...[[0, 0], [1, 1, 1, 1], [1], []].map((h): [(attend: Attend) => boolean, RegExp] => [
        (attend) => attend([[1, 2, 3], [3, 4, 5]], h).every((x) => x >= 1 && x <= 5),
        /right code\. You tried an h and a vector of different lengths/,
      ]),
      [(attend: Attend) => attend([[3], [5]], [1, 1])[0] <= 5, /h and a vector of different lengths/],
      [(attend: Attend) => near(attend([[1, 2], [3, -1]], [0, 1]), [2, 0.5]), /A weighted mean lies between/],
      [neverCalls, /never calls/],
      [(attend: Attend) => near(attend([[1, 2]], [1, 1]), [1, 2]), /With one pair/],
      [
        (attend: Attend) =>
          near(
            attend(
              [
                [1, 2],
                [3, 1],
              ],
              [1, 1],
            ),
            attend(
              [
                [3, 1],
                [1, 2],
              ],
              [1, 1],
            ),
          ),
        /passes a weighted sum with any weights/,
      ],
      [
        (attend: Attend) =>
          Math.abs(
            attend(
              [
                [3, 1],
                [-3, -1],
              ],
              [1, 1],
            )[0],
          ) <= 3,
        /even their plain sum lies/,
      ],
      [(attend: Attend) => Math.abs(attend([[3, 1], [-3, 2]], [1, 1])[0]) <= 3, /passes a weighted sum with any weights/],
      [
        (attend: Attend) => near(attend([], [0, 0]), [0, 0]) && attend([[1, 2], [3, 4]], [0, 0])[0] > 1,
        /passes a weighted sum with any weights/,
      ],
      [
        (attend: Attend) =>
          attend(
            [
              [3, 1],
              [5, 2],
            ],
            [1, 1],
          )[0] >= 3,
        /Check the upper bound too/,
      ],
      [
        (attend: Attend) =>
          near(
            attend(
              [
                [1, 2],
                [3, 1],
              ],
              [1, 1],
            ),
            [2, 1.5],
          ),
        /need not be the plain mean/,
      ],
      [
        (attend: Attend) => {
          const r = attend(
            [
              [1, 2],
              [3, -1],
              [2, 5],
            ],
            [0, 0],
          );
          return r[0] === 2 && r[1] === 2;
        },
        /With h = 0 the result is the plain mean, .* compare with a tolerance/,
      ],
      [
        (attend: Attend) => {
          const [x, y] = attend(Array.from({ length: 5 }, () => [2, 3]), [1, 1]);
          return x === 2 && y === 3;
        },
        /add up to 1 except for rounding: allow a tolerance/,
      ],
      [
        (attend: Attend) => {
          const [x, y] = attend([[1, 2], [1, 3], [1, 1], [1, 4], [1, 2.5]], [0.5, 0.5]);
          return x >= 1 && x <= 1 && y >= 1 && y <= 4;
        },
        /add up to 1 except for rounding: allow a tolerance/,
      ],
    ],
    "08.4 loss": [
      [(loss: Loss) => loss(1, 1) < loss(-1, 1) && loss(30, 1) < loss(-30, 1), /The bug, too, is positive and falls/],
      [neverCalls, /never calls/],
      [(loss: Loss) => loss(2, 1) < loss(1, 1) && loss(-2, 0) < loss(-1, 0), /middling size/],
      [(loss: Loss) => loss(30, 1) < loss(-30, 1) && loss(0, 0) > 0, /To which value must a right loss fall/],
      [(loss: Loss) => loss(8, 1) < loss(7, 1), /To which value must a right loss fall/],
      [(loss: Loss) => loss(-30, 1) <= 1, /no upper bound/],
      [(loss: Loss) => loss(50, 1) === 0, /last digits differ/],
      [(loss: Loss) => loss(2, 1) === loss(-2, 0), /Compare with a tolerance, such as 1e-9/],
      [
        (loss: Loss) => loss(2, 1) === -Math.log(1 / (1 + Math.exp(-2))),
        /Compare with a tolerance, such as 1e-9/,
      ],
      [(loss: Loss) => Math.abs(loss(0, 1) - 0.693) < 1e-6, /the log loss of either label is ln 2, .* larger tolerance/],
      [(loss: Loss) => loss(30, 1) < 1e-6 && Math.abs(loss(0, 1) - 0.693) < 1e-6, /At 0 both are ln 2/],
      [(loss: Loss) => loss(Infinity, 1) === 0, /right code\. You tried an infinite logit/],
      [(loss: Loss) => loss(30, 1) < 1e-6 && loss(-Infinity, 0) < 1e-6, /right code\. You tried an infinite logit/],
      // probabilities
      [(loss: Loss) => Math.abs(loss(0.5, 1) - Math.LN2) < 1e-9, /such as 1e-9\. If you put in probabilities/],
      [(loss: Loss) => loss(0, 0) < 1 && loss(1, 1) < 1e-6, /such as 1e-9\. If you put in probabilities/],
      [(loss: Loss) => loss(2, 1) < 0.1, /such as 1e-9$/],
      // the label first, as Keras has it
      [(loss: Loss) => loss(1, 30) < 1e-6, /neither 0 nor 1\. The label comes second/],
      [(loss: Loss) => loss(1, -30) > 20, /neither 0 nor 1\. The label comes second/],
      [(loss: Loss) => loss(1, 3) < loss(1, 1) && loss(1, 1) < loss(1, -1), /neither 0 nor 1\. The label comes second/],
      [(loss: Loss) => loss(0, -30) < 1e-6, /neither 0 nor 1\. The label comes second/],
      [(loss: Loss) => loss(0, 1) - Math.LN2 < 1e-9, /neither more nor less \(Math\.abs\)/],
    ],
    "08.5 column": [
      [(column: Column) => [1, 2 ** 31].every((id, i, ids) => column(ids)[i] === id), /an id over 2 \*\* 31 - 1/],
      [neverCalls, /never calls/],
      [
        (column: Column) => {
          const out = column([1, 2, 3]);
          return out[0] === 1 && out[2] === 3;
        },
        /The largest id that you tried is 3/,
      ],
      [(column: Column) => column([2 ** 30])[0] === 2 ** 30, /happen to survive/],
      [(column: Column) => column([2 ** 24 + 1, 7]).length === 2, /Compare what comes out/],
      [(column: Column) => Math.abs(column([16_777_217])[0] - 16_777_217) <= 1, /exactly, for ids are whole numbers/],
      [
        (column: Column) => {
          const ids = [2 ** 24 + 1];
          return (column(ids) as unknown) === ids;
        },
        /compare number by number/,
      ],
      [(column: Column) => column([2 ** 31])[0] === 2 ** 31, /id over 2 \*\* 31 - 1/],
      [(column: Column) => column([0.5])[0] === 0.5, /right code\. You tried 0\.5\. Ids are whole numbers from 0 up/],
      [(column: Column) => column([-1])[0] >= 0, /right code\. You tried -1\. Ids are whole numbers from 0 up/],
      [
        (column: Column) => {
          const out = column([2 ** 24 + 1]);
          return out instanceof Int32Array && out[0] === 2 ** 24 + 1;
        },
        /returns a plain array/,
      ],
    ],
    "08.6 AUC": [
      [
        (auc: BatchedAuc) => {
          const [low, high] = [{ scores: [0.1, 0.5], labels: [0, 1] }, { scores: [0.6, 0.9], labels: [0, 1] }];
          const all = { scores: [...high.scores, ...low.scores], labels: [...high.labels, ...low.labels] };
          return auc([high, low]) > 0 && auc([all]) > 0;
        },
        /You cut the same rows into batches in two ways\. Now compare closely/,
      ],
      [neverCalls, /never calls/],
      [(auc: BatchedAuc) => auc([{ scores: [1, 2], labels: [0, 1] }]) === 1, /one batch at a time/],
      [
        (auc: BatchedAuc) => {
          const batch = { scores: [1, 2], labels: [0, 1] };
          return auc([batch, batch]) === auc([batch]);
        },
        /happens to be the AUC of all rows/,
      ],
      [
        (auc: BatchedAuc) => {
          const [low, high] = [{ scores: [0.1, 0.4], labels: [1, 0] }, { scores: [0.5, 0.9], labels: [0, 1] }];
          return Math.abs(auc([low, high]) - auc([high, low])) < 1e-9; // (0 + 1) / 2 and 2 of 4 pairs
        },
        /happens to be the AUC of all rows/,
      ],
      [
        (auc: BatchedAuc) => auc([{ scores: [0.9, 0.8], labels: [1, 1] }]) === 1,
        /right code\. In one of your calls all labels are the same/,
      ],
      [
        (auc: BatchedAuc) => {
          try {
            auc([{ scores: [0.9, 0.8], labels: [0, 0] }]);
            return false;
          } catch {
            return true;
          }
        },
        /right code\. In one of your calls all labels are the same/,
      ],
      [
        (auc: BatchedAuc) => {
          const area = auc([
            { scores: [1, 4], labels: [0, 1] },
            { scores: [5, 6], labels: [0, 1] },
          ]);
          return area >= 0 && area <= 1;
        },
        /holds for the bug as well/,
      ],
      [
        (auc: BatchedAuc) => {
          const [a, b] = [
            { scores: [1, 4], labels: [0, 1] },
            { scores: [5, 6], labels: [0, 1] },
          ];
          return Math.abs(auc([a, b]) - auc([b, a])) < 1e-9;
        },
        /holds for the bug as well/,
      ],
      [
        (auc: BatchedAuc) =>
          Math.abs(
            auc([
              { scores: [1, 4], labels: [0, 1] },
              { scores: [5, 6], labels: [0, 1] },
            ]) - auc([{ scores: [1, 4, 5, 6], labels: [0, 1, 0, 1] }]),
          ) < 0.5,
        /compare closely/,
      ],
      [
        (auc: BatchedAuc) => {
          const low = { scores: [0.1, 0.2, 0.3], labels: [0, 1, 0] };
          const high = { scores: [0.7, 0.8, 0.9], labels: [1, 0, 1] };
          const all = { scores: [...low.scores, ...high.scores], labels: [...low.labels, ...high.labels] };
          return auc([low, high]) - auc([all]) < 1e-9;
        },
        /neither more nor less \(Math\.abs\)/,
      ],
      [
        (auc: BatchedAuc) => {
          const area = auc([{ scores: [0.9, 0.8], labels: [1, 1] }, { scores: [0.1], labels: [0] }]);
          return area >= 0 && area <= 1;
        },
        /sees the bug only where no batch has both labels/,
      ],
      [(auc: BatchedAuc) => auc([{ scores: [1, 2, 3], labels: [1, 0, 0] }]) >= 0.5, /may be below 0.5/],
      [
        (auc: BatchedAuc) => {
          const [low, high] = [{ scores: [0.1, 0.2, 0.3], labels: [0, 1, 0] }, { scores: [0.8, 0.9], labels: [0, 1] }];
          return Math.abs(auc([low, high]) - 0.67) < 1e-6; // 2 / 3
        },
        /A number that you worked out needs a tolerance as large as its rounding/,
      ],
    ],
    "08.7 Dice": [
      [
        (dice: DiceAtInference) => near(dice([[1, 2, 3, 4]])[0], dice([[1, 2, 3, 4], [5, 6, 7, 8]])[0]),
        /right code\. You tried a row of more than three numbers/,
      ],
      [
        (dice: DiceAtInference) =>
          [[[1, -2, 3]], [[5, 5, 5]], [[1, -2, 3], [4, 0, 0]]].every((batch) => dice(batch).length === batch.length),
        /one row alone and in company\. Now compare/,
      ],
      [neverCalls, /never calls/],
      [
        (dice: DiceAtInference) =>
          dice([
            [0, 0, 0],
            [0, 0, 0],
          ])[0][0] === 0,
        /Where s is 0/,
      ],
      [
        (dice: DiceAtInference) => near(dice([[1, 2, 3]])[0], dice([[1, 2, 3]])[0]),
        /Each batch that you tried has one row/,
      ],
      [
        (dice: DiceAtInference) => {
          const [a, b] = [
            [1, 2, 3],
            [3, 1, 0],
          ];
          return near(dice([a, b])[0], dice([b, a])[1]);
        },
        /same size/,
      ],
      [
        (dice: DiceAtInference) =>
          dice([[1, 2, 3]]).length === 1 &&
          dice([
            [1, 2, 3],
            [3, 1, 0],
          ]).length === 2,
        /compare what comes out for it/,
      ],
      [
        (dice: DiceAtInference) => {
          const [r, o] = [
            [1, -2, 3],
            [0, 5, 1],
          ];
          return dice([r])[0][0] - dice([r, o])[0][0] < 1e-9;
        },
        /compare what comes out for it: it must be the same in each unit, neither more nor less \(Math\.abs\)/,
      ],
      [
        (dice: DiceAtInference) => {
          const [alone] = dice([[1, -2, 3]]);
          const [among] = dice([
            [1, -2, 3],
            [0, 5, 1],
          ]);
          return alone.every((value, unit) => Math.abs(value - among[unit]) < 5);
        },
        /compare what comes out for it/,
      ],
      [
        (dice: DiceAtInference) =>
          dice([[1, -2, 3]]).length === 1 &&
          dice([
            [0, 5, 1],
            [1, 1, 1],
          ]).length === 2,
        /follow one and the same row/,
      ],
      [
        (dice: DiceAtInference) => {
          const row = [1, -2, 3];
          const other = dice([
            [0, 5, 1],
            [1, 1, 1],
          ]);
          return near(dice([row])[0], dice([row, row])[0]) && other.length === 2;
        },
        /follow one and the same row .* among rows with another mean/,
      ],
      [
        (dice: DiceAtInference) => {
          const row = [1, 2, 3];
          return near(dice([row])[0], dice([row, row])[0]);
        },
        /company must differ from the row/,
      ],
      [(dice: DiceAtInference) => near(dice([[0.5, -1, 2]])[0], [0.275, -0.55, 1.1]), /moving mean are the same/],
      [
        (dice: DiceAtInference) =>
          dice([[1, 2, 3]])[0] ===
          dice([
            [1, 2, 3],
            [3, 1, 0],
          ])[0],
        /never === each other/,
      ],
    ],
    "08.8 keep": [
      [
        (keep: Keep) => keep([0.5, 0.6], 5) === 1 && keep([0.6, 0.7, 0.69, 0.68, 0.67], 2) === 1,
        /another way for training to end/,
      ],
      [
        (keep: Keep) => [0.6, 0.9, 0.9][keep([0.6, 0.9, 0.9], 5)] === 0.9 && keep([0.6, 0.7, 0.69], 5) < 3,
        /Is the epoch you get the best one/,
      ],
      [neverCalls, /never calls/],
      [(keep: Keep) => keep([0.6, 0.7, 0.8], 2) === 2, /the last epoch is the best/],
      [(keep: Keep) => keep([0.6, 0.7, 0.69, 0.68, 0.67], 2) === 1, /another way for training to end/],
      [(keep: Keep) => keep([0.7, 0.8, 0.75, 0.74, 0.73, 0.99], 3) === 1, /another way for training to end/],
      [(keep: Keep) => keep([0.6, 0.7, 0.69], 5) < 3, /Is the epoch you get the best one/],
      [
        (keep: Keep) => {
          const scores = [0.6, 0.9, 0.9];
          return scores[keep(scores, 5)] === 0.9;
        },
        /Make the end worse/,
      ],
      [(keep: Keep) => keep([0.7, 0.8, 0.75], 3) === 2, /counted from 0/],
      [(keep: Keep) => keep([0.6, 0.7, 0.69, 0.68, 0.9], 2) === 4, /never seen/],
      [(keep: Keep) => keep([0.6, 0.7, 0.7, 0.6], 5) === 1, /keeps the later one/],
      [(keep: Keep) => keep([], 3) === 0, /only where there is no epoch at all/],
      [(keep: Keep) => keep([0.7, 0.8], 0) === 0, /only where there is no epoch at all, or no patience/],
      [rejectsAll, /rejects the right code/],
    ],
    "08.9 which kind": [
      [{ most: "order", fewest: "bounds" }, /the two are swapped/],
      [{ most: "smallest example", fewest: "bounds" }, /is not the best\. .* exhibits 3, 4, 5 and 8/],
      [{ most: "smallest example", fewest: "order" }, /^most: with one pair/],
      [{ most: "order", fewest: "once" }, /^most: a sum, a mean or a count/],
      [{ most: "company", fewest: "order" }, /^most: .* have no company/],
      [{ most: "once", fewest: "order" }, /^most: .* only the splitter and the column/],
      [{ most: "bounds", fewest: "smallest example" }, /^fewest: .* two clicks/],
      [{ most: "bounds", fewest: "company" }, /^fewest: exhibits 2, 6 and 7/],
      [{ most: "bounds", fewest: "once" }, /^fewest: .* finds both bugs/],
      [{ most: "bounds", fewest: "bounds" }, /^fewest: go through/],
      [{ most: "limits", fewest: "order" }, /no kind "limits", expected one of smallest example/],
      [{ most: "bounds" }, /expected 2 answers, got 1/],
    ],
  },
});
