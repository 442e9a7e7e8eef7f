/** The dense weights of layers: tfjs variables, and what they start from. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random";

/** What tfjs calls the rank of such a shape: R2 for [number, number]. */
type RankOf<S extends number[]> =
  S extends [] ? tf.Rank.R0
  : S extends [number] ? tf.Rank.R1
  : S extends [number, number] ? tf.Rank.R2
  : S extends [number, number, number] ? tf.Rank.R3
  : tf.Rank;

/**
 * A dense weight, filled with one value or with the given values. It leaves no other tensor behind.
 * Example: variable([n, 2]), a tf.Variable<tf.Rank.R2> of zeros.
 */
export function variable<S extends number[] | []>(
  shape: S,
  values: number | Float32Array = 0,
  trainable = true,
): tf.Variable<RankOf<S>> {
  return tf.tidy(() => {
    const start = typeof values === "number" ? tf.fill(shape, values) : tf.tensor(values, shape);
    return tf.variable(start, trainable) as tf.Variable<RankOf<S>>;
  });
}

/** W from N(0, gain / inputs): [inputs, units]. */
export function randomKernel(inputs: number, units: number, gain: number, random: Random): tf.Variable<tf.Rank.R2> {
  if (!Number.isInteger(units) || units < 1)
    throw new RangeError(`a layer has ${units} units, expected a whole number from 1 up`);
  const deviation = Math.sqrt(gain / inputs);
  const values = Float32Array.from({ length: inputs * units }, () => deviation * random.normal());
  return variable([inputs, units], values);
}
