/**
 * The experiments of notebook 06, as runJobs runs them in processes of their own: one training with one seed, from
 * which the world is made, too.
 */
import * as tf from "@tensorflow/tfjs";
import type { Impressions } from "../../data/impressions";
import { interestsWorld } from "../../data/planted/interests";
import { longTailWorld } from "../../data/planted/longtail";
import { randomSplit, userSplit } from "../../data/split";
import type { ActivationName } from "../../layers/activations";
import { isTable } from "../../layers/layer";
import { DIN } from "../../models/din";
import { DNN } from "../../models/dnn";
import { dispose } from "../../models/model";
import { createRandom } from "../../random";
import { evaluate } from "../../train/evaluate";
import { fit } from "../../train/fit";
import { auc } from "../../train/metrics/auc";
import { adam } from "../../train/optimizers";
import { predict } from "../../train/predict";
import { l2, miniBatchAware, type Regularizer } from "../../train/regularizers";
import { mean } from "../../train/statistics";

/** What is done against overfitting, as plain JSON. */
export interface Remedy {
  dropout?: number;
  l2?: number;
  miniBatchAware?: { lambda: number; atBatchSize?: number };
}

export interface Overfitting {
  /** AUC on the validation data after each epoch. */
  validation: number[];
  /** AUC after the last epoch for each of `groups`, on training and on validation data; null without impressions. */
  groups: { training: (number | null)[]; validation: (number | null)[] };
}

export const batchSize = 200;

const numItems = 6_000;

/** How often an item is shown in training: a name, the least and the most impressions. */
export const groups: readonly (readonly [name: string, low: number, high: number])[] = [
  ["never", 0, 0],
  ["once", 1, 1],
  ["2 to 9 times", 2, 9],
  ["10 times or more", 10, Infinity],
];

/**
 * The long-tailed world of a seed: 6,000 items, of which most are shown once or never. best: AUC of the planted logits
 * on the training data.
 */
export function longTail(seed: number): { train: Impressions; validation: Impressions; best: number } {
  const { impressions, bayesLogits } = longTailWorld({ rows: 12_000, items: numItems, fieldSizes: [10, 10, 10], seed });
  const rows = randomSplit(impressions, { validation: 0.3, test: 0, seed });
  const [train, validation] = [impressions.read(rows.train), impressions.read(rows.validation)];
  return { train, validation, best: auc(Array.from(rows.train, (row) => bayesLogits[row]), train.labels) };
}

/** Impressions of each item in the training data, by item id. */
export function countShown(train: Impressions): Int32Array {
  const shown = new Int32Array(numItems + 1);
  for (const item of train.columns.item) shown[item]++;
  return shown;
}

/** Trains a network on the long tail, with the remedy, and keeps the weights of the last epoch. */
export async function overfit(
  { dropout, ...rule }: Remedy,
  seed: number,
  epochs = 3,
  learningRate = 0.02,
): Promise<Overfitting> {
  const { train, validation } = longTail(seed);
  const model = new DNN(
    { features: train.features, embeddingDim: 8, mlp: { units: [32, 16], dropout } },
    createRandom(seed),
  );
  const scores: number[] = [];
  const judge = { onEpoch: async () => void scores.push((await evaluate(model, validation)).auc) };
  await fit(model, train, {
    epochs,
    batchSize,
    optimizer: adam({ learningRate }),
    regularizer: regularizerOf(rule),
    seed,
    callbacks: [judge],
  });
  const shown = countShown(train);
  const byItems = { training: await byGroup(model, train, shown), validation: await byGroup(model, validation, shown) };
  dispose(model);
  return { validation: scores, groups: byItems };
}

/**
 * Validation AUC after each epoch of a network on the long tail that forgets: `part` of it starts each epoch from its
 * first weights. Adam always starts afresh.
 */
export async function forget(part: "nothing" | "items" | "layers", seed: number, epochs = 3): Promise<number[]> {
  const { train, validation } = longTail(seed);
  const shape = { features: train.features, embeddingDim: 8, mlp: { units: [32, 16] } };
  const [model, start] = [1, 2].map(() => new DNN(shape, createRandom(seed)));
  const scores: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    if (part === "items") itemRows(model).set(itemRows(start));
    if (part === "layers")
      for (const [name, weight] of Object.entries(model.mlp.weights)) weight.assign(start.mlp.weights[name]);
    const optimizer = adam({ learningRate: 0.02 });
    await fit(model, train, { epochs: 1, batchSize, optimizer, seed: epochs * seed + epoch });
    scores.push((await evaluate(model, validation)).auc);
  }
  dispose(model);
  dispose(start);
  return scores;
}

/** The rows of the items, which come last in the table, one after the other. */
function itemRows({ embeddings: { values, rows, dim } }: DNN): Float32Array {
  return values.subarray((rows - numItems) * dim);
}

/** Mean length of the items' rows after one epoch with a rule against overfitting, for each of `groups`. */
export async function rowLengths(rule: Omit<Remedy, "dropout">, seed: number): Promise<number[]> {
  const { after, shown } = await oneEpoch(rule, seed);
  return groups.map(([, low, high]) =>
    mean(after.filter((_, item) => item > 0 && shown[item] >= low && shown[item] <= high).map(lengthOf)),
  );
}

/** What one epoch with a rule does to the rows of items shown once. */
export interface StepOfOnce {
  /** Mean length of their moves. */
  length: number;
  /** Share of their numbers that moved towards 0. */
  towards0: number;
}

/** What one epoch with a rule against overfitting does to the rows of items shown once, which get one step in it. */
export async function stepOfOnce(rule: Omit<Remedy, "dropout">, seed: number): Promise<StepOfOnce> {
  const { before, after, shown } = await oneEpoch(rule, seed);
  const once = Array.from(shown.keys()).filter((item) => shown[item] === 1);
  const moves = once.map((item) => after[item].map((w, d) => w - before[item][d]));
  const towards0 = once.flatMap((item, i) => Array.from(moves[i], (move, d) => (move * before[item][d] < 0 ? 1 : 0)));
  return { length: mean(moves.map(lengthOf)), towards0: mean(towards0) };
}

/** The items' rows before and after one epoch with the rule, and how often each item was shown, by item id. */
async function oneEpoch(rule: Omit<Remedy, "dropout">, seed: number) {
  const { train } = longTail(seed);
  const model = new DNN({ features: train.features, embeddingDim: 8, mlp: { units: [32, 16] } }, createRandom(seed));
  const { values, rows, dim } = model.embeddings;
  const shown = countShown(train);
  const first = rows - shown.length; // the items come last: item i is in row first + i
  const items = () => Array.from(shown, (_, item) => values.slice((first + item) * dim, (first + item + 1) * dim));
  const before = items();
  await fit(model, train, {
    epochs: 1,
    batchSize,
    optimizer: adam({ learningRate: 0.02 }),
    regularizer: regularizerOf(rule),
    seed,
  });
  const after = items();
  dispose(model);
  return { before, after, shown };
}

function lengthOf(row: Float32Array): number {
  return Math.hypot(...row);
}

function regularizerOf({ l2: lambda, miniBatchAware: aware }: Remedy): Regularizer | undefined {
  if (aware) return miniBatchAware(aware);
  return lambda === undefined ? undefined : l2(lambda);
}

async function byGroup(model: DNN, part: Impressions, shown: Int32Array): Promise<(number | null)[]> {
  const logits = await predict(model, part);
  const times = Array.from(part.columns.item, (item) => shown[item]);
  return groups.map(([, low, high]) => {
    const rows = Array.from(times.keys()).filter((row) => times[row] >= low && times[row] <= high);
    return rows.length === 0 ? null : auc(rows.map((row) => logits[row]), rows.map((row) => part.labels[row]));
  });
}

/**
 * Validation AUC after each of the epochs, of DIN with that activation in its hidden layers and in its attention.
 * start: where α begins, for activations that learn one. Default as in lib: 0.25 for PReLU, 0 for Dice.
 */
export async function activate(
  activation: ActivationName,
  seed: number,
  start?: number,
  epochs = 4,
): Promise<number[]> {
  const { impressions } = interestsWorld({ rows: 10_000, categories: 4, interests: 3, clicks: 1, seed });
  const { train, validation } = userSplit(impressions, { validation: 0.3, test: 0, seed });
  const behaviours = [{ candidate: ["category", "brand"], history: ["clickedCategories", "clickedBrands"] }];
  const shape = { features: impressions.features, behaviours, embeddingDim: 8, deviation: 0.3 };
  const model = new DIN(
    { ...shape, attention: { units: [16], activation }, mlp: { units: [32, 16], activation } },
    createRandom(seed),
  );
  if (start !== undefined) startAlphas(model, start);
  const data = { train: impressions.read(train), validation: impressions.read(validation) };
  const history = await fit(model, data.train, {
    epochs,
    batchSize,
    optimizer: adam({ learningRate: 0.02 }),
    seed,
    validation: data.validation,
  });
  dispose(model);
  return history.validation;
}

function startAlphas({ weights }: DIN, start: number): void {
  for (const [name, weight] of Object.entries(weights))
    if (name.endsWith("/alpha") && !isTable(weight)) tf.tidy(() => weight.assign(tf.fill(weight.shape, start)));
}
