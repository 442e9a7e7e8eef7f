import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { EmbeddingTable, lookupTogether } from "../../lib/layers/embedding";
import { createRandom } from "../../lib/random";
import { engines } from "../engines";

/** Row r is (10 r, 10 r + 1). */
function table(rows = 5): EmbeddingTable {
  const made = new EmbeddingTable({ rows, dim: 2, deviation: 1 }, createRandom(1));
  made.values.set(Array.from({ length: rows * 2 }, (_, i) => 10 * (i >> 1) + (i & 1)));
  return made;
}

describe.each(engines)("on %s", (engine) => {
  beforeAll(async () => void (await useEngine(engine)));

  test("lookup gives each id its row, and id 0 the zero vector whatever row 0 holds", () => {
    const made = table();
    made.values.set([7, 7]);
    const e = made.lookup(Int32Array.of(3, 0, 4, 3), [2, 2]);
    expect(e.shape).toEqual([2, 2, 2]);
    expect(Array.from(e.dataSync())).toEqual([30, 31, 0, 0, 40, 41, 30, 31]);
  });

  test("lookup is one-hot times matrix", () => {
    const made = table();
    const matrix = tf.tensor2d(made.values, [5, 2]);
    const product = tf.matMul(tf.oneHot(tf.tensor1d([4, 1], "int32"), 5).toFloat(), matrix);
    expect(Array.from(made.lookup(Int32Array.of(4, 1), [2]).dataSync())).toEqual(Array.from(product.dataSync()));
  });

  test("the gradient of each looked-up row is handed over once, with its id", () => {
    const made = table();
    const weights = tf.tensor2d([[1, 2], [3, 4], [5, 6]]);
    const loss = () => made.lookup(Int32Array.of(2, 4, 2), [3]).mul(weights).sum() as tf.Scalar;
    tf.variableGrads(loss, [made.anchor]);
    tf.variableGrads(loss, [made.anchor]);
    const taken = made.takeGradients();
    expect(taken.map(({ ids, gradient }) => [Array.from(ids), Array.from(gradient)])).toEqual([
      [[2, 4, 2], [1, 2, 3, 4, 5, 6]],
      [[2, 4, 2], [1, 2, 3, 4, 5, 6]],
    ]);
    expect(made.takeGradients()).toEqual([]);
  });

  test("lookupTogether puts the rows of several tables side by side, and each gets its part of the gradient", () => {
    const [pairs, triples] = [table(), new EmbeddingTable({ rows: 3, dim: 3, deviation: 1 }, createRandom(1))];
    triples.values.set([7, 7, 7, 1, 2, 3, 4, 5, 6]);
    const lookups = [{ table: pairs, ids: Int32Array.of(3, 0, 4) }, { table: triples, ids: Int32Array.of(2, 1, 0) }];
    const e = lookupTogether(lookups, [3, 1]);
    expect(e.shape).toEqual([3, 1, 5]);
    expect(Array.from(e.dataSync())).toEqual([30, 31, 4, 5, 6, /**/ 0, 0, 1, 2, 3, /**/ 40, 41, 0, 0, 0]);
    const weights = tf.tensor3d(Array.from({ length: 15 }, (_, i) => i), [3, 1, 5]);
    tf.variableGrads(
      () => lookupTogether(lookups, [3, 1]).mul(weights).sum() as tf.Scalar,
      [pairs.anchor, triples.anchor],
    );
    const taken = [pairs, triples].map((made) =>
      made.takeGradients().map(({ ids, gradient }) => [Array.from(ids), Array.from(gradient)]),
    );
    expect(taken).toEqual([[[[3, 0, 4], [0, 1, 5, 6, 10, 11]]], [[[2, 1, 0], [2, 3, 4, 7, 8, 9, 12, 13, 14]]]]);
  });

  test("a change of the rows after the lookup does not reach the tensor", () => {
    const made = table();
    const e = made.lookup(Int32Array.of(1), [1]);
    made.values.fill(-1);
    expect(Array.from(e.dataSync())).toEqual([10, 11]);
  });

  test("a later lookup does not reach the tensor of an earlier one, wherever their arrays lie in memory", () => {
    const made = table(3);
    const lengths = Array.from({ length: 64 }, (_, i) => 50 * (i + 1));
    const [ones, twos] = [1, 2].map((id) =>
      lengths.map((length) => () => made.lookup(new Int32Array(length).fill(id), [length])),
    );
    const kept = ones.map((lookup) => lookup());
    for (const lookup of twos) lookup();
    expect(kept.map((tensor) => tensor.dataSync()[0])).toEqual(lengths.map(() => 10));
  });

  test("lookupSum adds up the ids of each impression, and each gets the gradient of the sum", () => {
    const made = new EmbeddingTable({ rows: 5, dim: 1, deviation: 1 }, createRandom(1));
    made.values.set([7, 1, 2, 4, 8]);
    const ids = Int32Array.of(1, 2, 0, /**/ 4, 4, 3);
    const sums = made.lookupSum(ids, 2);
    expect(sums.shape).toEqual([2]);
    expect(Array.from(sums.dataSync())).toEqual([3, 20]);
    tf.variableGrads(() => made.lookupSum(ids, 2).mul(tf.tensor1d([5, 6])).sum() as tf.Scalar, [made.anchor]);
    expect(made.takeGradients().map(({ ids, gradient }) => [Array.from(ids), Array.from(gradient)])).toEqual([
      [
        [1, 2, 0, 4, 4, 3],
        [5, 5, 5, 6, 6, 6],
      ],
    ]);
  });

  test("many ids, more than are read ahead at once, each find their row", () => {
    const made = table(1000);
    const ids = Int32Array.from({ length: 700 }, (_, i) => (i * 37) % 1000);
    expect(Array.from(made.lookup(ids, [700]).dataSync())).toEqual(
      Array.from(ids).flatMap((id) => (id === 0 ? [0, 0] : [10 * id, 10 * id + 1])),
    );
  });
});

test("rows start from N(0, deviation²), row 0 and tables of deviation 0 from zeros", () => {
  const { values } = new EmbeddingTable({ rows: 2001, dim: 5, deviation: 0.1 }, createRandom(1));
  expect(Array.from(values.subarray(0, 5))).toEqual([0, 0, 0, 0, 0]);
  const rest = Array.from(values.subarray(5));
  const mean = rest.reduce((sum, v) => sum + v, 0) / rest.length;
  expect(Math.abs(mean)).toBeLessThan(0.004); // standard error 0.001
  expect(Math.sqrt(rest.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rest.length)).toBeCloseTo(0.1, 2);
  expect(new Set(new EmbeddingTable({ rows: 10, dim: 5 }, createRandom(1)).values)).toEqual(new Set([0]));
});

test("onLookup is told the ids before their rows are read", () => {
  const made = table();
  made.onLookup = (ids) => made.values.fill(ids[0], 2, 4);
  expect(Array.from(made.lookup(Int32Array.of(1), [1]).dataSync())).toEqual([1, 1]);
  const single = new EmbeddingTable({ rows: 3, dim: 1 }, createRandom(1));
  single.onLookup = (ids) => single.values.set(ids, 1);
  expect(Array.from(single.lookupSum(Int32Array.of(1, 2), 1).dataSync())).toEqual([1 + 2]);
});

test.each([0, 1.5])("an embedding dimension of %d is an error", (dim) => {
  expect(() => new EmbeddingTable({ rows: 5, dim }, createRandom(1))).toThrow(
    `embedding dimension is ${dim}, expected a whole number from 1 up`,
  );
});

test("a misspelt deviation is an error, not a table of zeros", () => {
  const shape = { rows: 5, dim: 2, deviaton: 0.1 };
  expect(() => new EmbeddingTable(shape, createRandom(1))).toThrow(
    "embedding table has no option deviaton, expected some of rows, dim, deviation",
  );
});

test.each([-1, NaN, Infinity])("a deviation of %d is an error", (deviation) => {
  expect(() => new EmbeddingTable({ rows: 5, dim: 2, deviation }, createRandom(1))).toThrow(
    `deviation is ${deviation}, expected a number from 0 up`,
  );
});

test.each([0, -3, 2.5, NaN])("a table of %d rows is an error", (rows) => {
  expect(() => new EmbeddingTable({ rows, dim: 2 }, createRandom(1))).toThrow(
    `embedding table: rows is ${rows}, expected a whole number from 1 up`,
  );
});
