/** What measure.ts has found, kept in material/worlds.json, as material/worlds.md shows it. */
import type { Table } from "../../test/bench/report";

export interface Measured {
  /** By world: expected AUCs on test data. ceiling: of the best prediction from pooled histories. */
  worlds: Record<string, { best: number; ceiling?: number; models: Record<string, number> }>;
  /** Log loss above the best possible one, in nats, by how many held-out pairs the impression has: 0, 1, 2, 3. */
  heldOut: { train: number; models: Record<string, number[]> };
  /** AUC of a DNN in the long-tail world after each epoch. */
  epochs: number[];
}

export const files = { numbers: "material/worlds.json", page: "material/worlds.md" };

/** The page's tables, by the name of their marks. */
export function worldTables({ worlds, heldOut }: Measured): Record<string, Table> {
  return {
    measured: {
      caption: "Expected AUC on test data",
      columns: ["world", "best possible", "measured"],
      rows: Object.entries(worlds).map(([world, { best, ceiling, models }]) => {
        const scores = Object.entries(ceiling === undefined ? models : { ceiling, ...models });
        return [world, three(best), scores.map(([name, auc]) => `${name} ${three(auc)}`).join(", ")];
      }),
    },
    unseen: {
      caption: "Log loss above the best possible one, in nats",
      columns: ["unseen pairs in the impression", "0", "1", "2", "3"],
      rows: Object.entries(heldOut.models).map(([name, losses]) => [name, ...losses.map(three)]),
    },
  };
}

/** What the page says in its sentences. */
export function worldSentences({ heldOut, epochs }: Measured): string[] {
  const all = epochs.map(three);
  return [
    `of which ${heldOut.train.toLocaleString("en")} are in \`train\``,
    `we saw ${all.slice(0, -1).join(", ")} and ${all.at(-1)} after epochs 1 to ${all.length}`,
  ];
}

const three = (value: number) => value.toFixed(3);
