import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { FFM } from "../../lib/models/ffm";
import { FM } from "../../lib/models/fm";
import { numParameters } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { expectClose } from "../layers/numeric";
import { dot, firstOrder, perImpression, presentIds, setNormalWeights, sumOverPairs, vector } from "./loops";
import { data, ids, item, weekday } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

test.each([
  ["of one id each", [weekday, item]],
  ["with several ids", ids],
])("logits are those of the double loop of eq. 4, for fields %s", (_, features) => {
  const [F, k] = [features.length, 3];
  const model = new FFM({ features, embeddingDim: k }, createRandom(1));
  const values = setNormalWeights(model);
  const w = (row: number, field: number) => vector(values["factors"], row * F + field, k);
  const expected = perImpression(data, (i) => {
    const present = presentIds(data, i, features);
    return firstOrder(values, present) + sumOverPairs(present, (a, b) => dot(w(a.row, b.field), w(b.row, a.field)));
  });
  expectClose(model.logits(data), expected);
});

test("with the same vector for every field it is FM", () => {
  const fm = new FM({ features: ids, embeddingDim: 3 }, createRandom(1));
  const { factors, linear } = setNormalWeights(fm);
  const ffm = new FFM({ features: ids, embeddingDim: 3 }, createRandom(1));
  for (let row = 0; row < fm.index.rows; row++) {
    for (let field = 0; field < ids.length; field++)
      ffm.factors.values.set(vector(factors, row, 3), (row * ids.length + field) * 3);
  }
  ffm.linear.values.set(linear);
  ffm.bias.assign(fm.bias);
  expectClose(ffm.logits(data), fm.logits(data).dataSync());
});

test("the number of parameters is that of the formula: 1 + n + n F k", () => {
  expect(numParameters(new FFM({ features: ids, embeddingDim: 3 }, createRandom(1)))).toBe(1 + 13 + 13 * 4 * 3);
});

test.each([1.5, 0])(
  "an embedding dimension of %d is an error, whatever the number of fields makes of it",
  (embeddingDim) => {
    expect(() => new FFM({ features: [weekday, item], embeddingDim }, createRandom(1))).toThrow(
      `embedding dimension is ${embeddingDim}, expected a whole number`,
    );
  },
);
