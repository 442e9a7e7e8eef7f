/**
 * What every notebook must keep to, checked without running it: the file, its text, its code, its outputs.
 * The limits are there for the reader: a cell fits on a screen, a figure can be read without eyes.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import ts from "@tslab/typescript-for-tslab";
import { namesForLaterCells } from "./cells.cjs";
import { headingProblems, markdownProblems, withoutCode } from "./markdown";
import { type Cell, type DisplayData, type Notebook, type Output, readNotebook } from "./nbformat";
import { isDrawn, isFigure } from "./pictures";

const maxCodeLines = 25;
const maxColumns = 110; // what a laptop shows beside JupyterLab's list of files
const maxWords = 150;
const maxFileSize = 600 * 1024;
const introduction = ["**You will**", "**Before**", "**Time**", "**Lib**", "**Paper**"];
const allowedTags = /^(exercise|(real-data|claim):[a-z0-9-]+)$/;
const allowedImports = /^(\.\/lib\/[\w/-]+|@tensorflow\/tfjs|tslab|node:[\w/]+)$/;
const absolutePath = /(^|[\s"'`(=:>])(\/(home|root|Users|work|tmp|usr|var|private)\/|[A-Z]:[\\/](?!\/))/m;
const stackTrace = /^[ \t]+at .*(:\d+:\d+|\(cell \d+, line \d+\))|^Traceback \(most recent call last\)/m;

/** The problems of one notebook, each a line that names the cell. Empty if there are none. */
export function lintNotebook(file: string): string[] {
  let notebook: Notebook;
  try {
    notebook = readNotebook(file);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  const texts = notebook.cells
    .filter((cell) => cell.cell_type === "markdown")
    .map(({ id, source }) => ({ where: `cell "${id}": `, markdown: source }));
  const problems = [
    ...fileProblems(file, notebook),
    ...headingProblems(texts),
    ...introductionProblems(notebook.cells[0]),
    ...nameProblems(notebook.cells),
    ...shorthandProblems(notebook.cells),
  ];
  let run = 0;
  for (const cell of notebook.cells) {
    const found = [
      ...cellProblems(cell),
      ...(cell.cell_type === "code" ? codeProblems(cell, ++run) : textProblems(cell, file)),
    ];
    problems.push(...found.map((problem) => `cell "${cell.id}": ${problem}`));
  }
  return problems;
}

function fileProblems(file: string, { cells, metadata }: Notebook): string[] {
  const problems: string[] = [];
  const size = fs.statSync(file).size;
  const kernel = (metadata.kernelspec as { name?: string } | undefined)?.name;
  if (!/^\d\d-[a-z0-9-]+\.ipynb$/.test(path.basename(file)))
    problems.push(`the name is ${path.basename(file)}, expected NN-topic.ipynb`);
  if (size > maxFileSize)
    problems.push(`the file has ${Math.round(size / 1024)} KB, at most ${maxFileSize / 1024}: draw fewer points`);
  if (kernel !== "tslab") problems.push(`the kernel is ${JSON.stringify(kernel)}, expected "tslab"`);
  const ids = cells.map((cell) => cell.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i)))
    problems.push(`the cell id "${id}" is used more than once`);
  return problems;
}

function introductionProblems(first: Cell | undefined): string[] {
  if (first?.cell_type !== "markdown")
    return ["the first cell is not text: expected title, puzzle and what the notebook needs"];
  const missing = introduction.filter((field) => !first.source.includes(field));
  if (!/^# \S/.test(first.source)) missing.unshift("a title (# ...) in its first line");
  if (!/^> \S/m.test(first.source)) missing.push("a puzzle (> ...)");
  return missing.length > 0 ? [`the first cell lacks ${missing.join(", ")}`] : [];
}

/** Where two cells declare the same name, cells that use the first one find the second when they are run again. */
function nameProblems(cells: readonly Cell[]): string[] {
  const first = new Map<string, string>();
  return cells
    .filter((cell) => cell.cell_type === "code")
    .flatMap(({ id, source }) =>
      namesForLaterCells(source).flatMap((name) => {
        const before = first.get(name);
        if (before === undefined) first.set(name, id);
        return before === undefined || before === id
          ? []
          : [`cell "${id}": declares ${name}, as cell "${before}" does: cells between them could not be run again. Rename one`];
      }),
    );
}

/** Our kernel finds the name in `{ name }`, stock tslab does not if an earlier cell declares it: it says "not defined". */
function shorthandProblems(cells: readonly Cell[]): string[] {
  const earlier = new Set<string>();
  return cells
    .filter((cell) => cell.cell_type === "code")
    .flatMap(({ id, source }) => {
      const problems = shorthands(source)
        .filter((name) => earlier.has(name))
        .map((name) => `cell "${id}": write { ${name}: ${name} }: stock tslab knows no short form of an earlier cell's name`);
      for (const name of namesForLaterCells(source)) earlier.add(name);
      return problems;
    });
}

/** Names in `{ name }` that nothing in the cell declares. */
function shorthands(source: string): string[] {
  const used = new Set<string>();
  const own = new Set(namesForLaterCells(source));
  const visit = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) used.add(node.name.text);
    if (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node))
      if (ts.isIdentifier(node.name)) own.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022));
  return [...used].filter((name) => !own.has(name));
}

function cellProblems(cell: Cell): string[] {
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9-]{1,63}$/.test(cell.id) || /^[0-9a-f-]{8,}$/.test(cell.id))
    problems.push("the id is not readable, expected words such as unseen-pairs");
  for (const tag of cell.metadata.tags ?? []) if (!allowedTags.test(tag)) problems.push(`unknown tag ${tag}`);
  if (absolutePath.test(cell.source)) problems.push("an absolute path: it exists on one machine only");
  if (cell.source.trim() === "") problems.push("the cell is empty");
  return problems;
}

function textProblems(cell: Cell, file: string): string[] {
  // Whoever sees a picture does not read its alternative text.
  const text = withoutCode(cell.source).replace(
    /!\[[^\]]*\]\([^)]*\)|\$\$[\s\S]*?\$\$|\$[^$\n]*\$|<[^>]*>|\]\([^)]*\)/g,
    " x ",
  );
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}'’.-]*/gu) ?? [];
  return [
    ...(words.length > maxWords ? [`${words.length} words, at most ${maxWords}`] : []),
    ...markdownProblems(cell.source, file),
  ];
}

function codeProblems(cell: Cell, position: number): string[] {
  const problems: string[] = [];
  // A list of imports is skimmed, not read.
  const lines = cell.source.split("\n").filter((line) => !line.startsWith("import "));
  if (lines.length > maxCodeLines) problems.push(`${lines.length} lines of code, at most ${maxCodeLines}`);
  for (const line of lines)
    if (line.length > maxColumns) problems.push(`a line of ${line.length} columns, at most ${maxColumns}: ${line.trim()}`);
  const imports = /(?:^(?:import\b|\}).*\bfrom|^import|\bimport\(|\brequire\()\s*["']([^"']+)["']/gm;
  for (const [, from] of cell.source.matchAll(imports)) {
    if (!allowedImports.test(from))
      problems.push(`imports ${from}, expected ./lib/..., @tensorflow/tfjs, tslab or node:...`);
  }
  if (/(?<!\bfor\s+)\bawait\s*\(/.test(cell.source))
    problems.push("`await (` is read as a call by tslab: put the promise into a constant first");
  if (/^for await\b/m.test(cell.source))
    problems.push("`for await` at top level is a syntax error in tslab: put it into a function");
  if (/\bMath\.random\b/.test(cell.source))
    problems.push("Math.random: the next run would differ. Use createRandom(seed)");
  if (cell.execution_count !== position)
    problems.push(
      `not run in order (execution count ${cell.execution_count}, expected ${position}): npm run notebooks`,
    );
  for (const output of cell.outputs ?? []) problems.push(...outputProblems(output));
  return problems;
}

function outputProblems(output: Output): string[] {
  if (output.output_type === "error") return [`its output is an error: ${output.ename}: ${output.evalue}`];
  if (output.output_type === "stream" && output.name === "stderr")
    return [`it printed to stderr: ${output.text.split("\n")[0]}`];
  const text = output.output_type === "stream" ? output.text : writtenIn(output).join("\n");
  return [...shownProblems(text), ...(output.output_type === "display_data" ? displayProblems(output) : [])];
}

/** The texts of a display, pictures left out. */
function writtenIn({ data }: DisplayData): string[] {
  return Object.entries(data).flatMap(([type, value]) =>
    typeof value === "string" && !type.startsWith("image/") ? [value] : [],
  );
}

/** What no reader should see in an output, found in its text. */
export function shownProblems(text: string): string[] {
  const problems: string[] = [];
  if (absolutePath.test(text)) problems.push("an absolute path in its output: it exists on one machine only");
  if (/\bdataId\b|isDisposedInternal/.test(text)) problems.push("it printed a tensor as an object: print its numbers");
  if (/\[object \w+\]/.test(text)) problems.push("it printed an object without its content");
  if (stackTrace.test(text)) problems.push("a stack trace in its output");
  if (/warning:|^[^\w\n]*warn(ing)?\b/im.test(text)) problems.push("a warning in its output");
  if (/^(undefined|\[Function.*|Promise \{.*)\n?$/.test(text)) problems.push(`its output is only ${text.trim()}`);
  return problems;
}

function displayProblems(output: DisplayData): string[] {
  const { data } = output;
  const problems: string[] = [];
  if (!data["text/plain"])
    problems.push(`an output without text/plain (${Object.keys(data).join(", ")}): nobody can read it without eyes`);
  if (isFigure(output) && !isDrawn(output))
    problems.push("a figure without its picture, or with that of another figure: npm run notebooks");
  return problems;
}
