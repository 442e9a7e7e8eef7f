/**
 * npm run progress        which exercises are solved, notebook by notebook
 * npm run progress -- 02  only those of the notebooks named; 2 will do for 02
 *
 * The last line names the file that remembers them. Delete it to begin anew. CTR_PROGRESS names another file.
 * What was solved once stays solved, whatever becomes of the cell.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { runCommand } from "../command";
import { readSolved, recordFile } from "./record";

/** The report as lines. `idsOf` has the exercises of each notebook: { "02": ["02.1 pairs", ...] }. */
export function report(idsOf: Readonly<Record<string, readonly string[]>>, solved: readonly string[]): string[] {
  const lines: string[] = [];
  let done = 0;
  let total = 0;
  for (const [notebook, ids] of Object.entries(idsOf)) {
    const count = ids.filter((id) => solved.includes(id)).length;
    done += count;
    total += ids.length;
    lines.push(
      `Notebook ${notebook}: ${count} of ${ids.length}`,
      ...ids.map((id) => `  ${solved.includes(id) ? "✓" : "○"} ${id}`),
    );
  }
  return [...lines, `${done} of ${total} exercises solved`];
}

/** The exercises of every notebook, read from the files NN.ts in the folder. */
export async function allExercises(folder: string): Promise<Record<string, string[]>> {
  const idsOf: Record<string, string[]> = {};
  const files = fs.readdirSync(folder).filter((name) => /^\d\d\.ts$/.test(name)).sort();
  for (const file of files) {
    const { exercises } = await import(pathToFileURL(path.join(folder, file)).href);
    idsOf[file.slice(0, 2)] = Object.keys(exercises);
  }
  return idsOf;
}

/** Prints the exercises of the notebooks named in `args`, or of all notebooks, and which are solved. */
export async function main(args: string[]): Promise<void> {
  const notebooks = parseArgs({ args, allowPositionals: true }).positionals.map((word) => word.padStart(2, "0"));
  const all = await allExercises(path.resolve("lib/notebook/exercises"));
  const unknown = notebooks.find((number) => !Object.hasOwn(all, number));
  if (unknown !== undefined)
    throw new Error(`no notebook ${unknown} has exercises, expected some of ${Object.keys(all).join(", ")}`);
  const asked = Object.entries(all).filter(([number]) => notebooks.length === 0 || notebooks.includes(number));
  console.log([...report(Object.fromEntries(asked), readSolved()), `(kept in ${recordFile()})`].join("\n"));
}

if (process.argv[1]?.endsWith("solved.ts")) void runCommand(main);
