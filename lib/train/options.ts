/** What fit can be told. */
import { checkOptionNames, checkWhole } from "../checks";
import type { ImpressionSource } from "../data/impressions";
import { createRandom } from "../random";
import { checkMetric, type Metric } from "./metric";
import type { Regularizer } from "./regularizers";
import type { Schedule } from "./schedules";
import type { TrainingOptions } from "./step";

export interface FitOptions extends TrainingOptions {
  epochs: number;
  batchSize: number;
  /**
   * Decides the order of the impressions and the dropout. The same seed gives the same digits; on node, only with
   * the same number of threads (engine.ts).
   */
  seed: number | string;
  /** Judged after each epoch; the weights of the best one are what the model has at the end. */
  validation?: ImpressionSource | undefined;
  /** What decides which epoch is best. AUC by default. */
  metric?: Metric | undefined;
  /** Training ends once this many epochs in a row have brought no new best. By default all epochs are done. */
  patience?: number | undefined;
  /** What the learning rate is multiplied by at each step. */
  schedule?: Schedule | undefined;
  /** Pulls the rows of the tables towards 0. */
  regularizer?: Regularizer | undefined;
  callbacks?: readonly Callbacks[] | undefined;
  /**
   * A file that keeps the state of the training: after each epoch, after every `everySteps` steps, and when
   * stopped. If it exists, the training goes on from there, to the very digits it would have reached without a
   * break. Keep the schedule the same: it is not compared. The other options that training depends on are, and so are
   * every row of the data, whether the data has an order of its own, and the model with its first weights. So build the
   * model with the seed that it had, or go on with the one that was stopped.
   */
  checkpoint?: { file: string; everySteps?: number | undefined } | undefined;
}

/** Told about the progress; fit waits for what they return. */
export interface Callbacks {
  /** Under l2, save or copy weights in onEpoch, not here: rows that no batch looked up are out of date. */
  onBatch?: ((progress: Progress) => unknown) | undefined;
  onEpoch?: ((progress: Progress) => unknown) | undefined;
  /** Called also when fit fails after it has begun, before it throws. */
  onEnd?: ((progress: Progress) => unknown) | undefined;
}

export interface Progress {
  /** Counted from 1. */
  epoch: number;
  epochs: number;
  /** Steps done and steps in all, of this epoch. */
  step: number;
  steps: number;
  /** Mean log loss of this epoch's batches so far; with weights, Σ w loss / Σ w. */
  loss: number;
  /** The metric on the validation data, once the epoch is over. */
  validation?: number | undefined;
  metric: Metric;
}

// As Record<keyof ..., true>: the compiler says so if an option of the interface is missing here.
const optionNames: Record<keyof FitOptions, true> = {
  epochs: true, batchSize: true, seed: true, optimizer: true, validation: true, metric: true, patience: true,
  schedule: true, regularizer: true, clipNorm: true, weightDecay: true, callbacks: true, checkpoint: true,
};
const checkpointNames: Record<keyof NonNullable<FitOptions["checkpoint"]>, true> = { file: true, everySteps: true };
const callbackNames: Record<keyof Callbacks, true> = { onBatch: true, onEpoch: true, onEnd: true };

/** @throws RangeError if there is no such option, a number makes no sense or an option lacks what it needs. */
export function checkOptions(source: ImpressionSource, options: FitOptions): void {
  const { epochs, batchSize, seed, validation, metric, patience, schedule, callbacks, checkpoint } = options;
  checkOptionNames("fit", options, optionNames);
  if (checkpoint) checkOptionNames("checkpoint", checkpoint, checkpointNames);
  checkCallbacks(callbacks);
  if (metric !== undefined) checkMetric(metric);
  createRandom(seed); // refuses what is no seed
  const counts = { epochs, batchSize, patience: patience ?? 1, everySteps: checkpoint?.everySteps ?? 1 };
  for (const [name, value] of Object.entries(counts)) checkWhole(name, value);
  if (!validation) {
    if (patience !== undefined)
      throw new RangeError("patience is set, but there is no validation data to see an improvement on");
    if (metric !== undefined)
      throw new RangeError(`metric is ${metric}, but there is no validation data to judge by it`);
    if (schedule?.needsValidation)
      throw new RangeError("the schedule waits for an improvement, but there is no validation data to see one on");
  }
  if (source.size === 0) throw new RangeError("0 impressions to train on, expected at least 1");
}

/** A callback may be an object of any class, so what else it has is its own affair. */
function checkCallbacks(callbacks: readonly Callbacks[] = []): void {
  if (!Array.isArray(callbacks)) throw new TypeError(`callbacks is ${String(callbacks)}, expected a list of them`);
  const names = Object.keys(callbackNames);
  const i = callbacks.findIndex((one) => !names.some((name) => Object(one) === one && name in one));
  if (i >= 0) throw new RangeError(`callbacks[${i}] has none of ${names.join(", ")}: it would never be called`);
}
