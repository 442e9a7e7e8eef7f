import { exercises, type Update } from "../../lib/notebook/exercises/06";
import { causes, solutions } from "../../material/solutions/06";
import { testExercises } from "./harness";

/** A step whose mean gradient and penalty are worked out in another way; those that are not given are right. */
interface Ways {
  over?: (B: number, gradients: number[][], tunedAt: number) => number;
  lambda?: (lambda: number, B: number, tunedAt: number) => number;
  alpha?: (gradients: number[][]) => number;
  n?: (n: number, gradients: number[][]) => number;
  pull?: (x: number) => number;
  step?: (gradient: number, penalty: number, eta: number) => number;
}
function updateBy({ over, lambda, alpha, n, pull, step }: Ways): Update {
  return (w, gradients, B, count, tuned, tunedAt, eta) => {
    const scaled = lambda ? lambda(tuned, B, tunedAt) : (tuned / B) * tunedAt;
    const inBatch = alpha ? alpha(gradients) : Number(gradients.length > 0);
    return w.map((x, d) => {
      const gradient = gradients.reduce((sum, g) => sum + g[d], 0) / (over ? over(B, gradients, tunedAt) : B);
      const penalty = (scaled * inBatch * (pull ? pull(x) : x)) / (n ? n(count, gradients) : count);
      return x - (step ? step(gradient, penalty, eta) : eta * (gradient + penalty));
    });
  };
}
/** First the gradient, in a row of its own, then the penalty of what came out. */
const inPlace: Update = (w, gradients, B, n, lambda, tunedAt, eta) => {
  const row = [...w];
  for (const gradient of gradients) gradient.forEach((g, d) => (row[d] -= (eta * g) / B));
  return gradients.length === 0 ? row : row.map((x) => x - (((eta * lambda * tunedAt) / B) * x) / n);
};
const twoNumbers: Update = (w, ...rest) => updateBy({})(w.slice(0, 2), ...rest);
const copied = (lambda: number) => lambda;
const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));

testExercises({
  notebook: "06",
  exercises,
  solutions,
  wrong: {
    "06.1 five trainings": [
      [{ ...causes, A: "leak" }, /^A: .*lifts both curves/],
      [{ ...causes, A: "unfinished" }, /^A: .*best after the first epoch/],
      [{ ...causes, B: "heart" }, /^B: .*side by side/],
      [{ ...causes, B: "nothing" }, /^B: .*best so far/],
      [{ ...causes, B: "stuck" }, /^B: .*best so far/],
      [{ ...causes, C: "nothing" }, /^C: 98 where the best model has 71/],
      [{ ...causes, C: "heart" }, /^C: .*never seen/],
      [{ ...causes, C: "unfinished" }, /^C: look at how high it is/],
      [{ ...causes, D: "unfinished" }, /^D: .*nothing has moved/],
      [{ ...causes, D: "nothing" }, /^D: 50 is a coin toss/],
      [{ ...causes, E: "heart" }, /^E: .*is normal/],
      [{ ...causes, E: "unfinished" }, /^E: the last epoch brought nothing/],
      [{ ...causes, E: "leak" }, /^E: .*no miracle/],
      [{ ...causes, E: "stuck" }, /^E: a coin toss has 50/],
      [{ A: "heart", C: "leak" }, /expected 5 answers, got 2/],
    ],
    "06.2 update one row": [
      [updateBy({ alpha: () => 1 }), /in no impression/],
      [updateBy({ lambda: copied }), /copied from the other batch size/],
      [updateBy({ lambda: (lambda, B, tunedAt) => (lambda * B) / tunedAt }), /wrong way round/],
      [updateBy({ over: (_, gradients) => gradients.length }), /not over those that have the feature/],
      [updateBy({ over: (_, gradients) => gradients.length || 1 }), /not over those that have the feature/],
      [updateBy({ over: (_, gradients) => gradients.length, lambda: copied }), /two things are left/],
      [updateBy({ over: (_, gradients) => gradients.length || 1, lambda: copied }), /two things are left/],
      [updateBy({ over: () => 1, lambda: copied }), /two things are left: the gradients are added up/],
      [updateBy({ alpha: () => 1, lambda: copied }), /two things are left: without gradients α is 0/],
      [updateBy({ over: () => 1 }), /not averaged/],
      [updateBy({ lambda: (lambda, _, tunedAt) => lambda * tunedAt }), /ratio of the penalty to one gradient/],
      [updateBy({ lambda: (lambda, B) => lambda / B }), /Only the loss is a mean/],
      [updateBy({ lambda: (lambda, B, tunedAt) => (lambda * tunedAt) / B / B }), /by B once more/],
      [updateBy({ lambda: (lambda, B) => lambda * B }), /what must stay the same/],
      [inPlace, /has moved already/],
      [twoNumbers, /^for \(\[ 2, -2, 1 \], .* got \[ 1\.5, -1\.7 \]\. The hint above/],
      [updateBy({ over: (_B, _gradients, tunedAt) => tunedAt }), /mean over tunedAt impressions/],
      [updateBy({ alpha: (gradients) => gradients.length }), /not the number of impressions/],
      [updateBy({ n: () => 1 }), /not divided by n yet/],
      [updateBy({ n: (_, gradients) => gradients.length }), /n counts the whole of the training data, not this batch/],
      [updateBy({ n: (_, gradients) => gradients.length || 1 }), /n counts the whole of the training data, not this/],
      [updateBy({ n: (n) => n * n }), /divided by n twice/],
      [updateBy({ alpha: (gradients) => Number(gradients.flat().some(Boolean)) }), /from the gradients' numbers/],
      [updateBy({ alpha: () => 0 }), /The penalty is missing/],
      [updateBy({ step: (_, penalty, eta) => eta * penalty }), /gradient of the loss is missing/],
      [updateBy({ step: (gradient, penalty) => gradient + penalty }), /η is missing/],
      [updateBy({ step: (gradient, penalty, eta) => gradient + eta * penalty }), /front of the penalty only/],
      [updateBy({ step: (gradient, penalty, eta) => eta * gradient + penalty }), /front of the gradient only\. It/],
      ...[{}, { lambda: copied }].map((ways: Ways): [Update, RegExp] => [
        updateBy({ ...ways, step: (gradient, penalty, eta) => eta * gradient - penalty }),
        /brackets are missing/,
      ]),
      [updateBy({ pull: () => 1 }), /factor w is missing/],
      [updateBy({ pull: Math.sign }), /penalty of \|w\|/],
      [updateBy({ pull: (x) => 2 * x }), /derivative of λ w²/],
      [updateBy({ step: (gradient, penalty, eta) => -eta * (gradient + penalty) }), /goes uphill/],
      [updateBy({ step: (gradient, penalty, eta) => eta * (gradient - penalty) }), /sign of the penalty/],
      [(w: number[]) => w, /expected \[ 3\.7, 1\.8 \], got \[ 4, 2 \]\. The hint above/],
      [
        (...args: Parameters<Update>) => solutions["06.2 update one row"](...args).map((x, d) => x - args[0][d]),
        /that is the change/,
      ],
      [
        (...args: Parameters<Update>) => solutions["06.2 update one row"](...args).map((x, d) => (args[0][d] = x)),
        /changed its input/,
      ],
    ],
    "06.3 Dice alone": [
      [{ p: 1, plus: 3, minus: -0.6 }, /PReLU/],
      [
        {
          p: sigmoid(3),
          plus: sigmoid(3) * 3 + (1 - sigmoid(3)) * 0.6,
          minus: sigmoid(-3) * -3 - (1 - sigmoid(-3)) * 0.6,
        },
        /without normalising/,
      ],
      [{ p: 0.95, plus: 2.89, minus: -0.71 }, /without normalising/],
      [{ p: 0.953, plus: 2.886, minus: -0.714 }, /without normalising/],
      [{ p: 0.5, plus: 1.5, minus: -1.5 }, /does not vanish/],
      [{ p: 0.5, plus: 1.8, minus: -0.6 }, /the batch's mean is −3/],
      [{ p: 0.5, plus: 1.8, minus: 1.8 }, /s is negative/],
      [{ p: 0.5, plus: 3, minus: -0.6 }, /a mixture of s and α s/],
      [{ p: 0, plus: 0.6, minus: -0.6 }, /the sigmoid of 0 is not 0/],
      [{ p: NaN, plus: NaN, minus: NaN }, /it would be 0 \/ 0 without ε/],
      [{ p: 0.5, plus: 3, minus: -3 }, /^p is right\. .* α is missing/],
      [{ p: 0.5, plus: 1.6, minus: -1.4 }, /^p is right\. .* α s, not α/],
      [{ p: 1, plus: 3, minus: -3 }, /exp\(0\) is 1/],
      [{ p: 0.7, plus: 2, minus: 2 }, /is not right/],
    ],
    "06.4 GAUC by hand": [
      [(4 * (2 / 3) + 3 + 3 * 0.5) / 10, /0\.5/],
      [(4 * (2 / 3) + 3) / 10, /C adds nothing to the numerator.*denominator/],
      [(4 * (2 / 3) + 3 + 3) / 10, /an AUC of 1\./],
      [(2 / 3 + 1) / 2, /plain mean of the two/],
      [(2 / 3 + 2) / 3, /weighted by clicks/],
      [(2 / 3 + 1 + 1) / 3, /plain mean of three users, with 1 for C/],
      [(2 / 3 + 1 + 0.5) / 3, /plain mean of three users, with 0\.5 for C/],
      [(2 / 3 + 1 + 0) / 3, /plain mean of three users, with 0 for C/],
      [0.72, /an AUC of 0\.5/], // of both ways to get there
      [(4 * (1 / 2) + 3) / 7, /If you gave A 0\.5/], // its click is second of four
      [0.714, /If you gave A 0\.5/],
      [0.57, /C adds nothing to the numerator/],
      [0.87, /an AUC of 1\./],
      [0.83, /plain mean of the two/],
      [0.89, /eight ninths can come from two mistakes/],
      [0.56, /plain mean of three users, with 0 for C/],
      [0.76, /over all ten/],
      [81, /^right, but in percent/],
      [(2 + 2) / (3 + 2), /won pairs of all users over all their pairs/],
      [0.8, /rounded too far/],
      [16 / 21, /over all ten/],
      [0.3, /is not right/],
    ],
  },
});
