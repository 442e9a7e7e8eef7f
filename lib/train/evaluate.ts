/** Judges a model on impressions it was not trained on. */
import type { ImpressionSource } from "../data/impressions";
import { checkNotDisposed, type Model } from "../models/model";
import { batches } from "./batches";
import { checkNotBusy } from "./busy";
import { checkSource } from "./checkdata";
import { auc } from "./metrics/auc";
import { gauc, hasMixedUser } from "./metrics/gauc";
import { logLoss } from "./metrics/logloss";
import { logitsOf } from "./predict";

export interface Evaluation {
  auc: number;
  /** In nats. */
  logLoss: number;
  /** Only if the source knows its users, and one of them clicked some of what they saw, but not all. */
  gauc?: number | undefined;
}

/** What a model said about impressions, beside what happened. */
export interface Answers {
  logits: Float32Array;
  labels: Float32Array;
  users?: Int32Array | undefined;
  /** How much each impression counts, 1 by default. */
  weights?: Float32Array | undefined;
}

/**
 * AUC and log loss of the model on the source, and GAUC if it has users. batchSize: how many impressions the engine
 * holds at a time, by default 4096, fewer where histories are long; the metrics are those of all at once.
 *
 * @throws RangeError if all labels are the same: there is no AUC then; TypeError if the data is not encoded; Error if
 * the model is being trained or was disposed.
 */
export async function evaluate(model: Model, source: ImpressionSource, batchSize?: number): Promise<Evaluation> {
  return judge(await answers(model, source, batchSize));
}

/** The metrics of given answers. @throws RangeError if all labels are the same. */
export function judge({ logits, labels, users, weights }: Answers): Evaluation {
  const result: Evaluation = { auc: auc(logits, labels, weights), logLoss: logLoss(logits, labels, weights) };
  if (users && hasMixedUser(labels, users, weights)) result.gauc = gauc(logits, labels, users, weights).gauc;
  return result;
}

/**
 * Logits, labels, users and weights of the whole source, in its order: for more metrics than evaluate has, with one run
 * of the model.
 *
 * @throws TypeError if the data is not encoded; Error if the model is being trained or was disposed.
 */
export async function answers(model: Model, source: ImpressionSource, batchSize?: number): Promise<Answers> {
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
