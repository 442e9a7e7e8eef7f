/** What movielens.ts has found, as the tables of material/movielens.md. */
import { format } from "../../lib/notebook/format";
import { mean, meanInterval } from "../../lib/train/statistics";
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
  return {
    scores: {
      caption: `Test data, mean of ${counting.auc.length} seeds, learning rate chosen among ${tried}; ${verdicts.told.length} of ${verdicts.pairs} pairs of models distinguishable`,
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
