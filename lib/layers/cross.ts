/**
 * Cross network: each layer multiplies by the input again, so layer l holds crosses up to degree l + 1.
 *
 *   version 1:  x_{l+1} = x₀ (x_lᵀ w_l) + b_l + x_l                       Wang et al. (2017), eq. 3
 *   version 2:  x_{l+1} = x₀ ⊙ (W_l x_l + b_l) + x_l                      Wang et al. (2021), eq. 1
 *
 * x_l and b_l [d]; w_l [d] in version 1, so 2 · d numbers a layer; W_l [d, d] in version 2, or, with rank r, the
 * product W = U Vᵀ of two matrices U_l [d, r] and V_l [d, r] (low rank, same paper). Here x_l are the rows of a batch,
 * multiplied from the right, so the kernels are Wᵀ, or V and Uᵀ.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOneOf, checkOptionNames, checkWhole } from "../checks";
import type { Random } from "../random";
import { addRow, matMul } from "./ops";
import { randomKernel, variable } from "./variables";

export interface CrossConfig {
  version: 1 | 2;
  /** L, the number of cross layers; with 0 the network gives its input. */
  layers: number;
  /** r, for version 2: W = U Vᵀ of that rank. Default: a full W. */
  rank?: number | undefined;
}

const optionNames: Record<keyof CrossConfig, true> = { version: true, layers: true, rank: true };

/** DCN's cross layers: [batch, inputDim] → the same shape. Each layer adds products of one degree more. */
export class CrossNetwork {
  /** Each layer's matrices, to be multiplied from left to right after x_l, and its bias. */
  private readonly layers: readonly { kernels: tf.Variable<tf.Rank.R2>[]; bias: tf.Variable<tf.Rank.R1> }[];
  private readonly version: 1 | 2;

  /** inputDim: d, the length of x₀. */
  constructor(config: CrossConfig, { inputDim: d }: { inputDim: number }, random: Random) {
    checkOptionNames("cross", config, optionNames);
    const { version, layers, rank } = config;
    checkOneOf("cross.version", version, [1, 2]);
    if (version === 1 && rank !== undefined)
      throw new RangeError(`cross.rank is ${rank} in version 1, whose w is a vector: expected no rank, or version 2`);
    if (rank !== undefined) checkWhole("cross.rank", rank);
    checkWhole("cross.layers", layers, 0);
    this.version = version;
    const kernels = () => {
      if (version === 1) return [randomKernel(d, 1, 1, random)];
      if (rank === undefined) return [randomKernel(d, d, 1, random)];
      return [randomKernel(d, rank, 1, random), randomKernel(rank, d, 1, random)];
    };
    this.layers = Array.from({ length: layers }, () => ({ kernels: kernels(), bias: variable([d]) }));
  }

  /** x₀ [batch, d] → x_L [batch, d]. */
  apply(x0: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      let x = x0;
      for (const { kernels, bias } of this.layers) {
        const product = kernels.reduce<tf.Tensor2D>((left, kernel) => matMul(left, kernel), x); // [batch, 1] or [batch, d]
        const crossed = this.version === 1 ? addRow(x0.mul(product), bias) : x0.mul<tf.Tensor2D>(addRow(product, bias));
        x = crossed.add(x); // [batch, d]
      }
      return x;
    });
  }

  /**
   * For layer 0: "0/kernel", which is w [d, 1] or Wᵀ [d, d], and "0/bias"; with a rank, "0/V" [d, r], "0/U", which is
   * Uᵀ [r, d], and "0/bias".
   */
  get weights(): Record<string, tf.Variable> {
    const weights: Record<string, tf.Variable> = {};
    this.layers.forEach(({ kernels, bias }, l) => {
      const names = kernels.length === 1 ? ["kernel"] : ["V", "U"];
      names.forEach((name, i) => (weights[`${l}/${name}`] = kernels[i]));
      weights[`${l}/bias`] = bias;
    });
    return weights;
  }
}
