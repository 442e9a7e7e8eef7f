import { exercises } from "../../lib/notebook/exercises/00";
import { solutions } from "../../material/solutions/00";
import { testExercises } from "./harness";

type Worth = (said: number[], bids: number[], w: number) => number[];
const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));
const logit = (p: number) => Math.log(p / (1 - p));

testExercises({
  notebook: "00",
  exercises,
  solutions,
  wrong: {
    "00.1 AUC with a tie": [
      [0.5, /half a win, not as nothing/],
      [2 / 3, /not as a whole one/],
      [0.35, /Only pairs of one clicked/],
      [0.6, /left the tied pair out.*share of pairs.*If you rounded/],
      [5 / 12, /pairs that are lost/],
      [58.3, /^right, but in percent/],
      [58, /^right, but in percent/],
      [50, /^50 is not right/],
      [NaN, /^NaN is not right\. The hint above the cell/],
    ],
    "00.2 what an ad is worth": [
      [((said, bids) => said.map((p, i) => p * bids[i])) satisfies Worth, /^that is what each ad would earn in the sample/],
      [((said, bids, w) => said.map((p, i) => w * p * bids[i])) satisfies Worth, /multiplies the odds/],
      [
        ((said, bids, w) => said.map((p, i) => bids[i] * sigmoid(logit(p) - Math.log(w)))) satisfies Worth,
        /in the wrong direction/,
      ],
      [((said, bids, w) => said.map((p, i) => (bids[i] * p) / w)) satisfies Worth, /in the wrong direction/],
      [
        ((said, bids, w) => said.map((p, i) => bids[i] * (p > w ? 1 : p / w))) satisfies Worth,
        /in the wrong direction/,
      ],
      [((said, _, w) => said.map((p) => sigmoid(logit(p) + Math.log(w)))) satisfies Worth, /earns the bid times/],
      [((said, bids, w) => said.map((p, i) => bids[i] * w * (p / (1 - p)))) satisfies Worth, /by the true odds/],
      [((said, _, w) => said.map((p) => w * (p / (1 - p)))) satisfies Worth, /^these are the true odds/],
      [((said, bids, w) => said.map((p, i) => (bids[i] * w * p) / (1 + w * p))) satisfies Worth, /`said` for odds/],
      [
        ((said, bids, w) => said.map((p, i) => bids[i] * sigmoid(p + Math.log(w)))) satisfies Worth,
        /`said` for logits/,
      ],
      [
        ((said, bids, w) =>
          said.map((p, i) => (bids[i] * p) / (p + (1 - p) / w)).sort((a, b) => b - a)) satisfies Worth,
        /^for \(\[ 0, 0\.3 \], .* The hint above/,
      ],
      [((said, bids, w) => said.map((p, i) => bids[i] * (logit(p) + Math.log(w)))) satisfies Worth, /the true logit/],
      [
        ((said, bids, w) => said.map((p, i) => bids[i] * sigmoid(Math.log(p / (p - 1)) + Math.log(w)))) satisfies Worth,
        /got \[ NaN, NaN \]: does it come from .* the logarithm or root of a negative number/,
      ],
      [
        ((said, bids, w) => [said.reduce((sum, p, i) => sum + (bids[i] * p) / (p + (1 - p) / w), 0)]) satisfies Worth,
        /expected \[ 0\.090909, 0\.073171 \], got .* The hint above/,
      ],
    ],
    "00.3 what AUC sees": [
      [["different", "same", "mirrored", "different"], /larger square/],
      [["same", "same", "mirrored", "same"], /rounding makes ties/],
      [["same", "same", "same", "same"], /reverses the order: every/],
      [["different", "different", "mirrored", "different"], /squaring and dividing/],
      [["different", "same", "same", "same"], /^\(a\) p² is not p/],
      [["same", "different", "different", "different"], /^\(b\) p \/ 10/],
      [["same", "same", "different", "same"], /say exactly how/],
      [["same", "same", "mirrored", "mirrored"], /never reverses the order of two scores/],
      [["same", "same", "mirrored"], /expected 4 answers, got 3/],
      [["same", "same", "mirrored", "different", "same"], /expected 4 answers, got 5/],
    ],
    "00.4 gradient of LR": [
      [(x: number[], p: number, y: number) => x.map((value) => (y - p) * value), /sign is reversed/],
      [(x: number[], p: number, y: number) => x.map(() => p - y), /x\[i\] is missing/],
      [(x: number[], p: number, y: number) => x.map((value) => (p - y) * p * (1 - p) * value), /squared error/],
      [(x: number[], p: number, y: number) => x.map((value) => 2 * (p - y) * (p - p * p) * value), /squared error/],
      [
        (x: number[], p: number, y: number) => x.map((value) => value * (y === 1 ? -1 / p : 1 / (1 - p))),
        /with respect to p, not to the logit/,
      ],
      [(x: number[], p: number, y: number) => (p - y) * x.reduce((a, b) => a + b, 0), /one number/],
      [(x: number[], p: number, y: number) => x.map((value) => ((p - y) / x.length) * value), /number of features/],
      [(x: number[], p: number, y: number) => [1, ...x].map((value) => (p - y) * value), /bias is not asked for/],
      [(x: number[], p: number, y: number) => [...x, 1].map((value) => (p - y) * value), /bias is not asked for/],
      [(x: number[], p: number, y: number) => x.map((value) => (value ? p - y : 0)), /expected .* The hint above/],
    ],
  },
});
