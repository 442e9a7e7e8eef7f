import { beforeAll, describe, expect, test } from "vitest";
import { Impressions, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { pairHash } from "../../lib/layers/hashing";
import { FM } from "../../lib/models/fm";
import { numParameters } from "../../lib/models/model";
import { Poly2 } from "../../lib/models/poly2";
import { createRandom } from "../../lib/random";
import { expectClose } from "../layers/numeric";
import { dot, firstOrder, perImpression, presentIds, setNormalWeights, sumOverPairs, vector } from "./loops";
import { data, ids, weekday } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

/** h(j₁, j₂) of section 2 in whole numbers of any size. */
function h(a: number, b: number, buckets: number): number {
  const [j1, j2] = [BigInt(Math.min(a, b)), BigInt(Math.max(a, b))];
  return Number((((j1 + j2) * (j1 + j2 + 1n)) / 2n + j2) % BigInt(buckets));
}

test.each([1000, 7])("logits are those of the loops, with %i buckets", (buckets) => {
  const model = new Poly2({ features: ids, buckets }, createRandom(1));
  const values = setNormalWeights(model);
  const expected = perImpression(data, (i) => {
    const present = presentIds(data, i, ids);
    return firstOrder(values, present) + sumOverPairs(present, (a, b) => values["pairs"][1 + h(a.row, b.row, buckets)]);
  });
  expectClose(model.logits(data), expected);
});

test("with ⟨vᵢ, vⱼ⟩ as weight of each pair it is FM", () => {
  const fm = new FM({ features: ids, embeddingDim: 3 }, createRandom(1));
  const { factors } = setNormalWeights(fm);
  const buckets = 400; // 13 rows: the largest pair (13, 13) is number 364, so no two pairs share a bucket
  const poly2 = new Poly2({ features: ids, buckets }, createRandom(1));
  for (let i = 1; i < fm.index.rows; i++) {
    for (let j = i; j < fm.index.rows; j++) {
      poly2.pairs.values[1 + pairHash(i, j, buckets)] = dot(vector(factors, i, 3), vector(factors, j, 3));
    }
  }
  poly2.linear.values.set(fm.linear.values);
  poly2.bias.assign(fm.bias);
  expectClose(poly2.logits(data), fm.logits(data).dataSync());
});

test("the number of parameters is that of the formula: B pair weights, however many pairs there are", () => {
  expect(numParameters(new Poly2({ features: ids, buckets: 50 }, createRandom(1)))).toBe(1 + (3 + 6 + 4) + 50);
});

describe("errors", () => {
  test.each([0, 1.5, 2 ** 31 - 1, NaN])("%d buckets", (buckets) => {
    expect(() => new Poly2({ features: ids, buckets }, createRandom(1))).toThrow(
      `buckets is ${buckets}, expected a whole number from 1 to 2^31 - 2`,
    );
  });

  test("one feature has no pair", () => {
    const alone = new Impressions({
      features: [weekday],
      columns: { weekday: Int32Array.of(1) },
      labels: Float32Array.of(1),
    });
    const model = new Poly2({ features: [weekday], buckets: 10 }, createRandom(1));
    expect(() => model.logits(alone)).toThrow("1 id per impression makes no pair, expected at least 2");
  });

  test("more ids than int32 can number", () => {
    const [a, b] = [sparseFeature("a", 2 ** 31 - 1), sparseFeature("b", 10)];
    expect(() => new Poly2({ features: [a, b], buckets: 10 }, createRandom(1))).toThrow(
      "expected at most 2^31 - 1. Hash the largest",
    );
  });
});
