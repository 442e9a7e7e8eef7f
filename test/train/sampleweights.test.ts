import { beforeAll, describe, expect, it } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { Impressions, type ImpressionSource, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { LR } from "../../lib/models/lr";
import { createRandom } from "../../lib/random";
import { sigmoid } from "../../lib/sigmoid";
import { fingerprint } from "../../lib/train/fingerprint";
import { checkJudgeable } from "../../lib/train/checkdata";
import { answers, evaluate, judge } from "../../lib/train/evaluate";
import { fit } from "../../lib/train/fit";
import { gradients } from "../../lib/train/gradients";
import { auc } from "../../lib/train/metrics/auc";
import { logLoss } from "../../lib/train/metrics/logloss";
import { adagrad, adam, sgd } from "../../lib/train/optimizers";
import type { FitOptions } from "../../lib/train/options";
import { cosine } from "../../lib/train/schedules";
import { Training, trainStep } from "../../lib/train/step";
import type { TrialResult } from "../../lib/train/trial";
import { verdicts } from "../../lib/train/verdict";
import { tableGradient } from "../layers/numeric";
import { distance, features, numbers, toyImpressions, toyModel } from "./toy";

beforeAll(() => useEngine("wasm"));

const data = toyImpressions(60);
/** 0, 1 and 2 in turn. */
const thirds = Float32Array.from({ length: 60 }, (_, i) => i % 3);
const weighted = new Impressions({ ...data, weights: thirds });
/** Rows of weight 2 twice, of weight 0 not at all. */
const repeated = data.read(
  Int32Array.from(Array.from(rowRange(0, 60)).flatMap((row) => new Array<number>(row % 3).fill(row))),
);
const options: FitOptions = { epochs: 3, batchSize: 60, optimizer: adagrad({ learningRate: 0.3 }), seed: 1 };

describe("impressions with weights", () => {
  it("hand them on with their rows", () => {
    expect(weighted.read(Int32Array.of(5, 0, 5)).read(Int32Array.of(2, 1)).weights).toEqual(Float32Array.of(2, 0));
    expect(data.read(Int32Array.of(5)).weights).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ["a plain array", Array.from(thirds), "weights is Array, expected Float32Array"],
    ["one too few", thirds.slice(1), "weights has 59 values, expected 60, one per label"],
    ["below 0", thirds.map((w) => -w), "weights[1] is -1, expected a finite number from 0 up"],
    ["NaN", thirds.map((w, i) => (i === 7 ? NaN : w)), "weights[7] is NaN, expected a finite number from 0 up"],
    [
      "infinite",
      thirds.map((w, i) => (i === 7 ? Infinity : w)),
      "weights[7] is Infinity, expected a finite number from 0 up",
    ],
  ])("are refused if these are no weights: %s", (_, weights, message) => {
    expect(() => new Impressions({ ...data, weights: weights as Float32Array })).toThrow(message);
  });
});

describe("training with weights", () => {
  it("has the loss and the gradient of a batch of its size in which a row of weight 2 stands twice, and one of 0 not", () => {
    const model = toyModel(1, 1);
    const [one, other] = [gradients(model, weighted), gradients(model, repeated)];
    expect(one.loss).toBeCloseTo(other.loss, 6);
    expect(one.loss).not.toBeCloseTo(gradients(model, data).loss, 2);
    expect(one.dense.bias[0]).toBeCloseTo(other.dense.bias[0], 6);
    const [stepped, twice] = [toyModel(1, 1), toyModel(1, 1)];
    for (const [each, batch] of [
      [stepped, weighted],
      [twice, repeated],
    ] as const)
      trainStep(new Training(each, { optimizer: sgd({ learningRate: 1 }) }), batch);
    expect(distance(stepped, toyModel(1, 1))).toBeGreaterThan(0.05);
    expect(distance(stepped, twice)).toBeLessThan(1e-6);
  });

  it("has the gradient that finite differences of Σ w loss / batch have, and that loss", () => {
    const model = toyModel(1, 1);
    const weights = Float32Array.from({ length: 60 }, (_, i) => 0.1 + (i % 7) / 2);
    const batch = new Impressions({ ...data, weights });
    const meanWeight = weights.reduce((sum, w) => sum + w) / 60;
    const loss = () => meanWeight * logLoss(model.logits(batch).dataSync() as Float32Array, batch.labels, weights);
    const { loss: reported, rows } = gradients(model, batch);
    expect(meanWeight).not.toBeCloseTo(1, 1);
    expect(reported).toBeCloseTo(loss(), 5);
    const { values } = model.linear;
    const summed = tableGradient(rows.linear, model.linear);
    for (let i = 1; i < values.length; i++) {
      const value = values[i];
      values[i] = value + 0.01;
      const above = loss();
      values[i] = value - 0.01;
      const below = loss();
      values[i] = value;
      expect(summed[i]).toBeCloseTo((above - below) / 0.02, 3);
    }
  });

  it("gives with weights of 1 the very digits that it gives without, and with others others", async () => {
    const trained = async (weights?: Float32Array) => {
      const model = toyModel();
      return {
        history: await fit(model, new Impressions({ ...data, weights }), {
          ...options,
          batchSize: 16,
          validation: data,
        }),
        model,
      };
    };
    const [without, ones, some] = [await trained(), await trained(new Float32Array(60).fill(1)), await trained(thirds)];
    expect(ones.history).toEqual(without.history);
    expect(numbers(ones.model)).toEqual(numbers(without.model));
    expect(distance(some.model, without.model)).toBeGreaterThan(0.01);
  });

  it("learns nothing from a batch whose weights are all 0", () => {
    const model = toyModel();
    const nothing = new Impressions({ ...data, weights: new Float32Array(60) });
    expect(trainStep(new Training(model, { optimizer: adagrad({ learningRate: 1 }) }), nothing)).toBe(0);
    expect(distance(model, toyModel())).toBe(0);
  });

  it("reports the weighted mean over an epoch's impressions, not that over its batches", async () => {
    const frozen = { ...options, epochs: 1, batchSize: 7, optimizer: sgd({ learningRate: 1e-30 }) };
    const model = toyModel(1, 1);
    const { loss } = (await fit(model, weighted, frozen)).epochs[0];
    expect(loss).toBeCloseTo((await evaluate(model, repeated)).logLoss, 6);
  });

  it("turns a model to those who weigh more: a click of weight 3 against one impression of weight 1 has p = 3/4", async () => {
    const one = [sparseFeature("a", 2)];
    const pair = new Impressions({
      features: one,
      columns: { a: Int32Array.of(1, 1) },
      labels: Float32Array.of(1, 0),
      weights: Float32Array.of(3, 1),
    });
    const model = new LR({ features: one }, createRandom(1));
    await fit(model, pair, { epochs: 300, batchSize: 2, optimizer: sgd({ learningRate: 1 }), seed: 1 });
    expect(model.logits(pair).dataSync()[0]).toBeCloseTo(Math.log(3), 4);
  });

  it("weighs in batches of one impression, too", async () => {
    const one = [sparseFeature("a", 2)];
    const [a, labels] = [new Int32Array(200).fill(1), Float32Array.from({ length: 200 }, (_, i) => i % 2)];
    const data = new Impressions({ features: one, columns: { a }, labels, weights: labels.map((y) => 0.5 + y) });
    const model = new LR({ features: one }, createRandom(1));
    const optimizer = sgd({ learningRate: 0.1 });
    await fit(model, data, { epochs: 5, batchSize: 1, optimizer, seed: 1, schedule: cosine() });
    expect(Math.abs(sigmoid(model.logits(data).dataSync()[0]) - 3 / 4)).toBeLessThan(0.03);
  });

  it.each([1, 2, 3])("ends at the weighted click rate by small batches where a click weighs 50: seed %i", async (seed) => {
    const size = 4000;
    const random = createRandom(seed);
    const ads = [sparseFeature("ad", 3)];
    const ad = Int32Array.from({ length: size }, () => 1 + random.integer(2));
    const labels = Float32Array.from(ad, (id) => (random.uniform() < 0.02 * id ? 1 : 0));
    const weights = labels.map((y) => (y ? 50 : 1));
    const mean = weights.reduce((sum, w) => sum + w) / size;
    const data = new Impressions({ features: ads, columns: { ad }, labels, weights: weights.map((w) => w / mean) });
    const model = new LR({ features: ads }, createRandom(1));
    const optimizer = adam({ learningRate: 0.02 });
    await fit(model, data, { epochs: 10, batchSize: 32, optimizer, seed, schedule: cosine() });
    const { logits } = await answers(model, data);
    for (const id of [1, 2]) {
      const own = Array.from(rowRange(0, size)).filter((row) => ad[row] === id);
      const clicks = own.reduce((sum, row) => sum + labels[row], 0);
      const clicked = (50 * clicks) / (50 * clicks + own.length - clicks);
      expect(Math.abs(sigmoid(logits[own[0]]) - clicked)).toBeLessThan(0.02);
    }
  });

  it("is another run for a checkpoint if the weights are others", async () => {
    expect(await fingerprint(weighted)).not.toBe(await fingerprint(data));
    expect(await fingerprint(weighted)).not.toBe(
      await fingerprint(new Impressions({ ...data, weights: thirds.map((w) => 2 * w) })),
    );
  });

  it("refuses data of which only one class counts, for training and for judging", async () => {
    const clicksOnly = new Impressions({ ...data, weights: data.labels });
    const clicks = data.labels.reduce((sum, y) => sum + y, 0);
    const message = `${clicks} clicks in ${clicks} impressions of 60 whose weight is above 0`;
    await expect(fit(toyModel(), clicksOnly, options)).rejects.toThrow(`the training data has ${message}`);
    await expect(fit(toyModel(), data, { ...options, validation: clicksOnly })).rejects.toThrow(
      `the validation data has ${message}`,
    );
    const nobody = new Impressions({
      ...data,
      users: Int32Array.from(rowRange(0, 60)).map((row) => row >> 1),
      weights: thirds.map((_, i) => i % 2),
    });
    await expect(checkJudgeable(nobody, "auc")).resolves.toBeUndefined();
    await expect(checkJudgeable(nobody, "gauc")).rejects.toThrow(
      "no user with impressions both with and without a click",
    );
  });
});

describe("judging with weights", () => {
  it("counts a row of weight 2 twice and one of weight 0 not at all, in AUC, GAUC and log loss", async () => {
    const model = toyModel(1, 1);
    const [one, other] = [await evaluate(model, weighted), await evaluate(model, repeated)];
    for (const metric of ["auc", "gauc", "logLoss"] as const) {
      expect(one[metric]).toBeCloseTo(other[metric] as number, 6);
      expect(one[metric]).not.toBeCloseTo((await evaluate(model, data))[metric] as number, 3);
    }
  });

  it("takes them from a source that is read in batches", async () => {
    const large = toyImpressions(5000, 3);
    const weights = Float32Array.from({ length: 5000 }, (_, i) => i % 4);
    const whole = new Impressions({ ...large, weights });
    const streamed: ImpressionSource = { features, size: 5000, read: (rows) => whole.read(rows) };
    const model = toyModel(1, 1);
    const logits = Float32Array.from(model.logits(large).dataSync());
    const expected = judge({ logits, labels: large.labels, users: large.users, weights });
    const found = await evaluate(model, streamed);
    expect(found.auc).toBeCloseTo(auc(logits, large.labels, weights), 5);
    expect(found.gauc).toBeCloseTo(expected.gauc as number, 5);
  });

  it("leaves GAUC out where a user's only click counts for nothing", () => {
    const [logits, labels, users] = [Float32Array.of(1, 2, 3), Float32Array.of(0, 1, 1), Int32Array.of(1, 1, 2)];
    expect(judge({ logits, labels, users }).gauc).toBe(1);
    expect(judge({ logits, labels, users, weights: Float32Array.of(1, 0, 1) }).gauc).toBeUndefined();
  });

  it("has no DeLong's test, and says so", () => {
    const answers = { logits: data.labels, labels: data.labels, weights: thirds };
    const trial = { test: judge(answers), answers } as unknown as TrialResult;
    expect(() => verdicts({ A: [trial], B: [trial] }, "auc")).toThrow(
      "one seed and weighted test data: DeLong's test knows no weights",
    );
    expect(verdicts({ A: [trial, trial], B: [trial, trial] }, "auc")[0].difference).toBe(0);
  });
});
