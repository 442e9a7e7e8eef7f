import { beforeAll, expect, it } from "vitest";
import { useEngine } from "../../lib/engine";
import { FM } from "../../lib/models/fm";
import { createRandom } from "../../lib/random";
import { sgd } from "../../lib/train/optimizers";
import { Training, trainStep } from "../../lib/train/step";
import { setNormalWeights } from "../models/loops";
import { rate, trainBySample } from "./plainfm";
import { randomImpressions, shapeOf } from "./worlds";

beforeAll(async () => void (await useEngine("wasm")));

it("one sample at a time is SGD with batches of one", () => {
  const data = randomImpressions({ ...shapeOf("fm", 40, 64), fields: 3, impressions: 64 }, createRandom(1));
  const [plain, trained] = [1, 2].map(
    () => new FM({ features: data.features as never, embeddingDim: 4 }, createRandom(1)),
  );
  for (const model of [plain, trained]) setNormalWeights(model);
  const bias = trainBySample(plain, plain.index, data, plain.bias.dataSync()[0]);
  const training = new Training(trained, { optimizer: sgd({ learningRate: rate }) });
  for (let row = 0; row < data.size; row++) trainStep(training, data.read(Int32Array.of(row)));
  expect(bias).toBeCloseTo(trained.bias.dataSync()[0], 4);
  for (const table of ["linear", "factors"] as const) {
    plain[table].values.forEach((value, i) => expect(value).toBeCloseTo(trained[table].values[i], 4));
  }
});
