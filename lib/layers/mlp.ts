/**
 * Multilayer perceptron: linear layers with an activation after each.
 *
 *   h₀ = x,   h_l = f(h_{l−1} W_l + b_l),   y = h_L W_out + b_out
 *
 * y exists only when outputDim is given. Each hidden layer is linear, then batch normalization
 * (instead of b_l, which it would cancel), then the activation f, then dropout, the last three as configured.
 *
 * W starts from N(0, 2 / inputs) or N(0, 1 / inputs), as the activation wants it (gainOf); b starts at 0.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames, checkShare } from "../checks";
import type { Random } from "../random";
import { type ActivationName, checkActivation, createActivation, gainOf } from "./activations";
import { BatchNorm } from "./batchnorm";
import { drop } from "./dropout";
import { type Activation, type Pass, under } from "./layer";
import { affine, matMul } from "./ops";
import { randomKernel, variable } from "./variables";

/** What a model's config says about its MLP; the sizes of input and output are the model's to know. */
export interface MLPConfig {
  /** Units of each hidden layer, first to last; [] for none. */
  units: readonly number[];
  /** Default "relu". */
  activation?: ActivationName | undefined;
  /**
   * Share of the units switched off in a training step, from 0 up to but not including 1. Default 0. Papers often write
   * the share kept.
   */
  dropout?: number | undefined;
  /** Whether each hidden layer is normalized over the batch before its activation. Default false. */
  batchNorm?: boolean | undefined;
}

interface Layer {
  readonly kernel: tf.Variable<tf.Rank.R2>; // W: [inputs, units]
  readonly bias?: tf.Variable<tf.Rank.R1>; // b: [units]
  readonly batchNorm?: BatchNorm;
  readonly activation: Activation;
  readonly dropout: number;
}

const optionNames: Record<keyof MLPConfig, true> = { units: true, activation: true, dropout: true, batchNorm: true };

/** The sizes that only the model knows. */
export interface MLPSizes {
  /** Length of the vectors that the MLP reads. */
  inputDim: number;
  /** Length of the vectors that a last linear layer returns. Default: no such layer. */
  outputDim?: number | undefined;
}

/** Linear layers with an activation after each: [n, inputDim] → [n, outputDim], by default [n, last units]. */
export class MLP {
  /** Length of the vector that apply returns per row. */
  readonly outputDim: number;
  private readonly layers: readonly Layer[];

  constructor(config: MLPConfig, { inputDim, outputDim }: MLPSizes, random: Random) {
    checkOptionNames("mlp", config, optionNames);
    const { units, activation = "relu", dropout = 0, batchNorm = false } = config;
    checkActivation(activation);
    checkShare("dropout", dropout);
    const sizes = [inputDim, ...units];
    const layers: Layer[] = units.map((n, l) => ({
      kernel: randomKernel(sizes[l], n, gainOf(activation), random),
      ...(batchNorm ? { batchNorm: new BatchNorm(n) } : { bias: variable([n]) }),
      activation: createActivation(activation, n),
      dropout,
    }));
    const last = sizes[sizes.length - 1];
    if (outputDim !== undefined) {
      layers.push({
        kernel: randomKernel(last, outputDim, 1, random),
        bias: variable([outputDim]),
        activation: createActivation("none", outputDim),
        dropout: 0,
      });
    }
    this.layers = layers;
    this.outputDim = outputDim ?? last;
  }

  /**
   * x [n, inputDim] → [n, outputDim]. mask [n]: 1 for rows that count in Dice's statistics, 0 for padding; default all
   * 1.
   */
  apply(x: tf.Tensor2D, pass: Pass, mask?: tf.Tensor1D): tf.Tensor2D {
    return tf.tidy(() => {
      let h = x;
      for (const { kernel, bias, batchNorm, activation, dropout } of this.layers) {
        h = bias ? affine(h, kernel, bias) : matMul(h, kernel); // [n, units]
        if (batchNorm) h = batchNorm.apply(h, pass);
        h = drop(activation.apply(h, pass, mask), dropout, pass);
      }
      return h;
    });
  }

  get weights(): Record<string, tf.Variable> {
    const weights: Record<string, tf.Variable> = {};
    this.layers.forEach(({ kernel, bias, batchNorm, activation }, l) => {
      Object.assign(
        weights,
        under(String(l), {
          kernel,
          ...(bias && { bias }),
          ...under("batchNorm", batchNorm?.weights ?? {}),
          ...activation.weights,
        }),
      );
    });
    return weights;
  }
}
