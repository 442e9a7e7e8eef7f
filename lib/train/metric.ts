/** The metrics that can decide which epoch, settings or model is best. */
import { checkOneOf } from "../checks";

export type Metric = "auc" | "gauc" | "logLoss";

/** What the metrics are called in a sentence. */
export const metricNames: Record<Metric, string> = { auc: "AUC", gauc: "GAUC", logLoss: "log loss" };

/** @throws RangeError if there is no such metric: judged by it, no epoch would be better than another. */
export function checkMetric(metric: Metric): void {
  checkOneOf("metric", metric, Object.keys(metricNames) as Metric[]);
}

/** Which value of the metric is better: the larger AUC or GAUC, the smaller log loss. */
export function isBetter(metric: Metric, value: number, than: number): boolean {
  return metric === "logLoss" ? value < than : value > than;
}
