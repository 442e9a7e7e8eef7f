import { exercises } from "../../lib/notebook/exercises/00";
import { solutions } from "../../material/solutions/00";
import { testExercises } from "./harness";

const rowSum = (ids: number[], W: number[][]) => W[0].map((_, d) => ids.reduce((sum, id) => sum + W[id][d], 0));

testExercises({
  notebook: "00",
  exercises,
  solutions,
  wrong: {
    "00.1 AUC with a tie": [
      [0.5, /half a win, not none/],
      [2 / 3, /not a whole one/],
      [0.35, /Only pairs of one clicked/],
      [0.6, /left the tied pair out.*share of pairs/],
      [5 / 12, /pairs that are lost/],
      [58.3, /^right, but in percent/],
      [58, /^right, but in percent/],
      [50, /^50 is not right/],
      [NaN, /^NaN is not right\. The hint above the cell/],
    ],
    "00.2 multi-hot": [
      [
        (ids: number[], W: number[][]) =>
          rowSum(
            ids.filter((id) => id !== 0),
            W,
          ),
        /whether, not how often/,
      ],
      [(ids: number[], W: number[][]) => rowSum([...new Set(ids)], W), /row 0 was added. In this course/],
      [(ids: number[], W: number[][]) => rowSum(ids, W), /which is padding, and ids that come twice/],
      [
        (ids: number[], W: number[][]) =>
          rowSum(
            [...new Set(ids)].flatMap((id) => (id ? [id - 1] : [])),
            W,
          ),
        /one too high up/,
      ],
      [(ids: number[]) => ids, /expected \[ 11, 22 \], got \[ 2, 0, 1 \]\. The hint above/],
      [
        (ids: number[], W: number[][]) =>
          rowSum(
            ids.filter((id, i) => id !== 0 && ids[i - 1] !== id),
            W,
          ),
        /second 3 is a repetition/,
      ],
      [
        (ids: number[], W: number[][]) => {
          const rows = [...new Set(ids)].filter(Boolean).map((id) => W[id]);
          return W[0].map((_, d) => (rows.length ? rows.reduce((sum, row) => sum + row[d], 0) / rows.length : 0));
        },
        /nothing is divided/,
      ],
      [
        (ids: number[], W: number[][]) => {
          const rows = [...new Set(ids)].filter(Boolean).map((id) => W[id]);
          return W[0].map((_, d) => rows.reduce((sum, row) => sum + row[d], 0) / rows.length);
        },
        /nothing is divided/,
      ],
      [
        (ids: number[], W: number[][]) => {
          const [first, ...others] = [...new Set(ids)].filter(Boolean);
          const out = W[first] ?? W[0].map(() => 0);
          for (const id of others) W[id].forEach((value, d) => (out[d] += value));
          return out;
        },
        /the result is right, but your function changed its input/,
      ],
      [
        (ids: number[], W: number[][]) =>
          [...new Set(ids)]
            .filter(Boolean)
            .map((id) => W[id])
            .reduce((a, b) => a.map((value, d) => value + b[d])),
        /^for \(\[ 0, 0 \], .*your code threw "Reduce of empty array/,
      ],
      [
        (ids: number[], W: number[][]) => {
          const out = [0, 0];
          for (const id of new Set(ids)) if (id !== 0) out.forEach((_, d) => (out[d] += W[id][d]));
          return out;
        },
        /as long as a row of W/,
      ],
      [
        (ids: number[], W: number[][]) => {
          const out = [0, 0];
          for (const id of new Set(ids)) if (id !== 0) W[id].forEach((value, d) => (out[d] += value));
          return out;
        },
        /got \[ 101, -98, NaN \]/,
      ],
      [
        (ids: number[], W: number[][]) => {
          const [first, ...others] = [...new Set(ids)].filter(Boolean);
          return others.reduce((sum, id) => sum.map((value, d) => value + W[id][d]), W[first]);
        },
        /^for \(\[ 0, 0 \], .*is a return missing, or is an index outside its array\?/,
      ],
      [
        (ids: number[], W: number[][]) => {
          const seen = new Set<number>();
          for (const id of ids) {
            if (id === 0) break;
            seen.add(id);
          }
          return rowSum([...seen], W);
        },
        /stop at the first 0/,
      ],
      [(ids: number[], W: number[][]) => rowSum(ids.slice(0, ids.indexOf(0)), W), /stop at the first 0/],
    ],
    "00.3 what AUC sees": [
      [["different", "same", "mirrored", "different"], /larger square/],
      [["same", "same", "mirrored", "same"], /rounding makes ties/],
      [["same", "same", "same", "same"], /turns the order round/],
      [["different", "different", "mirrored", "different"], /squaring and dividing/],
      [["different", "same", "same", "same"], /^\(a\) p² is not p/],
      [["same", "different", "different", "different"], /^\(b\) p \/ 10/],
      [["same", "same", "different", "same"], /said exactly/],
      [["same", "same", "mirrored", "mirrored"], /turns no two scores round/],
      [["same", "same", "mirrored"], /expected 4 answers, got 3/],
      [["same", "same", "mirrored", "different", "same"], /expected 4 answers, got 5/],
    ],
    "00.4 gradient of LR": [
      [(x: number[], p: number, y: number) => x.map((value) => (y - p) * value), /sign is turned/],
      [(x: number[], p: number, y: number) => x.map(() => p - y), /x\[i\] is missing/],
      [(x: number[], p: number, y: number) => x.map((value) => (p - y) * p * (1 - p) * value), /squared error/],
      [
        (x: number[], p: number, y: number) => x.map((value) => value * (y === 1 ? -1 / p : 1 / (1 - p))),
        /derivative by p, not by the logit/,
      ],
      [(x: number[], p: number, y: number) => (p - y) * x.reduce((a, b) => a + b, 0), /one number/],
      [(x: number[], p: number, y: number) => x.map((value) => ((p - y) / x.length) * value), /number of features/],
      [(x: number[], p: number, y: number) => [1, ...x].map((value) => (p - y) * value), /bias is not asked for/],
      [(x: number[], p: number, y: number) => [...x, 1].map((value) => (p - y) * value), /bias is not asked for/],
      [(x: number[], p: number, y: number) => x.map((value) => (value ? p - y : 0)), /expected .* The hint above/],
    ],
  },
});
