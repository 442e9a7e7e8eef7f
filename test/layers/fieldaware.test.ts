import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { fieldAwarePairs } from "../../lib/layers/fieldaware";
import { expectClose, normals } from "./numeric";

beforeAll(async () => void (await useEngine("wasm")));

test.each([[[0, 1, 2]], [[0, 0, 1, 2, 2, 2]], [[0, 0, 0]]])(
  "is the double loop over slots, for slots of the fields %j",
  (fieldOf) => {
    const [batch, slots, F, k] = [2, fieldOf.length, Math.max(...fieldOf) + 1, 2];
    const values = normals(batch * slots * F * k, "w");
    const w = (row: number, slot: number, field: number) =>
      values.slice(((row * slots + slot) * F + field) * k, ((row * slots + slot) * F + field + 1) * k);
    const expected = [0, 1].map((row) => {
      let sum = 0;
      for (let i = 0; i < slots; i++) {
        for (let j = i + 1; j < slots; j++) {
          const [wi, wj] = [w(row, i, fieldOf[j]), w(row, j, fieldOf[i])];
          sum += wi[0] * wj[0] + wi[1] * wj[1];
        }
      }
      return sum;
    });
    expectClose(fieldAwarePairs(tf.tensor4d(values, [batch, slots, F, k]), fieldOf), expected);
  },
);

test("by hand: two ids of two fields have one pair, ⟨w₀,₁, w₁,₀⟩", () => {
  const w = tf.tensor4d([[[[9], [2]], [[3], [9]]]]); // w₀ = (9 for field 0, 2 for field 1), w₁ = (3, 9)
  expect(Array.from(fieldAwarePairs(w, [0, 1]).dataSync())).toEqual([6]);
});
