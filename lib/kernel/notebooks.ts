/**
 * Runs the notebooks in the real kernel, without Python.
 *
 * npm run notebooks            executes them and writes their outputs and pictures into the files
 * npm run notebooks -- --text  executes nothing: where only text cells changed, writes the files as they must be
 * npm run notebooks:check      executes them and compares with what the files hold, exactly
 * All take names, as in `npm run notebooks -- 02 05`, and `--redraw` draws pictures again that did not change.
 *
 * Outputs are made on wasm, whose digits are the same everywhere, so a file changes only when its content does. But
 * Node's Math.exp, Math.log and the like may differ on ARM in the 16th digit (see lib/random.ts). Outputs are rounded
 * to far fewer digits: with an eighth of these results changed in the last bit, notebooks 00, 02 and 04 were the same.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { onStop, runCommand } from "../command";
import { cacheFolder } from "../data/cache";
import { replaceFile } from "../replacefile";
import { CellFailure, Kernel } from "./client";
import { differences } from "./differences";
import { makeLink } from "./link.cjs";
import { type Cell, type Notebook, type Output, readNotebook, serialize } from "./nbformat";
import { drawPictures, keepPictures } from "./pictures";
import { cellsWithoutData, codeChanged, codeOf, dataSetsOf, missingData, type WithoutData } from "./realdata";

export interface RunOptions {
  /** The folder with the notebooks. */
  folder: string;
  /** Beginnings of file names. Default: all. */
  names?: string[];
  /** For one cell, in ms. */
  timeLimit?: number;
  /** Whether to draw pictures again whose figure did not change. */
  redraw?: boolean;
  /** Where real data sets are. */
  cache?: string;
  /** The kernel's command, for tests with a broken one. */
  argv?: string[];
  print?: (line: string) => void;
}

export interface Tally {
  passed: number;
  failed: number;
  /** Cells whose real data are not here, so that their outputs were neither made nor compared. */
  withoutData: number;
}

const kernelsAtOnce = 2;
const keptCellMetadata = ["tags", "jupyter", "slideshow"];

/** Executes the notebooks and compares with their files. A notebook without a difference has passed. */
export function checkNotebooks(options: RunOptions): Promise<Tally> {
  return forEach(options, async (file) => {
    const committed = readNotebook(file);
    const fresh = await execute(committed, options, path.dirname(file));
    const lacking = cellsWithoutData(committed, options.cache);
    const stale = lacking.filter(({ cell }) => codeChanged(committed, cell));
    const problems = stale.map((one) => staleOutputs(file, one));
    committed.cells.forEach((cell, i) => {
      const found = differences(cell.outputs ?? [], fresh.cells[i].outputs ?? []);
      if (found.length > 0)
        problems.push(`cell "${cell.id}": the outputs are not the committed ones (- committed, + fresh)`, ...found);
    });
    keepPictures(fresh, committed);
    if (problems.length === 0 && serialize(fresh) !== fs.readFileSync(file, "utf8")) {
      problems.push("same outputs, but the file is not as `npm run notebooks` writes it");
    }
    if (problems.length > 0)
      throw new Problems([...problems, "If the change is meant: npm run notebooks, and look at the diff"]);
    const notes = lacking.map(
      ({ cell, missing, cache }) =>
        `cell "${cell.id}" ran on its stand-in, outputs not compared: no ${missing} in ${cache} (npm run data -- ${missing})`,
    );
    return { outcome: "same outputs", notes };
  });
}

/** Executes the notebooks and writes outputs and pictures into their files. One that fails keeps its file. */
export function writeNotebooks(options: RunOptions): Promise<Tally> {
  return forEach(options, async (file) => {
    const committed = readNotebook(file);
    const fresh = await execute(committed, options, path.dirname(file));
    if (!options.redraw) keepPictures(fresh, committed);
    await drawPictures(fresh);
    const notes = cellsWithoutData(fresh, options.cache).map((one) => {
      if (codeChanged(fresh, one.cell)) return staleOutputs(file, one);
      const { cell, missing, cache } = one;
      return `cell "${cell.id}" kept the outputs it had: no ${missing} in ${cache} (npm run data -- ${missing})`;
    });
    return { outcome: replaceNotebook(file, fresh), notes };
  });
}

/** Writes the files as writeNotebooks does, but executes nothing. Only right where no code changed. */
export function writeTexts(options: RunOptions): Promise<Tally> {
  return forEach(options, async (file) => {
    const notebook = readNotebook(file);
    const code = notebook.cells.filter((cell) => cell.cell_type === "code");
    const notRun = code.find((cell, i) => cell.execution_count !== i + 1);
    if (notRun)
      throw new Problems([
        `cell "${notRun.id}" has the execution count ${notRun.execution_count}, expected ${code.indexOf(notRun) + 1}: ` +
          `more than text changed. Run it: npm run notebooks -- ${numberOf(file)}`,
      ]);
    const cells = notebook.cells.map((cell) => ({ ...cell, metadata: keptMetadata(cell) }));
    return { outcome: replaceNotebook(file, { ...notebook, cells }), notes: [] };
  });
}

function replaceNotebook(file: string, notebook: Notebook): string {
  const text = serialize(notebook);
  if (text === fs.readFileSync(file, "utf8")) return "unchanged";
  replaceFile(file, [Buffer.from(text)]);
  return "written";
}

function keptMetadata(cell: Cell): Cell["metadata"] {
  const kept = dataSetsOf(cell).length > 0 ? [...keptCellMetadata, "madeFrom"] : keptCellMetadata;
  return Object.fromEntries(Object.entries(cell.metadata).filter(([key]) => kept.includes(key)));
}

/** 02 of 02-fm.ipynb: what the commands take. */
function numberOf(file: string): string {
  return path.basename(file, ".ipynb").split("-")[0];
}

/** Lines for the reader, below the name of the notebook. */
class Problems extends Error {
  constructor(readonly lines: string[]) {
    super(lines.join("\n"));
  }
}

/** What was done with a notebook, in a word or two, and a line for each cell without its real data. */
interface Done {
  outcome: string;
  notes: string[];
}

/** Calls `work` for each notebook, a few at once, and prints how each ended and how long it took. */
async function forEach(options: RunOptions, work: (file: string) => Promise<Done>): Promise<Tally> {
  const { folder, names = [], print = console.log } = options;
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb")).sort();
  const unknown = names.filter((name) => !files.some((file) => file.startsWith(name)));
  if (unknown.length > 0)
    throw new Error(`no notebook in ${folder} begins with ${unknown.join(" or ")}, there are ${files.join(", ")}`);
  const waiting = files.filter((file) => names.length === 0 || names.some((name) => file.startsWith(name)));
  if (waiting.length === 0) print(`There are no notebooks in ${folder}`);
  const tally: Tally = { passed: 0, failed: 0, withoutData: 0 };

  async function worker(): Promise<void> {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const start = Date.now();
      const lines: string[] = [];
      let verdict = "ok    ";
      let outcome = "";
      try {
        const done = await work(path.join(folder, name));
        outcome = done.outcome;
        tally.passed++;
        tally.withoutData += done.notes.length;
        lines.push(...done.notes);
      } catch (error) {
        verdict = "FAILED";
        tally.failed++;
        lines.push(
          ...(error instanceof Problems
            ? error.lines
            : String(error instanceof Error ? error.stack : error).split("\n")),
        );
      }
      print(
        [
          `${verdict} ${name}  ${((Date.now() - start) / 1000).toFixed(1)} s  ${outcome}`.trimEnd(),
          ...lines.map((line) => `       ${line}`),
        ].join("\n"),
      );
    }
  }
  await Promise.all(Array.from({ length: kernelsAtOnce }, worker));
  return tally;
}

/**
 * The notebook with the outputs of a fresh run, as it would be written, without pictures. Cells whose real data
 * are not here run too, on their stand-in, but keep the outputs they had.
 */
async function execute(
  committed: Notebook,
  { timeLimit = 300_000, argv, cache = cacheFolder() }: RunOptions,
  cwd: string,
): Promise<Notebook> {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "kernel-"));
  // Neither the reader's own progress nor the texts of figures may show in the outputs.
  const env = {
    ...process.env,
    CTR_BACKEND: "wasm",
    CTR_DATA: cache,
    CTR_PROGRESS: path.join(temporary, "progress.json"),
    CTR_TEXT: "",
  };
  const kernel = await Kernel.start({ cwd, env, folder: temporary, argv });
  try {
    const cells: Cell[] = [];
    let count = 0;
    for (const cell of committed.cells) {
      const metadata = keptMetadata(cell);
      if (cell.cell_type !== "code") {
        cells.push({ ...cell, metadata });
        continue;
      }
      const outputs = await executeCell(kernel, cell, timeLimit);
      const uncompared = missingData(cell, cache).length > 0;
      if (!uncompared && dataSetsOf(cell).length > 0) metadata.madeFrom = codeOf(committed, cell);
      cells.push({ ...cell, metadata, execution_count: ++count, outputs: uncompared ? cell.outputs : outputs });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (kernel.lateOutputs > 0)
      throw new Problems([`${kernel.lateOutputs} outputs came after their cell had ended. Is an await missing?`]);
    const kernelspec = { display_name: "TypeScript", language: "typescript", name: "tslab" };
    return {
      ...committed,
      cells,
      metadata: { ...committed.metadata, kernelspec, language_info: kernel.languageInfo },
      nbformat: 4,
      nbformat_minor: 5,
    };
  } finally {
    await kernel.close();
  }
}

async function executeCell(kernel: Kernel, cell: Cell, timeLimit: number): Promise<Output[]> {
  try {
    return await kernel.execute(cell.source, timeLimit);
  } catch (error) {
    if (!(error instanceof CellFailure)) throw error;
    const lines = [`cell "${cell.id}": ${error.kind}`, ...error.message.split("\n").map((line) => `  ${line}`)];
    const printed = error.outputs
      .filter((output) => output.output_type === "stream")
      .flatMap((output) => output.text.trimEnd().split("\n"));
    if (printed.length > 0) lines.push("  printed before:", ...printed.slice(-10).map((line) => `    ${line}`));
    throw new Problems(lines);
  }
}

function staleOutputs(file: string, { cell, missing, cache }: WithoutData): string {
  return (
    `cell "${cell.id}" has outputs that other code made: its own, or code above it, has changed since. They ` +
    `cannot be made again: there is no ${missing} in ${cache} ` +
    `(npm run data -- ${missing}, then npm run notebooks -- ${numberOf(file)})`
  );
}

async function main([command, ...rest]: string[]): Promise<void> {
  if (command !== "write" && command !== "check")
    throw new Error(`expected "write" or "check", got ${JSON.stringify(command)}`);
  const known = command === "write" ? ["--redraw", "--text"] : ["--redraw"];
  const unknown = rest.find((word) => word.startsWith("--") && !known.includes(word));
  if (unknown) throw new Error(`unknown option ${unknown}, expected ${known.join(" or ")}`);
  if (rest.includes("--text") && rest.includes("--redraw"))
    throw new Error("--text and --redraw are given, expected one of them: --text executes nothing and draws nothing");
  const names = rest.filter((word) => !word.startsWith("--"));
  const options = {
    folder: path.resolve(import.meta.dirname, "../../notebooks"),
    names,
    redraw: rest.includes("--redraw"),
  };
  makeLink();
  onStop(() => process.exit(1)); // ends the kernels too, and no second signal may end this process before that is done
  const work = command === "check" ? checkNotebooks : rest.includes("--text") ? writeTexts : writeNotebooks;
  const { passed, failed, withoutData } = await work(options);
  const cells = `${withoutData} ${withoutData === 1 ? "cell" : "cells"}`;
  const without = `, ${cells} without real data: outputs not ${command === "write" ? "made again" : "compared"}`;
  console.log(`${passed} passed, ${failed} failed${withoutData > 0 ? without : ""}`);
  if (failed > 0) process.exitCode = 1;
}

if (process.argv[1]?.endsWith("notebooks.ts")) void runCommand(main);
