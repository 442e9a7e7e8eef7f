/** Shows what compare found: a table, a plot with intervals, and the verdicts in words. */
import type { Comparison } from "../train/compare";
import { metricNames } from "../train/metric";
import { display } from "./display";
import { format, lowToHigh } from "./format";
import { modelOf } from "./palette";
import { type Reference, scatter, type ScatterOptions } from "./plot";
import { tableBundle, type TableOptions } from "./table";

const columnNames = { ...metricNames, logLoss: "log loss (nats)" };

/** Shows the comparison below the cell. reference: a level to compare with, such as the Bayes score. */
export function showComparison(comparison: Comparison<object>, title: string, reference?: Reference): void {
  display(tableBundle(comparisonTable(comparison, title)));
  scatter(comparisonPlot(comparison, title, reference));
  if (comparison.verdicts.length) display({ "text/plain": verdictLines(comparison) });
}

/** What all verdicts have in common, said once, then the finding of each. */
function verdictLines({ verdicts }: Comparison<object>): string {
  if (verdicts.length === 1) return verdicts[0].words;
  return [
    `${capital(verdicts[0].test)}; each interval is that of its pair alone:`,
    ...verdicts.map(({ finding }) => finding),
  ].join("\n");
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

/** One row per model. No times: they differ from run to run (comparison.millisecondsPerStep has them). */
export function comparisonTable({ metric, seeds, tried, models }: Comparison<object>, title: string): TableOptions {
  const several = seeds.length > 1;
  const budget = `${several ? `mean of ${seeds.length} seeds` : "one seed"}, ${tried === 1 ? "settings as given" : `settings chosen among ${tried} for each model`}`;
  return {
    caption: `${title} (${budget})`,
    columns: [
      "model",
      columnNames[metric],
      ...(several ? ["95 % interval"] : []),
      ...(metric === "logLoss" ? [] : ["log loss (nats)"]),
      "parameters",
    ],
    rows: models.map(({ name, score, meanLogLoss, parameters }) => [
      name,
      score.mean,
      ...(several ? [lowToHigh(score, 4)] : []),
      ...(metric === "logLoss" ? [] : [meanLogLoss]),
      parameters,
    ]),
  };
}

/** One point per model with its interval. */
export function comparisonPlot(
  { metric, seeds, models }: Comparison<object>,
  title: string,
  reference?: Reference,
): ScatterOptions {
  const onTest = `${metricNames[metric]} on test data`;
  const what = seeds.length > 1 ? `Mean ${onTest} with its 95 % interval` : `${onTest}, one seed`;
  const scores = models.map(({ name, score }) => `${name} ${format(score.mean)}`).join(", ");
  return {
    title,
    alt: `${what}: ${scores}.`,
    x: { title: seeds.length > 1 ? `model, with the 95 % interval over ${seeds.length} seeds` : "model" },
    y: { title: `${columnNames[metric]} on test data` },
    series: models.map(({ name, score }) => ({
      name,
      model: modelOf(name),
      x: [name],
      y: [score.mean],
      ...(seeds.length > 1 && { interval: [score] }),
    })),
    reference,
  };
}
