/** Optimizers as their formulas say, on dense weights and in doubles: what rows are compared with. */
import * as tf from "@tensorflow/tfjs";
import type { Impressions } from "../../lib/data/impressions";
import { isTable } from "../../lib/layers/layer";
import type { Model } from "../../lib/models/model";
import { gradients } from "../../lib/train/gradients";
import { adagrad, adam, ftrl, type Optimizer, sgd } from "../../lib/train/optimizers";
import { tableGradient } from "../layers/numeric";

/** The new value of one weight from its old one, its gradient and the step. It remembers what it has to. */
export type Rule = (w: number, g: number, t: number) => number;

/** The rule of each optimizer on one weight, written from its formula, in doubles. */
export const rules: Record<string, { optimizer: Optimizer; rule(): Rule }> = {
  sgd: { optimizer: sgd({ learningRate: 0.1 }), rule: () => (w, g) => w - 0.1 * g },
  adagrad: {
    optimizer: adagrad({ learningRate: 0.1, start: 0.5 }),
    rule() {
      let sum = 0.5;
      return (w, g) => {
        sum += g * g;
        return w - (0.1 * g) / Math.sqrt(sum);
      };
    },
  },
  adam: {
    optimizer: adam({ learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-4 }),
    rule() {
      let m = 0;
      let v = 0;
      return (w, g, t) => {
        m = 0.8 * m + 0.2 * g;
        v = 0.95 * v + 0.05 * g * g;
        return w - (0.1 * (m / (1 - 0.8 ** t))) / (Math.sqrt(v / (1 - 0.95 ** t)) + 1e-4);
      };
    },
  },
  ftrl: {
    optimizer: ftrl({ learningRate: 0.1, beta: 0.7, l1: 0.2, l2: 0.3 }),
    rule() {
      let z = 0;
      let n = 0;
      return (w, g) => {
        z += g - ((Math.sqrt(n + g * g) - Math.sqrt(n)) / 0.1) * w;
        n += g * g;
        return Math.abs(z) <= 0.2 ? 0 : -(z - Math.sign(z) * 0.2) / ((0.7 + Math.sqrt(n)) / 0.1 + 0.3);
      };
    },
  },
};

/**
 * Trains one step as if tables were dense: every row has a gradient, 0 where it is not in the batch, plus lambda
 * times the row. state: the rule of each number, made at the first step.
 */
export function denseStep(
  model: Model,
  batch: Impressions,
  state: Record<string, Rule[]>,
  step: number,
  rule: () => Rule,
  lambda = 0,
): void {
  const { dense, rows } = gradients(model, batch);
  for (const [name, weight] of Object.entries(model.weights)) {
    if (isTable(weight)) {
      const gradient = tableGradient(rows[name], weight).map((g, i) => g + lambda * weight.values[i]);
      state[name] ??= Array.from(gradient, rule);
      for (let i = weight.dim; i < gradient.length; i++)
        weight.values[i] = state[name][i](weight.values[i], gradient[i], step);
    } else {
      const values = Array.from(weight.dataSync());
      state[name] ??= values.map(rule);
      weight.assign(
        tf.tensor(
          values.map((w, i) => state[name][i](w, dense[name][i], step)),
          weight.shape,
        ),
      );
    }
  }
}
