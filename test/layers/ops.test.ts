import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { addRow, affine, matMul, mulRow, relu, tensorOfCopy, weightedColumnSums } from "../../lib/layers/ops";
import { engines } from "../engines";
import { expectClose, normals } from "./numeric";

const a2 = normals(4 * 3, "a");
const b2 = normals(3 * 2, "b");
const dy = (size: number) => normals(size, "dy");

describe.each(engines)("on %s", (engine) => {
  beforeAll(async () => void (await useEngine(engine)));

  /** Value and gradients of Σ dy · f(x): of the function under test and of the same from plain tfjs operations. */
  function same(
    f: (...x: tf.Tensor[]) => tf.Tensor,
    plain: (...x: tf.Tensor[]) => tf.Tensor,
    inputs: tf.Tensor[],
  ): void {
    const value = f(...inputs);
    expectClose(value, plain(...inputs).dataSync());
    const weights = tf.tensor(dy(value.size), value.shape);
    const gradients = (g: typeof f) =>
      tf.grads((...x: tf.Tensor[]) =>
        g(...x)
          .mul(weights)
          .sum(),
      )(inputs);
    const expected = gradients(plain);
    gradients(f).forEach((gradient, i) => {
      expect(gradient.shape).toEqual(inputs[i].shape);
      expectClose(gradient, expected[i].dataSync());
    });
  }

  test("matMul is the matrix product", () => {
    const product = [0, 1, 2, 3].flatMap((i) =>
      [0, 1].map((j) => [0, 1, 2].reduce((sum, m) => sum + a2[i * 3 + m] * b2[m * 2 + j], 0)),
    );
    expectClose(matMul(tf.tensor2d(a2, [4, 3]), tf.tensor2d(b2, [3, 2])), product);
  });

  test("matMul has tfjs's gradients, for one matrix and for several", () => {
    const f = matMul as (...x: tf.Tensor[]) => tf.Tensor;
    const plain = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b);
    same(f, plain, [tf.tensor2d(a2, [4, 3]), tf.tensor2d(b2, [3, 2])]);
    same(f, plain, [tf.tensor3d(normals(2 * 4 * 3, "c"), [2, 4, 3]), tf.tensor3d(normals(2 * 3 * 2, "d"), [2, 3, 2])]);
  });

  test("affine is the matrix product and a row more, with tfjs's values and gradients", () => {
    const inputs = [tf.tensor2d(a2, [4, 3]), tf.tensor2d(b2, [3, 2]), tf.tensor1d(normals(2, "row"))];
    same(
      affine as (...x: tf.Tensor[]) => tf.Tensor,
      (x, W, b) => tf.matMul(x as tf.Tensor2D, W as tf.Tensor2D).add(b),
      inputs,
    );
  });

  test("tensorOfCopy does not see what is written afterwards, wherever its numbers lie in memory and whatever reads it first", () => {
    const tensors = Array.from({ length: 64 }, (_, place) => {
      const values = new Float32Array(10_000).subarray(place, place + 4000).fill(1);
      const tensor = tensorOfCopy(values, [4000]);
      values.fill(2);
      return tensor;
    });
    for (const tensor of tensors) {
      expect(tensor.min().dataSync()[0]).toBe(1);
      expect(tensor.max().dataSync()[0]).toBe(1);
      expect(tensor.dataSync()[3999]).toBe(1);
    }
  });

  test("addRow and mulRow have tfjs's values and gradients", () => {
    const inputs = [tf.tensor2d(a2, [4, 3]), tf.tensor1d(normals(3, "row"))];
    same(addRow as (...x: tf.Tensor[]) => tf.Tensor, (x, b) => x.add(b), inputs);
    same(mulRow as (...x: tf.Tensor[]) => tf.Tensor, (x, b) => x.mul(b), inputs);
  });

  test("weightedColumnSums is Σᵢ wᵢ xᵢ, with tfjs's gradient of x", () => {
    const w = tf.tensor1d([1, 0, -2, 0.5]);
    const summed = (x: tf.Tensor) => x.mul(w.expandDims(1)).sum(0);
    same((x) => weightedColumnSums(x as tf.Tensor2D, w), summed, [tf.tensor2d(a2, [4, 3])]);
  });

  test("relu is max(x, 0); its gradient is 1 above 0, else 0, for numbers of every size", () => {
    const x = tf.tensor1d([-2, -1e-6, 0, 1e-6, 0.5, 1e20]);
    expect(Array.from(relu(x).dataSync())).toEqual(Array.from(Float32Array.of(0, 0, 0, 1e-6, 0.5, 1e20)));
    expect(Array.from(tf.grad((x: tf.Tensor) => relu(x).sum())(x).dataSync())).toEqual([0, 0, 0, 1, 1, 1]);
    same(relu as (...x: tf.Tensor[]) => tf.Tensor, (x) => x.relu(), [tf.tensor2d(a2, [4, 3])]);
  });
});
