/** Judges a model on impressions it was not trained on. */
import type { ImpressionSource } from "../data/impressions";
import type { Model } from "../models/model";
import { auc } from "./metrics/auc";
import { gauc } from "./metrics/gauc";
import { logLoss } from "./metrics/logloss";
import { predict } from "./predict";

export type Metric = "auc" | "gauc" | "logLoss";

export interface Evaluation {
  auc: number;
  /** In nats. */
  logLoss: number;
  /** Only if the source knows its users. */
  gauc?: number;
}

/**
 * AUC and log loss of the model on the source, and GAUC if it has users of whom one clicked some but not all.
 *
 * @throws if all labels are the same: there is no AUC then.
 */
export async function evaluate(model: Model, source: ImpressionSource): Promise<Evaluation> {
  const logits = await predict(model, source);
  const { labels, users } = answers(source);
  const result: Evaluation = { auc: auc(logits, labels), logLoss: logLoss(logits, labels) };
  if (users && hasMixedUser(labels, users)) result.gauc = gauc(logits, labels, users).gauc;
  return result;
}

/** Labels and users of the whole source. */
export function answers(source: ImpressionSource): { labels: Float32Array; users?: Int32Array } {
  const whole = source as { labels?: Float32Array; users?: Int32Array };
  if (whole.labels) return { labels: whole.labels, users: whole.users };
  const labels = new Float32Array(source.size);
  let users: Int32Array | undefined;
  for (let start = 0; start < source.size; start += 65536) {
    const part = source.read(Int32Array.from({ length: Math.min(65536, source.size - start) }, (_, i) => start + i));
    labels.set(part.labels, start);
    if (part.users) (users ??= new Int32Array(source.size)).set(part.users, start);
  }
  return { labels, users };
}

/** Which value of the metric is better: the larger AUC or GAUC, the smaller log loss. */
export function isBetter(metric: Metric, value: number, than: number): boolean {
  return metric === "logLoss" ? value < than : value > than;
}

/** Whether some user has both a click and none, so that GAUC is defined. */
export function hasMixedUser(labels: Float32Array, users: Int32Array): boolean {
  const first = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    const label = first.get(users[i]);
    if (label === undefined) first.set(users[i], labels[i]);
    else if (label !== labels[i]) return true;
  }
  return false;
}
