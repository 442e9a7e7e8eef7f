import { exercises } from "../../lib/notebook/exercises/06";
import { solutions } from "../../material/solutions/06";
import { testExercises } from "./harness";

type Update = (w: number[], gradients: number[][], present: boolean[], n: number, lambda: number, eta: number) => number[];
const summed = (gradients: number[][], d: number) => gradients.reduce((sum, gradient) => sum + gradient[d], 0);
const always: Update = (w, g, _, n, lambda, eta) => w.map((x, d) => x - eta * (summed(g, d) / g.length + (lambda / n) * x));
const full: Update = (w, g, _, _n, lambda, eta) => w.map((x, d) => x - eta * (summed(g, d) / g.length + lambda * x));
const counted: Update = (w, g, present, n, lambda, eta) => w.map((x, d) => x - eta * (summed(g, d) / g.length + (lambda * present.filter(Boolean).length * x) / n));
const twice: Update = (w, g, present, n, lambda, eta) => w.map((x, d) => x - eta * (summed(g, d) / g.length + (present.includes(true) ? (lambda * x) / n / n : 0)));
const notMean: Update = (w, g, present, n, lambda, eta) => w.map((x, d) => x - eta * (summed(g, d) + (present.includes(true) ? (lambda * x) / n : 0)));
const trap: Update = (w, g, present, n, lambda, eta) => w.map((x, d) => x - (eta * (summed(g, d) + (present.includes(true) ? (lambda * x) / n : 0))) / g.length);
const upwards: Update = (w, g, present, n, lambda, eta) => w.map((x, d) => x + eta * (summed(g, d) / g.length + (present.includes(true) ? (lambda * x) / n : 0)));
const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));

testExercises({
  notebook: "06",
  exercises,
  solutions,
  wrong: {
    "06.1 which rows move": [
      [[0.4, 0, 0.5, 0], /towards 0/],
      [[-1.6, -0.6, -1, -0.4], /full L2/],
      [[-1.2, 0, -0.5, 0], /not a count/],
      [[-0.1, 0, -0.25, 0], /twice/],
      [[-0.4, -0.6, -0.5, -0.04], /not in the batch/],
      [[-0.4, 0, -0.4, 0], /change of a row/],
    ],
    "06.2 update one row": [
      [always, /in no impression/],
      [full, /full L2/],
      [counted, /1 if there is any/],
      [twice, /divided by n twice/],
      [notMean, /not averaged/],
      [trap, /scaling trap/],
      [upwards, /expected/],
    ],
    "06.3 Dice alone": [
      [{ p: 1, plus: 3, minus: -0.6 }, /PReLU/],
      [{ p: sigmoid(3), plus: sigmoid(3) * 3 + (1 - sigmoid(3)) * 0.6, minus: sigmoid(-3) * -3 - (1 - sigmoid(-3)) * 0.6 }, /without normalizing/],
      [{ p: 0.5, plus: 1.5, minus: -1.5 }, /does not vanish/],
      [{ p: 0.5, plus: 1.8, minus: -0.6 }, /not 0/],
      [{ p: 0.7, plus: 2, minus: 2 }, /Put E\[s\] = s/],
    ],
    "06.4 GAUC by hand": [
      [(4 * (2 / 3) + 3 + 3 * 0.5) / 10, /0\.5/],
      [(4 * (2 / 3) + 3) / 10, /denominator/],
      [(2 / 3 + 1) / 2, /plain mean of the two/],
      [(2 / 3 + 2) / 3, /weighted by clicks/],
      [16 / 21, /over all ten/],
      [0.3, /three pairs/],
    ],
  },
});
