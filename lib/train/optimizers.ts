/**
 * Optimizers: how a gradient becomes a change of weights. Each is one plain loop over rows of numbers;
 * a whole dense weight is a single row. So the rows of tables and dense weights follow the same rule to
 * the last digit, whichever engine computed the gradient.
 *
 * Optimizers hold no state: their slots (sums of squares, moments) belong to the training (step.ts). The
 * slots of a row lie side by side, because a row of a large table is far from the next one in memory and
 * the loop waits once for each place it visits.
 *
 * w: weight, g: gradient, η: learning rate, t: step, counted from 1.
 */

export interface Optimizer {
  /** What it is, as plain JSON. */
  readonly settings: { readonly kind: string; readonly learningRate: number } & Readonly<Record<string, number | string>>;
  /** Numbers that it keeps for every weight: by name, with the value they start from. */
  readonly slots: Readonly<Record<string, number>>;
  /**
   * Updates rows of weights [rows x dim] in place.
   * state: [rows x slots x dim], see newState. rate: η at this step, after any schedule.
   */
  update(weights: Float32Array, state: Float32Array, changes: RowChanges, rate: number, step: number): void;
}

/** Gradients of some rows of a weight: row rows[i] has gradient[i x dim] and on, for i from start up to end. */
export interface RowChanges {
  readonly rows: Int32Array;
  readonly gradient: Float32Array;
  readonly dim: number;
  readonly start: number;
  readonly end: number;
}

/** The gradient of a weight, or of one of its rows, as a whole. */
export function oneRow(gradient: Float32Array, row = 0): RowChanges {
  return { rows: Int32Array.of(row), gradient, dim: gradient.length, start: 0, end: 1 };
}

/** What the optimizer keeps for a weight of so many rows before its first step: [rows x slots x dim]. */
export function newState({ slots }: Optimizer, rows: number, dim: number): Float32Array {
  const starts = Object.values(slots);
  const state = new Float32Array(rows * starts.length * dim);
  if (starts.some((start) => start !== 0)) {
    for (let i = 0; i < state.length; i++) state[i] = starts[Math.floor(i / dim) % starts.length];
  }
  return state;
}

/** Stochastic gradient descent: w ← w − η g. */
export function sgd({ learningRate }: { learningRate: number }): Optimizer {
  checkPositive("learningRate", learningRate);
  return {
    settings: { kind: "sgd", learningRate },
    slots: {},
    update(weights, _state, { rows, gradient, dim, start, end }, rate) {
      for (let i = start; i < end; i++) {
        const w = rows[i] * dim;
        for (let d = 0; d < dim; d++) weights[w + d] -= rate * gradient[i * dim + d];
      }
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
    update(weights, sums, { rows, gradient, dim, start, end }, rate) {
      for (let i = start; i < end; i++) {
        const w = rows[i] * dim;
        for (let d = 0; d < dim; d++) {
          const g = gradient[i * dim + d];
          sums[w + d] += g * g;
          weights[w + d] -= (rate * g) / Math.sqrt(sums[w + d]);
        }
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
  const corrections = new Float64Array(2); // of m and v; as plain numbers V8 would compute both powers again for each row
  return {
    settings: { kind: "adam", learningRate, beta1, beta2, epsilon },
    slots: { mean: 0, square: 0 },
    update(weights, state, { rows, gradient, dim, start, end }, rate, step) {
      corrections[0] = rate / (1 - beta1 ** step);
      corrections[1] = 1 / Math.sqrt(1 - beta2 ** step);
      adamRows(weights, state, rows, gradient, dim, start, end, corrections, beta1, beta2, epsilon);
    },
  };
}

/** Apart from adam(), because V8 makes twice as fast code of a loop over a function's own parameters. */
function adamRows(
  weights: Float32Array,
  state: Float32Array,
  rows: Int32Array,
  gradient: Float32Array,
  dim: number,
  start: number,
  end: number,
  corrections: Float64Array,
  beta1: number,
  beta2: number,
  epsilon: number,
): void {
  const scale = corrections[0]; // η m̂ = scale m
  const root = corrections[1]; // √v̂ = root √v
  for (let i = start; i < end; i++) {
    const w = rows[i] * dim;
    const mean = 2 * w;
    const square = mean + dim;
    for (let d = 0; d < dim; d++) {
      const g = gradient[i * dim + d];
      const m = beta1 * state[mean + d] + (1 - beta1) * g;
      const v = beta2 * state[square + d] + (1 - beta2) * g * g;
      state[mean + d] = m;
      state[square + d] = v;
      weights[w + d] -= (scale * m) / (root * Math.sqrt(v) + epsilon);
    }
  }
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
    update(weights, state, { rows, gradient, dim, start, end }, rate) {
      if (rate === 0) return; // as at the end of a cosine: w would not move, but z would be infinite
      for (let i = start; i < end; i++) {
        const w = rows[i] * dim;
        const z = 2 * w;
        const n = z + dim;
        for (let d = 0; d < dim; d++) {
          const g = gradient[i * dim + d];
          const root = Math.sqrt(state[n + d] + g * g);
          state[z + d] += g - ((root - Math.sqrt(state[n + d])) / rate) * weights[w + d];
          state[n + d] += g * g;
          const above = Math.abs(state[z + d]) - l1;
          weights[w + d] = above <= 0 ? 0 : (-Math.sign(state[z + d]) * above) / ((beta + root) / rate + l2);
        }
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
