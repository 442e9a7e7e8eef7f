import { beforeAll, expect, test } from "vitest";
import { type SparseFeature, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { FM } from "../../lib/models/fm";
import { numParameters } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { expectClose } from "../layers/numeric";
import { dot, firstOrder, perImpression, presentIds, setNormalWeights, sumOverPairs, vector } from "./loops";
import { data, hour, ids, item, weekday } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

test("logits are those of the double loop of eq. 1", () => {
  const model = new FM({ features: ids, embeddingDim: 3 }, createRandom(1));
  const values = setNormalWeights(model);
  const expected = perImpression(data, (i) => {
    const present = presentIds(data, i, ids);
    return (
      firstOrder(values, present) +
      sumOverPairs(present, (a, b) => dot(vector(values["factors"], a.row, 3), vector(values["factors"], b.row, 3)))
    );
  });
  expectClose(model.logits(data), expected);
});

test("with two features it is matrix factorization: w₀ + w_u + w_i + ⟨v_u, v_i⟩", () => {
  const model = new FM({ features: [weekday, item], embeddingDim: 3 }, createRandom(1));
  const { bias, linear, factors } = setNormalWeights(model);
  const expected = perImpression(data, (row) => {
    const u = data.columns["weekday"][row];
    const i = data.columns["item"][row];
    const both = u !== 0 && i !== 0;
    const [atU, atI] = [u, 3 + i]; // items come after the three weekdays
    return (
      bias[0] +
      (u && linear[atU]) +
      (i && linear[atI]) +
      (both ? dot(vector(factors, atU, 3), vector(factors, atI, 3)) : 0)
    );
  });
  expectClose(model.logits(data), expected);
});

test("the number of parameters is that of the formula: 1 + n + n k", () => {
  expect(numParameters(new FM({ features: ids, embeddingDim: 3 }, createRandom(1)))).toBe(1 + 13 + 13 * 3);
});

test("a dense feature is an error that says what to do", () => {
  expect(
    () => new FM({ features: [weekday, hour as unknown as SparseFeature], embeddingDim: 3 }, createRandom(1)),
  ).toThrow(
    "feature hour is dense, expected sparse or sequence here: a number has no embedding. Bucket it into a sparse feature",
  );
});

test("a table that no memory can hold is an error that says what to do", () => {
  expect(() => new FM({ features: [sparseFeature("ad", 2 ** 31 - 1)], embeddingDim: 100 }, createRandom(1))).toThrow(
    "2147483647 rows of 1 numbers need 8.59 GB, more than can be had (at most 4.29 GB). Hash the ids into fewer rows",
  );
});
