/** Exercises of notebook 06: training DIN. */
import { sigmoid } from "../../sigmoid";
import { checker, functionExercise, valueExercise } from "../check";

export type Update = (
  w: number[],
  gradients: number[][],
  present: boolean[],
  n: number,
  lambda: number,
  eta: number,
) => number[];

const sumOf = (gradients: number[][], d: number) => gradients.reduce((sum, gradient) => sum + gradient[d], 0);
const meanOf = (gradients: number[][], d: number) => sumOf(gradients, d) / gradients.length;

/** A step with the mean gradient and that penalty factor in front of w. */
function stepWith(factor: (present: boolean[], n: number, lambda: number, gradients: number[][]) => number): Update {
  return (w, gradients, present, n, lambda, eta) =>
    w.map((x, d) => x - eta * (meanOf(gradients, d) + factor(present, n, lambda, gradients) * x));
}

const alpha = (present: boolean[]) => (present.some(Boolean) ? 1 : 0);
const occurrences = (present: boolean[]) => present.filter(Boolean).length;

export const exercises = {
  "06.1 which rows move": valueExercise<number[]>({
    right: [-0.12, 0, -0.15, 0],
    mistakes: [
      { like: [0.12, 0, 0.15, 0], say: "the sizes are right, the sign is not: the penalty pulls a row towards 0" },
      {
        like: [-0.48, -0.18, -0.3, -0.12],
        say: "that is full L2: every row moves, by ηλw. Only rows of the batch have α = 1, and each is divided by its n",
      },
      {
        like: [-0.12, -0.18, -0.15, -0.012],
        say: "you divide by n, but rows 2 and 4 are not in the batch: their α is 0",
      },
      {
        like: [-0.36, 0, -0.15, 0],
        say: "α is not a count. That item 1 occurs three times in the batch changes nothing: α = 1",
      },
      { like: [-0.48, 0, -0.3, 0], say: "the right rows. Each penalty is still to be divided by the row's n" },
      { like: [-0.16, 0, -0.3, 0], say: "n is the count in all training data, not in the batch" },
      {
        like: [-0.03, 0, -0.075, 0],
        say: "divided by n twice, as the source text has it. There is one 1/n in equation 7",
      },
      { like: [-0.6, 0, -0.75, 0], say: "the learning rate η is missing" },
      { like: [-0.4, 0, -0.5, 0], say: "the strength λ is missing" },
      {
        like: [-0.24, 0, -0.3, 0],
        say: "that is 2 λ w, the derivative of λ w². Equation 7 has λ w, the derivative of half of it",
      },
      {
        like: [-0.03, 0, -0.0375, 0],
        say: "you divided by the size of the batch. Only the loss is a mean over the batch; the penalty of a row is taken once",
      },
      {
        like: [0, -0.18, 0, -0.012],
        say: "you counted rows from 0. Here the ids 1 to 4 are the rows 1 to 4, so 8 is row 1",
      },
      { like: [7.88, 3, 4.85, 2], say: "these are the new rows, all right. Asked is by how much each changes" },
    ],
  }),
  "06.2 update one row": functionExercise<Parameters<Update>, number[]>({
    cases: () => [
      [[4, 2], [[1, 0], [2, 0], [1, 4], [0, 0]], [true, true, true, false], 6, 3, 0.1],
      [[1, 3], [[0, 0], [0, 0]], [false, false], 3, 3, 0.1],
      [[2, -2], [[0, 4], [0, 0], [0, 0], [0, 0]], [true, false, false, false], 1, 0.5, 0.2],
      [[4, 2], [[0, 0], [0, 0]], [true, false], 2, 1, 0.5],
      [[4, 2], [[0, 0], [1, 2]], [false, true], 2, 1, 0.5],
      [[4, 2], [[1, 0], [1, 2]], [true, true], 8, 2, 0.5],
    ],
    right: stepWith((present, n, lambda) => (lambda * alpha(present)) / n),
    mistakes: [
      {
        like: stepWith((_, n, lambda) => lambda / n),
        say: "a row that is in no impression of the batch moved. There α is 0, and so is the penalty",
      },
      {
        like: stepWith((_, _n, lambda) => lambda),
        say: "that is full L2: the factor α / n in front of the penalty is missing",
      },
      { like: stepWith((present, _, lambda) => lambda * alpha(present)), say: "the penalty is not divided by n yet" },
      {
        like: stepWith((present, n, lambda) => (lambda * occurrences(present)) / n),
        say: "α is not the number of impressions in the batch that have the feature: it is 1 if there is any",
      },
      {
        like: stepWith((present, n, lambda) => (lambda * alpha(present)) / n ** 2),
        say: "divided by n twice, as the source text has it. One 1/n is all",
      },
      {
        like: stepWith((present, n, lambda) => (lambda * alpha(present)) / n / present.length),
        say: "the penalty is divided by the batch size too. Only the gradient is a mean; that is the scaling trap",
      },
      {
        like: (w, gradients, present, n, lambda, eta) =>
          w.map((x, d) => x - eta * (sumOf(gradients, d) + ((lambda * alpha(present)) / n) * x)),
        say: "the gradients are added up, not averaged. Divide their sum by the batch size",
      },
      // with a guard, and without one: NaN if no impression has the feature
      ...[1, 0].map((least) => ({
        like: (...[w, gradients, present, n, lambda, eta]: Parameters<Update>) => {
          const count = Math.max(least, occurrences(present));
          return w.map((x, d) => x - eta * (sumOf(gradients, d) / count + ((lambda * alpha(present)) / n) * x));
        },
        say: "the mean is over the whole batch, not over the impressions that have the feature",
      })),
      {
        like: (w, gradients, present, n, lambda) =>
          w.map((x, d) => x - (meanOf(gradients, d) + ((lambda * alpha(present)) / n) * x)),
        say: "the learning rate η is missing",
      },
      {
        like: (w, gradients, present, n, lambda, eta) =>
          w.map((x, d) => x - meanOf(gradients, d) - eta * ((lambda * alpha(present)) / n) * x),
        say: "the learning rate η is in front of the penalty only. It multiplies the gradient too",
      },
      { like: stepWith(() => 0), say: "the mean gradient is right. The penalty is missing" },
      {
        like: stepWith((_present, n, lambda, gradients) => (gradients.flat().some((g) => g !== 0) ? lambda / n : 0)),
        say: "you take α from the gradients. A feature that is in the batch can have gradient 0, and its row still shrinks: ask `present`",
      },
      {
        like: stepWith((present, n, lambda) => (present[0] ? lambda / n : 0)),
        say: "you look at the first impression of the batch only. α is 1 if any of them has the feature",
      },
      {
        like: stepWith((present, n, lambda) => (present.every(Boolean) ? lambda / n : 0)),
        say: "α is 1 if any impression of the batch has the feature, not only if all have it",
      },
      {
        like: stepWith((present, n, lambda) => (lambda * occurrences(present)) / n / present.length),
        say: "α is not the share of the impressions that have the feature: it is 1 if there is any",
      },
      // with the sign of w, and without
      ...[
        { pull: () => 1, say: "the penalty is without the factor w. It pulls a row towards 0 in proportion to what it holds" },
        { pull: Math.sign, say: "that is the derivative of a penalty of |w|. Equation 7 comes from half of w², so the pull is w itself, not only its sign" },
      ].map(({ pull, say }) => ({
        like: (...[w, gradients, present, n, lambda, eta]: Parameters<Update>) =>
          w.map((x, d) => x - eta * (meanOf(gradients, d) + ((lambda * alpha(present)) / n) * pull(x))),
        say,
      })),
      { like: stepWith((present, n) => alpha(present) / n), say: "the strength λ is missing" },
      {
        like: stepWith((present, n, lambda) => (2 * lambda * alpha(present)) / n),
        say: "that is 2 λ w, the derivative of λ w². Equation 7 has λ w, the derivative of half of it",
      },
      {
        like: (w, gradients, present, n, lambda, eta) =>
          w.map((x, d) => x - eta * meanOf(gradients, d) - ((lambda * alpha(present)) / n) * x),
        say: "the learning rate η is in front of the gradient only. It multiplies the penalty too",
      },
      {
        like: (w, gradients, present, n, lambda, eta) =>
          w.map((x, d) => -eta * (meanOf(gradients, d) + ((lambda * alpha(present)) / n) * x)),
        say: "that is the change. Asked is the new row: the old one plus the change",
      },
      {
        like: (w, gradients, present, n, lambda, eta) =>
          w.map((x, d) => x + eta * (meanOf(gradients, d) + ((lambda * alpha(present)) / n) * x)),
        say: "the step goes uphill. Equation 7 subtracts both the gradient and the penalty from w",
      },
      {
        like: stepWith((present, n, lambda) => (-lambda * alpha(present)) / n),
        say: "the sign of the penalty is turned: it must pull the row towards 0, and yours pushes it away",
      },
      {
        like: (w, _gradients, present, n, lambda, eta) => w.map((x) => x - (eta * lambda * alpha(present) * x) / n),
        say: "the penalty is right. The mean gradient of the loss is missing",
      },
    ],
  }),
  "06.3 Dice alone": valueExercise<{ p: number; plus: number; minus: number }>({
    right: { p: 0.5, plus: 1.8, minus: -1.8 },
    mistakes: [
      {
        like: { p: 1, plus: 3, minus: -0.6 },
        say: "that is PReLU, with its bend at 0. Dice bends at the batch's mean, and here that is s itself",
      },
      {
        like: { p: sigmoid(3), plus: 3 * (0.2 + 0.8 * sigmoid(3)), minus: -3 * (0.2 + 0.8 * sigmoid(-3)) },
        say: "that is sigmoid(s), without normalizing: mean 0 and variance 1 taken for granted. The mean of a batch of one is s",
      },
      {
        like: { p: 0.5, plus: 1.5, minus: -1.5 },
        say: "p is right. With p = ½ half of s comes from the other branch too, as α s: it does not vanish",
      },
      { like: { p: 0.5, plus: 1.8, minus: 1.8 }, say: "p and f(3) are right. f(−3) has the same p, and s is negative" },
      {
        like: { p: 0.5, plus: 1.8, minus: -0.6 },
        say: "p and f(3) are right. For −3 the batch's mean is −3: its p is ½ as well, not 0",
      },
      {
        like: { p: 0.5, plus: 3, minus: -0.6 },
        say: "p is right. Now use it: f is a mixture of s and α s, not one of the two",
      },
      {
        like: { p: NaN, plus: NaN, minus: NaN },
        say: "0 / 0 it would be without ε. The root is √ε, not 0, and 0 / √ε is 0: what is the sigmoid of that?",
      },
      { like: { p: 0, plus: 0.6, minus: -0.6 }, say: "s − E[s] is 0, but the sigmoid of 0 is not 0" },
    ],
  }),
  "06.4 GAUC by hand": valueExercise<number>({
    right: 17 / 21,
    tolerance: 1e-3,
    mistakes: [
      {
        like: 21.5 / 30,
        say: "you gave C an AUC of 0.5. C has no click, so no pair, and no AUC: C is left out of both sums",
      },
      {
        like: 17 / 30,
        say: "C adds nothing above, as if its AUC were 0, but is still counted below: take its three impressions out of the denominator",
      },
      { like: 26 / 30, say: "you gave C an AUC of 1. C has no click, so no pair to order: C is left out of both sums" },
      { like: 5 / 6, say: "that is the plain mean of the two users. Weight each by their impressions: 4 and 3" },
      {
        like: 8 / 9,
        say: "eight ninths can be two things. If you weighted by clicks: the paper, and the lib, weight by impressions. If you took the plain mean of three users, with 1 for C: C has no AUC and is left out; A and B are weighted by 4 and 3",
      },
      ...[0, 0.5].map((auc) => ({
        like: (2 / 3 + 1 + auc) / 3,
        say: `that is the plain mean of three users, with ${auc} for C. C has no AUC and is left out; A and B are weighted by 4 and 3`,
      })),
      {
        like: 4 / 5,
        say: "that weights each user by pairs, or is rounded too far: won pairs of all users over all their pairs. The lib weights each user's AUC by impressions, 4 and 3",
      },
      { like: 16 / 21, say: "that is AUC over all ten impressions. GAUC compares only within a user" },
    ],
  }),
};

export const check = checker(exercises);
