import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { type ImpressionSource, Impressions, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import type { Pass } from "../../lib/layers/layer";
import { DIN } from "../../lib/models/din";
import { FM } from "../../lib/models/fm";
import { dispose, type Model } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { shuffledRows } from "../../lib/train/batches";
import { checkJudgeable } from "../../lib/train/checkdata";
import { answers, evaluate, judge } from "../../lib/train/evaluate";
import { fit } from "../../lib/train/fit";
import { gradients } from "../../lib/train/gradients";
import type { LossError } from "../../lib/train/losserror";
import { adagrad, sgd } from "../../lib/train/optimizers";
import type { FitOptions, Progress } from "../../lib/train/options";
import { predict, predictForOneUser, probabilities } from "../../lib/train/predict";
import { l2 } from "../../lib/train/regularizers";
import { save } from "../../lib/train/save";
import { reduceOnPlateau, type Schedule, stepDecay, warmUp } from "../../lib/train/schedules";
import { Training, trainStep } from "../../lib/train/step";
import { copyWeights } from "../../lib/train/weights";
import { engines } from "../engines";
import { setNormalWeights } from "../models/loops";
import { denseStep, rules } from "./dense";
import { distance, features, numbers, toyImpressions, toyModel } from "./toy";

beforeAll(() => useEngine("wasm"));

const data = toyImpressions(300);
const [train, validation] = [data.read(rowRange(0, 200)), data.read(rowRange(200, 300))];
const options: FitOptions = { epochs: 3, batchSize: 32, optimizer: adagrad({ learningRate: 0.3 }), seed: 1 };

/** Weights after each epoch of a training, and what it was told. */
async function watched(extra: Partial<FitOptions>, model = toyModel()) {
  const weights: ReturnType<typeof copyWeights>[] = [];
  const told: Progress[] = [];
  const history = await fit(model, train, {
    ...options,
    ...extra,
    callbacks: [{ onEpoch: (progress) => (weights.push(copyWeights(model)), told.push({ ...progress })) }],
  });
  return { model, history, weights, told };
}

/** Validation data with two labels of three turned round: a model that learns gets worse on it. */
const turned = new Impressions({ ...validation, labels: validation.labels.map((y, i) => (i % 3 === 0 ? y : 1 - y)) });

describe("fit", () => {
  it("does the steps that a plain loop over shuffled batches does", async () => {
    const [fitted, looped] = [toyModel(), toyModel()];
    await fit(fitted, train, options);
    const training = new Training(looped, { optimizer: options.optimizer, seed: options.seed });
    for (let epoch = 1; epoch <= 3; epoch++) {
      const order = shuffledRows({ size: 200 }, 1, epoch);
      for (let start = 0; start < 200; start += 32) trainStep(training, train.read(order.subarray(start, start + 32)));
    }
    expect(distance(fitted, looped)).toBe(0);
  });

  it("gives the same digits for the same seed, and others for another", async () => {
    const [one, same, other] = [await watched({}), await watched({}), await watched({ seed: 2 })];
    expect(distance(one.model, same.model)).toBe(0);
    expect(one.history).toEqual(same.history);
    expect(distance(one.model, other.model)).toBeGreaterThan(0);
  });

  it("shuffles every epoch anew, each row once", () => {
    const [first, second] = [shuffledRows({ size: 50 }, 1, 1), shuffledRows({ size: 50 }, 1, 2)];
    expect(Array.from(first).sort((a, b) => a - b)).toEqual(Array.from(rowRange(0, 50)));
    expect(first).not.toEqual(second);
  });

  it("learns: validation AUC from 0.5 to above 0.7", async () => {
    const model = toyModel();
    const history = await fit(model, toyImpressions(2000, 2), { ...options, epochs: 8, validation });
    expect(history.validation[0]).toBeLessThan(0.65);
    expect(history.best?.validation?.auc).toBeGreaterThan(0.7);
    expect((await evaluate(model, validation)).auc).toBe(history.best?.validation?.auc);
  });

  it("leaves as many tensors as there were before", async () => {
    const model = toyModel();
    const before = tf.memory().numTensors;
    await fit(model, train, { ...options, validation, clipNorm: 1 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it("records each epoch, and offers its curves", async () => {
    const { history, told } = await watched({ validation });
    expect(history.epochs.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 7], [2, 14], [3, 21]]);
    expect(history.validation).toEqual(history.epochs.map(({ validation }) => validation?.auc));
    const [training, judged] = history.lossCurves;
    expect(training).toEqual({ name: "training", x: [1, 2, 3], y: history.epochs.map(({ loss }) => loss) });
    expect(judged.y).toEqual(history.epochs.map(({ validation }) => validation?.logLoss));
    expect(history.rankingCurves.map(({ name }) => name)).toEqual(["validation AUC", "validation GAUC"]);
    expect(told.map(({ validation }) => validation)).toEqual(history.validation);
    expect((await watched({})).history.rankingCurves).toEqual([]);
  });

  it("reports the mean loss over the impressions, not over the batches", async () => {
    const model = toyModel();
    const frozen = { ...options, epochs: 1, optimizer: sgd({ learningRate: 1e-30 }) };
    const history = await fit(model, train, frozen); // 6 batches of 32 and one of 8
    const { logLoss } = await evaluate(model, train);
    expect(history.epochs[0].loss).toBeCloseTo(logLoss, 6);
  });

  it("reports each epoch's own loss, not that of all so far", async () => {
    const single = { ...options, batchSize: train.size }; // the loss of its one batch is taken before its step
    const { epochs } = await fit(toyModel(), train, { ...single, epochs: 2 });
    const once = toyModel();
    await fit(once, train, { ...single, epochs: 1 });
    expect(epochs[1].loss).toBeCloseTo((await evaluate(once, train)).logLoss, 5);
    expect(epochs[1].loss).toBeLessThan(epochs[0].loss - 0.005);
  });

  it("tells the callbacks about each batch, epoch and the end, and waits for them", async () => {
    const events: string[] = [];
    const late = (event: string, milliseconds = 1) =>
      new Promise<void>((resolve) => setTimeout(() => (events.push(event), resolve()), milliseconds));
    await fit(toyModel(), train, {
      ...{ ...options, epochs: 2, batchSize: 100 },
      callbacks: [
        {
          onBatch: ({ epoch, epochs, step, steps }) => late(`${epoch}/${epochs} ${step}/${steps}`),
          onEpoch: ({ epoch, step }) => late(`epoch ${epoch} at ${step}`, 20),
          onEnd: ({ epoch }) => late(`end ${epoch}`),
        },
      ],
    });
    expect(events).toEqual(["1/2 1/2", "1/2 2/2", "epoch 1 at 2", "2/2 1/2", "2/2 2/2", "epoch 2 at 2", "end 2"]);
  });

  it("tells the callbacks about the end also when it fails, and throws what failed first", async () => {
    const ends: string[] = [];
    const onEnd = ({ epoch, step }: Progress) => void ends.push(`${epoch} ${step}`);
    const fails = {
      onBatch: ({ step }: Progress) => (step === 2 ? Promise.reject(new Error("first")) : undefined),
      onEnd: () => Promise.reject(new Error("second")),
    };
    await expect(fit(toyModel(), train, { ...options, callbacks: [{ onEnd }, fails] })).rejects.toThrow("first");
    expect(ends).toEqual(["1 2"]);
    await expect(
      fit(toyModel(), train, { ...options, callbacks: [{ onEnd }, { onEnd: fails.onEnd }] }),
    ).rejects.toThrow("second");
    expect(ends).toEqual(["1 2", "3 7"]); // told once
    await expect(fit(toyModel(), train, { ...options, epochs: 0, callbacks: [{ onEnd }] })).rejects.toThrow(
      "epochs is 0",
    );
    expect(ends).toHaveLength(2); // it had not begun
    const regularizer = { ...l2(0.1), start: () => Promise.reject(new Error("no start")) };
    let ended = 0;
    await expect(
      fit(toyModel(), train, { ...options, regularizer, callbacks: [{ onEnd: () => void ended++ }] }),
    ).rejects.toThrow("no start");
    expect(ended).toBe(0);
  });

  it("reads a source that is not in memory as well", async () => {
    const source: ImpressionSource = { features, size: train.size, read: (rows) => train.read(rows) };
    const judged: ImpressionSource = { features, size: validation.size, read: (rows) => validation.read(rows) };
    const [streamed, direct] = [toyModel(), toyModel()];
    const history = await fit(streamed, source, { ...options, validation: judged, metric: "gauc" });
    expect(history).toEqual(await fit(direct, train, { ...options, validation, metric: "gauc" }));
    expect(distance(streamed, direct)).toBe(0);
  });

  it("multiplies the learning rate by the schedule", async () => {
    const { history, model } = await watched({ schedule: stepDecay({ every: 7, factor: 0.5 }) });
    expect(history.epochs.map(({ rateFactor }) => rateFactor)).toEqual([1, 0.5, 0.25]);
    const looped = toyModel();
    const training = new Training(looped, { optimizer: options.optimizer, seed: options.seed });
    for (let epoch = 1; epoch <= 3; epoch++) {
      const order = shuffledRows({ size: 200 }, 1, epoch);
      for (let start = 0; start < 200; start += 32)
        trainStep(training, train.read(order.subarray(start, start + 32)), [1, 0.5, 0.25][epoch - 1]);
    }
    expect(distance(model, looped)).toBe(0);
  });

  it("tells a schedule what the metric is and how the epochs did by it", async () => {
    const seen: unknown[] = [];
    const schedule: Schedule = ({ step, metric, validation }) => (seen.push([step, metric, ...validation]), 1);
    const { history, told } = await watched({ schedule, validation, metric: "logLoss" });
    expect(history.validation).toEqual(history.epochs.map((epoch) => epoch.validation?.logLoss));
    expect(seen).toContainEqual([15, "logLoss", ...history.validation.slice(0, 2)]);
    expect(told.map(({ validation }) => validation)).toEqual(history.validation);
  });

  it("tells a schedule how many steps there will be, with each epoch's smaller last batch", async () => {
    const told = new Set<number>();
    await watched({ schedule: ({ steps }) => (told.add(steps), 1) });
    expect([...told]).toEqual([3 * 7]); // 6 batches of 32 and one of 8
  });

  it("has no row left behind at the end under lazy L2", async () => {
    const regularized = { ...options, epochs: 1, batchSize: 2, regularizer: l2(0.05) };
    const [judged, plain] = [toyModel(1, 1), toyModel(1, 1)];
    // Shows few of the rows.
    const history = await fit(judged, train, { ...regularized, validation: validation.read(rowRange(0, 4)) });
    await fit(plain, train, regularized);
    expect(distance(judged, plain)).toBeLessThan(1e-6);
    expect(judged.factors.onLookup).toBeUndefined();
    expect((await evaluate(judged, validation.read(rowRange(0, 4)))).auc).toBe(history.best?.validation?.auc);
  });
});

describe("a training under lazy L2 that ends in the middle of an epoch", () => {
  const lambda = 0.05;
  const lazy = { ...options, batchSize: 2, optimizer: rules.sgd.optimizer, regularizer: l2(lambda) };
  const endAt = (last: number, how: "stopped" | "thrown") => {
    let batches = 0;
    const end = () => {
      if (how === "thrown") throw new Error("enough");
      process.emit("SIGINT");
    };
    return { onBatch: () => void (++batches === last && end()) };
  };

  it.each(["stopped", "thrown"] as const)("has no row left behind when it is %s", async (how) => {
    const [model, dense] = [toyModel(1, 1), toyModel(1, 1)];
    const ended = fit(model, train, { ...lazy, callbacks: [endAt(30, how)] });
    if (how === "stopped") expect((await ended).epochs).toEqual([]);
    else await expect(ended).rejects.toThrow("enough");
    const order = shuffledRows({ size: 200 }, 1, 1);
    for (let i = 0; i < 30; i++)
      denseStep(dense, train.read(order.subarray(2 * i, 2 * i + 2)), {}, i + 1, rules.sgd.rule, lambda);
    expect(distance(model, dense)).toBeLessThan(1e-5);
    expect(model.factors.onLookup).toBeUndefined();
  });

  it("has the weights of its best epoch as they were, when a later one was stopped", async () => {
    const model = toyModel(1, 1);
    let best: unknown;
    await fit(model, train, {
      ...lazy,
      validation,
      callbacks: [endAt(130, "stopped"), { onEpoch: () => (best = copyWeights(model)) }],
    });
    expect(copyWeights(model)).toEqual(best);
  });
});

describe("the engines", () => {
  it("agree to 0.002 AUC, all that are installed here", async () => {
    onTestFinished(async () => void (await useEngine("wasm")));
    const scores: number[] = [];
    for (const engine of engines) {
      await useEngine(engine);
      scores.push((await fit(toyModel(), toyImpressions(600, 2), { ...options, validation })).validation[2]);
    }
    expect(Math.max(...scores) - Math.min(...scores)).toBeLessThan(0.002);
  });
});

describe("the best weights", () => {
  it("are the model's at the end, also when training did not stop early", async () => {
    const { history, model, weights } = await watched({ epochs: 6, validation: turned });
    const best = history.validation.indexOf(Math.max(...history.validation)) + 1;
    expect(best).toBeLessThan(6); // or this test shows nothing
    expect(history.bestEpoch).toBe(best);
    expect(history.ended).toBe("all epochs done");
    expect(copyWeights(model)).toEqual(weights[best - 1]);
    expect((await evaluate(model, turned)).auc).toBe(Math.max(...history.validation));
  });

  it("are those of the smallest log loss if that is the metric", async () => {
    const { history, model, weights } = await watched({
      epochs: 6,
      validation,
      metric: "logLoss",
      optimizer: adagrad({ learningRate: 3 }),
    });
    const losses = history.epochs.map(({ validation }) => validation?.logLoss as number);
    expect(history.bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
    expect(copyWeights(model)).toEqual(weights[(history.bestEpoch as number) - 1]);
  });

  it("are the first of those that are equally good, and no worse than a start that is as good", async () => {
    const { history } = await watched({ validation, optimizer: sgd({ learningRate: 1e-30 }) });
    expect(history.validation).toEqual(new Array<number>(3).fill(history.start?.auc as number));
    expect([history.bestEpoch, history.worseThanStart]).toEqual([1, false]);
  });

  it("are the last without validation data", async () => {
    const { history, model, weights } = await watched({});
    expect(history.bestEpoch).toBeUndefined();
    expect(copyWeights(model)).toEqual(weights[2]);
  });

  it("are waited for `patience` epochs, no longer", async () => {
    const { history } = await watched({ epochs: 20, patience: 2, validation: turned });
    expect(history.ended).toBe("no improvement");
    expect(history.epochs.length).toBe((history.bestEpoch as number) + 2);
  });
});

describe("the model that a training begins with", () => {
  const flipped = new Impressions({ ...train, labels: train.labels.map((y) => 1 - y) });

  it("is judged before the first step, so that a training that made it worse can be told", async () => {
    const model = toyModel();
    const first = await fit(model, train, { ...options, epochs: 8, validation });
    expect(first.start).toEqual(await evaluate(toyModel(), validation));
    expect(first.worseThanStart).toBe(false);
    const before = await evaluate(model, validation);
    const second = await fit(model, flipped, { ...options, validation });
    expect(second.start).toEqual(before);
    expect(second.best?.validation?.auc).toBeLessThan(before.auc);
    expect(second.worseThanStart).toBe(true);
  });

  it("is compared by the metric: a smaller log loss is no worse", async () => {
    const { history } = await watched({ validation, metric: "logLoss" });
    expect(history.best?.validation?.logLoss).toBeLessThan(history.start?.logLoss as number);
    expect(history.worseThanStart).toBe(false);
  });

  it("is not judged without validation data, and judging it changes no digit", async () => {
    const [without, judged] = [
      await watched({ regularizer: l2(0.01) }),
      await watched({ regularizer: l2(0.01), validation }),
    ];
    expect([without.history.start, without.history.worseThanStart]).toEqual([undefined, false]);
    expect(judged.weights).toEqual(without.weights);
  });
});

describe("the stop button", () => {
  it("ends after the current batch, with the best weights and the history so far", async () => {
    const listeners = process.listenerCount("SIGINT");
    const model = toyModel();
    let batches = 0;
    let firstEpoch: unknown;
    const history = await fit(model, train, {
      ...{ ...options, epochs: 50, validation },
      callbacks: [
        {
          onEpoch: () => (firstEpoch = copyWeights(model)),
          onBatch: () => void (++batches === 10 && process.kill(process.pid, "SIGINT")),
        },
      ],
    });
    expect(batches).toBe(10);
    expect(history.ended).toBe("stopped by you");
    expect(history.epochs.length).toBe(1);
    expect(copyWeights(model)).toEqual(firstEpoch);
    expect(process.listenerCount("SIGINT")).toBe(listeners);
  });

  it("keeps the weights so far when no epoch is done", async () => {
    const model = toyModel();
    const history = await fit(model, train, {
      ...options,
      validation,
      callbacks: [{ onBatch: () => void process.emit("SIGINT") }],
    });
    expect(history.epochs).toEqual([]);
    expect(distance(model, toyModel())).toBeGreaterThan(0);
  });

  it("is no less told when it came after the last batch, so that a script does not begin the next training", async () => {
    const model = toyModel();
    const { history } = await watched({});
    const stopped = await fit(model, train, {
      ...options,
      callbacks: [{ onEpoch: ({ epoch, epochs }) => void (epoch === epochs && process.emit("SIGINT")) }],
    });
    expect([history.ended, stopped.ended]).toEqual(["all epochs done", "stopped by you"]);
    expect(stopped.epochs).toEqual(history.epochs);
  });

  it("is listened to once, so that a second Ctrl-C ends the program", async () => {
    const listeners = process.listenerCount("SIGINT");
    let afterwards: number | undefined;
    const stop = () => {
      process.emit("SIGINT");
      afterwards = process.listenerCount("SIGINT");
    };
    await fit(toyModel(), train, { ...options, callbacks: [{ onBatch: stop }] });
    expect(afterwards).toBe(listeners);
  });

  it("keeps the next training of its cell from beginning", async () => {
    const cells = Symbol.for("click-models.cells"); // what the kernel keeps of the running cell
    Object.assign(globalThis, { [cells]: { getStore: () => ({ stopped: true }) } });
    onTestFinished(() => void delete (globalThis as Record<symbol, unknown>)[cells]);
    const onBatch = () => expect.unreachable();
    await expect(fit(toyModel(), train, { ...options, callbacks: [{ onBatch }] })).rejects.toThrow(
      "the cell was stopped, so this training does not begin",
    );
  });

  it("is no longer listened to after a failure", async () => {
    const listeners = process.listenerCount("SIGINT");
    const failing = { onBatch: () => Promise.reject(new Error("from the callback")) };
    await expect(fit(toyModel(), train, { ...options, callbacks: [failing] })).rejects.toThrow("from the callback");
    expect(process.listenerCount("SIGINT")).toBe(listeners);
  });
});

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

describe("fit refuses", () => {
  const one = new Impressions({ ...validation, labels: validation.labels.map(() => 0) });

  it("validation data on which its metric is not defined, before training", async () => {
    const model = toyModel();
    await expect(fit(model, train, { ...options, validation: one })).rejects.toThrow(
      "the validation data has 0 clicks in 100 impressions: AUC needs both classes",
    );
    const nobody = new Impressions({ ...validation, users: undefined });
    await expect(fit(model, train, { ...options, validation: nobody, metric: "gauc" })).rejects.toThrow(
      "no user with both a click and none",
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
        "the model's memory was freed by dispose, and cannot be used any more. Build the model again, or load it",
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
      'optimizer of "" is "adam", expected an optimizer such as adam(',
    );
    await expect(withOptimizer({ learningRate: 0.1 })).rejects.toThrow(
      'optimizer of "learningRate" is 0.1, expected an optimizer such as adam(',
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

describe("predict", () => {
  it("gives the same logits whatever the size of its batches", async () => {
    const model = toyModel(1, 1);
    const whole = model.logits(data).dataSync();
    for (const batchSize of [1, 7, 4096]) {
      (await predict(model, data, batchSize)).forEach((logit, i) => expect(logit).toBeCloseTo(whole[i], 5));
    }
    await expect(predict(model, data, 0)).rejects.toThrow("batchSize is 0");
  });
});

describe("a model that is being trained, where an await is missing", () => {
  const message = "the model is being trained, expected one whose training is over. Is an await missing before fit?";

  it("is refused from the next line on, and free again when the training is over", async () => {
    const model = toyModel();
    const training = fit(model, train, options);
    const uses = [
      () => fit(model, train, options),
      () => predict(model, train),
      () => predictForOneUser(model, train),
      () => evaluate(model, train),
      async () => save(model, "nowhere"),
    ];
    for (const use of uses) await expect(use()).rejects.toThrow(message);
    await expect(predict(toyModel(), train)).resolves.toHaveLength(train.size); // another one
    expect((await training).epochs.length).toBe(3);
    await expect(predict(model, train)).resolves.toHaveLength(train.size);
    await expect(fit(model, train, { ...options, epochs: 0 })).rejects.toThrow("epochs is 0");
    await expect(predict(model, train)).resolves.toHaveLength(train.size);
  });

  it("may be looked at by the callbacks of its training, also while they train another", async () => {
    const model = toyModel();
    const scores: number[] = [];
    const look = async () => void scores.push((await evaluate(model, validation)).auc);
    const onEpoch = async () => {
      await look();
      await fit(toyModel(), train, { ...options, epochs: 1, callbacks: [{ onEpoch: look }] });
    };
    await fit(model, train, { ...options, epochs: 2, callbacks: [{ onEpoch }] });
    expect(scores).toHaveLength(4);
  });
});

describe("predictForOneUser", () => {
  const own = [sparseFeature("item", 9), sequenceFeature("history", 9, 3, "item")];
  const behaviours = [{ candidate: ["item"], history: ["history"] }];
  const request = (second: number) =>
    new Impressions({
      features: own,
      columns: { item: Int32Array.of(1, 2, 3), history: Int32Array.of(4, 5, 0, 4, second, 0, 4, 5, 0) },
      labels: new Float32Array(3),
    });
  const din = new DIN({ features: own, behaviours, embeddingDim: 3, mlp: { units: [4] } }, createRandom(1));

  it("looks a history up once, and gives the logits of predict", async () => {
    setNormalWeights(din);
    const wanted = await predict(din, request(5));
    const whole = vi.spyOn(din, "logits");
    onTestFinished(() => whole.mockRestore());
    const tensors = tf.memory().numTensors;
    for (const batchSize of [2, 4096])
      (await predictForOneUser(din, request(5), batchSize)).forEach((logit, i) =>
        expect(logit).toBeCloseTo(wanted[i], 3),
      );
    expect(tf.memory().numTensors).toBe(tensors);
    expect(whole).not.toHaveBeenCalled();
    await expect(predictForOneUser(din, request(6))).rejects.toThrow("row 1 has another history");
  });

  it("of a model that knows no such way gives the logits of predict", async () => {
    const model = toyModel(1, 1);
    expect(await predictForOneUser(model, data)).toEqual(await predict(model, data));
  });
});

describe("a model that gives something else than one logit per impression", () => {
  class Bad extends FM {
    constructor(private readonly change: (logits: tf.Tensor1D) => tf.Tensor) {
      super({ features, embeddingDim: 3 }, createRandom(1));
    }
    override logits(batch: Impressions) {
      return tf.tidy(() => this.change(super.logits(batch))) as tf.Tensor1D;
    }
  }

  it.each<[string, (logits: tf.Tensor1D) => tf.Tensor, string]>([
    ["one for all", (logits) => logits.mean(), ""],
    ["a column", (logits) => logits.expandDims(1), "60, 1"],
    ["two of each", (logits) => tf.concat([logits, logits]), "120"],
  ])("is named: %s", async (_, change, shape) => {
    const model = new Bad(change);
    const message = `Bad.logits gave the shape [${shape}], expected [60], one logit per impression`;
    const some = toyImpressions(60);
    const tensors = tf.memory().numTensors;
    await expect(predict(model, some)).rejects.toThrow(message);
    await expect(evaluate(model, some)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(() => gradients(model, some)).toThrow(message);
    await expect(fit(model, some, { ...options, batchSize: 60 })).rejects.toThrow(message);
  });

  it("is named where nothing leads from its weights to its logits", () => {
    const cut = new Bad((logits) => tf.tensor1d(logits.dataSync()));
    expect(() => gradients(cut, toyImpressions(60))).toThrow(
      "Bad.logits does not depend on Bad.weights in a way that has a gradient",
    );
  });
});

describe("probabilities", () => {
  it("are those of the logits, and stay within 0 and 1 for the largest", () => {
    expect(Array.from(probabilities(Float32Array.of(0, Math.log(3), -Math.log(3))), (p) => p.toFixed(6))).toEqual([
      "0.500000",
      "0.750000",
      "0.250000",
    ]);
    expect(Array.from(probabilities([1e4, -1e4]))).toEqual([1, 0]);
  });
});

describe("evaluate", () => {
  const large = toyImpressions(9000, 3); // three batches

  it("judges logits, labels and users of all batches in their order", async () => {
    const model = toyModel(1, 1);
    const { labels, users } = large;
    const logits = await predict(model, large, large.size);
    const found = await answers(model, large);
    expect([found.labels, found.users]).toEqual([labels, users]);
    const reads = vi.spyOn(large, "read");
    onTestFinished(() => reads.mockRestore());
    expect((await evaluate(model, large, 3000)).gauc).toBeCloseTo(judge(found).gauc as number, 6);
    expect(reads.mock.calls.map(([rows]) => rows.length)).toEqual([3000, 3000, 3000]);
    found.logits.forEach((logit, i) => expect(logit).toBeCloseTo(logits[i], 5));
    expect((await evaluate(model, large)).gauc).toBeCloseTo(judge({ logits, labels, users }).gauc as number, 6);
  });

  it("takes GAUC where a user's click and their other impressions are batches apart", async () => {
    const labels = large.labels.map((_, i) => (i < 4096 ? 1 : 0)); // as long as a batch
    const apart = new Impressions({ ...large, labels, users: large.users?.map(() => 1) });
    await expect(checkJudgeable(apart, "gauc")).resolves.toBeUndefined();
  });

  it("looks at validation data until it can be judged, most often one batch", async () => {
    const reads = vi.spyOn(large, "read");
    onTestFinished(() => reads.mockRestore());
    for (const metric of ["auc", "gauc"] as const) await checkJudgeable(large, metric);
    expect(reads).toHaveBeenCalledTimes(2);
  });
});
