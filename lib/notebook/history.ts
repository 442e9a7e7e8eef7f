/** Shows how a training went, epoch by epoch. */
import type { History } from "../train/history";
import { format } from "./format";
import { lines, type LinesOptions } from "./plot";

/**
 * Plots, over the epochs, the log loss in training and on the validation data or, with `what` = "ranking", AUC and
 * GAUC on the validation data.
 *
 * @throws if the history has no such curve: no epoch was finished, or there was no validation data.
 */
export function plotHistory(history: History, title: string, what: "loss" | "ranking" = "loss"): void {
  lines(historyLines(history, title, what));
}

export function historyLines(history: History, title: string, what: "loss" | "ranking" = "loss"): LinesOptions {
  const series = curves(history, what);
  const best = history.best ? ` The best epoch by ${history.metric} is ${history.best.epoch}.` : "";
  const ends = series.map(({ name, y }) => `${name} from ${format(y[0])} to ${format(y[y.length - 1])}`);
  return {
    title,
    alt: `Over ${history.epochs.length === 1 ? "1 epoch" : `${history.epochs.length} epochs`}: ${ends.join("; ")}.${best}`,
    x: { title: "epoch" },
    y: { title: what === "loss" ? "log loss (nats)" : "AUC" },
    series,
  };
}

function curves(history: History, what: "loss" | "ranking") {
  const found = what === "loss" ? history.lossCurves : history.rankingCurves;
  if (found.length > 0) return found;
  throw new RangeError(
    history.epochs.length === 0
      ? "no epoch was finished, so there is nothing to plot"
      : "there was no validation data, expected some for AUC over the epochs",
  );
}
