/**
 * Runs the notebooks in the real kernel, without Python.
 *
 * npm run notebooks        executes them and writes their outputs and pictures into the files
 * npm run notebooks:check  executes them and compares with what the files hold, exactly
 * Both take names, as in `npm run notebooks -- 02 05`, and `--redraw` draws pictures again that did not change.
 *
 * Outputs are made on wasm, whose digits are the same everywhere, so a file changes only when its content does.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runCommand } from "../command";
import { cacheFolder, inCache } from "../data/cache";
import { rename } from "../rename";
import { CellFailure, Kernel } from "./client";
import { differences } from "./differences";
import { makeLink } from "./link.cjs";
import { type Cell, type Notebook, type Output, readNotebook, serialize } from "./nbformat";
import { drawPictures, keepPictures } from "./pictures";

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
}

const kernelsAtOnce = 2;
const keptCellMetadata = ["tags", "jupyter", "slideshow"];

/** Executes the notebooks and compares with their files. A notebook without a difference has passed. */
export function checkNotebooks(options: RunOptions): Promise<Tally> {
  return forEach(options, async (file) => {
    const committed = readNotebook(file);
    const fresh = await execute(committed, options, path.dirname(file));
    const problems: string[] = [];
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
    return "same outputs";
  });
}

/** Executes the notebooks and writes outputs and pictures into their files. One that fails keeps its file. */
export function writeNotebooks(options: RunOptions): Promise<Tally> {
  return forEach(options, async (file) => {
    const committed = readNotebook(file);
    const fresh = await execute(committed, options, path.dirname(file));
    if (!options.redraw) keepPictures(fresh, committed);
    await drawPictures(fresh);
    const text = serialize(fresh);
    if (text === fs.readFileSync(file, "utf8")) return "unchanged";
    fs.writeFileSync(`${file}.new`, text);
    rename(`${file}.new`, file);
    return "written";
  });
}

/** Lines for the reader, below the name of the notebook. */
class Problems extends Error {
  constructor(readonly lines: string[]) {
    super(lines.join("\n"));
  }
}

/** Calls `work` for each notebook, a few at once, and prints how each ended and how long it took. */
async function forEach(options: RunOptions, work: (file: string) => Promise<string>): Promise<Tally> {
  const { folder, names = [], print = console.log } = options;
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb")).sort();
  const unknown = names.filter((name) => !files.some((file) => file.startsWith(name)));
  if (unknown.length > 0)
    throw new Error(`no notebook in ${folder} begins with ${unknown.join(" or ")}, there are ${files.join(", ")}`);
  const waiting = files.filter((file) => names.length === 0 || names.some((name) => file.startsWith(name)));
  if (waiting.length === 0) print(`There are no notebooks in ${folder}`);
  const tally: Tally = { passed: 0, failed: 0 };

  async function worker(): Promise<void> {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const start = Date.now();
      const lines: string[] = [];
      let verdict = "ok    ";
      let outcome: string;
      try {
        outcome = await work(path.join(folder, name));
        tally.passed++;
        lines.push(...notCompared(path.join(folder, name), options));
      } catch (error) {
        verdict = "FAILED";
        outcome = "";
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
  // The reader's own progress must not show in the outputs, nor the figures in words.
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
      const metadata = Object.fromEntries(
        Object.entries(cell.metadata).filter(([key]) => keptCellMetadata.includes(key)),
      );
      if (cell.cell_type !== "code") {
        cells.push({ ...cell, metadata });
        continue;
      }
      const outputs = await executeCell(kernel, cell, timeLimit);
      const uncompared = missingData(cell, cache).length > 0;
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

/** The real data sets that a cell names in its tags, such as `real-data:ml-100k`, and that are not in the cache. */
export function missingData(cell: Cell, cache = cacheFolder()): string[] {
  const prefix = "real-data:";
  const dataSets = (cell.metadata.tags ?? [])
    .filter((tag) => tag.startsWith(prefix))
    .map((tag) => tag.slice(prefix.length));
  return dataSets.filter((dataSet) => !inCache(dataSet, cache));
}

/** Says which cells ran without their real data. */
function notCompared(file: string, { cache = cacheFolder() }: RunOptions): string[] {
  return readNotebook(file).cells.flatMap((cell) => {
    const missing = missingData(cell, cache);
    return missing.length === 0
      ? []
      : [
          `cell "${cell.id}" ran on its stand-in, outputs not compared: no ${missing.join(", ")} in ${cache} (npm run data -- ${missing[0]})`,
        ];
  });
}

async function main([command, ...rest]: string[]): Promise<void> {
  if (command !== "write" && command !== "check")
    throw new Error(`expected "write" or "check", got ${JSON.stringify(command)}`);
  const unknown = rest.filter((word) => word.startsWith("--") && word !== "--redraw");
  if (unknown.length > 0) throw new Error(`unknown option ${unknown[0]}, there is only --redraw`);
  const names = rest.filter((word) => !word.startsWith("--"));
  const options = {
    folder: path.resolve(import.meta.dirname, "../../notebooks"),
    names,
    redraw: rest.includes("--redraw"),
  };
  makeLink();
  // Ends the kernels too.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
  const { passed, failed } = await (command === "write" ? writeNotebooks(options) : checkNotebooks(options));
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

if (process.argv[1]?.endsWith("notebooks.ts")) void runCommand(main);
