import { exercises } from "../../lib/notebook/exercises/05";
import { attentionShares, confused, solutions } from "../../material/solutions/05";
import { testExercises } from "./harness";

type Interest = (weights: number[], steps: number[][], ids: number[]) => number[];
type Shares = (a: number[], ids: number[]) => number[];

function add(weights: number[], steps: number[][], counts: (j: number) => boolean): number[] {
  const sum = new Array<number>(steps[0].length).fill(0);
  steps.forEach((e, j) => e.forEach((x, f) => (sum[f] += counts(j) ? weights[j] * x : 0)));
  return sum;
}
const noMask: Interest = (weights, steps) => add(weights, steps, () => true);
const meanOfPlaces: Interest = (weights, steps, ids) =>
  add(weights, steps, (j) => ids[j] !== 0).map((x) => x / ids.length);
const meanOfReal: Interest = (weights, steps, ids) => {
  const n = ids.filter((id) => id !== 0).length;
  return add(weights, steps, (j) => ids[j] !== 0).map((x) => (n ? x / n : 0));
};
const meanUnguarded: Interest = (weights, steps, ids) => {
  let real = 0;
  for (const id of ids) if (id !== 0) real++;
  return add(weights, steps, (j) => ids[j] !== 0).map((x) => x / real);
};
const bySumUnguarded: Interest = (weights, steps, ids) => {
  const total = weights.reduce((sum, weight, j) => sum + (ids[j] !== 0 ? weight : 0), 0);
  return add(weights, steps, (j) => ids[j] !== 0).map((x) => x / total);
};
const untilPadding: Interest = (weights, steps, ids) => {
  let end = 0;
  while (end < ids.length && ids[end] !== 0) end++;
  return add(weights, steps, (j) => j < end);
};
const noVectors = ((weights: number[], _steps: number[][], ids: number[]) =>
  weights.filter((_, j) => ids[j] !== 0)) as Interest;

const softmaxed: Interest = (weights, steps, ids) => add(attentionShares(weights, ids), steps, () => true);

const total = (values: number[]) => values.reduce((a, b) => a + b, 0);
const timesMask =
  (divide: (powers: number[]) => number[]): Shares =>
  (a, ids) => {
    const largest = Math.max(...a.filter((_, j) => ids[j]));
    return divide(a.map((x, j) => Math.exp(x - largest) * (ids[j] ? 1 : 0)));
  };
const normalised = (powers: number[]) => powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
const stable = (a: number[]) => normalised(a.map((x) => Math.exp(x - Math.max(...a))));
const sharesForAll: Shares = (a) => stable(a);
const maskedAfter: Shares = (a, ids) => stable(a).map((w, j) => (ids[j] ? w : 0));
const finiteFill: Shares = (a, ids) => stable(a.map((x, j) => (ids[j] ? x : -4294967295)));
const unstable: Shares = (a, ids) => normalised(a.map((x, j) => (ids[j] ? Math.exp(x) : 0)));
const minusLargest = (a: number[], ids: number[], largest: number) =>
  a.map((x, j) => (ids[j] ? Math.exp(x - largest) : 0));
const dividesByZero: Shares = (a, ids) => normalised(minusLargest(a, ids, Math.max(...a.filter((_, j) => ids[j]))));
const largestOfAll: Shares = (a, ids) => {
  const powers = minusLargest(a, ids, Math.max(...a));
  return powers.some((power) => power > 0) ? normalised(powers) : powers;
};
const largestOfAllUnguarded: Shares = (a, ids) => normalised(minusLargest(a, ids, Math.max(...a)));
const guarded = (powers: number[]) => (powers.some(Boolean) ? normalised(powers) : powers);
const minusReal =
  (subtracted: (real: number[]) => number): Shares =>
  (a, ids) =>
    guarded(minusLargest(a, ids, subtracted(a.filter((_, j) => ids[j]))));
const nanAsZero =
  (subtracted: (real: number[]) => number): Shares =>
  (a, ids) =>
    normalised(minusLargest(a, ids, subtracted(a.filter((_, j) => ids[j])))).map((w) => w || 0);
const largestFromZero: Shares = (a, ids) => {
  const powers = minusLargest(a, ids, a.reduce((largest, x, j) => (ids[j] && x > largest ? x : largest), 0));
  return powers.some((power) => power > 0) ? normalised(powers) : powers;
};
const noExponential: Shares = (a, ids) => normalised(a.map((x, j) => (ids[j] ? x : 0)));

const scoresPredicted = {
  doubled: [9 / 10, 1 / 10],
  doubledFree: "twice",
  raised: [3 / 4, 1 / 4],
  raisedFree: "direction",
};

testExercises({
  notebook: "05",
  exercises,
  solutions,
  wrong: {
    "05.1 whom pooling confuses": [
      [{ ...confused, swapped: ["sum", "mean", "free", "softmax"] }, /^swapped: DIN's unit reads/],
      [{ ...confused, swapped: ["sum", "mean", "free"] }, /^swapped: DIN's unit reads/],
      [{ ...confused, swapped: ["sum"] }, /^swapped: both users/],
      [{ ...confused, order: ["mean", "sum"] }, /^order: .*not by its place/],
      [{ ...confused, order: [] }, /^order: does a sum or a mean change/],
      [{ ...confused, twice: ["sum", "mean", "free", "softmax"] }, /^twice: nothing divides a sum/],
      [{ ...confused, twice: ["mean"] }, /^twice: some ways divide/],
      [{ ...confused, other: ["sum"] }, /^other: B and C/],
      [{ ...confused, other: ["max"] }, /^there is no way called "max"/],
      [{ ...confused, swapped: "sum" }, /^swapped: expected a list, got 'sum'/],
      [{ swapped: ["sum", "mean"], order: [], twice: [] }, /^expected 4 answers, got 3/],
      [5, /^expected 4 answers, got 0/],
    ],
    "05.2 masked weighted sum": [
      [noMask, /padding is in the sum/],
      [meanOfPlaces, /number of places/],
      [meanOfReal, /number of behaviours/],
      [meanUnguarded, /number of behaviours/],
      [bySumUnguarded, /divided by the sum of the weights/],
      [
        (weights: number[], steps: number[][], ids: number[]) =>
          add(weights, steps, (j) => ids[j] !== 0).map((x) => x / total(weights)), // with those of padding
        /divided by the sum of the weights/,
      ],
      [untilPadding, /stop at the first padding/],
      [
        // without the unknown item, id 1, too
        (weights: number[], steps: number[][], ids: number[]) => add(weights, steps, (j) => ids[j] > 1),
        /\[ 1, 3, 0 \]\) expected \[ 2, -4 \], got \[ 0, -4 \]/,
      ],
      [
        (weights: number[], steps: number[][], ids: number[]) => {
          const sum = steps[0].map(() => 0);
          const real = steps.filter((_, j) => ids[j] > 0);
          real.forEach((e, j) => e.forEach((x, f) => (sum[f] += weights[j] * x)));
          return sum;
        },
        /each vector meets the weight of another place/,
      ],
      [
        (weights: number[], steps: number[][], ids: number[]) =>
          add(weights, steps, (j) => ids[j] !== 0 && ids.indexOf(ids[j]) === j),
        /two behaviours/,
      ],
      [
        (weights: number[], steps: number[][], ids: number[]) => {
          const place = new Map(ids.map((id, j) => [id, j]));
          return add(weights, steps, (j) => ids[j] !== 0 && place.get(ids[j]) === j);
        },
        /two behaviours/,
      ],
      [
        (weights: number[], steps: number[][], ids: number[]) => {
          const real = ids.map(Boolean);
          return add(weights, steps, (j) => j >= real.indexOf(true) && j <= real.lastIndexOf(true));
        },
        /\[ 6, 0, 8 \]\) expected \[ 3, 4 \], got \[ 12, 13 \]/,
      ],
      [
        (weights: number[], steps: number[][], ids: number[]) => {
          const first = ids.findIndex((id) => id !== 0);
          const real = ids.filter((id) => id !== 0).length;
          return add(weights, steps, (j) => j >= first && j < first + real);
        },
        /\[ 6, 0, 8 \]\) expected \[ 3, 4 \], got \[ 12, 15 \]/,
      ],
      [
        (weights: number[], steps: number[][], ids: number[]) => {
          let first = 0;
          while (first < ids.length && ids[first] === 0) first++;
          const end = ids.indexOf(0, first);
          return add(weights, steps, (j) => j >= first && (end < 0 || j < end));
        },
        /\[ 6, 0, 8 \]\) expected \[ 3, 4 \], got \[ 3, 6 \]/,
      ],
      [noVectors, /The hint above/],
      [softmaxed, /softmax of the weights/],
      [
        (weights: number[], steps: number[][], ids: number[]) => add(weights.map(() => 1), steps, (j) => ids[j] !== 0),
        /sum pooling/,
      ],
    ],
    "05.3 masked softmax": [
      [sharesForAll, /padding has a share/],
      [maskedAfter, /you masked too late/],
      [
        (a: number[], ids: number[]) => {
          const largest = Math.max(...a.filter((_, j) => ids[j]));
          const sum = total(a.map((x) => Math.exp(x - largest))); // padding, too
          return a.map((x, j) => (ids[j] ? Math.exp(x - largest) / sum : 0));
        },
        /you masked too late/,
      ],
      [finiteFill, /no score is higher than the masked ones/],
      [
        (a: number[], ids: number[]) => stable(a.map((x, j) => (ids[j] ? x : x - 1e9))),
        /no score is higher than the masked ones/,
      ],
      [timesMask((powers) => (total(powers) > 0 ? normalised(powers) : powers.map(() => 0))), /by its mask/],
      [timesMask(normalised), /by its mask/],
      [
        (a: number[], ids: number[]) => (ids.some(Boolean) ? timesMask(normalised)(a, ids) : a.map(() => 0)),
        /by its mask/,
      ],
      [
        (a: number[], ids: number[]) => {
          const scores = a.map((x, j) => (ids[j] ? x : -Infinity));
          const powers = scores.map((x) => Math.exp(x - Math.max(...scores)));
          return total(powers) === 0 ? powers : normalised(powers);
        },
        /^almost: an empty history gives NaN, from 0 \/ 0 or/,
      ],
      [(a: number[], ids: number[]) => stable(a.map((x, j) => (ids[j] ? x : 0))), /a score of 0 is no mask/],
      [
        (a: number[], ids: number[]) => stable(a.map((x, j) => (ids[j] ? x : 0))).map((w, j) => (ids[j] ? w : 0)),
        /a score of 0 is no mask: exp\(0\) = 1 still stands in the sum that you divide by/,
      ],
      [
        (a: number[], ids: number[]) => (ids.some(Boolean) ? attentionShares(a, ids) : a.map(() => 1 / a.length)),
        /^almost: where all places are padding, padding gets shares\. .* return zeros/,
      ],
      [unstable, /two things are left: Math/],
      [
        (a: number[], ids: number[]) => guarded(a.map((x, j) => (ids[j] ? Math.exp(x) : 0))),
        /^almost: Math\.exp\(1000\) is Infinity/,
      ],
      [dividesByZero, /^almost: an empty history gives NaN, from 0 \/ 0 or/],
      [largestOfAll, /^almost: you subtract the largest of all scores/],
      ...[1e-12, 1e-9].map((tiny): [Shares, RegExp] => [
        (a, ids) => {
          const powers = minusLargest(a, ids, Math.max(...a));
          return powers.map((power) => power / (total(powers) + tiny));
        },
        /^almost: you subtract the largest of all scores/,
      ]),
      [largestFromZero, /maximum starts at 0/],
      [
        (a: number[], ids: number[]) => {
          const x = a.map((score, j) => (ids[j] ? score : 0));
          const powers = minusLargest(x, ids, Math.max(...x));
          return powers.some(Boolean) ? normalised(powers) : powers;
        },
        /takes padding for such a score/,
      ],
      [
        (a: number[], ids: number[]) => stable(a.map((x, j) => (ids[j] ? x : -100))).map((w, j) => (ids[j] ? w : 0)),
        /0 or another fixed number, or takes padding for such a score/,
      ],
      [
        (a: number[], ids: number[]) => {
          let largest = Number.MIN_VALUE; // the smallest number above 0
          a.forEach((x, j) => (largest = ids[j] ? Math.max(largest, x) : largest));
          return normalised(minusLargest(a, ids, largest));
        },
        /maximum starts at 0 or another fixed number/,
      ],
      ...[guarded, normalised].map((divide): [Shares, RegExp] => [
        (a, ids) => {
          let largest = a[0];
          for (let j = 0; j < a.length; j++) if (ids[j] && a[j] > largest) largest = a[j];
          return divide(minusLargest(a, ids, largest));
        },
        /starts from a\[0\], which may belong to a padded place/,
      ]),
      // what is NaN becomes 0
      [(a: number[], ids: number[]) => unstable(a, ids).map((w) => w || 0), /^almost: Math\.exp\(1000\) is Infinity/],
      [nanAsZero((real) => real[0]), /the first real score/],
      [nanAsZero((real) => total(real) / real.length), /the mean of the real/],
      [noExponential, /The hint above/],
      [largestOfAllUnguarded, /two things are left: you subtract the largest of all/],
      [minusReal((real) => real[0]), /the first real score/],
      [
        (a: number[], ids: number[]) => guarded(minusLargest(a, ids, a[ids.findIndex((id) => id !== 0)])),
        /the first real score/,
      ],
      [minusReal((real) => real.reduce((x, y) => x + y, 0) / real.length), /the mean of the real scores/],
      [minusReal((real) => (Math.max(...real) + Math.min(...real)) / 2), /the middle of their range/],
      [minusReal((real) => Math.max(...real.map(Math.abs))), /without its sign/],
      [
        (a: number[], ids: number[]) => guarded(a.map((x, j) => (ids[j] ? Math.exp(Math.min(x, 700)) : 0))),
        /^for \(\[ 1000, 1001, 0 \], .* got \[ 0\.5, 0\.5, .* The hint above/,
      ],
      [minusReal((real) => real.sort().at(-1)!), /^for \(\[ 9, 0, 1000 \]/],
    ],
    "05.4 other scores": [
      [
        { doubled: [6 / 8, 2 / 8], doubledFree: "twice", raised: [4 / 6, 2 / 6], raisedFree: "direction" },
        /^you changed the powers 3 and 1/,
      ],
      [{ ...scoresPredicted, doubled: [0.75, 0.25], raised: [0.67, 0.33] }, /^you changed the powers 3 and 1/],
      [{ ...scoresPredicted, doubled: [0.75, 0.25], raised: [0.667, 0.333] }, /^you changed the powers 3 and 1/],
      [{ ...scoresPredicted, doubled: [0.75, 0.25] }, /^doubled: a common factor cancels in a share, but not/],
      [{ ...scoresPredicted, doubled: [6 / 7, 1 / 7] }, /^doubled: you doubled the ratio/],
      [{ ...scoresPredicted, doubled: [0.86, 0.14] }, /^doubled: you doubled the ratio/],
      [{ ...scoresPredicted, doubled: [0.634, 0.366] }, /^doubled: that is what halved scores give/],
      [{ ...scoresPredicted, doubled: [0.1, 0.9] }, /^doubled: .* the other way round/],
      [{ ...scoresPredicted, doubled: [0.5, 0.5] }, /^doubled: the ratio of the weights is exp of the difference/],
      [{ ...scoresPredicted, doubled: [1.5, 0.5] }, /^doubled: .* add up to 1, and yours do not/],
      [{ ...scoresPredicted, doubled: [9, 1] }, /^doubled: .* add up to 1, and yours do not/],
      [{ ...scoresPredicted, doubled: [0.4, 0.4] }, /^doubled: .* add up to 1, and yours do not/],
      [{ ...scoresPredicted, doubled: [1] }, /^doubled: there are two behaviours.* You wrote 1/],
      [{ ...scoresPredicted, doubled: 0.9 }, /^doubled: expected a list, got 0\.9$/],
      [{ ...scoresPredicted, doubledFree: "same" }, /^doubledFree: nothing divides free weights/],
      [{ ...scoresPredicted, doubledFree: "direction" }, /^doubledFree: .* points where it did/],
      [{ ...scoresPredicted, raised: [0.667, 0.333] }, /^raised: you added 1 to the powers 3 and 1/],
      [{ ...scoresPredicted, raised: [0.25, 0.75] }, /^raised: .* the other way round/],
      [{ ...scoresPredicted, raised: [0.5, 0.5] }, /^raised: exp\(a \+ 1\) is e times exp\(a\)/],
      [{ ...scoresPredicted, raised: [] }, /^raised: .* You wrote 0/],
      [{ ...scoresPredicted, raised: [3, 1] }, /^raised: .* add up to 1, and yours do not/],
      [{ ...scoresPredicted, raisedFree: "same" }, /^raisedFree: only softmax cancels/],
      [{ ...scoresPredicted, raisedFree: "twice" }, /^raisedFree: each weight grows by 1, not by a factor/],
      [{ doubled: [0.9, 0.1] }, /expected 4 answers, got 1/],
    ],
  },
});
