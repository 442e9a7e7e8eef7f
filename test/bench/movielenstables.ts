/** What movielens.ts has found, as the tables of material/movielens.md. */
import { format } from "../../lib/notebook/format";
import { meanInterval } from "../../lib/train/statistics";
import type { Table } from "./report";

/** What is kept of a comparison. By seed where it is a list. */
export interface Recorded {
  tried: number;
  models: { name: string; learningRate: number; parameters: number; epochs: number[]; auc: number[]; gauc: number[]; logLoss: number[] }[];
  verdicts: { pairs: number; told: string[] };
}

export const files = { numbers: "material/movielens.json", page: "material/movielens.md" };

/** The page's tables, by the names of their marks. */
export function movielensTables({ tried, models }: Recorded): Record<string, Table> {
  const rows = models.map(({ name, learningRate, parameters, epochs, auc, gauc, logLoss }) => {
    const { mean, low, high } = meanInterval(auc);
    return [name, ...[mean].map(four), `${four(low)} to ${four(high)}`, ...[gauc, logLoss].map((values) => four(meanInterval(values).mean)), format(parameters), learningRate, epochs.join(" ")];
  });
  return {
    scores: {
      caption: `Test data, mean of ${models[0].auc.length} seeds, learning rate chosen among ${tried}`,
      columns: ["model", "AUC", "95 % interval", "GAUC", "log loss (nats)", "parameters", "learning rate", "best epoch by seed"],
      rows,
    },
  };
}

const four = (value: number) => value.toFixed(4);
