/** Trains a model: epochs, shuffled batches, validation, and the best weights at the end. */
import type { ImpressionSource } from "../data/impressions";
import type { Model } from "../models/model";
import { checkJudgeable, type Metric } from "./evaluate";
import type { History } from "./history";
import type { Regularizer } from "./regularizers";
import { Run } from "./run";
import type { Schedule } from "./schedules";
import type { TrainingOptions } from "./step";
import { listenForStop } from "./stop";

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
  /** What the learning rate is multiplied by at each step. */
  schedule?: Schedule;
  /** Pulls the rows of the tables towards 0. */
  regularizer?: Regularizer;
  callbacks?: readonly Callbacks[];
  /**
   * A file that keeps the state of the training: after each epoch, after every `everySteps` steps, and when
   * stopped. If it exists, the training goes on from there, to the very digits it would have reached without a
   * break. The schedule must be the same; all other options are compared.
   */
  checkpoint?: { file: string; everySteps?: number };
}

/** Told about the progress; fit waits for what they return. */
export interface Callbacks {
  onBatch?(progress: Progress): unknown;
  onEpoch?(progress: Progress): unknown;
  onEnd?(progress: Progress): unknown;
}

export interface Progress {
  /** Counted from 1. */
  epoch: number;
  epochs: number;
  /** Steps done and steps in all, of this epoch. */
  step: number;
  steps: number;
  /** Mean log loss of this epoch's batches so far. */
  loss: number;
  /** The metric on the validation data, once the epoch is over. */
  validation?: number;
}

/**
 * Trains the model on the source and returns what happened. The model ends with the weights of its best
 * epoch on the validation data, whether training ended early or not; without validation data with its last
 * weights. The stop button and Ctrl-C end it after the current batch, with the same promise.
 *
 * @throws LossError if the loss is not finite; RangeError if the options or the validation data make no sense.
 */
export async function fit(model: Model, source: ImpressionSource, options: FitOptions): Promise<History> {
  checkOptions(source, options);
  if (options.validation) await checkJudgeable(options.validation, options.metric ?? "auc");
  const run = new Run(model, source, options);
  const stop = await listenForStop();
  try {
    await run.start();
    while (!run.over) await run.doEpoch(stop);
    return await run.finish();
  } finally {
    run.training.regularizer?.end();
    stop.end();
  }
}

function checkOptions(source: ImpressionSource, { epochs, batchSize, validation, patience, checkpoint }: FitOptions): void {
  const counts = { epochs, batchSize, patience: patience ?? 1, everySteps: checkpoint?.everySteps ?? 1 };
  for (const [name, value] of Object.entries(counts)) {
    if (!(Number.isInteger(value) && value >= 1)) throw new RangeError(`${name} is ${value}, expected a whole number from 1 up`);
  }
  if (patience !== undefined && !validation) throw new RangeError("patience is set, but there is no validation data to see an improvement on");
  if (source.size === 0) throw new RangeError("0 impressions to train on, expected at least 1");
}
