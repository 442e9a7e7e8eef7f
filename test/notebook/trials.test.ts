import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { useEngine } from "../../lib/engine";
import { trial as trial03, validationCurve } from "../../lib/notebook/trials/03";
import { makeWorld, partsLearned, trial as trial04 } from "../../lib/notebook/trials/04";
import { trial as trial05 } from "../../lib/notebook/trials/05";
import { activate, overfit, rowLengths } from "../../lib/notebook/trials/06";
import { trial as trial07 } from "../../lib/notebook/trials/07";

beforeAll(() => useEngine("wasm"));

describe("a name that no trial knows", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["a model of 03", () => trial03({ world: "field-aware", model: "DIN" as never }, 1), /no model .*"DIN".*"DCN-v2"/],
    ["a world of 03", () => trial03({ world: "triples" as never, model: "FM" }, 1), /no world .*"third order"$/],
    ["a model of 04", () => trial04({ world: "both", model: "PNN" as never }, 1), /no model .*"PNN".*"DeepFM 2V"$/],
    ["a world of 04", () => trial04({ world: "triple" as never, model: "FM" }, 1), /no world .*"triples", "both"$/],
    ["what every object has", () => makeWorld("toString" as never, 1), /no world .*"toString"/],
  ])("is named, with the known ones: %s", async (_, run, message) => {
    await expect(async () => run()).rejects.toThrow(message);
  });
});

describe("the notebooks' trials, of which one process runs many", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["an FNN on a trained FM", () => trial03({ world: "second order", model: "FNN from FM", epochs: 1 }, 1)],
    ["a curve", () => validationCurve({ world: "second order", model: "FM", epochs: 1 }, 1)],
    ["a model in a planted world", () => trial04({ world: "both", model: "FM" }, 1)],
    ["DeepFM's parts", () => partsLearned("DeepFM", 1)],
    ["DIN", () => trial05("intensity", { pooling: "sum" }, 1)],
    ["overfitting", () => overfit({}, 1, 1)],
    ["lengths of rows", () => rowLengths({}, 1)],
    ["activations", () => activate("prelu", 1, 0)],
  ])("leave no tensor behind: %s", async (_, run) => {
    const tensors = tf.memory().numTensors;
    await run();
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

it("the film trial names the models it has when it is asked for another", async () => {
  await expect(trial07({ model: "KPNN" as "LR", learningRate: 0.01 }, 1)).rejects.toThrow(
    /^no model "KPNN" in this experiment, expected one of LR, POLY2, .*, DIN, FNN$/,
  );
});
