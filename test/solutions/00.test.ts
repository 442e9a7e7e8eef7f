import { exercises } from "../../lib/notebook/exercises/00";
import { solutions } from "../../material/solutions/00";
import { testExercises } from "./harness";

const positions = (size: number) => Array.from({ length: size }, (_, id) => id);

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
      [(ids: number[], size: number) => positions(size).map((id) => (ids.includes(id) ? 1 : 0)), /position 0 is set/],
      [(ids: number[], size: number) => positions(size).map((id) => (id ? ids.filter((each) => each === id).length : 0)), /whether, not how often/],
      [(ids: number[], size: number) => positions(size).map((at) => (ids.includes(at + 1) ? 1 : 0)), /one place too far left/],
      [(ids: number[]) => ids, /Start from a vector of zeros/],
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
