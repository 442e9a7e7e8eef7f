/**
 * The exhibits of notebook 08: eight functions in two versions, A and B. One of each pair has a bug that somebody
 * published, reduced to the lines that matter and written anew. Find out which by a test before you read on.
 */
import { auc } from "../../train/metrics/auc";

/** The user clicked `candidate` after `history`, oldest first. */
export interface Row {
  user: number;
  history: string[];
  candidate: string;
}
export interface Parts {
  train: Row[];
  validation: Row[];
  test: Row[];
}
/**
 * clicks: for each user the clicked items, oldest first. Their last click is for the test, the one before for
 * validation.
 */
export type Split = (clicks: string[][]) => Parts;

export function splitA(clicks: string[][]): Parts {
  const parts: Parts = { train: [], validation: [], test: [] };
  clicks.forEach((items, user) => {
    for (let i = 1; i < items.length; i++) {
      const row = { user, history: items.slice(0, i), candidate: items[i] };
      if (i === items.length - 1) parts.test.push(row);
      else if (i === items.length - 2) parts.validation.push(row);
      else parts.train.push(row);
    }
  });
  return parts;
}

export function splitB(clicks: string[][]): Parts {
  const parts: Parts = { train: [], validation: [], test: [] };
  clicks.forEach((items, user) => {
    for (let i = 1; i < items.length; i++) {
      const row = { user, history: items.slice(0, i), candidate: items[i] };
      if (i === items.length - 1) parts.test.push(row);
      if (i === items.length - 2) parts.validation.push(row);
      else parts.train.push(row);
    }
  });
  return parts;
}

/**
 * The embeddings of exhibit 2, by item id. Row 0 belongs to the padding; training has moved it, as it moves every row.
 */
export const vectors = [[0.8, -0.6], [1, 0], [0.2, 0.9], [0.7, 0.4], [0.1, 1.2], [1.3, 0.3]];

/** history: item ids, 0 is padding. Returns the mean of the clicked items' vectors, weighted by attention: [2]. */
export type Pool = (history: number[], candidate: number) => number[];

export function poolA(history: number[], candidate: number): number[] {
  const weights = softmax(history.map((item) => dot(vectors[item], vectors[candidate])));
  return weightedSum(weights, history.map((item) => vectors[item]));
}

export function poolB(history: number[], candidate: number): number[] {
  const clicked = history.filter((item) => item !== 0);
  const weights = softmax(clicked.map((item) => dot(vectors[item], vectors[candidate])));
  return weightedSum(weights, clicked.map((item) => vectors[item]));
}

/** pairs: one vector for each pair of fields. Returns their mean, weighted by attention with the parameters h. */
export type Attend = (pairs: number[][], h: number[]) => number[];

export function attendA(pairs: number[][], h: number[]): number[] {
  const scores = pairs.map((pair) => dot(h, relu(pair))); // [pairs]
  return weightedSum(softmax(scores), pairs);
}

export function attendB(pairs: number[][], h: number[]): number[] {
  const scores = pairs.map((pair) => [dot(h, relu(pair))]); // [pairs, 1]
  return weightedSum(scores.flatMap(softmax), pairs);
}

/** The log loss of one impression for which the model says `logit`. label: 0 or 1. */
export type Loss = (logit: number, label: number) => number;

export function lossA(logit: number, label: number): number {
  const prediction = 1 / (1 + Math.exp(-logit));
  return softplus(prediction) - label * prediction;
}

export function lossB(logit: number, label: number): number {
  return softplus(logit) - label * logit;
}

/** The column of ids that a batch hands to the embedding table. ids: whole numbers from 0 to 2^31 - 1. */
export type Column = (ids: number[]) => ArrayLike<number>;

export function columnA(ids: number[]): ArrayLike<number> {
  const batch = Float32Array.from(ids);
  return Int32Array.from(batch);
}

export function columnB(ids: number[]): ArrayLike<number> {
  return Int32Array.from(ids);
}

export interface Batch {
  scores: number[];
  labels: number[];
}
/** The AUC of all rows, which come in batches. At least one row has a click, and at least one has none. */
export type BatchedAuc = (batches: Batch[]) => number;

export function aucA(batches: Batch[]): number {
  return auc(batches.flatMap(({ scores }) => scores), batches.flatMap(({ labels }) => labels));
}

export function aucB(batches: Batch[]): number {
  const both = batches.filter(({ labels }) => labels.includes(0) && labels.includes(1));
  return both.reduce((sum, { scores, labels }) => sum + auc(scores, labels), 0) / both.length;
}

/** What training has gathered about the three units of exhibit 7. */
export const moving = { mean: [0.5, -1, 2], variance: [1, 4, 0.25] };

/** Dice at inference, alpha = 0.1: [rows, 3] -> [rows, 3]. */
export type DiceAtInference = (batch: number[][]) => number[][];

export function diceA(batch: number[][]): number[][] {
  return batch.map((row) => row.map((s, unit) => gate(s, moving.mean[unit], moving.variance[unit])));
}

export function diceB(batch: number[][]): number[][] {
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const means = moving.mean.map((_, unit) => mean(batch.map((row) => row[unit])));
  const variances = means.map((m, unit) => mean(batch.map((row) => (row[unit] - m) ** 2)));
  return batch.map((row) => row.map((s, unit) => gate(s, means[unit], variances[unit])));
}

/**
 * scores: the validation score after each epoch that there is time for. Training stops once `patience` epochs in a row
 * have not beaten the best. Returns the epoch, from 0, whose weights you get.
 */
export type Keep = (scores: number[], patience: number) => number;

export function keepA(scores: number[], patience: number): number {
  let best = 0;
  for (let epoch = 1; epoch < scores.length; epoch++) {
    if (scores[epoch] > scores[best]) best = epoch;
    else if (epoch - best >= patience) return best;
  }
  return scores.length - 1;
}

export function keepB(scores: number[], patience: number): number {
  let best = 0;
  for (let epoch = 1; epoch < scores.length && epoch - best <= patience; epoch++) {
    if (scores[epoch] > scores[best]) best = epoch;
  }
  return best;
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

function relu(x: number[]): number[] {
  return x.map((value) => Math.max(0, value));
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function softmax(scores: number[]): number[] {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

/** Σ weightᵢ rowᵢ; without rows, the zero vector of length 2. */
function weightedSum(weights: number[], rows: number[][]): number[] {
  const length = rows[0]?.length ?? 2;
  return Array.from({ length }, (_, f) => rows.reduce((sum, row, i) => sum + weights[i] * row[f], 0));
}

function gate(s: number, mean: number, variance: number): number {
  const p = 1 / (1 + Math.exp(-(s - mean) / Math.sqrt(variance + 1e-8)));
  return p * s + (1 - p) * 0.1 * s;
}
