import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { DNN } from "../../lib/models/dnn";
import { numParameters } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { expectClose } from "../layers/numeric";
import { fieldVectors, mlp, perImpression, relu, setNormalWeights } from "./loops";
import { all, data, ids } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

const config = { features: all, embeddingDim: 3, mlp: { units: [5, 4] } };

test("logits are those of the loops: the fields' embeddings in order, then the numbers", () => {
  const model = new DNN(config, createRandom(1));
  const values = setNormalWeights(model);
  const expected = perImpression(data, (i) => {
    const a0 = [
      ...fieldVectors(data, i, ids, values["embeddings"], 3).flat(),
      data.columns["price"][i],
      data.columns["hour"][i],
    ];
    return mlp(a0, values, "mlp", 2, relu);
  });
  expectClose(model.logits(data), expected);
});

test("the number of parameters is that of the formula", () => {
  expect(numParameters(new DNN(config, createRandom(1)))).toBe(13 * 3 + (14 * 5 + 5) + (5 * 4 + 4) + (4 + 1));
  // Batch normalization: a scale and a shift per unit instead of a bias; its moving averages are not trained.
  const normalized = { ...config, mlp: { units: [5, 4], batchNorm: true } };
  expect(numParameters(new DNN(normalized, createRandom(1)))).toBe(
    13 * 3 + (14 * 5 + 2 * 5) + (5 * 4 + 2 * 4) + (4 + 1),
  );
});
