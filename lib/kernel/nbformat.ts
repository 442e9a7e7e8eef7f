/**
 * Notebook files: nbformat 4.5, read and written as Jupyter itself writes them.
 *
 * Source: nbformat.readthedocs.io/en/latest/format_description.html
 */
import * as fs from "node:fs";

/** JSON, as parsed. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Stream {
  output_type: "stream";
  name: string;
  text: string;
}
export interface DisplayData {
  output_type: "display_data";
  /** By MIME type: text as one string, JSON as it is, pictures in base64. */
  data: Record<string, Json>;
  metadata: Record<string, Json>;
}
export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}
/** One output of a cell, with its text joined. */
export type Output = Stream | DisplayData | ErrorOutput;

export interface Cell {
  cell_type: "code" | "markdown" | "raw";
  id: string;
  metadata: { tags?: string[]; [key: string]: Json | undefined };
  /** Joined. */
  source: string;
  /** Of code cells only. */
  execution_count?: number | null;
  outputs?: Output[] | undefined;
  attachments?: Json;
}

export interface Notebook {
  cells: Cell[];
  metadata: Record<string, Json>;
  nbformat: number;
  nbformat_minor: number;
}

/**
 * Reads a notebook, joining the lists of lines that files are made of.
 *
 * @throws if the file is not JSON or not a notebook of format 4.5 or later, with the number of a cell that is no cell.
 */
export function readNotebook(file: string): Notebook {
  let raw: any;
  try {
    raw = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} is not a notebook: ${error instanceof Error ? error.message : error}`);
  }
  const advice = "Open it in JupyterLab and save it";
  if (raw?.nbformat !== 4 || !(raw.nbformat_minor >= 5))
    throw new Error(`${file} has nbformat ${raw?.nbformat}.${raw?.nbformat_minor}, expected 4.5. ${advice}`);
  if (!Array.isArray(raw.cells) || !isObject(raw.metadata))
    throw new Error(`${file} lacks its cells or its metadata, expected a list and an object. ${advice}`);
  const wrong = raw.cells.findIndex((cell: unknown) => !isCell(cell));
  if (wrong >= 0)
    throw new Error(
      `${file}: cell ${wrong + 1} of ${raw.cells.length} lacks one of cell_type, id, metadata and source, or has a ` +
        `wrong one, expected all four. ${advice}`,
    );
  for (const cell of raw.cells) {
    cell.source = joined(cell.source);
    for (const output of cell.outputs ?? []) {
      if ("text" in output) output.text = joined(output.text);
      for (const [type, value] of Object.entries(output.data ?? {})) {
        if (!isJson(type)) output.data[type] = joined(value);
      }
    }
  }
  return raw;
}

/** Whether the value has what every cell has. */
function isCell(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { cell_type, id, metadata, source } = value;
  return (
    ["code", "markdown", "raw"].includes(cell_type as string) &&
    typeof id === "string" &&
    isObject(metadata) &&
    typeof joined(source) === "string"
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the cell's tags of that kind name: for "real-data", the tag `real-data:ml-100k` names ml-100k. */
export function taggedAs({ metadata: { tags = [] } }: Cell, kind: string): string[] {
  return tags.flatMap((tag) => (tag.startsWith(`${kind}:`) ? [tag.slice(kind.length + 1)] : []));
}

/**
 * The notebook as the text of its file: keys sorted, one space of indentation, a line break at the end, like Jupyter's.
 */
export function serialize(notebook: Notebook): string {
  const cells = notebook.cells.map(({ outputs, ...cell }) => ({
    ...cell,
    source: lines(cell.source),
    ...(outputs ? { outputs: outputs.map(outputAsFile) } : {}),
  }));
  return JSON.stringify(sorted({ ...notebook, cells } as unknown as Json), null, 1) + "\n";
}

function outputAsFile(output: Output): object {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([type, value]) => [
    type,
    isText(type) && typeof value === "string" ? lines(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

function isJson(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}

function isText(type: string): boolean {
  return type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";
}

function joined(text: unknown): unknown {
  return Array.isArray(text) ? text.join("") : text;
}

/** "a\nb" as ["a\n", "b"]. */
function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** The same with all keys in alphabetical order. */
export function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
