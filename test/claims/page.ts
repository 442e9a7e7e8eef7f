/** The tables of material/claims.md: each claim with what was measured. */
import { round, withMinus } from "../../lib/notebook/format";
import { meanInterval } from "../../lib/train/statistics";
import type { Table } from "../bench/report";
import type { Claim, Expected, Measured } from "./claim";

export const page = "material/claims.md";

/** A row of the table of claims, and its effect for each seed. */
export interface Outcome {
  readonly row: Measured | Claim;
  readonly effects: readonly number[];
}

/** A table for each notebook, and one, `promises`, for what none states. */
export function claimTables(outcomes: readonly Outcome[]): Record<string, Table> {
  const tables: Record<string, Table> = {};
  for (const { row, effects } of outcomes) {
    const name = "notebook" in row ? row.notebook : "promises";
    tables[name] ??= {
      caption: "notebook" in row ? `Claims of notebook ${row.notebook.slice(0, 2)}` : "Promises of worlds and models",
      columns: ["name", "claim", "effect", "mean (95 % interval)", "the interval must", "world and seeds"],
      rows: [],
    };
    const { claim, effect, expected, world, seeds } = row;
    const where = `${world}; ${ranges(seeds)}`;
    tables[name].rows.push([nameOf(row), claim, effect, measuredText(effects), expectedText(expected), where]);
  }
  return tables;
}

/** The row's id, which leads to the cell that states it. */
function nameOf(row: Measured | Claim): string {
  return "notebook" in row ? `[\`${row.id}\`](../notebooks/${row.notebook}.ipynb#cell-id=${row.cell})` : `\`${row.id}\``;
}

/** The mean and its interval; alone, where all seeds together have one number. */
function measuredText(effects: readonly number[]): string {
  const { mean, low, high } = meanInterval(effects);
  if (effects.every((effect) => effect === effects[0])) return decimals(mean);
  return `${decimals(mean)} (${decimals(low)} to ${decimals(high)})`;
}

function decimals(value: number): string {
  return withMinus(value.toFixed(4).replace(/^-(?=[0.]*$)/, "")); // nothing is −0.0000
}

function expectedText(expected: Expected): string {
  const number = (value: number) => withMinus(String(round(value, 4)));
  if ("atLeast" in expected) return `be ≥ ${number(expected.atLeast)}`;
  if ("atMost" in expected) return `be ≤ ${number(expected.atMost)}`;
  if ("from" in expected) return `lie between ${number(expected.from)} and ${number(expected.to)}`;
  if ("within" in expected) return expected.within === 0 ? "be 0" : `lie within ±${number(expected.within)}`;
  return "contain 0";
}

/** 6, 7, 8, 11 as "6–8, 11". */
function ranges(seeds: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const seed of [...seeds].sort((a, b) => a - b)) {
    const last = parts[parts.length - 1];
    if (last?.[1] === seed - 1) last[1] = seed;
    else parts.push([seed, seed]);
  }
  return parts.map(([first, last]) => (first === last ? first : `${first}–${last}`)).join(", ");
}
