/** From the benchmark's numbers to tables, on the screen and in material/speed.md. */
import * as fs from "node:fs";
import * as path from "node:path";
import { format } from "../../lib/notebook/format";
import { tableBundle, type TableCell } from "../../lib/notebook/table";
import { median } from "../../lib/train/statistics";
import type { Shape } from "./worlds";

export interface Measured extends Shape {
  /** The engine, or "PyTorch" and a way in which peer.py trains tables. */
  name: string;
  /** Steps in a turn. */
  steps: number;
  /** Seconds a step, by round. */
  seconds: number[];
  /** The most memory that the process held. */
  megabytes?: number;
  /** Milliseconds a step. */
  phases?: Record<string, number>;
  /** Floating-point operations in the matrix products of a step. */
  operations?: number;
  /** Billions of them a second, in a product of two large matrices. */
  ceiling?: number;
}

/** A promise about speed. */
export interface Goal {
  what: string;
  measured: number;
  unit: string;
  /** The promise; neither if it is only for comparison. */
  atLeast?: number;
  atMost?: number;
}

/** What has been measured on one machine. */
export interface Results {
  machine: string;
  /** The code that was measured, and the day. Each part has its own: they may come from different runs. */
  code: { measured?: string; goals?: string };
  measured: Measured[];
  goals: Goal[];
}

export interface Table {
  caption: string;
  columns: string[];
  rows: TableCell[][];
}

function speedTable({ machine, code, measured }: Results): Table {
  const phases = Object.keys(measured.find((m) => m.phases)?.phases ?? {});
  return {
    caption: `Training speed (${machine}; ${code.measured})`,
    columns: ["model", "rows", "batch", "on", "samples/s", "ms a step", ...phases, "GFLOP/s", "of ceiling", "MB"],
    rows: measured.map((m) => {
      const gflops = m.operations ? m.operations / median(m.seconds) / 1e9 : undefined;
      return [
        m.model,
        power(m.rows),
        m.batch,
        m.name,
        samples(m),
        decimals(1000 * median(m.seconds)),
        ...phases.map((name) => m.phases && decimals(m.phases[name])),
        gflops && decimals(gflops),
        gflops && m.ceiling && `${Math.round((100 * gflops) / m.ceiling)} %`,
        m.megabytes && Math.round(m.megabytes),
      ];
    }),
  };
}

/** How many times as fast as each way of PyTorch, for every shape and engine. */
function ratioTable({ measured }: Results): Table {
  const rows: TableCell[][] = [];
  for (const ours of measured.filter((m) => m.phases)) {
    const same = measured.filter(
      (m) => m.name.startsWith("PyTorch") && m.model === ours.model && m.rows === ours.rows && m.batch === ours.batch,
    );
    if (same.length === 0) continue;
    rows.push([
      ours.model,
      power(ours.rows),
      ours.batch,
      ours.name,
      ...same.map((peer) => decimals(ratio(peer, ours))),
    ]);
  }
  return {
    caption: "Times as fast as PyTorch",
    columns: ["model", "rows", "batch", "on", "dense Adam", "sparse=True, SparseAdam"],
    rows,
  };
}

/** The promises, with a column for each machine. */
function goalTable(all: readonly Results[]): Table {
  const machines = all.filter(({ goals }) => goals.length > 0);
  const promises = new Map(machines.flatMap(({ goals }) => goals.map((goal) => [goal.what, promised(goal)] as const)));
  const names = machines.map(({ machine, code }, i) => `${i + 1}: ${machine}; ${code.goals}`);
  return {
    caption: `Promises about speed (${names.join(". ")})`,
    columns: ["what", "promised", ...machines.map((_, i) => `measured on ${i + 1}`)],
    rows: Array.from(promises, ([what, promise]) => [
      what,
      promise,
      ...machines.map(({ goals }) => outcome(what, goals)),
    ]),
  };
}

function promised({ atLeast, atMost }: Goal): string {
  if (atLeast !== undefined) return `at least ${atLeast.toLocaleString("en")}`;
  return atMost === undefined ? "" : `at most ${atMost.toLocaleString("en")}`;
}

function outcome(what: string, goals: readonly Goal[]): string {
  const goal = goals.find((each) => each.what === what);
  if (!goal) return "";
  const { measured, unit, atLeast = -Infinity, atMost = Infinity } = goal;
  const value = `${format(unit === "times" ? Number(measured.toPrecision(3)) : Math.round(measured), 3)} ${unit}`;
  return measured >= atLeast && measured <= atMost ? value : `${value}: not kept`;
}

/** How many times as fast b is as a: the median over the rounds, in which they took turns. */
export function ratio(a: Measured, b: Measured): number {
  return median(a.seconds.map((seconds, round) => seconds / b.seconds[round]));
}

/** The tables as text. */
export function tables(results: Results): string[] {
  return [goalTable([results]), speedTable(results), ratioTable(results)]
    .filter((table) => table.rows.length > 0)
    .map((table) => tableBundle(table)["text/plain"] as string);
}

/** The tables of material/speed.md. Promises are compared over all machines; the rest is shown of the first. */
export function pageTables(all: readonly Results[]): Record<string, Table> {
  return { goals: goalTable(all), speed: speedTable(all[0]), ratio: ratioTable(all[0]) };
}

/**
 * The results of all machines, with the new ones in the place of those of the same machine, or as the last. A part that
 * was not measured this time stays as it was.
 */
export function withNew(all: readonly Results[], results: Results): Results[] {
  const before = all.find(({ machine }) => machine === results.machine);
  const together: Results = {
    machine: results.machine,
    code: { ...before?.code, ...results.code },
    measured: results.measured.length > 0 ? results.measured : (before?.measured ?? []),
    goals: results.goals.length > 0 ? results.goals : (before?.goals ?? []),
  };
  return before ? all.map((each) => (each === before ? together : each)) : [...all, together];
}

/** Puts the numbers into material/speed.json, and its tables into material/speed.md. */
export function writeReport(results: Results): void {
  const numbers = path.join("material", "speed.json");
  const all = withNew(JSON.parse(fs.readFileSync(numbers, "utf8")), results);
  fs.writeFileSync(numbers, JSON.stringify(all, null, 1) + "\n");
  fillTables(path.join("material", "speed.md"), pageTables(all));
}

/** Writes each table between the marks of its name in a page. */
export function fillTables(page: string, tables: Record<string, Table>): void {
  fs.writeFileSync(page, filled(page, tables));
}

/** The page with each table between the marks of its name. A table without rows leaves there what was there. */
export function filled(page: string, tables: Record<string, Table>): string {
  let text = fs.readFileSync(page, "utf8");
  for (const [name, table] of Object.entries(tables)) {
    if (table.rows.length === 0) continue;
    const marks = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- end of ${name} -->)`);
    if (!marks.test(text))
      throw new Error(
        `${page} has no place for the table ${name}, expected <!-- ${name} --> and <!-- end of ${name} -->`,
      );
    text = text.replace(marks, (_, start, end) => `${start}${markdown(table)}\n${end}`);
  }
  return text;
}

/** The table as Markdown. */
export function markdown({ caption, columns, rows }: Table): string {
  const line = (cells: readonly TableCell[]) => `| ${cells.map((cell) => cell ?? "").join(" | ")} |`;
  return [`${caption}:`, "", line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

function samples(m: Measured): number {
  return Math.round(m.batch / median(m.seconds) / 100) * 100;
}

function decimals(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

/** 100000 as 10^5. */
function power(rows: number): string {
  const exponent = Math.log10(rows);
  return Number.isInteger(exponent) ? `10^${exponent}` : String(rows);
}
