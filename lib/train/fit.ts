/** Trains a model: epochs, shuffled batches, validation, and the best weights at the end. */
import type { ImpressionSource } from "../data/impressions";
import type { Model } from "../models/model";
import { createRandom } from "../random";
import { answers, evaluate, hasMixedUser, isBetter, type Evaluation, type Metric } from "./evaluate";
import { History } from "./history";
import { breathe } from "./predict";
import { Training, trainStep, type TrainingOptions } from "./step";
import { listenForStop } from "./stop";
import { copyWeights, restoreWeights, type WeightCopy } from "./weights";

export interface FitOptions extends TrainingOptions {
  epochs: number;
  batchSize: number;
  /** Decides the order of the impressions and the dropout. The same seed gives the same digits. */
  seed: number | string;
  /** Judged after each epoch; the weights of the best one are what the model has at the end. */
  validation?: ImpressionSource;
  /** What decides which epoch is best. AUC by default. */
  metric?: Metric;
  /** Ends when so many epochs in a row brought no new best. By default all epochs are done. */
  patience?: number;
  callbacks?: readonly Callbacks[];
}

/** Told about the progress; fit waits for what they return. */
export interface Callbacks {
  onBatch?(progress: Progress): unknown;
  onEpoch?(progress: Progress): unknown;
  onEnd?(history: History): unknown;
}

export interface Progress {
  /** Counted from 1. */
  epoch: number;
  epochs: number;
  /** Steps done and steps in all, over all epochs. */
  step: number;
  steps: number;
  /** Mean log loss of this epoch's batches so far. */
  loss: number;
  /** In onEpoch, if there is validation data. */
  validation?: Evaluation;
}

/** Raised when the loss is no longer a number. The model has its last good weights. */
export class LossError extends Error {
  override name = "LossError";
  constructor(
    message: string,
    /** The step that failed, counted from 1. */
    readonly step: number,
    /** Rows of the training data that were in its batch. */
    readonly rows: Int32Array,
    readonly history: History,
  ) {
    super(message);
  }
}

/**
 * Trains the model on the source and returns what happened. The model ends with the weights of its best
 * epoch on the validation data, whether training stopped early or not; without validation data with its
 * last weights. The stop button and Ctrl-C end it after the current batch, with the same promise.
 *
 * @throws LossError if the loss is not finite; RangeError if the options or the validation data make no sense.
 */
export async function fit(model: Model, source: ImpressionSource, options: FitOptions): Promise<History> {
  check(source, options);
  const { epochs, batchSize, seed, validation, metric = "auc", patience = Infinity, callbacks = [] } = options;
  const training = new Training(model, options);
  const history = new History(metric);
  const stepsPerEpoch = Math.ceil(source.size / batchSize);
  const steps = epochs * stepsPerEpoch;
  let good = copyWeights(model);
  const stop = await listenForStop();
  try {
    for (let epoch = 1; epoch <= epochs && history.ended === "all epochs done"; epoch++) {
      const order = shuffledRows(source.size, seed, epoch);
      const progress: Progress = { epoch, epochs, step: training.step, steps, loss: 0 };
      let lossSum = 0;
      for (let start = 0; start < source.size && !stop.asked; start += batchSize) {
        const rows = order.subarray(start, start + batchSize);
        const loss = trainStep(training, source.read(rows));
        if (!Number.isFinite(loss)) {
          restoreWeights(model, good);
          throw new LossError(explain(loss, training.step + 1, rows, options), training.step + 1, rows.slice(), history);
        }
        lossSum += loss * rows.length;
        progress.step = training.step;
        progress.loss = lossSum / Math.min(start + batchSize, source.size);
        for (const { onBatch } of callbacks) await onBatch?.(progress);
        await breathe();
      }
      if (stop.asked) {
        history.ended = "stopped by you";
        break;
      }
      if (validation) progress.validation = await evaluate(model, validation);
      history.epochs.push({ epoch, step: training.step, loss: progress.loss, rateFactor: 1, validation: progress.validation });
      good = keepBest(model, history, good);
      for (const { onEpoch } of callbacks) await onEpoch?.(progress);
      if (validation && epoch - (history.bestEpoch ?? 0) >= patience) history.ended = "no improvement";
    }
    if (history.bestEpoch !== undefined) restoreWeights(model, good);
    for (const { onEnd } of callbacks) await onEnd?.(history);
    return history;
  } finally {
    stop.end();
  }
}

/** Copies the weights if the last epoch is the best so far, or if there is no validation to say otherwise. */
function keepBest(model: Model, history: History, good: WeightCopy): WeightCopy {
  const last = history.epochs[history.epochs.length - 1];
  if (!last.validation) return copyWeights(model);
  const best = history.best?.validation?.[history.metric];
  if (best !== undefined && !isBetter(history.metric, last.validation[history.metric] as number, best)) return good;
  history.bestEpoch = last.epoch;
  return copyWeights(model);
}

/** Rows 0 to size − 1 in an order that depends on the seed and the epoch alone. */
export function shuffledRows(size: number, seed: number | string, epoch: number): Int32Array {
  return createRandom(seed).child(`epoch ${epoch}`).shuffle(Int32Array.from({ length: size }, (_, i) => i));
}

function check(source: ImpressionSource, { epochs, batchSize, validation, metric = "auc", patience = 1 }: FitOptions): void {
  for (const [name, value] of Object.entries({ epochs, batchSize, patience })) {
    if (!(value >= 1 && (Number.isInteger(value) || value === Infinity))) {
      throw new RangeError(`${name} is ${value}, expected a whole number from 1 up`);
    }
  }
  if (source.size === 0) throw new RangeError("0 impressions to train on, expected at least 1");
  if (!validation) return;
  const { labels, users } = answers(validation);
  const clicks = labels.reduce((sum, label) => sum + label, 0);
  if (clicks === 0 || clicks === labels.length) {
    throw new RangeError(
      `the validation data has ${clicks} clicks in ${labels.length} impressions: AUC needs both classes. Take a larger or a different part`,
    );
  }
  if (metric === "gauc" && !(users && hasMixedUser(labels, users))) {
    throw new RangeError("metric is gauc, but the validation data has no user with both a click and none. Set users, or take auc");
  }
}

function explain(loss: number, step: number, rows: Int32Array, { optimizer }: FitOptions): string {
  const rate = typeof optimizer.update === "function" ? ` (${(optimizer.settings as { learningRate: number }).learningRate})` : "";
  const some = Array.from(rows.subarray(0, 8)).join(", ") + (rows.length > 8 ? ", ..." : "");
  return (
    `the loss is ${loss} at step ${step}, in the batch of rows ${some}. Likely causes: the learning rate${rate} is too high: ` +
    `try a tenth of it, or clipNorm; a dense feature has huge values: scale it; the model takes a logarithm or a root of ` +
    `something that can be 0. The model has its last good weights back`
  );
}
