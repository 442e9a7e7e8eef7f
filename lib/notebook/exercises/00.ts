/** Exercises of notebook 00: clicks. */
import { checker, functionExercise, partsExercise, valueExercise } from "../check";

/** What an impression of each ad earns, if `chance` makes the probability of a click of what the model says. */
const earned =
  (chance: (p: number, w: number) => number) =>
  (said: number[], bids: number[], w: number): number[] =>
    said.map((p, i) => bids[i] * chance(p, w));
/** The probability in the log, of one in a sample with all clicks and a share w of the rest. */
const inTheLog = (p: number, w: number) => p / (p + (1 - p) / w);

export const exercises = {
  "00.1 AUC with a tie": valueExercise<number>({
    right: 3.5 / 6,
    tolerance: 0.005,
    mistakes: [
      { like: 3 / 6, say: "the tie between the two scores of 0.7 counts as half a win, not as nothing" },
      { like: 4 / 6, say: "the tie between the two scores of 0.7 counts as half a win, not as a whole one" },
      {
        like: 3.5 / 10,
        say: "you divided by all pairs of impressions. Only pairs of one clicked and one unclicked impression count: 3 times 2",
      },
      {
        like: 3 / 5,
        say: "there are three ways to get 0.6. If you left the tied pair out: it stays among the 6 pairs and counts ½. If you counted impressions: AUC is a share of pairs, not of impressions. If you rounded: keep at least two decimals, or write the fraction",
      },
      {
        like: 2.5 / 6,
        say: "that is the share of pairs that are lost. A pair is won if the clicked impression has the higher score",
      },
    ],
  }),
  "00.2 what an ad is worth": functionExercise<[number[], number[], number], number[]>({
    cases: () => [
      [[0.5, 0.2], [1, 3], 0.1],
      [[0.8, 0.5, 0.1], [2, 4, 10], 0.25],
      [[0, 0.3], [2, 1], 1],
    ],
    right: earned(inTheLog),
    mistakes: [
      {
        like: earned((p) => p),
        say: "that is what each ad would earn in the sample. In the log clicks are rarer, and even the order of the ads changes. With w = 0.1, a `said` of 0.5 at a bid of 1 is worth more than a `said` of 0.2 at a bid of 3",
      },
      {
        like: earned((p, w) => p * w),
        say: "w multiplies the odds, p / (1 − p), not the probability. Where clicks are rare the two are nearly equal, but not at 0.5",
      },
      // by the odds, by the probability, and by the probability that is kept below 1
      ...[
        (p: number, w: number) => p / (p + (1 - p) * w),
        (p: number, w: number) => p / w,
        (p: number, w: number) => Math.min(1, p / w),
      ].map((chance) => ({
        like: earned(chance),
        say: "you corrected in the wrong direction: the impressions that were thrown away had no click, so the true probability is lower than the one in `said`",
      })),
      {
        like: (said, _, w) => said.map((p) => inTheLog(p, w)),
        say: "the probabilities are right, but an impression earns the bid times its probability of a click",
      },
      {
        like: earned((p, w) => (w * p) / (1 - p)),
        say: "you multiplied the bid by the true odds. A probability is odds / (1 + odds)",
      },
      {
        like: (said, _, w) => said.map((p) => (w * p) / (1 - p)),
        say: "these are the true odds. A probability is odds / (1 + odds), and an impression earns the bid times that probability",
      },
      {
        like: earned((p, w) => (w * p) / (1 + w * p)),
        say: "you took `said` for odds. It holds probabilities; their odds are p / (1 − p)",
      },
      {
        like: earned((p, w) => 1 / (1 + Math.exp(-p) / w)),
        say: "you took `said` for logits. It holds probabilities, and ln w is added to a logit",
      },
      {
        like: earned((p, w) => Math.log(p / (1 - p)) + Math.log(w)),
        say: "you multiplied the bid by the true logit. The sigmoid turns it into a probability",
      },
    ],
  }),
  "00.3 what AUC sees": partsExercise<string[]>({
    right: ["same", "same", "mirrored", "different"],
    mistakes: [{ like: ["different", "different", "mirrored", "different"], say: "squaring and dividing change the numbers but keep their order. AUC looks at the order alone" }],
    about: [
      () => "(a) p² is not p, but it keeps the order: of two probabilities the larger one has the larger square",
      () => "(b) p / 10 is not p, but it keeps the order. AUC looks at the order alone, not at how far apart the scores are",
      (answer) =>
        answer === "different"
          ? "(c) you can say exactly how: every won pair becomes a lost one, and every lost pair a won one, so AUC becomes 1 − AUC"
          : "(c) 1 − p reverses the order: every pair that was won is now lost",
      (answer) =>
        answer === "mirrored"
          ? "(d) rounding never reverses the order of two scores, so no won pair becomes a lost one. What can it do to two scores that are close?"
          : "(d) rounding makes ties: 0.31 and 0.34 become the same. A tie counts half, so the AUC can change",
    ],
  }),
  "00.4 gradient of LR": functionExercise<[number[], number, number], number | number[]>({
    cases: () => [
      [[1, 0, 1], 0.9, 0],
      [[1, 2], 0.25, 1],
      [[0, 0.5, -1], 0.5, 1],
    ],
    right: (x, p, y) => x.map((value) => (p - y) * value),
    mistakes: [
      ...[(x: number[]) => [1, ...x], (x: number[]) => [...x, 1]].map((withBias) => ({
        like: (x: number[], p: number, y: number) => withBias(x).map((value) => (p - y) * value),
        say: "right, but you return one slope more than there are features. The bias is not asked for: return a list as long as x",
      })),
      {
        like: (x, p, y) => x.map((value) => (y - p) * value),
        say: "the sign is reversed. You return the direction in which to step; the gradient points uphill and has p − y",
      },
      {
        like: (x, p, y) => x.map(() => p - y),
        say: "the factor x[i] is missing. A feature that is absent has no part in the error",
      },
      // of half the square, and of the square
      ...[1, 2].map((factor) => ({
        like: (x: number[], p: number, y: number) => x.map((value) => factor * (p - y) * p * (1 - p) * value),
        say: "that is the gradient of the squared error. With log loss the factor p (1 − p) cancels",
      })),
      {
        like: (x, p, y) => x.map((value) => (-y / p + (1 - y) / (1 - p)) * value),
        say: "that is the derivative with respect to p, not to the logit. Multiply it by dp/ds = p (1 − p), and it becomes p − y",
      },
      {
        like: (x, p, y) => x.reduce((sum, value) => sum + (p - y) * value, 0),
        say: "that is one number, the derivatives of all weights added up. Each weight has its own: return a list as long as x",
      },
      {
        like: (x, p, y) => x.map((value) => ((p - y) * value) / x.length),
        say: "you divided by the number of features. The log loss of one impression is not a mean over its features",
      },
    ],
  }),
};

export const check = checker(exercises);
