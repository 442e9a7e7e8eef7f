/**
 * Optimizers: how a gradient becomes a change of weights. Each is one plain loop over rows of numbers;
 * a whole dense weight is a single row. So the rows of tables and dense weights follow the same rule to
 * the last digit, whichever engine computed the gradient.
 *
 * Optimizers hold no state: their slots (sums of squares, moments) belong to the training (step.ts). The
 * slots of a row lie side by side, so that they are fetched and put back as one row. "Slot" is TensorFlow's word for a
 * number that is kept for every weight; in lib/layers a slot is a place for an id.
 *
 * w: weight, g: gradient, η: learning rate, t: step, counted from 1.
 */
import { checkNotNegative, checkOptionNames, checkPositive, checkShare } from "../checks";
import { aligned, scratch } from "../rows/memory";

export interface Optimizer {
  /** What it is, as plain JSON. */
  readonly settings: { readonly kind: string; readonly learningRate: number } & Readonly<
    Record<string, number | string>
  >;
  /** Numbers that it keeps for every weight: by name, with the value they start from. */
  readonly slots: Readonly<Record<string, number>>;
  /**
   * Updates rows in place: weights, gradient [rows x dim], state [rows x slots x dim], see newState.
   * rate: η at this step, after any schedule.
   */
  update(
    weights: Float32Array,
    state: Float32Array,
    gradient: Float32Array,
    dim: number,
    rate: number,
    step: number,
  ): void;
}

/** What the optimizer keeps for this many rows before its first step: [rows x slots x dim]. */
export function newState(optimizer: Optimizer, rows: number, dim: number): Float32Array {
  return startState(optimizer, new Float32Array(rows * Object.keys(optimizer.slots).length * dim), dim);
}

/** Fills a state of zeros with what the slots start from, and returns it. */
export function startState({ slots }: Optimizer, state: Float32Array, dim: number): Float32Array {
  const starts = Object.values(slots);
  if (starts.some((start) => start !== 0)) {
    for (let i = 0; i < state.length; i++) state[i] = starts[Math.floor(i / dim) % starts.length];
  }
  return state;
}

/** Stochastic gradient descent: w ← w − η g. */
export function sgd(options: { learningRate: number }): Optimizer {
  checkOptionNames("sgd", options, { learningRate: true });
  const { learningRate } = options;
  checkPositive("learningRate", learningRate);
  return {
    settings: { kind: "sgd", learningRate },
    slots: {},
    update(weights, _state, gradient, _dim, rate) {
      for (let i = 0; i < weights.length; i++) weights[i] -= rate * gradient[i];
    },
  };
}

/**
 * AdaGrad: G ← G + g²; w ← w − η g / √G, each weight with its own G (Duchi, Hazan & Singer 2011).
 * A row that is seldom seen keeps large steps. G starts at `start`: 0.1 as in TensorFlow; LIBFFM has 1.
 */
export function adagrad(options: { learningRate: number; start?: number | undefined }): Optimizer {
  checkOptionNames("adagrad", options, { learningRate: true, start: true });
  const { learningRate, start = 0.1 } = options;
  checkPositive("learningRate", learningRate);
  checkPositive("start", Math.fround(start)); // as its slot holds it: a 0 there would lead to 0 / 0
  return {
    settings: { kind: "adagrad", learningRate, start },
    slots: { sumOfSquares: start },
    update(weights, sums, gradient, _dim, rate) {
      for (let i = 0; i < weights.length; i++) {
        const g = gradient[i];
        sums[i] += g * g;
        weights[i] -= (rate * g) / Math.sqrt(sums[i]);
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
export function adam(
  options: {
    learningRate?: number | undefined;
    beta1?: number | undefined;
    beta2?: number | undefined;
    epsilon?: number | undefined;
  } = {},
): Optimizer {
  checkOptionNames("adam", options, { learningRate: true, beta1: true, beta2: true, epsilon: true });
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkPositive("learningRate", learningRate);
  checkShare("beta1", beta1);
  checkShare("beta2", beta2);
  checkPositive("epsilon", epsilon);
  return {
    settings: { kind: "adam", learningRate, beta1, beta2, epsilon },
    slots: { mean: 0, square: 0 },
    update(weights, state, gradient, dim, rate, step) {
      const scale = rate / (1 - beta1 ** step); // η m̂ = scale m
      const root = 1 / Math.sqrt(1 - beta2 ** step); // √v̂ = root √v
      const adamRows = weights.length < few ? adamInJavaScript : adamCompiled;
      adamRows(weights, state, gradient, dim, scale, root, beta1, beta2, epsilon);
    },
  };
}

const few = 256; // numbers: copying them to the compiled loop and back takes longer than the loop

/** The definition; the compiled loop gives the same digits. */
export function adamInJavaScript(
  weights: Float32Array,
  state: Float32Array,
  gradient: Float32Array,
  dim: number,
  ...numbers: AdamNumbers
): void {
  const [scale, root, beta1, beta2, epsilon] = numbers;
  for (let w = 0; w < weights.length; w += dim) {
    const mean = 2 * w;
    const square = mean + dim;
    for (let d = 0; d < dim; d++) {
      const g = gradient[w + d];
      const m = beta1 * state[mean + d] + (1 - beta1) * g;
      const v = beta2 * state[square + d] + (1 - beta2) * g * g;
      state[mean + d] = m;
      state[square + d] = v;
      weights[w + d] -= (scale * m) / (root * Math.sqrt(v) + epsilon);
    }
  }
}

/** The same in compiled code (lib/rows). */
export function adamCompiled(
  weights: Float32Array,
  state: Float32Array,
  gradient: Float32Array,
  dim: number,
  ...numbers: AdamNumbers
): void {
  const stateAt = aligned(4 * weights.length);
  const gradientAt = aligned(stateAt + 4 * state.length);
  const memory = scratch(gradientAt + 4 * gradient.length);
  const [weightsThere, stateThere] = [memory.floats(0, weights.length), memory.floats(stateAt, state.length)];
  weightsThere.set(weights);
  stateThere.set(state);
  memory.floats(gradientAt, gradient.length).set(gradient);
  memory.loops.adam(0, stateAt, gradientAt, weights.length / dim, dim, ...numbers);
  weights.set(weightsThere);
  state.set(stateThere);
}

type AdamNumbers = [scale: number, root: number, beta1: number, beta2: number, epsilon: number];

/**
 * FTRL-Proximal, which sets weights of little use to exactly 0 (McMahan et al. 2013, algorithm 1):
 *
 *   σ = (√(n + g²) − √n) / η;  z ← z + g − σ w;  n ← n + g²;
 *   w ← 0 if |z| ≤ λ₁, else −(z − sign(z) λ₁) / ((β + √n) / η + λ₂)
 *
 * λ₁ is for all steps together, not for each: a weight stays 0 until the sum of its gradients is beyond ±λ₁.
 *
 * σ is the growth of (β + √n) / η. Under a schedule η changes too, so there σ is the difference between that quotient
 * now and at the weight's last update: otherwise a gradient of 0 would multiply w by the new η over the old one.
 *
 * For weights that start at 0, such as the wide part of Wide & Deep: w is computed from z and n, which know nothing of
 * another start. The first update leaves a share |g| / (β + |g|) of such a start, and less with λ₁ or λ₂.
 */
export function ftrl(options: {
  learningRate: number;
  beta?: number | undefined;
  l1?: number | undefined;
  l2?: number | undefined;
}): Optimizer {
  checkOptionNames("ftrl", options, { learningRate: true, beta: true, l1: true, l2: true });
  const { learningRate, beta = 1, l1 = 0, l2 = 0 } = options;
  checkPositive("learningRate", learningRate);
  for (const [name, value] of Object.entries({ beta, l1, l2 })) checkNotNegative(`ftrl: ${name}`, value);
  return {
    settings: { kind: "ftrl", learningRate, beta, l1, l2 },
    slots: { z: 0, n: 0, rate: 0 }, // rate: η of the last update, 0 before the first
    update(weights, state, gradient, dim, rate) {
      if (rate < 1e-30) return; // as at the end of a cosine: w would hardly move, but z, in 32 bits, would be infinite
      for (let w = 0; w < weights.length; w += dim) {
        const z = 3 * w;
        const n = z + dim;
        const last = n + dim;
        for (let d = 0; d < dim; d++) {
          const g = gradient[w + d];
          const [before, root] = [Math.sqrt(state[n + d]), Math.sqrt(state[n + d] + g * g)];
          const sameRate = state[last + d] === 0 || state[last + d] === Math.fround(rate);
          const sigma = sameRate ? (root - before) / rate : (beta + root) / rate - (beta + before) / state[last + d];
          state[z + d] += g - sigma * weights[w + d];
          state[n + d] += g * g;
          state[last + d] = rate;
          const above = Math.abs(state[z + d]) - l1;
          weights[w + d] = above <= 0 ? 0 : (-Math.sign(state[z + d]) * above) / ((beta + root) / rate + l2);
        }
      }
    },
  };
}
