/** What movielens.ts has found, as the tables of material/movielens.md. */
import { format } from "../../lib/notebook/format";
import { mean, meanInterval, studentQuantile } from "../../lib/train/statistics";
import type { Table } from "./report";

/** Of the test data, by seed. */
export interface Scores {
  auc: number[];
  gauc: number[];
  logLoss: number[];
}

/** What is kept of a comparison. */
export interface Recorded {
  tried: number;
  /** Each film's own share of clicks, mixed with `doubt` impressions of the usual share. */
  counting: { doubt: number } & Scores;
  /** epochs: the best one, by seed. */
  models: ({ name: string; learningRate: number; parameters: number; epochs: number[] } & Scores)[];
  verdicts: { pairs: number; told: string[] };
}

export const files = { numbers: "material/movielens.json", page: "material/movielens.md" };

/** The page's table, by the name of its marks. */
export function movielensTables({ tried, counting, models, verdicts }: Recorded): Record<string, Table> {
  const scores = ({ auc, gauc, logLoss }: Scores) => {
    const { low, high } = meanInterval(auc);
    return [four(mean(auc)), `${four(low)} to ${four(high)}`, four(mean(gauc)), four(mean(logLoss))];
  };
  const rows = models.map((model) => [
    model.name,
    ...scores(model),
    format(model.parameters),
    model.learningRate,
    model.epochs.join(" "),
  ]);
  const seeds = counting.auc.length;
  const { pairs, told } = verdicts;
  // Holm's correction asks the first pair for p < 0.05 / pairs, two-sided.
  const needed = (questions: number) => studentQuantile(1 - 0.025 / questions, seeds - 1).toFixed(1);
  return {
    scores: {
      caption:
        `Test data, mean of ${seeds} seeds, learning rate chosen among ${tried}; ` +
        `${told.length} of ${pairs} pairs of models distinguishable ` +
        `(to be decided, the clearest difference must be ${needed(pairs)} times its standard error; alone, ${needed(1)} times)`,
      columns: [
        "model",
        "AUC",
        "95 % interval",
        "GAUC",
        "log loss (nats)",
        "parameters",
        "learning rate",
        "best epoch by seed",
      ],
      rows: [["counting", ...scores(counting), null, null, null], ...rows],
    },
  };
}

const four = (value: number) => value.toFixed(4);
