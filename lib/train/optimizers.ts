/**
 * Optimizers: how a gradient becomes a change of weights. Each is one plain loop over a stretch of
 * numbers, and a stretch is a row of a table or a whole dense weight. So rows and dense weights follow
 * the same rule to the last digit, whichever engine computed the gradient.
 *
 * Optimizers hold no state: their slots (sums of squares, moments) belong to the training (step.ts).
 *
 * w: weight, g: gradient, η: learning rate, t: step, counted from 1.
 */

export interface Optimizer {
  /** What it is, as plain JSON. */
  readonly settings: { readonly kind: string; readonly learningRate: number } & Readonly<Record<string, number | string>>;
  /** Numbers that it keeps for every weight: by name, with the value they start from. */
  readonly slots: Readonly<Record<string, number>>;
  /**
   * Updates weights[at .. at + count - 1] in place by gradient[from .. from + count - 1].
   * slots: in the order of `slots`, each as long as weights. rate: η at this step, after any schedule.
   */
  update(
    weights: Float32Array,
    at: number,
    gradient: Float32Array,
    from: number,
    count: number,
    slots: readonly Float32Array[],
    rate: number,
    step: number,
  ): void;
}

/** Stochastic gradient descent: w ← w − η g. */
export function sgd({ learningRate }: { learningRate: number }): Optimizer {
  checkPositive("learningRate", learningRate);
  return {
    settings: { kind: "sgd", learningRate },
    slots: {},
    update(weights, at, gradient, from, count, _slots, rate) {
      for (let i = 0; i < count; i++) weights[at + i] -= rate * gradient[from + i];
    },
  };
}

/**
 * AdaGrad: G ← G + g²; w ← w − η g / √G, each weight with its own G (Duchi, Hazan & Singer 2011).
 * A row that is seldom seen keeps large steps. G starts at `start`: 0.1 as in TensorFlow; LIBFFM has 1.
 */
export function adagrad({ learningRate, start = 0.1 }: { learningRate: number; start?: number }): Optimizer {
  checkPositive("learningRate", learningRate);
  checkPositive("start", start);
  return {
    settings: { kind: "adagrad", learningRate, start },
    slots: { sumOfSquares: start },
    update(weights, at, gradient, from, count, [sums], rate) {
      for (let i = 0; i < count; i++) {
        const g = gradient[from + i];
        sums[at + i] += g * g;
        weights[at + i] -= (rate * g) / Math.sqrt(sums[at + i]);
      }
    },
  };
}

/**
 * Adam: m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; w ← w − η m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and
 * v̂ = v / (1 − β₂ᵗ) (Kingma & Ba 2015).
 *
 * On the rows of a table this is lazy Adam: a row that is not in the batch keeps its m and v and does not
 * move, while dense Adam would let m and v decay and go on moving the row by what is left of m.
 * t counts all steps of the training, not those of the row.
 */
export function adam(options: { learningRate?: number; beta1?: number; beta2?: number; epsilon?: number } = {}): Optimizer {
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkPositive("learningRate", learningRate);
  checkBelowOne("beta1", beta1);
  checkBelowOne("beta2", beta2);
  checkPositive("epsilon", epsilon);
  return {
    settings: { kind: "adam", learningRate, beta1, beta2, epsilon },
    slots: { mean: 0, square: 0 },
    update(weights, at, gradient, from, count, [mean, square], rate, step) {
      const meanScale = 1 / (1 - beta1 ** step);
      const squareScale = 1 / (1 - beta2 ** step);
      for (let i = 0; i < count; i++) {
        const g = gradient[from + i];
        const m = beta1 * mean[at + i] + (1 - beta1) * g;
        const v = beta2 * square[at + i] + (1 - beta2) * g * g;
        mean[at + i] = m;
        square[at + i] = v;
        weights[at + i] -= (rate * m * meanScale) / (Math.sqrt(v * squareScale) + epsilon);
      }
    },
  };
}

/**
 * FTRL-Proximal, which sets weights of little use to exactly 0 (McMahan et al. 2013, algorithm 1):
 *
 *   σ = (√(n + g²) − √n) / η;  z ← z + g − σ w;  n ← n + g²
 *   w ← 0 if |z| ≤ λ₁, else −(z − sign(z) λ₁) / ((β + √n) / η + λ₂)
 *
 * For weights that start at 0, such as the wide part of Wide & Deep: w is computed from z and n alone,
 * so any other start is forgotten at the first update.
 */
export function ftrl(options: { learningRate: number; beta?: number; l1?: number; l2?: number }): Optimizer {
  const { learningRate, beta = 1, l1 = 0, l2 = 0 } = options;
  checkPositive("learningRate", learningRate);
  for (const [name, value] of Object.entries({ beta, l1, l2 })) {
    if (!(value >= 0 && Number.isFinite(value))) throw new RangeError(`ftrl: ${name} is ${value}, expected a number from 0 up`);
  }
  return {
    settings: { kind: "ftrl", learningRate, beta, l1, l2 },
    slots: { z: 0, n: 0 },
    update(weights, at, gradient, from, count, [z, n], rate) {
      for (let i = 0; i < count; i++) {
        const g = gradient[from + i];
        const root = Math.sqrt(n[at + i] + g * g);
        z[at + i] += g - ((root - Math.sqrt(n[at + i])) / rate) * weights[at + i];
        n[at + i] += g * g;
        const above = Math.abs(z[at + i]) - l1;
        weights[at + i] = above <= 0 ? 0 : (-Math.sign(z[at + i]) * above) / ((beta + root) / rate + l2);
      }
    },
  };
}

function checkPositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} is ${value}, expected a number above 0`);
}

function checkBelowOne(name: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new RangeError(`${name} is ${value}, expected a number from 0 to below 1`);
}
