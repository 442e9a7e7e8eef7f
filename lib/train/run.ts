/** One training from its first batch to its last: what fit does between its checks. */
import { existsSync } from "node:fs";
import { checkNotNegative } from "../checks";
import type { Impressions, ImpressionSource } from "../data/impressions";
import type { Model } from "../models/model";
import { breathe, shuffledRows } from "./batches";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint";
import { type Answers, answers, judge } from "./evaluate";
import { fingerprint, fingerprintOfWeights } from "./fingerprint";
import { History } from "./history";
import { explain, LossError } from "./losserror";
import { isBetter } from "./metric";
import type { FitOptions, Progress } from "./options";
import { logitsOf } from "./predict";
import { constant } from "./schedules";
import { Training, type TrainingOptions, trainStep } from "./step";
import type { StopSignal } from "./stop";
import { copyWeights, findNotFinite, restoreWeights, type WeightCopy } from "./weights";

const firstWeights = "checksum of the first weights";

/**
 * Checksums of the weights that a run with a checkpoint began and ended with, by model: a model that is still as its
 * run left it counts as what it was when that run began, so that training can go on.
 */
const left = new WeakMap<Model, { readonly file: string; readonly began: string; readonly ended: string }>();

/** A training under way: where it is, its best weights, and the checkpoint that it can go on from. */
export class Run {
  readonly training: Training;
  readonly history: History;
  /** The progress reported last. */
  private progress?: Progress;
  /** Checksums of the data and of the weights that the run began with, for the checkpoint. */
  private checksums: Record<string, string | undefined> = {};
  private epoch = 1;
  /** The last batch that this run has itself trained on, not one of the run that it goes on from. */
  private batch?: Impressions;
  /** Impressions of this epoch that are done, Σ w loss over them, and Σ w. */
  private row = 0;
  private lossSum = 0;
  private weightSum = 0;
  /** Weights of the best epoch, or without validation of the last. */
  private good: WeightCopy;

  constructor(
    private readonly model: Model,
    private readonly source: ImpressionSource,
    private readonly options: FitOptions,
  ) {
    const { optimizer, seed, clipNorm, weightDecay } = options;
    const own: Required<TrainingOptions> = { optimizer, seed, clipNorm, weightDecay };
    this.training = new Training(model, own);
    this.history = new History(options.metric ?? "auc");
    this.good = copyWeights(model);
  }

  get over(): boolean {
    return this.history.ended !== "all epochs done" || this.epoch > this.options.epochs;
  }

  async start(): Promise<void> {
    const { source, options, training } = this;
    const { validation, checkpoint } = options;
    training.regularizer = await options.regularizer?.start(training, source, options.batchSize);
    let saved: Checkpoint | undefined;
    if (checkpoint) {
      this.checksums = {
        "checksum of the training data": await fingerprint(source),
        "checksum of the validation data": validation && (await fingerprint(validation)),
        [firstWeights]: this.firstWeights(checkpoint.file),
      };
      saved = readCheckpoint(checkpoint.file, this.description);
    }
    if (saved) this.restore(saved);
    else if (validation) {
      const answered = await answers(this.model, validation);
      // Else the first step fails, and tells more.
      if (answered.logits.every(Number.isFinite)) this.history.start = judge(answered);
    }
    this.report();
  }

  async doEpoch(stop: StopSignal): Promise<void> {
    const { source, options, history } = this;
    const order = shuffledRows(source, options.seed, this.epoch);
    while (this.row < source.size) {
      if (stop.asked) {
        history.ended = "stopped by you";
        this.save();
        return;
      }
      await this.doBatch(order.subarray(this.row, this.row + options.batchSize));
    }
    await this.closeEpoch(order.subarray(Math.floor((source.size - 1) / options.batchSize) * options.batchSize));
  }

  /** Puts the best weights into the model. */
  finish(): void {
    this.training.regularizer?.catchUp();
    if (this.history.bestEpoch !== undefined) restoreWeights(this.model, this.good);
  }

  /** Calls every onEnd, unless the run failed before its first report. */
  async tellEnd(): Promise<void> {
    if (this.progress) for (const { onEnd } of this.options.callbacks ?? []) await onEnd?.(this.progress);
  }

  /**
   * What has to be done however the run ended, even where a callback threw: somebody may catch the error, and use the
   * model or go on.
   */
  end(): void {
    const { training, model, options, checksums } = this;
    training.regularizer?.catchUp();
    training.regularizer?.end();
    const began = checksums[firstWeights];
    if (options.checkpoint && began)
      left.set(model, { file: options.checkpoint.file, began, ended: fingerprintOfWeights(copyWeights(model)) });
  }

  private async doBatch(rows: Int32Array): Promise<void> {
    const { training, options } = this;
    this.batch = this.source.read(rows);
    const loss = trainStep(training, this.batch, this.rateFactor(training.step + 1));
    if (!Number.isFinite(loss)) this.giveUp(`the loss is ${loss}`, training.step + 1, rows);
    this.row += rows.length;
    this.lossSum += loss * rows.length;
    this.weightSum += this.batch.weights?.reduce((sum, weight) => sum + weight, 0) ?? rows.length;
    const progress = this.report();
    for (const { onBatch } of options.callbacks ?? []) await onBatch?.(progress);
    if (training.step % (options.checkpoint?.everySteps ?? Infinity) === 0) this.save();
    await breathe();
  }

  private async closeEpoch(lastBatch: Int32Array): Promise<void> {
    const { model, options, history, training } = this;
    training.regularizer?.catchUp();
    const answered = await this.answersAfterUpdate(lastBatch);
    const validation = answered && judge(answered);
    const best = history.best?.validation?.[history.metric];
    const value = validation?.[history.metric];
    if (value === undefined || best === undefined || isBetter(history.metric, value, best)) {
      copyWeights(model, this.good);
      if (validation) history.bestEpoch = this.epoch;
    }
    const { step } = training;
    history.epochs.push({
      epoch: this.epoch,
      step,
      loss: this.meanLoss,
      rateFactor: this.rateFactor(step),
      validation,
    });
    const progress = this.report();
    if (history.bestEpoch !== undefined && this.epoch - history.bestEpoch >= (options.patience ?? Infinity))
      history.ended = "no improvement";
    this.epoch++;
    this.row = this.lossSum = this.weightSum = 0;
    this.save();
    for (const { onEpoch } of options.callbacks ?? []) await onEpoch?.(progress);
  }

  /**
   * What the model says about the validation data, if there is any. Gives up if a weight or a logit is not finite: a
   * loss is taken before its step, so nothing has looked yet at what the epoch's last step did.
   */
  private async answersAfterUpdate(lastBatch: Int32Array): Promise<Answers | undefined> {
    const { model, options, training } = this;
    const weight = findNotFinite(model);
    if (weight) this.giveUp(`the weight ${weight} after the update`, training.step, lastBatch);
    const answered = options.validation && (await answers(model, options.validation));
    const logits = answered?.logits ?? logitsOf(model, this.batch ?? this.source.read(lastBatch));
    const logit = logits.find((value) => !Number.isFinite(value));
    if (logit !== undefined) this.giveUp(`a logit is ${logit} after the update`, training.step, lastBatch);
    return answered;
  }

  /** what: what is not finite at the step. rows: those of its batch. */
  private giveUp(what: string, step: number, rows: Int32Array): never {
    const { training, history, options } = this;
    training.regularizer?.catchUp();
    restoreWeights(this.model, this.good);
    history.ended = "loss not finite";
    const kept = history.bestEpoch ?? history.epochs.length;
    const weights = kept > 0 ? `those of epoch ${kept}` : "those it began with";
    throw new LossError(`${explain(what, step, rows, options)}: ${weights}`, step, rows.slice(), history);
  }

  private report(): Progress {
    const { source, options, history, over } = this;
    const epoch = over ? this.epoch - 1 : this.epoch; // over: it goes on from a checkpoint that has no epoch left
    const steps = Math.ceil(source.size / options.batchSize);
    const progress: Progress = {
      epoch,
      epochs: options.epochs,
      step: over ? steps : Math.ceil(this.row / options.batchSize),
      steps,
      metric: history.metric,
      loss: this.meanLoss,
    };
    if (history.epochs[epoch - 1]) progress.validation = history.epochs[epoch - 1].validation?.[history.metric];
    return (this.progress = progress);
  }

  /** Σ w loss / Σ w over this epoch's batches so far; until one counts, the loss of the epoch before. */
  private get meanLoss(): number {
    const { history, lossSum, weightSum } = this;
    return weightSum > 0 ? lossSum / weightSum : (history.epochs[history.epochs.length - 1]?.loss ?? 0);
  }

  private rateFactor(step: number): number {
    const { options, history, source } = this;
    const steps = options.epochs * Math.ceil(source.size / options.batchSize);
    const schedule = options.schedule ?? constant();
    const factor = schedule({ step, steps, validation: history.validation, metric: history.metric });
    checkNotNegative(`the schedule's factor at step ${step}`, factor); // below 0 it would train uphill
    return factor;
  }

  /**
   * Checksum of the model's weights; if a run left them so and its file is there to go on from, of those that the run
   * began with.
   */
  private firstWeights(file: string): string {
    const came = fingerprintOfWeights(this.good);
    const before = left.get(this.model);
    return before?.file === file && before.ended === came && existsSync(file) ? before.began : came;
  }

  private get description(): Record<string, unknown> {
    const { epochs, batchSize, seed, patience, clipNorm, weightDecay, regularizer } = this.options;
    const optimizers = Object.entries(this.training.optimizers).map(([name, { settings }]) => [name, settings]);
    return {
      model: [this.model.constructor.name, this.model.config],
      impressions: this.source.size,
      order: this.source.shuffled && "the source's own", // in memory, the same rows come in another one
      validation: this.options.validation?.size,
      metric: this.history.metric,
      optimizers: Object.fromEntries(optimizers),
      regularizer: regularizer?.settings,
      ...{ epochs, batchSize, seed, patience, clipNorm, weightDecay },
      ...this.checksums,
    };
  }

  private save(): void {
    const { options, training, model, history, epoch, row, lossSum, weightSum, good } = this;
    if (!options.checkpoint) return;
    const { start, epochs, bestEpoch, ended } = history;
    writeCheckpoint(options.checkpoint.file, {
      run: this.description,
      ...{ epoch, row, lossSum, weightSum, good, step: training.step, state: training.state },
      weights: copyWeights(model),
      owed: training.regularizer?.state?.() ?? {},
      history: { start, epochs, bestEpoch, ended },
    });
  }

  private restore(saved: Checkpoint): void {
    const { training } = this;
    ({ epoch: this.epoch, row: this.row, lossSum: this.lossSum, weightSum: this.weightSum, good: this.good } = saved);
    training.step = saved.step;
    for (const [name, state] of Object.entries(saved.state)) training.state[name].set(state);
    training.regularizer?.restore?.(saved.owed);
    restoreWeights(this.model, saved.weights);
    Object.assign(this.history, saved.history);
    if (this.history.ended === "stopped by you") this.history.ended = "all epochs done";
  }
}
