/** Exercises of notebook 06: training DIN. */
import { sigmoid } from "../../sigmoid";
import { checker, functionExercise, partsExercise, valueExercise } from "../check";

type Cause = "heart" | "unfinished" | "leak" | "stuck" | "nothing";
type Causes = Record<"A" | "B" | "C" | "D" | "E", Cause>;

export type Update = (
  w: number[],
  gradients: number[][],
  B: number,
  n: number,
  lambda: number,
  tunedAt: number,
  eta: number,
) => number[];

const sumOf = (gradients: number[][], d: number) => gradients.reduce((sum, gradient) => sum + gradient[d], 0);

interface Row {
  w: number;
  /** Sum of the gradients, and how many there are. */
  sum: number;
  count: number;
  alpha: number;
  B: number;
  n: number;
  lambda: number;
  tunedAt: number;
  eta: number;
}
/** Each number of the row by itself. */
const byNumber =
  (moved: (row: Row) => number): Update =>
  (w, gradients, B, n, lambda, tunedAt, eta) =>
    w.map((x, d) => {
      const [sum, count] = [sumOf(gradients, d), gradients.length];
      return moved({ w: x, sum, count, alpha: count > 0 ? 1 : 0, B, n, lambda, tunedAt, eta });
    });
/** A step with the mean gradient and that penalty factor in front of w. */
const stepWith = (factor: (row: Row) => number) =>
  byNumber((row) => row.w - row.eta * (row.sum / row.B + factor(row) * row.w));
const factor = ({ lambda, tunedAt, B, n, alpha }: Row) => (((lambda * tunedAt) / B) * alpha) / n;

export const exercises = {
  "06.1 five trainings": partsExercise<Causes>({
    right: { A: "heart", B: "unfinished", C: "leak", D: "stuck", E: "nothing" },
    mistakes: [],
    about: {
      A: (cause) =>
        cause === "leak"
          ? "A: a feature that knows each row's label lifts both curves. Here only training rises, and validation falls from the first epoch on"
          : "A: validation is best after the first epoch. What comes later helps training alone",
      B: (cause) =>
        cause === "heart"
          ? "B: both curves still rise, side by side. A model that learns by heart gets worse on new rows"
          : "B: on both parts the last epoch is the best so far. What would the next one do?",
      C: (cause) =>
        cause === "nothing"
          ? "C: 98 where the best model has 71? Before you celebrate, ask what the features may know"
          : cause === "heart"
            ? "C: what is learned by heart helps on the rows that were seen. This model does just as well on rows that it has never seen"
            : "C: look at how high it is, after one epoch already, not at whether it still rises",
      D: (cause) =>
        cause === "unfinished"
          ? "D: nothing has moved yet, not even in training. Before you wait, look at the initial values and at the learning rate: in 03 a model with smaller initial values stood still for longer"
          : "D: 50 is a coin toss, in training too. There is nothing that the model could have learned by heart, or been told",
      E: (cause) =>
        cause === "heart"
          ? "E: training a little above validation is normal. A model learns by heart where validation falls while training rises"
          : cause === "unfinished"
            ? "E: the last epoch brought nothing, on either part"
            : cause === "stuck"
              ? "E: a coin toss has 50. This model has learned a lot in its first epoch"
              : "E: it is a little ahead of the best so far, which is no miracle",
    },
  }),
  "06.2 update one row": functionExercise<Parameters<Update>, number[]>({
    cases: () => [
      [[4, 2], [[1, 0], [2, 0], [1, 4]], 4, 6, 3, 4, 0.1],
      [[4, 2], [[1, 0], [2, 0], [1, 4]], 4, 6, 3, 12, 0.1],
      [[1, 3], [], 2, 3, 3, 8, 0.1],
      [[2, -2, 1], [[0, 4, 2]], 4, 1, 0.5, 10, 0.2],
      [[4, 2], [[0, 0]], 10, 2, 1, 5, 0.5],
      [[4, 2], [[1, 0], [1, 2]], 2, 8, 2, 6, 0.5],
    ],
    right: stepWith(factor),
    mistakes: [
      {
        like: stepWith((row) => factor({ ...row, alpha: 1 })),
        say: "a row whose feature is in no impression of the batch has moved. Without gradients α is 0, and so is the penalty",
      },
      {
        like: stepWith(({ lambda, alpha, n }) => (lambda * alpha) / n),
        say: "λ is copied from the other batch size: that is the scaling trap. λB / n must stay the same, so λ becomes λ · tunedAt / B",
      },
      {
        like: stepWith(({ lambda, alpha, n, B, tunedAt }) => (((lambda * B) / tunedAt) * alpha) / n),
        say: "λ is scaled the wrong way round. What counts is λB / n: in smaller batches λ must be larger",
      },
      // with a guard, and without one: NaN if no impression has the feature
      ...[1, 0].map((least) => ({
        like: byNumber((row) => row.w - row.eta * (row.sum / Math.max(least, row.count) + factor(row) * row.w)),
        say: "the mean is over the whole batch, B impressions, not over those that have the feature. The others have gradient 0",
      })),
      // λ copied, too
      ...[1, 0].map((least) => ({
        like: byNumber(({ w, eta, sum, count, lambda, alpha, n }) =>
          w - eta * (sum / Math.max(least, count) + ((lambda * alpha) / n) * w),
        ),
        say: "two things are left: the mean is over all B impressions of the batch, and λ was tuned with batches of tunedAt impressions: λ · tunedAt / B acts here as λ did there",
      })),
      // λ copied, too
      ...[
        { of: (row: Row) => ({ ...row, B: 1 }), say: "the gradients are added up, and each is of one impression's loss: divide by B" },
        { of: (row: Row) => ({ ...row, alpha: 1 }), say: "without gradients α is 0" },
      ].map(({ of, say }) => ({
        like: byNumber((row) => {
          const { w, eta, sum, B, lambda, alpha, n } = of(row);
          return w - eta * (sum / B + ((lambda * alpha) / n) * w);
        }),
        say: `two things are left: ${say}. And λ is copied from the other batch size: λB / n must stay the same`,
      })),
      {
        like: stepWith((row) => factor(row) * row.B),
        say: "λ · tunedAt / n is the ratio of the penalty to one gradient, as it was there. Here a gradient is divided by B, so the penalty must be, too",
      },
      {
        like: stepWith(({ lambda, alpha, n, B }) => (lambda * alpha) / n / B),
        say: "you divided the penalty of eq. 7 by B, too. Only the loss is a mean over the batch. And λ still has to be scaled",
      },
      {
        like: byNumber((row) => {
          const moved = row.w - (row.eta * row.sum) / row.B;
          return moved - row.eta * factor(row) * moved;
        }),
        say: "you compute the penalty from the row that the gradient has moved already. Both terms of eq. 7 use the old w",
      },
      {
        like: byNumber((row) => row.w - row.eta * (row.sum + factor(row) * row.w)),
        say: "the gradients are added up, not averaged. Each is of one impression's loss: divide their sum by B",
      },
      {
        like: byNumber((row) => row.w - row.eta * (row.sum / row.tunedAt + factor(row) * row.w)),
        say: "you take the mean over tunedAt impressions. This batch has B; tunedAt is only where λ comes from",
      },
      {
        like: stepWith((row) => factor({ ...row, alpha: row.count })),
        say: "α is not the number of impressions in the batch that have the feature: it is 1 if there are any",
      },
      {
        like: stepWith((row) => factor({ ...row, n: 1 })),
        say: "the penalty is not divided by n yet",
      },
      // with a guard, and without one: NaN if no impression has the feature
      ...[1, 0].map((least) => ({
        like: stepWith((row) => factor({ ...row, n: Math.max(least, row.count) })),
        say: "you divide the penalty by the number of gradients. n counts the whole of the training data, not this batch, and you are given it",
      })),
      {
        like: stepWith((row) => factor(row) / row.n),
        say: "you divided by n twice, as the source text does. One 1/n is enough",
      },
      {
        like: (...args) => (args[1].flat().some((g) => g !== 0) ? stepWith(factor)(...args) : [...args[0]]),
        say: "you take α from the gradients' numbers. A feature that is in the batch can have gradient 0, and its row still shrinks: ask how many gradients there are",
      },
      {
        like: stepWith((row) => factor(row) / row.B),
        say: "λ · tunedAt / B is right, but then you divided the penalty by B once more. In eq. 7 only the gradients are a mean over the batch",
      },
      {
        like: stepWith(({ lambda, alpha, n, B }) => (lambda * B * alpha) / n),
        say: "λB / n is what must stay the same, not what stands in front of w. Which new λ gives, with B, the product that the old λ gave with tunedAt?",
      },
      { like: stepWith(() => 0), say: "the mean gradient is right. The penalty is missing" },
      {
        like: byNumber((row) => row.w - row.eta * factor(row) * row.w),
        say: "the penalty is right. The gradient of the loss is missing",
      },
      {
        like: byNumber((row) => row.w - row.sum / row.B - factor(row) * row.w),
        say: "the learning rate η is missing",
      },
      {
        like: byNumber((row) => row.w - row.sum / row.B - row.eta * factor(row) * row.w),
        say: "the learning rate η is in front of the penalty only. It multiplies the gradient too",
      },
      {
        like: byNumber((row) => row.w - (row.eta * row.sum) / row.B - factor(row) * row.w),
        say: "the learning rate η is in front of the gradient only. It multiplies the penalty too",
      },
      // λ scaled, and λ copied
      ...[(row: Row) => row, (row: Row) => ({ ...row, tunedAt: row.B })].map((of) => ({
        like: byNumber((row) => row.w - (row.eta * row.sum) / row.B + factor(of(row)) * row.w),
        say: "brackets are missing: the minus sign and η stand in front of the gradient only, and the penalty is added. In eq. 7 they stand in front of both",
      })),
      // with the sign of w, and without
      ...[
        { pull: () => 1, say: "the factor w is missing from the penalty. The penalty pulls a row towards 0 in proportion to what the row holds" },
        { pull: Math.sign, say: "that is the derivative of a penalty of |w|. Equation 7 comes from half of w², so the pull is w itself, not only its sign" },
      ].map(({ pull, say }) => ({
        like: byNumber((row) => row.w - row.eta * (row.sum / row.B + factor(row) * pull(row.w))),
        say,
      })),
      {
        like: stepWith((row) => 2 * factor(row)),
        say: "that is 2 λ w, the derivative of λ w². Equation 7 has λ w, the derivative of half of it",
      },
      {
        like: byNumber((row) => -row.eta * (row.sum / row.B + factor(row) * row.w)),
        say: "that is the change. The exercise asks for the new row: the old one plus the change",
      },
      {
        like: byNumber((row) => row.w + row.eta * (row.sum / row.B + factor(row) * row.w)),
        say: "the step goes uphill. Equation 7 subtracts both the gradient and the penalty from w",
      },
      {
        like: stepWith((row) => -factor(row)),
        say: "the sign of the penalty is reversed: it must pull the row towards 0, and yours pushes it away",
      },
    ],
  }),
  "06.3 Dice alone": valueExercise<{ p: number; plus: number; minus: number }>({
    right: { p: 0.5, plus: 1.8, minus: -1.8 },
    tolerance: 0.005,
    mistakes: [
      {
        like: { p: 1, plus: 3, minus: -0.6 },
        say: "that is PReLU, with its bend at 0. Dice bends at the batch's mean, and here that is s itself",
      },
      {
        like: { p: sigmoid(3), plus: 3 * (0.2 + 0.8 * sigmoid(3)), minus: -3 * (0.2 + 0.8 * sigmoid(-3)) },
        say: "that is sigmoid(s), without normalising: it takes mean 0 and variance 1 for granted. The mean of a batch of one is s",
      },
      {
        like: { p: 0.5, plus: 1.5, minus: -1.5 },
        say: "p is right. With p = ½ the other half of s passes through the other branch, as α s: it does not vanish",
      },
      {
        like: { p: 0.5, plus: 3, minus: -3 },
        say: "p is right. But α is missing: the half of s that takes the other branch is multiplied by α = 0.2",
      },
      {
        like: { p: 0.5, plus: 1.6, minus: -1.4 },
        say: "p is right. The second term of f has (1 − p) times α s, not α alone",
      },
      {
        like: { p: 1, plus: 3, minus: -3 },
        say: "s − E[s] is 0, so p = 1 / (1 + exp(0)). But exp(0) is 1, not 0",
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
        say: "it would be 0 / 0 without ε. With ε the root is √ε, not 0, and 0 / √ε is 0: what is the sigmoid of that?",
      },
      { like: { p: 0, plus: 0.6, minus: -0.6 }, say: "s − E[s] is 0, but the sigmoid of 0 is not 0" },
    ],
  }),
  "06.4 GAUC by hand": valueExercise<number>({
    right: 17 / 21,
    tolerance: 0.005,
    mistakes: [
      {
        like: 21.5 / 30,
        say: "that number can come from two mistakes. If you gave C an AUC of 0.5: C has no click, so no pair, and no AUC, and is left out of both sums. If you gave A 0.5: its click meets three others, so there are three pairs. How many are in order?",
      },
      {
        like: 17 / 30,
        say: "C adds nothing to the numerator, as if its AUC were 0, but still counts in the denominator: take its three impressions out",
      },
      { like: 26 / 30, say: "you gave C an AUC of 1. C has no click, so no pair to order: C is left out of both sums" },
      { like: 5 / 6, say: "that is the plain mean of the two users. Weight each by their impressions: 4 and 3" },
      {
        like: 8 / 9,
        say: "eight ninths can come from two mistakes. If you weighted by clicks: the paper and the lib weight by impressions. If you took the plain mean of three users, with 1 for C: C has no AUC and is left out; A and B are weighted by 4 and 3",
      },
      ...[0, 0.5].map((auc) => ({
        like: (2 / 3 + 1 + auc) / 3,
        say: `that is the plain mean of three users, with ${auc} for C. C has no AUC and is left out; A and B are weighted by 4 and 3`,
      })),
      {
        like: 4 / 5,
        say: "either you rounded too far, or you weighted each user by pairs: won pairs of all users over all their pairs. The lib weights each user's AUC by impressions, 4 and 3",
      },
      { like: 16 / 21, say: "that is the AUC over all ten impressions. GAUC compares only within a user" },
    ],
  }),
};

export const check = checker(exercises);
