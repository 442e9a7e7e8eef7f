import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { pairSides, presentPairs } from "../../lib/layers/eachpair";
import { engines } from "../engines";
import { expectClose, normals } from "./numeric";
import { at, batch, k, n, pairs, values } from "./pairloop";

describe.each(engines)("on %s", (engine) => {
  beforeAll(async () => void (await useEngine(engine)));
  const e = () => tf.tensor3d(values, [batch, n, k]);

  test("pairSides are the members of each pair, in order", () => {
    const [left, right] = pairSides(e());
    expect(Array.from(left.dataSync())).toEqual(pairs((row, i) => at(row, i)).flat(2));
    expect(Array.from(right.dataSync())).toEqual(pairs((row, _, j) => at(row, j)).flat(2));
    expect(left.shape).toEqual([batch, 6, k]);
  });

  test("the gradient of pairSides goes back to every slot that a pair has", () => {
    const [left, right] = [normals(batch * 6 * k, "left"), normals(batch * 6 * k, "right")];
    const gradient = tf.grad((e: tf.Tensor) => {
      const [l, r] = pairSides(e as tf.Tensor3D);
      return l.mul(tf.tensor(left, l.shape)).add(r.mul(tf.tensor(right, r.shape))).sum();
    })(e());
    const expected = new Array<number>(values.length).fill(0);
    let pair = 0;
    pairs((row, i, j) => {
      for (let d = 0; d < k; d++) {
        expected[(row * n + i) * k + d] += left[pair * k + d];
        expected[(row * n + j) * k + d] += right[pair * k + d];
      }
      pair++;
    });
    expectClose(gradient, expected);
  });
});

test("presentPairs is 1 where both slots hold an id", () => {
  const ids = Int32Array.of(3, 0, 5, 1, /**/ 0, 0, 0, 2);
  expect(Array.from(presentPairs(ids, 4).dataSync())).toEqual([0, 1, 1, 0, 0, 1, /**/ 0, 0, 0, 0, 0, 0]);
});

test("one slot has no pair: an error, not a sum over nothing", () => {
  expect(() => pairSides(tf.zeros([2, 1, 3]))).toThrow(
    "1 id per impression makes no pair, expected at least 2: add a feature, or a sequence of length 2",
  );
});
