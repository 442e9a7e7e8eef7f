import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { PReLU } from "../../lib/layers/prelu";
import { expectClose } from "./numeric";

beforeAll(async () => void (await useEngine("wasm")));

test("each unit has its own slope below 0, and 1 above", () => {
  const unit = new PReLU(2);
  unit.alpha.assign(tf.tensor1d([0.1, -2]));
  expectClose(unit.apply(tf.tensor2d([[-3, -3], [0, 0], [5, 5]])), [-0.3, 6, 0, 0, 5, 5], 1e-6);
});

test("the gradient is 1 above 0 and alpha below, and that of alpha is the sum of the negative entries", () => {
  const unit = new PReLU(2);
  unit.alpha.assign(tf.tensor1d([0.1, -2]));
  const x = tf.tensor2d([[-3, 1], [2, -4], [-5, -6]]);
  const weights = tf.tensor2d([[1, 2], [3, 4], [5, 6]]);
  const [dx] = tf.grads((x: tf.Tensor) => unit.apply(x as tf.Tensor2D).mul(weights).sum())([x]);
  expectClose(dx, [1 * 0.1, 2, 3, 4 * -2, 5 * 0.1, 6 * -2], 1e-6);
  const { grads } = tf.variableGrads(() => unit.apply(x).mul(weights).sum<tf.Scalar>(), [unit.alpha]);
  expectClose(grads[unit.alpha.name], [1 * -3 + 5 * -5, 4 * -4 + 6 * -6], 1e-6);
});

test("alpha starts at 0.25 and is trained", () => {
  const { alpha } = new PReLU(3).weights;
  expect(Array.from(alpha.dataSync())).toEqual([0.25, 0.25, 0.25]);
  expect(alpha.trainable).toBe(true);
});
