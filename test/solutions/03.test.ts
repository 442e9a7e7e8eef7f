import { exercises } from "../../lib/notebook/exercises/03";
import { solutions } from "../../material/solutions/03";
import { testExercises } from "./harness";

type Attention = (scores: number[][]) => number[][];
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const lastAxis: Attention = (scores) =>
  scores.map((row) => row.map((score) => Math.exp(score - score) / Math.exp(score - score)));
const overBatch: Attention = (scores) =>
  scores.map((row) => row.map((score, p) => 1 / sum(scores.map((other) => Math.exp(other[p] - score)))));
const overEverything: Attention = (scores) =>
  scores.map((row) => row.map((score) => 1 / sum(scores.flat().map((other) => Math.exp(other - score)))));
const overflows: Attention = (scores) =>
  scores.map((row) => row.map((score) => Math.exp(score) / sum(row.map(Math.exp))));
const notNormalised: Attention = (scores) => scores.map((row) => row.map(Math.exp));
const noExponential: Attention = (scores) => scores.map((row) => row.map((score) => score / sum(row)));
const minus = (subtracted: (row: number[], scores: number[][]) => number): Attention => (scores) =>
  scores.map((row) => {
    const powers = row.map((score) => Math.exp(score - subtracted(row, scores)));
    return powers.map((power) => power / sum(powers));
  });
const hardMaximum: Attention = (scores) =>
  scores.map((row) => row.map((score) => (score === Math.max(...row) ? 1 : 0)));

const coins = { FM: "cannot", FNN: "did not", cross: "cannot", fault: "cannot", wide: "did not" };

testExercises({
  notebook: "03",
  exercises,
  solutions,
  wrong: {
    "03.1 field-aware pairs": [
      [150, /towards its own field/],
      [-2, /third field/],
      [-1, /one and the same feature/],
      [22, /twice/],
      [161, /with itself/],
      [7, /^7 is not right/],
    ],
    "03.2 attention weights": [
      [lastAxis, /axis of length 1/],
      [overBatch, /over the batch/],
      [overEverything, /whole batch/],
      [overflows, /Infinity/],
      [notNormalised, /add up to 1/],
      [noExponential, /exponentials first/],
      [(scores: number[][]) => scores.map((row) => row.map((z) => Math.exp(z - Math.max(...row)))), /add up to 1/],
      [
        (scores: number[][]) =>
          scores.map((row) => row.map((score) => Math.exp(score - Math.log(sum(row.map(Math.exp)))))),
        /^right for small scores, .* Infinity/,
      ],
      [minus((_, scores) => Math.max(...scores.flat())), /one maximum for the whole batch/],
      [minus((row) => row.reduce((largest, score) => (score > largest ? score : largest), 0)), /starts at 0/],
      [minus((row) => row.reduce((a, b) => Math.max(a, b), Number.MIN_VALUE)), /starts at 0 or near it/],
      [minus((row) => Math.max(-1, ...row)), /starts at 0 or near it/],
      [minus((row) => (Math.max(...row) > 700 ? Math.max(...row) : 0)), /^where all scores .* only from large scores/],
      [minus((row) => (sum(row.map(Math.exp)) < Infinity ? 0 : Math.max(...row))), /^where all scores .* from large/],
      [minus((_, scores) => sum(scores.flat()) / scores.flat().length), /^for \(\[ \[ 1000, 0, 0, 0 \].* NaN/],
      [minus((row) => Math.min(...row)), /subtract the smallest score/],
      [minus((row) => sum(row) / row.length), /subtract the mean/],
      [minus(([first]) => first), /subtract the first score/],
      [minus((row) => Math.max(row[0], ...row.slice(1, -1))), /^for \(\[ \[ -1000, 0 \] \]\) .* got \[ \[ 0, NaN \] \]/],
      [minus((row) => (Math.max(...row) + Math.min(...row)) / 2), /subtract the midpoint/],
      [minus((row) => [...row].sort().at(-1)!), /as text/],
      [minus((row) => Math.max(...row.map(Math.abs))), /largest absolute value/],
      [minus((row) => Math.max(row[0], row[1])), /expected \[ \[ 0, 0, 1 \] \], got \[ \[ 0, 0, NaN \] \]/],
      [hardMaximum, /expected .* The hint above/],
    ],
    "03.3 largest product": [
      [{ LR: 1, FM: 2, FFM: 3, oneCrossLayer: 2, threeCrossLayers: 4 }, /inner product of two/],
      [{ LR: 1, FM: 2, FFM: 2, oneCrossLayer: 1, threeCrossLayers: 3 }, /already of degree 1/],
      [{ LR: 1, FM: 2, FFM: 2, oneCrossLayer: 2, threeCrossLayers: 3 }, /begin at degree 1/],
      [{ LR: 1, FM: 3, FFM: 3, oneCrossLayer: 2, threeCrossLayers: 4 }, /larger k/],
      [{ LR: 1, FM: 2, FFM: 2, oneCrossLayer: 2, threeCrossLayers: 8 }, /once, not by itself/],
      [{ LR: 1, FM: 2, FFM: 2, oneCrossLayer: 2, threeCrossLayers: 6 }, /once, not by itself\. So it adds one/],
      [{ LR: 1, FM: 2, FFM: 2, oneCrossLayer: 2, threeCrossLayers: 5 }, /once, not by itself\. So it adds one/],
      [{ LR: 1, FM: 2, FFM: 2, oneCrossLayer: 4, threeCrossLayers: 4 }, /need a second layer/],
      [{ LR: 0, FM: 1, FFM: 1, oneCrossLayer: 1, threeCrossLayers: 3 }, /kind of a single field/],
      [{ LR: 1, FM: 1, FFM: 2, oneCrossLayer: 2, threeCrossLayers: 4 }, /fields in a product/],
      [{ LR: 1, FM: 2, FFM: 1, oneCrossLayer: 2, threeCrossLayers: 4 }, /pairs, as FM does/],
      [{ LR: 2, FM: 2, FFM: 2, oneCrossLayer: 2, threeCrossLayers: 4 }, /never multiplies two/],
      [4, /expected 5 answers, got 0/],
    ],
    "03.4 cannot or did not": [
      [{ ...coins, FNN: "cannot", wide: "cannot" }, /does not prove that no weights/],
      [{ ...coins, FM: "did not", cross: "did not", fault: "did not" }, /^no training helps/],
      [{ ...coins, FM: "did not" }, /^FM: a larger k/],
      [{ ...coins, FNN: "cannot" }, /^FNN: .* larger start/],
      [{ ...coins, cross: "did not" }, /^cross: .* degree 2/],
      [{ ...coins, fault: "did not" }, /^fault: .* only a sum of pairs/],
      [{ ...coins, wide: "cannot" }, /^wide: .* reads all fields/],
      [["cannot", "did not"], /^expected 5 answers, got 0/],
    ],
  },
});
