/**
 * Activation functions by name. Those that learn or keep statistics have a file of their own.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOneOf } from "../checks";
import { Dice } from "./dice";
import type { Activation } from "./layer";
import { relu } from "./ops";
import { PReLU } from "./prelu";

export type ActivationName = "relu" | "prelu" | "dice" | "tanh" | "sigmoid" | "none";

const names: readonly ActivationName[] = ["relu", "prelu", "dice", "tanh", "sigmoid", "none"];

/** @throws RangeError if no activation has that name. */
export function checkActivation(name: ActivationName): void {
  checkOneOf("activation", name, names);
}

/**
 * The gain in N(0, gain / inputs), from which the weights of the layer before the activation start: 2 for activations
 * that cut or bend at 0, He et al. (2015), otherwise 1.
 */
export function gainOf(name: ActivationName): number {
  return name === "tanh" || name === "sigmoid" || name === "none" ? 1 : 2;
}

/**
 * An activation for a layer of that many units, since PReLU and Dice have weights for each.
 *
 * @throws RangeError if no activation has that name.
 */
export function createActivation(name: ActivationName, units: number): Activation {
  checkActivation(name);
  switch (name) {
    case "relu":
      return { apply: (x) => relu(x), weights: {} };
    case "prelu":
      return new PReLU(units);
    case "dice":
      return new Dice(units);
    case "tanh":
      return { apply: (x) => tf.tanh(x), weights: {} };
    case "sigmoid":
      return { apply: (x) => tf.sigmoid(x), weights: {} };
    case "none":
      return { apply: (x) => x, weights: {} };
  }
}
