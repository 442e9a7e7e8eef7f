import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { LR } from "../../lib/models/lr";
import { numParameters } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { expectClose } from "../layers/numeric";
import { firstOrder, perImpression, presentIds, setNormalWeights } from "./loops";
import { all, data, ids } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

test("logits are those of the loops, with ids and numbers", () => {
  const model = new LR({ features: all }, createRandom(1));
  const values = setNormalWeights(model);
  const expected = perImpression(data, (i) => {
    const numbers = data.columns["price"][i] * values["slopes"][0] + data.columns["hour"][i] * values["slopes"][1];
    return firstOrder(values, presentIds(data, i, ids)) + numbers;
  });
  expectClose(model.logits(data), expected);
});

test("the number of parameters is that of the formula", () => {
  const rows = 3 + 6 + 4; // weekdays, items, tags
  expect(numParameters(new LR({ features: ids }, createRandom(1)))).toBe(1 + rows);
  expect(numParameters(new LR({ features: all }, createRandom(1)))).toBe(1 + rows + 2);
});
