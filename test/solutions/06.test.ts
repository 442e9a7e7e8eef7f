import { exercises, type Update } from "../../lib/notebook/exercises/06";
import { solutions } from "../../material/solutions/06";
import { testExercises } from "./harness";

const summed = (gradients: number[][], d: number) => gradients.reduce((sum, gradient) => sum + gradient[d], 0);
const always: Update = (w, g, _, n, lambda, eta) =>
  w.map((x, d) => x - eta * (summed(g, d) / g.length + (lambda / n) * x));
const full: Update = (w, g, _, _n, lambda, eta) => w.map((x, d) => x - eta * (summed(g, d) / g.length + lambda * x));
const counted: Update = (w, g, present, n, lambda, eta) =>
  w.map((x, d) => x - eta * (summed(g, d) / g.length + (lambda * present.filter(Boolean).length * x) / n));
const twice: Update = (w, g, present, n, lambda, eta) =>
  w.map((x, d) => x - eta * (summed(g, d) / g.length + (present.includes(true) ? (lambda * x) / n / n : 0)));
const notMean: Update = (w, g, present, n, lambda, eta) =>
  w.map((x, d) => x - eta * (summed(g, d) + (present.includes(true) ? (lambda * x) / n : 0)));
const trap: Update = (w, g, present, n, lambda, eta) =>
  w.map((x, d) => x - (eta * (summed(g, d) + (present.includes(true) ? (lambda * x) / n : 0))) / g.length);
const upwards: Update = (w, g, present, n, lambda, eta) =>
  w.map((x, d) => x + eta * (summed(g, d) / g.length + (present.includes(true) ? (lambda * x) / n : 0)));
const penaltyTurned: Update = (w, g, present, n, lambda, eta) =>
  w.map((x, d) => x - eta * (summed(g, d) / g.length - (present.includes(true) ? (lambda * x) / n : 0)));
const withAlpha =
  (alpha: (present: boolean[], g: number[][]) => boolean | number): Update =>
  (w, g, present, n, lambda, eta) =>
    w.map((x, d) => x - eta * (summed(g, d) / g.length + (lambda * Number(alpha(present, g)) * x) / n));
/** A step with gradients and a penalty that are worked out in another way. */
const withParts =
  (step: (gradient: number, penalty: number, eta: number) => number, count?: (present: boolean[]) => number): Update =>
  (w, g, present, n, lambda, eta) =>
    w.map((x, d) => {
      const gradient = summed(g, d) / (count ? count(present) : g.length);
      return x - step(gradient, present.includes(true) ? (lambda * x) / n : 0, eta);
    });
const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));

testExercises({
  notebook: "06",
  exercises,
  solutions,
  wrong: {
    "06.1 which rows move": [
      [[0.12, 0, 0.15, 0], /towards 0/],
      [[-0.48, -0.18, -0.3, -0.12], /full L2/],
      [[-0.36, 0, -0.15, 0], /not a count/],
      [[-0.03, 0, -0.075, 0], /twice/],
      [[-0.12, -0.18, -0.15, -0.012], /rows 2 and 4 are not in the batch/],
      [[-0.48, 0, -0.3, 0], /still to be divided/],
      [[-0.48 / 3, 0, -0.3, 0], /n is the count in all training data/],
      [[8 - 0.12, 3, 5 - 0.15, 2], /these are the new rows/],
      [[-0.24, 0, -0.3, 0], /derivative of λ w²/],
      [[-0.6, 0, -0.75, 0], /η is missing/],
      [[-0.4, 0, -0.5, 0], /λ is missing/],
      [[-0.03, 0, -0.0375, 0], /size of the batch/],
      [[0, -0.18, 0, -0.012], /rows from 0/],
      [[-0.12, 0, -0.12, 0], /is not right/],
    ],
    "06.2 update one row": [
      [always, /in no impression/],
      [full, /full L2/],
      [counted, /not the number of impressions/],
      [
        (w: number[], g: number[][], present: boolean[], _: number, lambda: number, eta: number) =>
          solutions["06.2 update one row"](w, g, present, 1, lambda, eta),
        /not divided by n yet/,
      ],
      [
        (w: number[], g: number[][], present: boolean[], n: number, _: number, eta: number) =>
          solutions["06.2 update one row"](w, g, present, n, 0, eta),
        /The penalty is missing/,
      ],
      [twice, /divided by n twice/],
      [notMean, /not averaged/],
      [trap, /scaling trap/],
      [upwards, /goes uphill/],
      [penaltyTurned, /sign of the penalty/],
      [
        (w: number[], g: number[][], present: boolean[], n: number, lambda: number, eta: number) =>
          solutions["06.2 update one row"](
            w,
            g.map((row) => row.map(() => 0)),
            present,
            n,
            lambda,
            eta,
          ),
        /gradient of the loss is missing/,
      ],
      [(w: number[]) => w, /expected \[ 3\.7, 1\.8 \], got \[ 4, 2 \]\. The hint above/],
      [withAlpha((_, g) => g.some((row) => row.some((x) => x !== 0))), /from the gradients/],
      [withAlpha((present) => present[0]), /first impression/],
      [withAlpha((present) => present.every(Boolean)), /not only if all have it/],
      [withAlpha((present) => present.filter(Boolean).length / present.length), /not the share/],
      [withAlpha((present) => present.some(Boolean) && 2), /derivative of λ w²/],
      [
        (w: number[], g: number[][], present: boolean[], n: number, _: number, eta: number) =>
          solutions["06.2 update one row"](w, g, present, n, 1, eta),
        /λ is missing/,
      ],
      [
        (w: number[], g: number[][], present: boolean[], n: number, lambda: number, eta: number) =>
          solutions["06.2 update one row"](w, g, present, n, lambda / eta, eta),
        /front of the gradient only/,
      ],
      [
        (w: number[], g: number[][], present: boolean[], n: number, lambda: number, eta: number) =>
          w.map((x, d) => x - eta * (summed(g, d) / g.length + (present.includes(true) ? lambda / n : 0))),
        /without the factor w/,
      ],
      [
        (w: number[], g: number[][], present: boolean[], n: number, lambda: number, eta: number) =>
          w.map((x, d) => {
            const pull = present.includes(true) ? Math.sign(x) : 0;
            return x - eta * (summed(g, d) / g.length + (lambda / n) * pull);
          }),
        /penalty of \|w\|/,
      ],
      [withParts((gradient, penalty) => gradient + penalty), /η is missing/],
      [withParts((gradient, penalty, eta) => gradient + eta * penalty), /front of the penalty only/],
      [
        withParts(
          (gradient, penalty, eta) => eta * (gradient + penalty),
          (present) => present.filter(Boolean).length,
        ),
        /over the whole batch, not over/,
      ],
      [
        withParts(
          (gradient, penalty, eta) => eta * (gradient + penalty),
          (present) => present.filter(Boolean).length || 1,
        ),
        /over the whole batch, not over/,
      ],
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
        /without normalizing/,
      ],
      [{ p: 0.5, plus: 1.5, minus: -1.5 }, /does not vanish/],
      [{ p: 0.5, plus: 1.8, minus: -0.6 }, /the batch's mean is −3/],
      [{ p: 0.5, plus: 1.8, minus: 1.8 }, /s is negative/],
      [{ p: 0.5, plus: 3, minus: -0.6 }, /a mixture of s and α s/],
      [{ p: 0, plus: 0.6, minus: -0.6 }, /the sigmoid of 0 is not 0/],
      [{ p: NaN, plus: NaN, minus: NaN }, /0 \/ 0 it would be without ε/],
      [{ p: 0.7, plus: 2, minus: 2 }, /is not right/],
    ],
    "06.4 GAUC by hand": [
      [(4 * (2 / 3) + 3 + 3 * 0.5) / 10, /0\.5/],
      [(4 * (2 / 3) + 3) / 10, /C adds nothing above.*denominator/],
      [(4 * (2 / 3) + 3 + 3) / 10, /an AUC of 1\./],
      [(2 / 3 + 1) / 2, /plain mean of the two/],
      [(2 / 3 + 2) / 3, /weighted by clicks/],
      [(2 / 3 + 1 + 1) / 3, /plain mean of three users, with 1 for C/],
      [(2 / 3 + 1 + 0.5) / 3, /plain mean of three users, with 0\.5 for C/],
      [(2 / 3 + 1 + 0) / 3, /plain mean of three users, with 0 for C/],
      [81, /^right, but in percent/],
      [(2 + 2) / (3 + 2), /won pairs of all users over all their pairs/],
      [0.8, /rounded too far/],
      [16 / 21, /over all ten/],
      [0.3, /is not right/],
    ],
  },
});
