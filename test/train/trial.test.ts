import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { Impressions } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { numParameters } from "../../lib/models/model";
import { compare } from "../../lib/train/compare";
import { answers, evaluate } from "../../lib/train/evaluate";
import { fit } from "../../lib/train/fit";
import { adagrad } from "../../lib/train/optimizers";
import { type Callbacks } from "../../lib/train/options";
import { runTrial } from "../../lib/train/trial";
import { temporaryFolder } from "../temporary";
import { toyImpressions, toyModel } from "./toy";

beforeAll(() => useEngine("wasm"));

const all = toyImpressions(300);
const data = {
  train: all.read(rowRange(0, 100)),
  validation: all.read(rowRange(100, 200)),
  test: all.read(rowRange(200, 300)),
};

function trial(callbacks: Callbacks, batchSize = 50): ReturnType<typeof runTrial> {
  return runTrial(toyModel(), data, {
    epochs: 3,
    batchSize,
    optimizer: adagrad({ learningRate: 0.3 }),
    seed: 1,
    callbacks: [callbacks],
  });
}

describe("a trial", () => {
  it.each([1, 3])("has no result if it is stopped, and frees its model: at batch %i of 6", async (at) => {
    const tensors = tf.memory().numTensors;
    let batch = 0;
    await expect(trial({ onBatch: () => void (++batch === at && process.emit("SIGINT")) })).rejects.toThrow(
      "stopped by you in the middle of a trial",
    );
    expect(batch).toBe(at);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("tells the best epoch, how it did on the validation data, and how its weights do on the test data", async () => {
    const turned = { ...data, validation: new Impressions({ ...all.read(rowRange(100, 200)) }) };
    turned.validation.labels.forEach((y, i) => i % 3 && (turned.validation.labels[i] = 1 - y));
    const options = {
      epochs: 6,
      batchSize: 50,
      optimizer: adagrad({ learningRate: 0.3 }),
      seed: 1,
      metric: "logLoss",
    } as const;
    const result = await runTrial(toyModel(), turned, options);
    const model = toyModel();
    const { best, bestEpoch } = await fit(model, turned.train, { ...options, validation: turned.validation });
    expect(bestEpoch).toBeLessThan(6); // or this test shows less
    expect(result).toMatchObject({
      validation: best?.validation?.logLoss,
      metric: "logLoss",
      bestEpoch,
      test: await evaluate(model, data.test),
      answers: await answers(model, data.test),
      parameters: numParameters(model),
    });
  });

  it("frees its model if it fails", async () => {
    const tensors = tf.memory().numTensors;
    await expect(trial({ onEpoch: () => Promise.reject(new Error("from the callback")) })).rejects.toThrow(
      "from the callback",
    );
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it.each([50, 100])("counts a step's time from batch to batch, and none between epochs, batches of %i", async (size) => {
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    onTestFinished(() => clock.mockRestore());
    const passing = { onBatch: () => void (now += 5), onEpoch: () => void (now += 200) };
    expect((await trial(passing, size)).millisecondsPerStep).toBe(5);
  });

  it("has the same result again from a finished checkpoint, but no time of a step", async () => {
    const file = join(temporaryFolder(), "run");
    const run = async () =>
      runTrial(toyModel(), data, {
        epochs: 2,
        batchSize: 50,
        optimizer: adagrad({ learningRate: 0.3 }),
        seed: 1,
        checkpoint: { file },
      });
    const [first, again] = [await run(), await run()];
    expect(first.millisecondsPerStep).toBeGreaterThan(0);
    expect(again).toEqual({ ...first, millisecondsPerStep: NaN });
    const times: Record<number, number> = { 1: NaN, 2: 5, 3: 7, 4: 6 };
    const compared = await compare({
      trial: async (_, seed) => ({ ...first, millisecondsPerStep: times[seed] }),
      models: { A: {} },
      seeds: [1, 2, 3, 4],
    });
    expect(compared.millisecondsPerStep).toEqual({ A: 6 });
  });

  it("ends a comparison if it is stopped", async () => {
    let begun = 0;
    const stopped = () => (begun++, trial({ onBatch: () => void process.emit("SIGINT") }));
    await expect(compare({ trial: stopped, models: { A: {}, B: {} }, seeds: [1, 2] })).rejects.toThrow(
      "stopped by you",
    );
    expect(begun).toBe(1);
  });
});
