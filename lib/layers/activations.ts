/**
 * Activation functions by name. Those that learn or keep statistics have a file of their own.
 */
import * as tf from "@tensorflow/tfjs";
import type { Pass, Weight } from "./layer";
import { relu } from "./ops";

export type ActivationName = "relu" | "tanh" | "sigmoid" | "none";

export interface Activation {
  /** Entry by entry: x [n, units] → [n, units]. */
  apply(x: tf.Tensor2D, pass: Pass): tf.Tensor2D;
  readonly weights: Readonly<Record<string, Weight>>;
}

/** An activation for a layer of that many units, since PReLU and Dice have weights for each. */
export function createActivation(name: ActivationName, _units: number): Activation {
  switch (name) {
    case "relu":
      return { apply: (x) => relu(x), weights: {} };
    case "tanh":
      return { apply: (x) => tf.tanh(x), weights: {} };
    case "sigmoid":
      return { apply: (x) => tf.sigmoid(x), weights: {} };
    case "none":
      return { apply: (x) => x, weights: {} };
    default:
      throw new RangeError(`activation is ${JSON.stringify(name)}, expected "relu", "tanh", "sigmoid" or "none"`);
  }
}
