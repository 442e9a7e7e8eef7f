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
      [0.6, /share of pairs/],
    ],
    "00.2 multi-hot": [
      [(ids: number[], W: number[][]) => rowSum(ids.filter((id) => id !== 0), W), /whether, not how often/],
      [(ids: number[], W: number[][]) => rowSum([...new Set(ids)], W), /row 0 was added. In this course/],
      [(ids: number[], W: number[][]) => rowSum(ids, W), /which is padding, and ids that come twice/],
      [(ids: number[], W: number[][]) => rowSum([...new Set(ids)].flatMap((id) => (id ? [id - 1] : [])), W), /one too high up/],
      [(ids: number[]) => ids, /Add up the rows/],
    ],
    "00.3 what AUC sees": [
      [["different", "same", "mirrored", "different"], /larger square/],
      [["same", "same", "mirrored", "same"], /rounding makes ties/],
      [["same", "same", "same", "same"], /turns the order round/],
    ],
    "00.4 gradient of LR": [
      [(x: number[], p: number, y: number) => x.map((value) => (y - p) * value), /sign is turned/],
      [(x: number[], p: number, y: number) => x.map(() => p - y), /x\[i\] is missing/],
      [(x: number[], p: number, y: number) => x.map((value) => (p - y) * p * (1 - p) * value), /squared error/],
    ],
  },
});
