import { beforeAll, describe, expect, it } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { Impressions } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { dispose } from "../../lib/models/model";
import { evaluate } from "../../lib/train/evaluate";
import { fit } from "../../lib/train/fit";
import { adagrad, sgd } from "../../lib/train/optimizers";
import { predict } from "../../lib/train/predict";
import { reduceOnPlateau, warmUp } from "../../lib/train/schedules";
import { distance, features, options, toyImpressions, toyModel, train, validation } from "./toy";

beforeAll(() => useEngine("wasm"));

describe("fit refuses", () => {
  const one = new Impressions({ ...validation, labels: validation.labels.map(() => 0) });

  it("validation data on which its metric is not defined, before training", async () => {
    const model = toyModel();
    await expect(fit(model, train, { ...options, validation: one })).rejects.toThrow(
      "the validation data has 0 clicks in 100 impressions: AUC needs both classes",
    );
    const clicks = new Impressions({ ...validation, labels: validation.labels.map(() => 1) });
    await expect(fit(model, train, { ...options, validation: clicks })).rejects.toThrow(
      "the validation data has 100 clicks in 100 impressions: AUC needs both classes",
    );
    const nobody = new Impressions({ ...validation, users: undefined });
    await expect(fit(model, train, { ...options, validation: nobody, metric: "gauc" })).rejects.toThrow(
      "no user with impressions both with and without a click",
    );
    expect(distance(model, toyModel())).toBe(0);
  });

  it("training data of one class, from which every model learns the same", async () => {
    const model = toyModel();
    const all = (label: number) => new Impressions({ ...train, labels: train.labels.map(() => label) });
    await expect(fit(model, all(0), options)).rejects.toThrow(
      "the training data has 0 clicks in 200 impressions, expected both classes. Was it read with unlabelled: true, or does it hold one class only?",
    );
    await expect(fit(model, all(1), options)).rejects.toThrow(
      "the training data has 200 clicks in 200 impressions, expected both classes",
    );
    expect(distance(model, toyModel())).toBe(0);
    const late = new Impressions({
      ...toyImpressions(5000),
      labels: Float32Array.from({ length: 5000 }, (_, i) => (i === 4999 ? 1 : 0)),
    });
    expect((await fit(model, late, { ...options, epochs: 1, batchSize: 1000 })).epochs.length).toBe(1);
    expect(
      (await fit(model, train.read(Int32Array.of(train.labels.indexOf(1))), { ...options, epochs: 1 })).epochs.length,
    ).toBe(1); // one step to look at
  });

  it("what is no impressions, as evaluate and predict do, and says what to do with it", async () => {
    const raw = { size: 3, schema: {}, columns: {}, labels: train.labels };
    const model = toyModel();
    await expect(fit(model, raw as never, options)).rejects.toThrow(
      "the training data is raw, expected impressions. Encode it first: encode(raw, rows) or applyEncoding(raw, encoding) of lib/data/encode",
    );
    await expect(predict(model, raw as never)).rejects.toThrow("the data is raw, expected impressions");
    await expect(evaluate(model, raw as never)).rejects.toThrow("the data is raw, expected impressions");
    await expect(fit(model, train, { ...options, validation: rowRange(0, 50) as never })).rejects.toThrow(
      "the validation data is Int32Array, expected impressions. If these are its rows, give impressions.read(rows)",
    );
    await expect(fit(model, undefined as never, options)).rejects.toThrow(
      "the training data is undefined, expected impressions",
    );
    await expect(fit(model, train, { ...options, validation: { train } as never })).rejects.toThrow(
      "the validation data is Object, expected impressions",
    );
  });

  it("a model with weights that are not finite, for which no learning rate would help", async () => {
    const model = toyModel();
    model.factors.values[4] = NaN;
    await expect(fit(model, train, { ...options, validation })).rejects.toThrow(
      "the weight factors[4] is NaN before training, expected finite numbers. Build the model again",
    );
  });

  it("a model whose memory was freed, as evaluate and predict do", async () => {
    const model = toyModel();
    dispose(model);
    for (const use of [() => fit(model, train, options), () => predict(model, train), () => evaluate(model, train)]) {
      await expect(use()).rejects.toThrow(
        "the model's memory was freed by dispose, so the model cannot be used any more. Build it again, or load it",
      );
    }
  });

  it("options that make no sense", async () => {
    await expect(fit(toyModel(), train, { ...options, epochs: 0 })).rejects.toThrow(
      "epochs is 0, expected a whole number from 1 up",
    );
    await expect(fit(toyModel(), train, { ...options, batchSize: 1.5 })).rejects.toThrow("batchSize is 1.5");
    await expect(fit(toyModel(), train, { ...options, validation, patience: 0 })).rejects.toThrow(
      "patience is 0, expected a whole number from 1 up",
    );
    const checkpoint = { file: "never written", everySteps: 0 };
    await expect(fit(toyModel(), train, { ...options, checkpoint })).rejects.toThrow("everySteps is 0");
    await expect(fit(toyModel(), train, { ...options, patience: 2 })).rejects.toThrow(
      "patience is set, but there is no validation data",
    );
    await expect(fit(toyModel(), { features, size: 0, read: () => train }, options)).rejects.toThrow(
      "0 impressions to train on",
    );
  });

  it.each<[string, object, RegExp]>([
    [
      "a metric's name",
      { metric: "logloss", patience: 1 },
      /metric is "logloss", expected "auc", "gauc" or "logLoss"/,
    ],
    ["an option's name", { patient: 1 }, /fit has no option patient, expected some of epochs, batchSize, .*patience/],
    ["an option's name as Python spells it", { weight_decay: 0.1 }, /fit has no option weight_decay/],
    [
      "an option's name of the checkpoint",
      { checkpoint: { file: "never written", everyStep: 2 } },
      /checkpoint has no option everyStep, expected some of file, everySteps/,
    ],
    [
      "the name of a callback",
      { callbacks: [{ onEnd() {} }, { onEpochEnd() {} }] },
      /callbacks\[1\] has none of onBatch, onEpoch, onEnd/,
    ],
    ["what is no callback", { callbacks: [false] }, /callbacks\[0\] has none of onBatch, onEpoch, onEnd/],
    ["a list of one callback", { callbacks: { onEnd() {} } }, /callbacks is \[object Object\], expected a list of them/],
  ])("a slip in %s, which would go by unseen", async (_, slip, message) => {
    const model = toyModel();
    await expect(fit(model, train, { ...options, validation, ...slip })).rejects.toThrow(message);
    expect(distance(model, toyModel())).toBe(0);
  });

  it.each([undefined, NaN, 0.5, null])("%s as a seed", async (seed) => {
    await expect(fit(toyModel(), train, { ...options, seed: seed as never })).rejects.toThrow(
      `seed is ${seed}, expected a whole number or a text`,
    );
  });

  it("what is no optimizer, and says how one is made", async () => {
    const withOptimizer = (optimizer: unknown) => fit(toyModel(), train, { ...options, optimizer: optimizer as never });
    await expect(withOptimizer("adam")).rejects.toThrow(
      'optimizer is "adam", expected an optimizer such as adam({ learningRate: 0.001 })',
    );
    await expect(withOptimizer(undefined)).rejects.toThrow(
      "optimizer is undefined, expected an optimizer such as adam(",
    );
    await expect(withOptimizer(adagrad)).rejects.toThrow(
      "optimizer is a function, expected an optimizer such as adam(",
    );
    await expect(withOptimizer({ factors: sgd({ learningRate: 1 }), "": "adam" })).rejects.toThrow(
      'optimizer[""] is "adam", expected an optimizer such as adam(',
    );
    await expect(withOptimizer({ learningRate: 0.1 })).rejects.toThrow(
      'optimizer["learningRate"] is 0.1, expected an optimizer such as adam(',
    );
  });

  it("options that would do nothing without validation data", async () => {
    await expect(fit(toyModel(), train, { ...options, metric: "logLoss" })).rejects.toThrow(
      "metric is logLoss, but there is no validation data",
    );
    for (const schedule of [reduceOnPlateau(), warmUp(3, reduceOnPlateau())]) {
      await expect(fit(toyModel(), train, { ...options, schedule })).rejects.toThrow(
        "the schedule waits for an improvement, but there is no validation data",
      );
      expect((await fit(toyModel(), train, { ...options, schedule, validation })).ended).toBe("all epochs done");
    }
    expect((await fit(toyModel(), train, { ...options, schedule: warmUp(3) })).ended).toBe("all epochs done");
  });
});
