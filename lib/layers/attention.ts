/**
 * Local activation unit: how much each step of a history matters to this candidate.
 *
 *   v_U(A) = Σⱼ a(eⱼ, v_A) eⱼ = Σⱼ wⱼ eⱼ                                  Zhou et al. (2018), eq. 3
 *
 * eⱼ: embedding of step j; v_A: that of the candidate; a: an MLP with one output that reads [v, e, v ⊙ e, v − e].
 * This layer gives the wⱼ; weightedSum (pooling.ts) does the rest.
 *
 * "none": wⱼ = a(eⱼ, v_A), free to be large or negative, so that the sum also says how strong the interest is.
 * "softmax": wⱼ = exp(aⱼ / √d) / Σ exp, over the real steps: the weights of a history sum to 1; d: length of eⱼ.
 * At padding wⱼ is 0 in both.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOneOf, checkOptionNames } from "../checks";
import type { Random } from "../random";
import { type ActivationName, createActivation, gainOf } from "./activations";
import { type Activation, type Pass, under, type Weight } from "./layer";
import { MLP } from "./mlp";
import { affine, columnSums, matMul, matMulGradient } from "./ops";
import { randomKernel, variable } from "./variables";

export interface AttentionConfig {
  /** Units of a's hidden layers, at least one. Default [80, 40], as in the authors' code. */
  units?: readonly number[] | undefined;
  /** Default "dice". The authors' code has "sigmoid". */
  activation?: ActivationName | undefined;
  /** Default "none", as in the paper; "softmax" as in the authors' code. */
  normalize?: "none" | "softmax" | undefined;
  /** Whether a also reads v − e, as in the authors' code. Default true. */
  difference?: boolean | undefined;
}

const optionNames: Record<keyof AttentionConfig, true> = {
  units: true, activation: true, normalize: true, difference: true,
};

/** DIN's attention: a weight for each step of a history, from what the step and the candidate have in common. */
export class LocalActivationUnit {
  readonly kernel: tf.Variable<tf.Rank.R2>; // of the first layer: [3d or 4d, units]
  readonly bias: tf.Variable<tf.Rank.R1>; // [units]
  private readonly activation: Activation;
  private readonly rest: MLP; // the layers after the first: [n, units] → [n, 1]
  private readonly normalize: "none" | "softmax";

  /** inputDim: d, the length of eⱼ and v_A. */
  constructor(config: AttentionConfig, { inputDim: d }: { inputDim: number }, random: Random) {
    checkOptionNames("attention", config, optionNames);
    const { units = [80, 40], activation = "dice", normalize = "none", difference = true } = config;
    checkOneOf("attention.normalize", normalize, ["none", "softmax"]);
    if (units.length === 0)
      throw new RangeError("attention.units is empty, expected at least one hidden layer, such as [80, 40]");
    const inputs = (difference ? 4 : 3) * d;
    this.kernel = randomKernel(inputs, units[0], gainOf(activation), random);
    this.bias = variable([units[0]]);
    this.activation = createActivation(activation, units[0]);
    this.rest = new MLP({ units: units.slice(1), activation }, { inputDim: units[0], outputDim: 1 }, random);
    this.normalize = normalize;
  }

  /**
   * wⱼ: candidate [batch, d], steps [batch or 1, T, d], mask [batch or 1, T] with 1 at real steps → [batch, T]. One
   * history serves all candidates, in inference.
   */
  apply(candidate: tf.Tensor2D, steps: tf.Tensor3D, mask: tf.Tensor2D, pass: Pass): tf.Tensor2D {
    return tf.tidy(() => {
      const first = comparison(candidate, steps, this.kernel, this.bias); // [batch, T, units]
      const [batch, T, units] = first.shape;
      const real = mask.reshape<tf.Tensor1D>([-1]); // [batch · T], or [T] for one history
      const hidden = this.activation.apply(first.reshape([batch * T, units]), pass, real); // [batch · T, units]
      const a = this.rest.apply(hidden, pass, real).reshape<tf.Tensor2D>([batch, T]); // [batch · T, 1] → [batch, T]
      if (this.normalize === "none") return a.mul(mask);
      return maskedSoftmax(a.div(Math.sqrt(steps.shape[2])), mask);
    });
  }

  get weights(): Record<string, Weight> {
    return { kernel: this.kernel, bias: this.bias, ...this.activation.weights, ...under("rest", this.rest.weights) };
  }
}

/**
 * [v, e, v ⊙ e, v − e] W + b for each step: v [batch, d], e [batch or 1, T, d], W [4d or 3d, units], b [units] →
 * [batch, T, units]. One history serves all candidates. With a W of 3d rows the difference is left out.
 *
 * A linear layer on vectors side by side is the sum of linear layers on each: with W in blocks of d rows,
 *
 *   v W₀ + e W₁ + (v ⊙ e) W₂ + (v − e) W₃ = v (W₀ + W₃) + e (W₁ − W₃) + (v ⊙ e) W₂
 *
 * so v is multiplied once per impression instead of once per step, and the 4d numbers per step are never
 * written side by side. That halves the work.
 */
export function comparison(v: tf.Tensor2D, e: tf.Tensor3D, W: tf.Tensor2D, b: tf.Tensor1D): tf.Tensor3D {
  return (e.shape[0] < v.shape[0] ? comparisonWithOne : comparisonOfEach)(v, e, W, b);
}

/**
 * For one history, e [1, T, d]. All its steps side by side are one linear layer on v, with T · units outputs. What this
 * layer multiplies and adds depends on the history alone: for step j
 *
 *   v (W₀ + W₃ + diag(eⱼ) W₂) + eⱼ (W₁ − W₃) + b
 */
function comparisonWithOne(v: tf.Tensor2D, e: tf.Tensor3D, W: tf.Tensor2D, b: tf.Tensor1D): tf.Tensor3D {
  const [, T, d] = e.shape;
  const units = W.shape[1];
  const [W0, W1, W2, W3] = tf.split(W, W.shape[0] / d); // [d, units] each
  const [ofCandidate, ofStep] = W3 ? [W0.add(W3), W1.sub(W3)] : [W0, W1];
  const steps = e.reshape<tf.Tensor2D>([T, d]); // [T, d]
  const ofProduct = steps.transpose().expandDims(2).mul(W2.expandDims(1)); // diag(eⱼ) W₂ for each step: [d, T, units]
  const kernel = ofProduct.add(ofCandidate.expandDims(1)); // [d, T, units]
  const bias = affine(steps, ofStep as tf.Tensor2D, b); // [T, units]
  const outputs = T * units;
  return affine(v, kernel.reshape([d, outputs]), bias.reshape([outputs])).reshape([-1, T, units]); // [batch, T, units]
}

/** For a history per candidate. The gradient is written out: tfjs's own would take twice as many operations. */
function comparisonOfEach(v: tf.Tensor2D, e: tf.Tensor3D, W: tf.Tensor2D, b: tf.Tensor1D): tf.Tensor3D {
  const [batch, T, d] = e.shape;
  const units = W.shape[1];
  const op = tf.customGrad((...inputs) => {
    const [v, e, W, b] = inputs as [tf.Tensor2D, tf.Tensor3D, tf.Tensor2D, tf.Tensor1D];
    const save = inputs[4] as unknown as tf.GradSaveFunc;
    const [ofCandidate, ofStep, ofProduct] = merged(W.dataSync() as Float32Array, d * units).map((w) =>
      tf.tensor2d(w, [d, units]),
    );
    const product = v.expandDims(1).mul(e).reshape<tf.Tensor2D>([batch * T, d]); // v ⊙ e: [batch · T, d]
    const fromStep = matMul(e.reshape<tf.Tensor2D>([batch * T, d]), ofStep); // [batch · T, units]
    const fromProduct = matMul(product, ofProduct); // [batch · T, units]
    const fromCandidate = affine(v, ofCandidate, b); // [batch, units]
    save([v, e, product, ofCandidate, ofStep, ofProduct]);
    const value = fromStep
      .reshape([batch, T, units])
      .add(fromProduct.reshape([batch, T, units]))
      .add(fromCandidate.reshape([batch, 1, units])); // [batch, T, units]
    return { value, gradFunc };
  });

  /** From dy [batch, T, units] to the gradients of v, e, W and b. */
  function gradFunc(dy: tf.Tensor, [v, e, product, ofCandidate, ofStep, ofProduct]: tf.Tensor[]): tf.Tensor[] {
    const dCandidate = dy.sum(1); // [batch, units]
    const [dv, dOfCandidate] = matMulGradient(dCandidate, v, ofCandidate);
    const dStep = dy.reshape([batch * T, units]); // of what comes from the step, and from v ⊙ e: [batch · T, units]
    const [de, dOfStep] = matMulGradient(dStep, e.reshape([batch * T, d]), ofStep);
    const [dProduct, dOfProduct] = matMulGradient(dStep, product, ofProduct);
    const perStep = dProduct.reshape([batch, T, d]); // the gradient of v ⊙ e: [batch, T, d]
    const dW = parted([dOfCandidate, dOfStep, dOfProduct].map((x) => x.dataSync() as Float32Array), W.size);
    return [
      dv.add(perStep.mul(e).sum(1)),
      de.reshape(e.shape).add(perStep.mul(v.expandDims(1))),
      tf.tensor2d(dW, W.shape),
      columnSums(dCandidate),
    ];
  }
  return op(v, e, W, b) as tf.Tensor3D;
}

/** W₀ + W₃, W₁ − W₃ and W₂, from the blocks of W one after the other; without a W₃, just W₀, W₁ and W₂. */
function merged(W: Float32Array, block: number): Float32Array[] {
  const [W0, W1, W2, W3] = [0, 1, 2, 3].map((i) => W.subarray(i * block, (i + 1) * block));
  return W3.length === 0
    ? [W0.slice(), W1.slice(), W2.slice()]
    : [W0.map((w, i) => w + W3[i]), W1.map((w, i) => w - W3[i]), W2.slice()];
}

/** The way back for gradients: those of W₀, W₁, W₂ and, if W has it, W₃. */
function parted([candidate, step, product]: readonly Float32Array[], size: number): Float32Array {
  const dW = new Float32Array(size);
  [candidate, step, product].forEach((block, i) => dW.set(block, i * block.length));
  if (size > 3 * step.length) dW.set(candidate.map((g, i) => g - step[i]), 3 * step.length);
  return dW;
}

/**
 * Softmax over the steps with mask 1, 0 at the others, so all 0 if there are none: a [batch, T], mask [batch or 1, T] →
 * [batch, T].
 */
export function maskedSoftmax(a: tf.Tensor2D, mask: tf.Tensor2D): tf.Tensor2D {
  const atPadding = mask.sub(1).mul(1e30); // 0 at real steps, so low at padding that exp gives exactly 0
  return a.add<tf.Tensor2D>(atPadding).softmax().mul(mask); // the last mask: for histories without a step
}
