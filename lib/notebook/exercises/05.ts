/** Exercises of notebook 05: DIN. */
import { checker, functionExercise, partsExercise } from "../check";

type Pooling = "sum" | "mean" | "free" | "softmax";
type Confused = Record<"swapped" | "order" | "twice" | "other", Pooling[]>;

type Fate = "same" | "twice" | "direction";
interface Prediction {
  doubled: number[];
  doubledFree: Fate;
  raised: number[];
  raisedFree: Fate;
}

type WeightedSum = (weights: number[], steps: number[][], ids: number[]) => number[];
type Shares = (a: number[], ids: number[]) => number[];

/** Σⱼ wⱼ eⱼ. */
const summed: (weights: number[], steps: number[][]) => number[] = (weights, steps) =>
  steps[0].map((_, f) => steps.reduce((sum, e, j) => sum + weights[j] * e[f], 0));

const masked = (weights: number[], ids: number[]) => weights.map((weight, j) => (ids[j] === 0 ? 0 : weight));
const weightedSum: WeightedSum = (weights, steps, ids) => summed(masked(weights, ids), steps);
const divided = (values: number[], by: number) => values.map((value) => (by === 0 ? 0 : value / by));
/** 0 for whatever is NaN, which hides where it came from. */
const orZero = (values: number[], by: number) => values.map((value) => value / by || 0);
/** NaN for an empty history. */
const unguarded = (values: number[], by: number) => values.map((value) => value / by);
const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

/** Softmax over the places that are kept, with a score of `fill` at the others. */
const softmax = (a: number[], ids: number[], fill: number): number[] => {
  const scores = a.map((score, j) => (ids[j] === 0 ? fill : score));
  const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
  return divided(powers, total(powers));
};
/** Softmax over the real places, after subtracting something from the scores. */
const minusReal = (subtracted: (real: number[], a: number[]) => number, divide = divided): Shares => (a, ids) => {
  const by = subtracted(a.filter((_, j) => ids[j] !== 0), a);
  const powers = a.map((score, j) => (ids[j] === 0 ? 0 : Math.exp(score - by)));
  return divide(powers, total(powers));
};
const shares: Shares = (a, ids) => masked(softmax(a, ids, -1e30), ids);

const isNear = (weights: number[], others: number[]) =>
  weights.every((weight, j) => Math.abs(weight - others[j]) < 0.006);
/** The shares of 3 + 1 and 1 + 1, as they are and rounded. */
const powersRaised = [[2 / 3, 1 / 3], [0.667, 0.333], [0.67, 0.33]];
const notShares = (part: string, weights: number[]): string | undefined => {
  if (weights.length !== 2) return `${part}: there are two behaviours, so two weights. You wrote ${weights.length}`;
  const sum = total(weights);
  return Math.abs(sum - 1) < 0.011 ? undefined : `${part}: the two weights of a softmax add up to 1, and yours do not`;
};

const ways: Pooling[] = ["sum", "mean", "free", "softmax"];
/** Each list without repeats, in one order. What is no list stays as it is. */
const inOrder = (answer: Confused) =>
  Object.fromEntries(
    Object.entries(answer).map(([user, list]) => [
      user, Array.isArray(list) ? ways.filter((way) => list.includes(way)) : list,
    ]),
  ) as Confused;

const whom = partsExercise<Confused>({
  right: { swapped: ["sum", "mean"], order: ways, twice: ["mean", "softmax"], other: [] },
  mistakes: [],
  about: {
    swapped: (given) =>
      given.includes("free") || given.includes("softmax")
        ? "swapped: DIN's unit reads the category and the brand of one behaviour together. A computer of A may get a different weight from a computer of B"
        : "swapped: both users have one computer, one pair of shoes, one A and one B. A sum sees only these counts. Which other way sees only them?",
    order: (given) =>
      given.includes("sum") && given.includes("mean")
        ? "order: DIN weighs a behaviour by what it is and by the candidate, not by its place. The same terms in another order have the same sum"
        : "order: does a sum or a mean change if its terms come in another order?",
    twice: (given) =>
      given.includes("sum") || given.includes("free")
        ? "twice: nothing divides a sum, and nothing divides free weights. Twice the behaviours make twice the vector"
        : "twice: some ways divide, by something that doubles as well. Which ways, and by what?",
    other: () => "other: B and C have vectors of their own, so even the counts of the brands differ",
  },
});

export const exercises = {
  "05.1 whom pooling confuses": {
    ...whom,
    verify(answer: Confused) {
      const stranger = Object.values(answer).flat().find((way) => !ways.includes(way));
      if (stranger !== undefined) return `there is no way called "${stranger}", expected ways from ${ways.join(", ")}`;
      return whom.verify(inOrder(answer));
    },
  },
  "05.2 masked weighted sum": functionExercise<[number[], number[][], number[]], number[]>({
    cases: () => [
      [[2, -1, 3], [[1, 0], [0, 4], [5, 5]], [1, 3, 0]],
      [[0.5, 2, 1, 4], [[1, 1, 2], [3, 0, 1], [0, -2, 1], [9, 9, 9]], [0, 4, 4, 0]],
      [[1, 1], [[2, 2], [2, 2]], [0, 0]],
      [[3, 1, 2], [[1, 2], [9, 9], [0, -1]], [6, 0, 8]],
    ],
    right: weightedSum,
    mistakes: [
      {
        like: (weights, steps) => summed(weights, steps),
        say: "the padding is in the sum. Where ids[j] is 0, the weight must count as 0, whatever weights[j] and the vector hold",
      },
      // of the real weights, with a guard and without one, and of all
      ...[
        (weighted: number[], weights: number[], ids: number[]) => divided(weighted, total(masked(weights, ids))),
        (weighted: number[], weights: number[], ids: number[]) => unguarded(weighted, total(masked(weights, ids))),
        (weighted: number[], weights: number[]) => divided(weighted, total(weights)),
      ].map((divide) => ({
        like: (weights: number[], steps: number[][], ids: number[]) =>
          divide(weightedSum(weights, steps, ids), weights, ids),
        say: "you divided by the sum of the weights. Free weights stay as they are: that is how they keep the strength of an interest (and a sum of weights can be 0 or negative)",
      })),
      ...[divided, unguarded].map((divide) => ({
        like: (weights: number[], steps: number[][], ids: number[]) =>
          divide(weightedSum(weights, steps, ids), ids.filter((id) => id !== 0).length),
        say: "you divided by the number of behaviours. Equation 3 is a sum, not a mean",
      })),
      {
        like: (weights, steps, ids) => divided(weightedSum(weights, steps, ids), ids.length),
        say: "you divided by the number of places, padding included. Equation 3 is a sum, not a mean",
      },
      {
        like: (_weights, steps, ids) => summed(masked(ids.map(() => 1), ids), steps),
        say: "that is sum pooling: the weights play no part in it",
      },
      {
        like: (weights, steps, ids) => {
          const end = ids.indexOf(0);
          const real = end < 0 ? ids.length : end;
          return summed(weights.map((weight, j) => (j < real ? weight : 0)), steps);
        },
        say: "you stop at the first padding. Padding can stand anywhere, even at the front or in the middle: check the id of each place",
      },
      {
        like: (weights, steps, ids) => {
          const real = steps.filter((_, j) => ids[j] !== 0);
          return steps[0].map((_, f) => real.reduce((sum, e, j) => sum + weights[j] * e[f], 0));
        },
        say: "you leave the padding out of the vectors, but not out of the weights. After the first padding each vector meets the weight of another place",
      },
      // the first of them is kept, or the last
      ...[(ids: number[], id: number) => ids.indexOf(id), (ids: number[], id: number) => ids.lastIndexOf(id)].map(
        (kept) => ({
          like: (weights: number[], steps: number[][], ids: number[]) =>
            summed(masked(weights, ids.map((id, j) => (kept(ids, id) === j ? id : 0))), steps),
          say: "an id that comes twice is two behaviours. A multi-hot vector drops one of them, but a history keeps both",
        }),
      ),
      {
        like: (weights, steps, ids) => summed(shares(weights, ids), steps),
        say: "you took the softmax of the weights. These are free weights: they go into the sum as they are",
      },
    ],
  }),
  "05.3 masked softmax": functionExercise<[number[], number[]], number[]>({
    cases: () => [
      [[0, Math.log(3), 5], [1, 2, 0]],
      [[2, 2, 1, 1], [0, 4, 0, 4]],
      [[-1, -2], [3, 4]],
      [[1000, 1001, 0], [5, 6, 7]],
      [[1000, 0.5, 0.2], [0, 3, 4]],
      [[-1000, -1001, 0], [1, 2, 0]],
      [[0.3, 0.1], [0, 0]],
      [[9, 0, 1000], [1, 2, 3]],
      [[-1000, 1000], [3, 4]],
      [[-1000, 0], [3, 4]],
      [[720, 0, 0], [0, 3, 4]], // exp(720) is Infinity, exp(-720) is not 0 yet
      [[100, 0.5, 0], [0, 3, 4]], // exp(100) is finite, exp(-100) is nothing beside 1e-9
    ],
    right: shares,
    mistakes: [
      // with a guard, with one that NaN slips through, and without
      ...[
        (powers: number[]) => (total(powers) > 0 ? divided(powers, total(powers)) : powers.map(() => 0)),
        (powers: number[], ids: number[]) => (ids.some((id) => id !== 0) ? unguarded(powers, total(powers)) : ids),
        (powers: number[]) => unguarded(powers, total(powers)),
      ].map((divide) => ({
        like: (a: number[], ids: number[]) => {
          const largest = Math.max(...a.filter((_, j) => ids[j] !== 0));
          return divide(a.map((score, j) => Math.exp(score - largest) * (ids[j] === 0 ? 0 : 1)), ids);
        },
        say: "almost: you multiply each power by its mask. The power of a padded place can be Infinity, and Infinity times 0 is NaN. Where ids[j] is 0, write 0 without calling exp",
      })),
      {
        like: (a) => softmax(a, a.map(() => 1), 0),
        say: "the padding has a share. Only places whose id is not 0 take part, and the others get exactly 0",
      },
      {
        like: (a, ids) => masked(softmax(a, ids.map(() => 1), 0), ids),
        say: "you masked too late: the padding's share is gone, but its power is still in the sum that you divide by, so the other shares no longer add up to 1. Mask first",
      },
      {
        like: (a, ids) => softmax(a, ids, 0),
        say: "a score of 0 is no mask: exp(0) = 1 gives a share like any other. The power itself must be 0",
      },
      {
        like: (a, ids) => masked(softmax(a, ids, 0), ids),
        say: "a score of 0 is no mask: exp(0) = 1 still stands in the sum that you divide by, so your shares add up to less than 1. The power itself must be 0",
      },
      // in the place of the score, and added to it
      ...[0, 1].map((factor) => ({
        like: (a: number[], ids: number[]) =>
          softmax(a.map((score, j) => (ids[j] === 0 ? factor * score - 1e9 : score)), ids.map(() => 1), 0),
        say: "almost: where all places are padding, padding gets shares. (If you gave it a very low score: there, no score is higher than the masked ones.) For an empty history return zeros, as there is nothing to attend to",
      })),
      ...[divided, orZero].map((divide) => ({
        like: minusReal(() => 0, divide),
        say: "almost: Math.exp(1000) is Infinity, and Infinity / Infinity is NaN. Subtract the largest real score from all of them before exp: that changes no share",
      })),
      // with a guard, and with a little that is added to the sum
      ...[0, 1e-9].map((tiny) => ({
        like: (a: number[], ids: number[]) => {
          const powers = masked(a.map((score) => Math.exp(score - Math.max(...a))), ids);
          return divided(powers, total(powers) + tiny);
        },
        say: "almost: you subtract the largest of all scores. If it belongs to a padded place, every real power can become 0. Take the largest real score",
      })),
      {
        like: (a, ids) => {
          const powers = masked(a.map((score) => Math.exp(score - Math.max(...a))), ids);
          return powers.map((power) => power / total(powers));
        },
        say: "two things are left: you subtract the largest of all scores, which may be that of a padded place (take the largest real one), and an empty history divides 0 by 0",
      },
      ...[divided, unguarded].map((divide) => ({
        like: minusReal((real, a) => Math.max(a[0], ...real), divide),
        say: "almost: your search for the largest real score starts from a[0], which may belong to a padded place. Then every real power can become 0. Start from -Infinity",
      })),
      ...[divided, orZero].map((divide) => ({
        like: minusReal((real) => real[0], divide),
        say: "almost: you subtract the first real score. Another may be far larger, and then its power is Infinity. Take the largest real score",
      })),
      {
        like: minusReal((real) => Math.max(...real.map(Math.abs))),
        say: "almost: you take the largest real score without its sign. For −1000 and 0 that is 1000, and every power is 0. Take the largest real score as it is",
      },
      ...[divided, orZero].map((divide) => ({
        like: minusReal((real) => total(real) / real.length, divide),
        say: "almost: you subtract the mean of the real scores, or the middle of their range. The largest can be far above that, and then its power is Infinity. Take the largest real score",
      })),
      {
        like: (a, ids) => {
          const powers = masked(a.map((score) => Math.exp(score)), ids);
          return powers.map((power) => power / total(powers));
        },
        say: "two things are left: Math.exp(1000) is Infinity and Math.exp(-1000) is 0 (subtract the largest real score first), and an empty history divides 0 by 0",
      },
      {
        like: (a, ids) => {
          const largest = Math.max(...a.filter((_, j) => ids[j] !== 0));
          const powers = a.map((score, j) => (ids[j] === 0 ? 0 : Math.exp(score - largest)));
          return powers.map((power) => power / total(powers));
        },
        say: "almost: an empty history gives NaN, from 0 / 0 or from −∞ − (−∞). Return zeros before you divide",
      },
      ...[divided, unguarded].map((divide) => ({
        like: minusReal((real) => Math.max(0, ...real), divide),
        say: "almost: your maximum starts at 0 or another fixed number, or takes padding for such a score. If all real scores are far below it, every power is 0. Take the largest real score, however low",
      })),
    ],
  }),
  "05.4 other scores": partsExercise<Prediction>({
    right: { doubled: [0.9, 0.1], doubledFree: "twice", raised: [0.75, 0.25], raisedFree: "direction" },
    mistakes: [
      ...powersRaised.map((raised) => ({
        like: { doubled: [0.75, 0.25], doubledFree: "twice" as const, raised, raisedFree: "direction" as const },
        say: "you changed the powers 3 and 1: to 6 and 2, then to 4 and 2. But it is the scores that change, before exp: there a factor becomes an exponent, and an added term becomes a factor",
      })),
    ],
    about: {
      doubled: (weights) =>
        notShares("doubled", weights) ??
        (isNear(weights, [0.75, 0.25])
          ? "doubled: a common factor cancels in a share, but not in a softmax, which takes exp first. exp(2a) is the square of exp(a)"
          : isNear(weights, [6 / 7, 1 / 7])
            ? "doubled: you doubled the ratio, to 6 to 1. It is the scores that are doubled, and exp turns that into the square of the ratio"
            : isNear(weights, [0.634, 0.366]) // √3 to 1
              ? "doubled: that is what halved scores give. Doubled scores make the larger share larger"
              : isNear(weights, [0.1, 0.9])
                ? "doubled: you have the two weights the other way round: the first score is the larger"
                : "doubled: the ratio of the weights is exp of the difference of the scores. It was 3; the difference is now twice as large"),
      doubledFree: (fate) =>
        fate === "same"
          ? "doubledFree: nothing divides free weights, so nothing cancels the factor 2"
          : "doubledFree: each weight is doubled, and so is each term of the sum. A sum of doubled terms points where it did before",
      raised: (weights) =>
        notShares("raised", weights) ??
        (isNear(weights, powersRaised[0])
          ? "raised: you added 1 to the powers 3 and 1. The 1 is added to the scores, before exp: there an added term becomes a factor"
          : isNear(weights, [0.25, 0.75])
            ? "raised: you have the two weights the other way round: the first score is the larger"
            : "raised: exp(a + 1) is e times exp(a), for each behaviour. What does a factor that all of them have do to the weights?"),
      raisedFree: (fate) =>
        fate === "same"
          ? "raisedFree: only softmax cancels what all scores have in common. Free weights go into the sum as they are"
          : "raisedFree: each weight grows by 1, not by a factor. The behaviour with weight 0 was not in the sum, and now it is",
    },
  }),
};

export const check = checker(exercises);
