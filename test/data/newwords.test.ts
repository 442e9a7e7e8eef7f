import { beforeAll, expect, test } from "vitest";
import { applyEncoding, encode } from "../../lib/data/encode";
import { fromRecords } from "../../lib/data/records";
import { label, type Schema, sparse } from "../../lib/data/schema";
import { useEngine } from "../../lib/engine";
import { LR } from "../../lib/models/lr";
import { dispose } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { adam } from "../../lib/train/optimizers";
import { predict, probabilities } from "../../lib/train/predict";
import { mean } from "../../lib/train/statistics";

beforeAll(() => useEngine("wasm"));

/** Predicted over planted click rate of users that training has not seen, where 2 % click, whoever sees which ad. */
async function scoreOfNewUsers(minCount: number, seed: number): Promise<number> {
  const schema: Schema = { user: sparse({ minCount }), ad: sparse(), click: label() };
  const random = createRandom(seed);
  const clickRate = 0.02;
  // Heavy-tailed: a few users come often, many once or twice.
  const logs = Array.from({ length: 8_000 }, () => ({
    user: `u${Math.floor(2000 ** random.uniform())}`,
    ad: `a${random.integer(20)}`,
    click: random.uniform() < clickRate ? 1 : 0,
  }));
  const { impressions, encoding } = encode(fromRecords(logs, schema), Int32Array.from(logs.keys()));
  const model = new LR({ features: impressions.features }, createRandom(seed));
  await fit(model, impressions, { epochs: 5, batchSize: 128, seed, optimizer: adam({ learningRate: 0.03 }) });
  const requests = Array.from({ length: 20 }, (_, a) => ({ user: "nobody", ad: `a${a}` }));
  const seen = applyEncoding(fromRecords(requests, schema, { unlabelled: true }), encoding);
  const score = mean(Array.from(probabilities(await predict(model, seen))));
  dispose(model);
  return score / clickRate;
}

test("users that training has not seen are scored too high where clicks are rare, unless some of its users are unknown", async () => {
  const scores: number[] = [];
  for (const minCount of [1, 2])
    scores.push(mean([await scoreOfNewUsers(minCount, 1), await scoreOfNewUsers(minCount, 2)]));
  expect(scores[0]).toBeGreaterThan(1.6);
  expect(Math.abs(scores[1] - 1)).toBeLessThan(0.3);
});
