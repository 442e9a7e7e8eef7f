/** A worked example of exercises and their test, and so a test of both. */
import * as tf from "@tensorflow/tfjs";
import { describe } from "vitest";
import { functionExercise, valueExercise } from "../../lib/notebook/check";
import { testExercises } from "./harness";

const exercises = {
  "99.1 mean log loss": functionExercise({
    cases: (): [number[], number[]][] => [
      [[0], [1]],
      [
        [2, -1],
        [1, 1],
      ],
      [
        [-3, 0.5, 1],
        [0, 1, 0],
      ],
    ],
    right: (logits: number[], labels: number[]) =>
      mean(logits.map((z, i) => Math.log(1 + Math.exp(-z)) + (1 - labels[i]) * z)),
    mistakes: [
      {
        like: (logits: number[], labels: number[]) =>
          mean(logits.map((z, i) => -labels[i] * Math.log(z) - (1 - labels[i]) * Math.log(1 - z))),
        say: "This takes the logit for a probability. Put it through the sigmoid first.",
      },
      {
        like: (logits: number[], labels: number[]) =>
          logits.length * mean(logits.map((z, i) => Math.log(1 + Math.exp(-z)) + (1 - labels[i]) * z)),
        say: "This is the sum. The log loss is the mean over the impressions.",
      },
    ],
  }),
  "99.2 one-hot size": valueExercise<number>({
    right: 7,
    mistakes: [
      { like: 1, say: "That is the number of ones. How long is the vector they stand in?" },
      { like: 6, say: "One weekday is missing: the vector has a place for each of them." },
    ],
  }),
};

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const solution = (logits: number[], labels: number[]) =>
  mean(logits.map((z, i) => Math.max(z, 0) - z * labels[i] + Math.log1p(Math.exp(-Math.abs(z)))));

testExercises({
  notebook: "99",
  exercises,
  solutions: { "99.1 mean log loss": solution, "99.2 one-hot size": 7 },
  wrong: {
    "99.1 mean log loss": [
      [
        (logits: number[], labels: number[]) => {
          let sum = 0;
          for (let i = 0; i < logits.length; i++) sum += Math.log(1 + Math.exp(-logits[i] * (2 * labels[i] - 1)));
          return sum;
        },
        /This is the sum/,
      ],
      [
        (logits: number[], labels: number[]) =>
          -mean(logits.map((p, i) => labels[i] * Math.log(p) + (1 - labels[i]) * Math.log(1 - p))),
        /takes the logit for a probability/,
      ],
      [() => 0.5, /^for \(\[ 0 \], \[ 1 \]\) expected 0\.69315, got 0\.5\. The hint above the cell may help\.$/],
      [() => undefined, /got undefined: is a return missing/],
      [() => NaN, /got NaN: does it come from 0 \/ 0, Infinity \/ Infinity, /],
      [() => tf.tensor1d([1]), /got \[ 1 \]/],
      [
        () => {
          throw new Error("index is 3");
        },
        /your code threw "index is 3"/,
      ],
      ["0.69", /expected a function, got '0.69'/],
    ],
    "99.2 one-hot size": [
      [1, /number of ones/],
      [6, /One weekday is missing/],
      ["7", /^expected a number, got '7'$/],
      [8, /^8 is not right\. The hint above the cell may help\.$/],
    ],
  },
});

// Exercises that are wrong in all that the harness asks, so that each of its tests must fail.
const [id, unanswered] = ["99.1 wrong throughout", "99.2 without wrong answers"];
const broken = { verify: () => "no", mistakes: [{ like: 1, say: "nobody is told this" }] };
const cases: Record<string, Parameters<typeof testExercises>[0]> = {
  "two wrong answers, and a list of no exercise": {
    notebook: "99",
    exercises: { [id]: broken },
    solutions: { [id]: () => 0 },
    wrong: { [id]: [[1, /no/], [2, /no/]], [unanswered]: [] },
  },
  "wrong answers that are told something else, and none of one exercise": {
    notebook: "99",
    exercises: { [id]: broken, [unanswered]: broken },
    solutions: { [id]: () => 0, [unanswered]: () => 0 },
    wrong: { [id]: [[1, /no/], [2, /no/], [3, /yes/]] },
  },
};
describe.each(Object.entries(cases))("all tests of exercises fail with %s:", { fails: true }, (_, all) => testExercises(all));
