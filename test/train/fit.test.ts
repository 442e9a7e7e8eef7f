import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { type ImpressionSource, Impressions } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { shuffledRows } from "../../lib/train/batches";
import { evaluate } from "../../lib/train/evaluate";
import { fit } from "../../lib/train/fit";
import { adagrad, sgd } from "../../lib/train/optimizers";
import type { Progress } from "../../lib/train/options";
import { l2 } from "../../lib/train/regularizers";
import { type Schedule, stepDecay } from "../../lib/train/schedules";
import { Training, trainStep } from "../../lib/train/step";
import { copyWeights } from "../../lib/train/weights";
import { engines } from "../engines";
import { distance, features, options, toyImpressions, toyModel, train, turned, validation, watched } from "./toy";

beforeAll(() => useEngine("wasm"));

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
    const { history: unjudged } = await watched({ epochs: 1 });
    expect(unjudged.rankingCurves).toEqual([]);
    expect(unjudged.lossCurves).toEqual([{ name: "training", x: [1], y: [unjudged.epochs[0].loss] }]);
    expect((await watched({ epochs: 1, validation })).history.rankingCurves.map(({ x }) => x)).toEqual([[1], [1]]);
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

  it("refuses a schedule of one's own that leaves the numbers from 0 up, and says at which step", async () => {
    const slips = [({ step }: { step: number }) => 1 - (step - 1) / 2, (() => {}) as () => never];
    const factors = ["4 is -0.5", "1 is undefined"];
    for (const [i, schedule] of slips.entries())
      await expect(fit(toyModel(), train, { ...options, schedule })).rejects.toThrow(
        `the schedule's factor at step ${factors[i]}, expected a number from 0 up`,
      );
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
    expect([history.bestEpoch, history.validation]).toEqual([undefined, []]);
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
