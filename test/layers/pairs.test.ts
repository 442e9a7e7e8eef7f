import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { bilinearInteraction, sumOfPairs } from "../../lib/layers/pairs";
import { engines } from "../engines";
import { expectClose, normals } from "./numeric";
import { at, batch, k, n, pairs, values } from "./pairloop";

describe.each(engines)("on %s", (engine) => {
  beforeAll(async () => void (await useEngine(engine)));
  const e = () => tf.tensor3d(values, [batch, n, k]);

  test("sumOfPairs is the double loop over the inner products", () => {
    const expected = pairs((row, i, j) => at(row, i).reduce((sum, v, d) => sum + v * at(row, j)[d], 0)).map((list) =>
      list.reduce((a, b) => a + b, 0),
    );
    expectClose(sumOfPairs(e()), expected);
  });

  test("bilinearInteraction is the double loop over the entrywise products", () => {
    const products = pairs((row, i, j) => at(row, i).map((v, d) => v * at(row, j)[d]));
    expectClose(
      bilinearInteraction(e()),
      products.flatMap((list) => [0, 1, 2].map((d) => list.reduce((sum, product) => sum + product[d], 0))),
    );
  });

  // A few numbers and more: in JavaScript and compiled.
  test.each([2, 300])("sumOfPairs is bilinearInteraction summed, and so is its gradient, for %i impressions", (size) => {
    const given = tf.tensor1d(normals(size, "given"));
    const e = tf.tensor3d(normals(size * n * k, "e"), [size, n, k]);
    const summed = (e: tf.Tensor) => bilinearInteraction(e as tf.Tensor3D).sum<tf.Tensor1D>(1);
    expectClose(sumOfPairs(e), summed(e).dataSync());
    const gradient = tf.grad((e: tf.Tensor) => sumOfPairs(e as tf.Tensor3D).mul(given))(e);
    expectClose(gradient, tf.grad((e: tf.Tensor) => summed(e).mul(given))(e).dataSync());
  });

  test.each([2, 300])("the gradient of bilinearInteraction is that of the double loop, for %i impressions", (size) => {
    const [n, k] = [10, 8];
    const [values, given] = [normals(size * n * k, "large"), normals(size * k, "above")];
    const value = bilinearInteraction(tf.tensor3d(values, [size, n, k]));
    const gradient = tf.grad((e: tf.Tensor) => bilinearInteraction(e as tf.Tensor3D).mul(tf.tensor(given, [size, k])))(
      tf.tensor(values, [size, n, k]),
    );
    const expectedValue = new Array<number>(size * k).fill(0);
    const expected = new Array<number>(values.length).fill(0);
    for (let row = 0; row < size; row++) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (i === j) continue;
          for (let d = 0; d < k; d++) {
            if (i < j) expectedValue[row * k + d] += values[(row * n + i) * k + d] * values[(row * n + j) * k + d];
            expected[(row * n + i) * k + d] += given[row * k + d] * values[(row * n + j) * k + d];
          }
        }
      }
    }
    expectClose(value, expectedValue);
    expectClose(gradient, expected);
  });

  test.each([2, 300])("two interactions in one graph have gradients of their own, for %i impressions", (size) => {
    const e = tf.tensor3d(normals(size * n * k, "e"), [size, n, k]);
    const f = (e: tf.Tensor) => bilinearInteraction(e as tf.Tensor3D);
    const eightTimes = tf.tensor(f(e).mul(8).dataSync().slice(), [size, k]);
    const both = tf.grad((e: tf.Tensor) => f(e).mul(f(e.mul(2))))(e); // f(2 e) = 4 f(e), so that of 4 f(e)²
    expectClose(both, tf.grad((e: tf.Tensor) => f(e).mul(eightTimes))(e).dataSync());
  });
});
