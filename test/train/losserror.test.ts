import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { Impressions } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import type { Pass } from "../../lib/layers/layer";
import type { Model } from "../../lib/models/model";
import { shuffledRows } from "../../lib/train/batches";
import { fit } from "../../lib/train/fit";
import { explain, type LossError } from "../../lib/train/losserror";
import { sgd } from "../../lib/train/optimizers";
import type { FitOptions, Progress } from "../../lib/train/options";
import { l2 } from "../../lib/train/regularizers";
import { copyWeights } from "../../lib/train/weights";
import { rules } from "./dense";
import { distance, numbers, options, toyModel, train, turned, validation, watched } from "./toy";

beforeAll(() => useEngine("wasm"));

describe("a loss that is not finite", () => {
  /** A toy model whose logits are not numbers from a given training step on. */
  function breaking(after: number): Model {
    const model = toyModel();
    let calls = 0;
    return Object.assign(Object.create(model), {
      logits: (batch: Impressions, pass?: Pass) =>
        tf.tidy(() => (pass?.training && ++calls > after ? model.logits(batch).mul(NaN) : model.logits(batch))),
    });
  }

  it("stops with the step, the batch's rows and the likely causes, and the last good weights", async () => {
    const model = breaking(9);
    let good: unknown;
    const failure: LossError = await fit(model, train, {
      ...options,
      callbacks: [{ onEpoch: () => (good = copyWeights(model)) }],
    }).then(
      () => expect.unreachable(),
      (error) => error,
    );
    expect(failure.name).toBe("LossError");
    expect(failure.step).toBe(10);
    expect(failure.rows).toEqual(shuffledRows({ size: 200 }, 1, 2).slice(64, 96));
    expect(failure.message).toContain(
      `the loss is NaN at step 10, in the batch of rows ${Array.from(failure.rows.slice(0, 8)).join(", ")}, ...`,
    );
    expect(failure.message).toContain("the learning rate (0.3) is too high");
    expect(failure.message).toContain("those of epoch 1");
    expect(failure.history.ended).toBe("loss not finite");
    expect(failure.history.epochs.length).toBe(1);
    expect(copyWeights(model)).toEqual(good);
  });

  it("names no learning rate where weights have optimizers of their own", () => {
    const optimizer = { "": sgd({ learningRate: 1 }), bias: sgd({ learningRate: 2 }) };
    expect(explain("the loss is NaN", 1, Int32Array.of(7), { ...options, optimizer })).toContain(
      "the loss is NaN at step 1, in the batch of rows 7. Likely causes: the learning rate is too high",
    );
  });

  it("names the first eight rows of the batch, and says just then that there are more", () => {
    const said = (rows: number) => explain("the loss is NaN", 1, Int32Array.from({ length: rows }, (_, i) => i), options);
    expect(said(8)).toContain("of rows 0, 1, 2, 3, 4, 5, 6, 7. Likely");
    expect(said(9)).toContain("of rows 0, 1, 2, 3, 4, 5, 6, 7, .... Likely");
  });

  it("leaves the weights of the last epoch under lazy L2 as they were, with no row that owes anything", async () => {
    const model = breaking(110); // 100 steps are an epoch
    let good: unknown;
    const callbacks = [{ onEpoch: () => (good = copyWeights(model)) }];
    const lazy = { batchSize: 2, optimizer: rules.sgd.optimizer, regularizer: l2(0.05) };
    await expect(fit(model, train, { ...options, ...lazy, callbacks })).rejects.toThrow(/those of epoch 1$/);
    expect(copyWeights(model)).toEqual(good);
  });

  it("gives back the first weights when no epoch was good", async () => {
    const model = toyModel();
    const before = numbers(model);
    await expect(fit(model, train, { ...options, optimizer: sgd({ learningRate: 1e20 }) })).rejects.toThrow(
      /the loss is (NaN|Infinity).*those it began with/,
    );
    expect(numbers(model)).toEqual(before);
  });

  const single = { ...options, batchSize: train.size }; // one step per epoch: no loss is taken after it

  it.each<[string, number, Partial<FitOptions>, RegExp]>([
    [
      "weights, in the only epoch",
      1e40,
      { epochs: 1 },
      /the weight bias\[0\] is -?Infinity after the update at step 1/,
    ],
    [
      "weights, before the next epoch's loss",
      1e40,
      { epochs: 2 },
      /the weight bias\[0\] is -?Infinity after the update at step 1/,
    ],
    [
      "weights, before they are judged",
      1e40,
      { epochs: 2, validation },
      /the weight bias\[0\] is -?Infinity after the update at step 1/,
    ],
    ["finite weights with logits that are not", 1e30, { epochs: 1 }, /a logit is NaN after the update at step 1/],
    [
      "finite weights with logits that are not, on the validation data",
      1e30,
      { epochs: 1, validation },
      /a logit is NaN after the update at step 1/,
    ],
  ])("is foreseen where an epoch's last step leaves %s", async (_, learningRate, extra, message) => {
    const model = toyModel();
    const failure: LossError = await fit(model, train, { ...single, ...extra, optimizer: sgd({ learningRate }) }).then(
      () => expect.unreachable(),
      (error) => error,
    );
    expect(failure.name).toBe("LossError");
    expect(failure.message).toMatch(message);
    expect(failure.message).toMatch(/those it began with$/);
    expect([failure.step, failure.rows, failure.history.ended, failure.history.epochs]).toEqual([
      1,
      shuffledRows({ size: 200 }, 1, 1),
      "loss not finite",
      [],
    ]);
    expect(distance(model, toyModel())).toBe(0);
  });

  it("fails as such also where the model's first logits, on the validation data, are none", async () => {
    const model = toyModel();
    const broken = Object.assign(Object.create(model), {
      logits: (batch: Impressions) => tf.tidy(() => model.logits(batch).mul(NaN)),
    });
    const failure: LossError = await fit(broken, train, { ...options, validation }).then(
      () => expect.unreachable(),
      (error) => error,
    );
    expect([failure.name, failure.step]).toEqual(["LossError", 1]);
  });

  it("is foreseen in a row that the last batch does not show", async () => {
    const model = toyModel();
    const breakRow = {
      onBatch: ({ step, steps }: Progress) => void (step === steps && (model.factors.values[4] = NaN)),
    };
    await expect(fit(model, train, { ...options, callbacks: [breakRow] })).rejects.toThrow(
      "the weight factors[4] is NaN after the update at step 7, in the batch of rows",
    );
    expect(distance(model, toyModel())).toBe(0);
  });

  it("leaves the weights of the epoch before the one that broke them", async () => {
    const model = toyModel();
    let good: unknown;
    const keep = { onEpoch: () => (good = copyWeights(model)) };
    const breaks = ({ step }: { step: number }) => (step === 3 ? 1e40 : 1);
    await expect(
      fit(model, train, {
        ...single,
        epochs: 4,
        optimizer: sgd({ learningRate: 0.1 }),
        schedule: breaks,
        callbacks: [keep],
      }),
    ).rejects.toThrow(/at step 3, .* those of epoch 2$/);
    expect(copyWeights(model)).toEqual(good);
  });

  it("leaves the weights of the best epoch, and says which, if later ones were worse", async () => {
    const best = (await watched({ epochs: 5, validation: turned })).history.bestEpoch as number;
    expect(best).toBeLessThan(5); // or this test shows nothing
    const failing = fit(breaking(5 * 7), train, { ...options, epochs: 6, validation: turned });
    await expect(failing).rejects.toThrow(new RegExp(`at step 36, .* those of epoch ${best}$`));
  });
});
