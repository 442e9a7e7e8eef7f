import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { useEngine } from "../../lib/engine";
import { compare } from "../../lib/train/compare";
import { adagrad } from "../../lib/train/optimizers";
import { type Callbacks } from "../../lib/train/options";
import { runTrial } from "../../lib/train/trial";
import { toyImpressions, toyModel } from "./toy";

beforeAll(() => useEngine("wasm"));

const all = toyImpressions(300);
const data = { train: all.read(rowRange(0, 100)), validation: all.read(rowRange(100, 200)), test: all.read(rowRange(200, 300)) };

function trial(callbacks: Callbacks): ReturnType<typeof runTrial> {
  return runTrial(toyModel(), data, { epochs: 3, batchSize: 50, optimizer: adagrad({ learningRate: 0.3 }), seed: 1, callbacks: [callbacks] });
}

describe("a trial", () => {
  it.each([1, 3])("has no result if it is stopped, and frees its model: at batch %i of 6", async (at) => {
    const tensors = tf.memory().numTensors;
    let batch = 0;
    await expect(trial({ onBatch: () => void (++batch === at && process.emit("SIGINT")) })).rejects.toThrow("stopped by you in the middle of a trial");
    expect(batch).toBe(at);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("frees its model if it fails", async () => {
    const tensors = tf.memory().numTensors;
    await expect(trial({ onEpoch: () => Promise.reject(new Error("from the callback")) })).rejects.toThrow("from the callback");
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("ends a comparison if it is stopped", async () => {
    let begun = 0;
    const stopped = () => (begun++, trial({ onBatch: () => void process.emit("SIGINT") }));
    await expect(compare({ trial: stopped, models: { A: {}, B: {} }, seeds: [1, 2] })).rejects.toThrow("stopped by you");
    expect(begun).toBe(1);
  });
});
