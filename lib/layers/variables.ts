/** The dense weights of layers: tfjs variables, and what they start from. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random";

/** A dense weight of one value, or of the given values, that leaves no other tensor behind. */
export function variable<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  values: number | Float32Array = 0,
  trainable = true,
): tf.Variable<R> {
  return tf.tidy(() => {
    const start = typeof values === "number" ? tf.fill<R>(shape, values) : tf.tensor<R>(values, shape);
    return tf.variable(start, trainable);
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
