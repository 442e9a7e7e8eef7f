import { pairHash } from "../../lib/layers/hashing";
import { exercises } from "../../lib/notebook/exercises/01";
import { solutions } from "../../material/solutions/01";
import { testExercises } from "./harness";

function loops(start: (i: number) => number, hash: (a: number, b: number, B: number) => number) {
  return (present: number[], weights: number[]) => {
    let sum = 0;
    for (let i = 0; i < present.length; i++) {
      for (let j = start(i); j < present.length; j++) sum += weights[hash(present[i], present[j], weights.length)];
    }
    return sum;
  };
}
const sorted = (a: number, b: number, B: number) => pairHash(Math.min(a, b), Math.max(a, b), B);

testExercises({
  notebook: "01",
  exercises,
  solutions,
  wrong: {
    "01.1 bucket": [
      [41, /pairing number/],
      [6, /added j1 = 3/],
      [0, /halved before/],
      [7, /Halve 8/],
    ],
    "01.2 sum over pairs": [
      [loops((i) => i, sorted), /paired with themselves/],
      [loops((i) => i + 1, pairHash), /order each pair/],
      [(present: number[], weights: number[]) => 2 * loops((i) => i + 1, sorted)(present, weights), /counted twice/],
      [() => 0, /expected/],
    ],
    "01.3 which weight": [
      ["ABC", /averages to zero/],
      ["CBA", /that is the reverse/],
      ["CAB", /exactly 0/],
    ],
    "01.4 pairs that meet": [
      [(60 * 59) / 2, /one field never meet/],
      [10 * 20 * 30, /how many triples/],
      [2 * 1100, /counted twice/],
      [60, /single weights/],
    ],
  },
});
