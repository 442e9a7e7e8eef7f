/** One training step: gradients, duplicates summed, regularizer, update. What fit repeats. */
import * as tf from "@tensorflow/tfjs";
import { checkNotNegative, checkOptionNames, checkPositive } from "../checks";
import type { Impressions } from "../data/impressions";
import type { EmbeddingTable } from "../layers/embedding";
import { isTable, type Pass, type Weight } from "../layers/layer";
import type { Model } from "../models/model";
import { createRandom, type Random } from "../random";
import { RowStore } from "../rows/store";
import { gradients, type Gradients } from "./gradients";
import { type OptimizerChoice, optimizersOf } from "./optimizerchoice";
import { newState, type Optimizer, startState } from "./optimizers";
import type { RunningRegularizer } from "./regularizers";
import { RowSums } from "./rowsums";

/** What a step can be told. */
export interface TrainingOptions {
  /** One for all weights, or one per prefix of their names. */
  optimizer: OptimizerChoice;
  /** Decides the randomness of the steps (dropout): the same seed and step draw the same. */
  seed?: number | string | undefined;
  /** Scales the gradient of all weights together down to this length when it is longer. */
  clipNorm?: number | undefined;
  /**
   * Shrinks dense matrices, not biases and not tables, by rate x weightDecay in each step, apart from
   * the gradient (Loshchilov & Hutter 2019). For tables there are the regularizers. Not with FTRL, which has an l2.
   */
  weightDecay?: number | undefined;
}

const optionNames: Record<keyof TrainingOptions, true> = {
  optimizer: true,
  seed: true,
  clipNorm: true,
  weightDecay: true,
};

/**
 * What a training has to remember between steps. To go on another day, keep its `step` and `state`, the model's weights
 * (weights.ts) and its regularizer's state(): all else comes from the model and the options.
 *
 * A loop of one's own calls trainStep(training, batch, factor), with the factor of a schedule. fit takes the rows of
 * its batches from shuffledRows (batches.ts).
 */
export class Training {
  /** Steps done. */
  step = 0;
  /** What the optimizers keep of each weight, by the weight's name. */
  readonly state: Record<string, Float32Array> = {};
  /** For tables whose optimizer keeps something: the same memory, to be read and written by the rows' ids. */
  readonly stateRows: Record<string, RowStore> = {};
  readonly optimizers: Readonly<Record<string, Optimizer>>;
  readonly sums: Record<string, RowSums> = {};
  readonly random: Random;
  /** Moving averages and other variables that no optimizer changes. */
  readonly untrained: readonly tf.Variable[];
  /**
   * Set it before the first step: await l2(0.001).start(training, source, batchSize). Call its catchUp() before the
   * model is judged or saved, and its end() after the last step.
   */
  regularizer?: RunningRegularizer | undefined;

  /**
   * @throws RangeError if there is no such option, a number makes no sense, or a weight has no optimizer or an
   * optimizer no weight; TypeError if what is given as an optimizer is not one.
   */
  constructor(
    readonly model: Model,
    readonly options: TrainingOptions,
  ) {
    checkOptionNames("Training", options, optionNames);
    const { clipNorm, weightDecay } = options;
    if (clipNorm !== undefined) checkPositive("clipNorm", clipNorm);
    if (weightDecay !== undefined) checkNotNegative("weightDecay", weightDecay);
    this.random = createRandom(options.seed ?? 0).child("steps");
    this.untrained = Object.values(model.weights).filter((weight): weight is tf.Variable => !isTrained(weight));
    const trained = Object.entries(model.weights).filter(([, weight]) => isTrained(weight));
    this.optimizers = optimizersOf(trained.map(([name]) => name), options.optimizer);
    for (const [name, weight] of trained) {
      const optimizer = this.optimizers[name];
      if (isTable(weight)) {
        this.sums[name] = new RowSums(weight.dim);
        const slots = Object.keys(optimizer.slots).length;
        if (slots > 0) this.stateRows[name] = new RowStore(weight.rows, slots * weight.dim);
        this.state[name] = startState(optimizer, this.stateRows[name]?.values ?? new Float32Array(0), weight.dim);
      } else {
        if (weightDecay && weight.rank > 1 && optimizer.settings.kind === "ftrl") {
          throw new RangeError(
            `weightDecay is ${weightDecay}, but ${name} is trained by FTRL, which makes each weight anew from its gradients. Set ftrl's l2 instead`,
          );
        }
        this.state[name] = newState(optimizer, 1, weight.size);
      }
    }
  }
}

/**
 * Trains the model on one batch: changes its weights in place and leaves no tensor behind.
 * Returns the batch's mean log loss before the change; with weights, Σ w loss / batch. If the loss is not finite,
 * nothing is changed, not even moving averages.
 *
 * factor: multiplies the learning rate of every optimizer, for schedules.
 *
 * @throws before an update if the factor is no number from 0 up, a rate is too high for weightDecay or the regularizer,
 * or the regularizer does not know a row.
 */
export function trainStep(training: Training, batch: Impressions, factor = 1): number {
  const { model, options, regularizer } = training;
  const { weights } = model;
  checkNotNegative("the factor for the learning rate", factor);
  checkRates(training, weights, factor);
  const pass: Pass = { training: true, random: training.random.child(`step ${training.step + 1}`) };
  // Nobody writes into these arrays: an assignment makes a new one.
  const averages = training.untrained.map((variable) => variable.dataSync());
  const { loss, dense, rows } = gradients(model, batch, pass, weights);
  if (!Number.isFinite(loss)) {
    tf.tidy(() => training.untrained.forEach((variable, i) => variable.assign(tf.tensor(averages[i], variable.shape))));
    return loss;
  }
  const done: RowSums[] = [];
  for (const [name, lookups] of Object.entries(rows)) {
    training.sums[name].add(lookups, done);
    done.push(training.sums[name]);
  }
  if (options.clipNorm !== undefined) clip(training, dense, options.clipNorm);
  const rateOf = (name: string) => factor * training.optimizers[name].settings.learningRate;
  for (const [name, sums] of Object.entries(training.sums)) regularizer?.addPenalty(name, sums, rateOf(name));
  training.step++;
  for (const [name, weight] of Object.entries(weights)) {
    if (!Object.hasOwn(training.optimizers, name)) continue;
    if (isTable(weight)) updateRows(training, name, weight, rateOf(name));
    else updateDense(training, name, weight, dense[name], rateOf(name));
  }
  return loss;
}

function checkRates(
  { options: { weightDecay = 0 }, optimizers, regularizer }: Training,
  weights: Model["weights"],
  factor: number,
): void {
  for (const [name, { settings }] of Object.entries(optimizers)) {
    const rate = factor * settings.learningRate;
    const weight = weights[name];
    if (isTable(weight)) regularizer?.checkRate?.(rate, settings.kind);
    else if (weight.rank > 1 && rate * weightDecay >= 1) {
      throw new RangeError(
        `learning rate ${rate} x weightDecay ${weightDecay} is ${rate * weightDecay}, expected below 1: the numbers of ${name} would become 0 or change sign`,
      );
    }
  }
}

function updateRows(training: Training, name: string, { store, dim }: EmbeddingTable, rate: number): void {
  const { rows, sums, count } = training.sums[name];
  const kept = training.stateRows[name] as RowStore | undefined;
  const most = Math.min(store.rowsAtOnce, kept?.rowsAtOnce ?? Infinity);
  for (let start = 0; start < count; start += most) {
    const end = Math.min(start + most, count);
    const ids = rows.subarray(start, end);
    const gradient = sums.subarray(start * dim, end * dim);
    store.change(ids, (weights) => {
      const update = (state: Float32Array) =>
        training.optimizers[name].update(weights, state, gradient, dim, rate, training.step);
      if (kept) kept.change(ids, update);
      else update(training.state[name]);
    });
  }
}

function updateDense(
  training: Training,
  name: string,
  variable: tf.Variable,
  gradient: Float32Array,
  rate: number,
): void {
  const values = (variable.dataSync() as Float32Array).slice(); // a copy: the cpu engine hands out its own array
  const { weightDecay = 0 } = training.options;
  if (weightDecay > 0 && variable.rank > 1) {
    for (let i = 0; i < values.length; i++) values[i] *= 1 - rate * weightDecay;
  }
  training.optimizers[name].update(values, training.state[name], gradient, gradient.length, rate, training.step);
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}

/** Global norm over dense gradients and summed rows; all are scaled by the same factor, so the direction stays. */
function clip(training: Training, dense: Gradients["dense"], clipNorm: number): void {
  const parts = Object.values(dense);
  for (const { sums, count, dim } of Object.values(training.sums)) parts.push(sums.subarray(0, count * dim));
  let square = 0;
  for (const part of parts) for (let i = 0; i < part.length; i++) square += part[i] * part[i];
  const norm = Math.sqrt(square);
  if (norm <= clipNorm) return;
  for (const part of parts) for (let i = 0; i < part.length; i++) part[i] *= clipNorm / norm;
}

function isTrained(weight: Weight): boolean {
  return isTable(weight) || weight.trainable;
}
