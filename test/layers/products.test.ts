import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { innerProduct, kernelProduct, outerProduct } from "../../lib/layers/products";
import { expectClose, normals } from "./numeric";

beforeAll(async () => void (await useEngine("wasm")));

// Two fields, f₁ = (1, 2) and f₂ = (3, 4), and one unit.
const f = () => tf.tensor3d([[[1, 2], [3, 4]]]);

test("inner product by hand: ‖2 f₁ − f₂‖² = ‖(−1, 0)‖² = 1", () => {
  expect(Array.from(innerProduct(f(), tf.tensor2d([[2], [-1]])).dataSync())).toEqual([1]);
});

test("outer product by hand: f_Σ = (4, 6), p = [[16, 24], [24, 36]]", () => {
  const entry = (a: number) =>
    Array.from(
      outerProduct(
        f(),
        tf
          .oneHot(tf.tensor1d([a], "int32"), 4)
          .reshape<tf.Tensor2D>([4, 1])
          .toFloat(),
      ).dataSync(),
    );
  expect([0, 1, 2, 3].map(entry)).toEqual([[16], [24], [24], [36]]);
});

test("kernel product by hand: f₁ᵀ K f₂ with K = [[0, 1], [5, 0]] is 1 · 4 + 5 · 2 · 3 = 34", () => {
  expect(Array.from(kernelProduct(f(), tf.tensor3d([[[0, 1], [5, 0]]]), tf.tensor2d([[1]])).dataSync())).toEqual([34]);
});

test("with identities as kernels and θ = 1 for all, the kernel product is the inner one without the squares", () => {
  const [batch, N, M] = [3, 4, 2];
  const values = normals(batch * N * M, "f");
  const many = tf.tensor3d(values, [batch, N, M]);
  const identities = tf.tensor3d(Array.from({ length: 6 }, () => [[1, 0], [0, 1]]));
  const kernel = kernelProduct(many, identities, tf.ones([6, 1]));
  const inner = innerProduct(many, tf.ones([N, 1]));
  const squares = many.square().sum([1, 2]).expandDims(1);
  expectClose(kernel.mul(2).add(squares), inner.dataSync());
});
