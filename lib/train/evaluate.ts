/** Judges a model on impressions it was not trained on. */
import type { Impressions, ImpressionSource } from "../data/impressions";
import { checkNotDisposed, type Model } from "../models/model";
import { checkNotBusy } from "./busy";
import { auc } from "./metrics/auc";
import { gauc } from "./metrics/gauc";
import { logLoss } from "./metrics/logloss";
import { batches, checkSource, logitsOf } from "./predict";

export type Metric = "auc" | "gauc" | "logLoss";

/** What the metrics are called in a sentence. */
export const metricNames: Record<Metric, string> = { auc: "AUC", gauc: "GAUC", logLoss: "log loss" };

/** @throws RangeError if there is no such metric: judged by it, no epoch would be better than another. */
export function checkMetric(metric: Metric): void {
  if (!Object.hasOwn(metricNames, metric)) {
    throw new RangeError(
      `metric is ${JSON.stringify(metric)}, expected one of ${Object.keys(metricNames)
        .map((name) => JSON.stringify(name))
        .join(", ")}`,
    );
  }
}

export interface Evaluation {
  auc: number;
  /** In nats. */
  logLoss: number;
  /** Only if the source knows its users, and one of them clicked some of what they saw, but not all. */
  gauc?: number;
}

/** What a model said about impressions, beside what happened. */
export interface Answers {
  logits: Float32Array;
  labels: Float32Array;
  users?: Int32Array;
  /** How much each impression counts, 1 by default. */
  weights?: Float32Array;
}

/**
 * AUC and log loss of the model on the source, and GAUC if it has users. batchSize: how many impressions the engine
 * holds at a time; the metrics are those of all at once.
 *
 * @throws if all labels are the same: there is no AUC then.
 */
export async function evaluate(model: Model, source: ImpressionSource, batchSize = 4096): Promise<Evaluation> {
  return judge(await answers(model, source, batchSize));
}

/** The metrics of given answers. */
export function judge({ logits, labels, users, weights }: Answers): Evaluation {
  const result: Evaluation = { auc: auc(logits, labels, weights), logLoss: logLoss(logits, labels, weights) };
  if (users && hasMixedUser(labels, users, weights)) result.gauc = gauc(logits, labels, users, weights).gauc;
  return result;
}

/** Logits, labels, users and weights of the whole source, in its order. */
export async function answers(model: Model, source: ImpressionSource, batchSize = 4096): Promise<Answers> {
  checkSource("the data", source);
  checkNotDisposed(model);
  checkNotBusy(model);
  const result: Answers = { logits: new Float32Array(source.size), labels: new Float32Array(source.size) };
  let row = 0;
  for await (const batch of batches(source, batchSize)) {
    result.logits.set(logitsOf(model, batch), row);
    result.labels.set(batch.labels, row);
    if (batch.users) (result.users ??= new Int32Array(source.size)).set(batch.users, row);
    if (batch.weights) (result.weights ??= new Float32Array(source.size).fill(1)).set(batch.weights, row);
    row += batch.size;
  }
  return result;
}

/** Which value of the metric is better: the larger AUC or GAUC, the smaller log loss. */
export function isBetter(metric: Metric, value: number, than: number): boolean {
  return metric === "logLoss" ? value < than : value > than;
}

/**
 * Reads until it has seen both classes, which most often is one batch. A single impression may be of one: that is a
 * step to look at, not data.
 *
 * @throws if all of the source is of one class.
 */
export async function checkLearnable(source: ImpressionSource): Promise<void> {
  let clicks = 0;
  let seen = 0;
  for await (const batch of batches(source)) {
    const counted = countClasses(batch);
    clicks += counted.clicks;
    seen += counted.seen;
    if (clicks > 0 && clicks < seen) return;
  }
  if (seen === 1) return;
  throw new RangeError(
    `the training data has ${clicks} clicks in ${seen} impressions${counting(seen, source)}, expected both classes. Was it read with unlabelled: true, or does it hold one class only?`,
  );
}

/** @throws if the metrics are not defined on the source, so that a training need not find out after an epoch. */
export async function checkJudgeable(source: ImpressionSource, metric: Metric): Promise<void> {
  let clicks = 0;
  let seen = 0;
  let mixed = false;
  const first = new Map<number, number>();
  for await (const batch of batches(source)) {
    const counted = countClasses(batch);
    clicks += counted.clicks;
    seen += counted.seen;
    if (batch.users && !mixed) mixed = hasMixedUser(batch.labels, batch.users, batch.weights, first);
  }
  if (clicks === 0 || clicks === seen) {
    throw new RangeError(
      `the validation data has ${clicks} clicks in ${seen} impressions${counting(seen, source)}: AUC needs both classes. Take a larger or a different part`,
    );
  }
  if (metric === "gauc" && !mixed) {
    throw new RangeError(
      "metric is gauc, but the validation data has no user with both a click and none. Set users, or take auc",
    );
  }
}

/** Clicks and impressions of weight above 0: the others are as good as absent. */
function countClasses({ labels, weights }: Impressions): { clicks: number; seen: number } {
  let clicks = 0;
  let seen = 0;
  for (let i = 0; i < labels.length; i++) {
    if (weights?.[i] === 0) continue;
    clicks += labels[i];
    seen++;
  }
  return { clicks, seen };
}

function counting(seen: number, { size }: ImpressionSource): string {
  return seen < size ? ` of ${size} whose weight is above 0` : "";
}

/** Whether some user has both a click and none, so that GAUC is defined. first: each user's first label so far. */
function hasMixedUser(
  labels: Float32Array,
  users: Int32Array,
  weights?: Float32Array,
  first = new Map<number, number>(),
): boolean {
  for (let i = 0; i < labels.length; i++) {
    if (weights?.[i] === 0) continue;
    const label = first.get(users[i]);
    if (label === undefined) first.set(users[i], labels[i]);
    else if (label !== labels[i]) return true;
  }
  return false;
}
