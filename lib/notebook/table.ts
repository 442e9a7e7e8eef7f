/**
 * Tables: real HTML ones, which screen readers and GitHub understand, and the same as text.
 */
import { type Bundle, display } from "./display";
import { format, withMinus } from "./format";

export type TableCell = string | number | boolean | null | undefined;

export interface TableOptions {
  /** What the table shows, in one sentence. */
  caption: string;
  /** Headings. The first column names the rows. */
  columns: readonly string[];
  rows: readonly (readonly TableCell[])[];
  /** Significant digits of numbers that are not whole. */
  digits?: number;
}

/** Shows a table below the cell. Null and undefined are empty cells. */
export function table(options: TableOptions): void {
  display(tableBundle(options));
}

/**
 * The table as HTML and as text.
 *
 * @throws RangeError if a row does not have one cell per column.
 */
export function tableBundle({ caption, columns, rows, digits = 4 }: TableOptions): Bundle {
  for (const [i, row] of rows.entries()) {
    if (row.length !== columns.length) {
      throw new RangeError(
        `row ${i} of the table "${caption}" has ${row.length} cells, expected ${columns.length}, one per column`,
      );
    }
  }
  const texts = rows.map((row) => row.map((cell) => asText(cell, digits)));
  // A column of words is read from the left, a column of numbers compared from the right, point below point.
  const right = columns.map(
    (_, j) =>
      j > 0 &&
      rows.every(
        (row, i) => typeof row[j] !== "string" || texts[i][j] === "" || number.test(texts[i][j].replace(/ %$/, "")),
      ),
  );
  for (const [j, isRight] of right.entries()) if (isRight) alignPoints(texts, j);
  return {
    "text/html": asHtml(caption, columns, texts, right),
    "text/plain": asLines(
      caption,
      columns,
      texts.map((row) => row.map((text) => text.replace(/[\u2007\u2008]/g, " "))),
      right,
    ),
  };
}

/** A number as text, such as "−0.25" or "1,234". */
const number = /^[-−+]?\d[\d,]*(\.\d+)?(e[-−+]?\d+)?$/;

/** Pads the numbers of a column with spaces as wide as the point and the decimals that others have and they lack. */
function alignPoints(texts: string[][], column: number): void {
  const numbers = texts.filter((row) => number.test(row[column]));
  const places = numbers.map((row) => row[column].length - `${row[column]}.`.indexOf("."));
  const most = Math.max(0, ...places);
  for (const [i, row] of numbers.entries()) {
    const missing = most - places[i];
    row[column] += places[i] === 0 && missing > 0 ? `\u2008${"\u2007".repeat(missing - 1)}` : "\u2007".repeat(missing);
  }
}

function asText(cell: TableCell, digits: number): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  return withMinus(typeof cell === "number" ? format(cell, digits) : cell);
}

function asHtml(caption: string, columns: readonly string[], texts: string[][], right: boolean[]): string {
  const align = (j: number) => ` style="text-align: ${right[j] ? "right" : "left"}"`;
  const head = columns.map((name, j) => `<th scope="col"${align(j)}>${escaped(name)}</th>`).join("");
  const body = texts.map((row) => {
    const cells = row.map((text, j) =>
      j === 0 ? `<th scope="row"${align(j)}>${escaped(text)}</th>` : `<td${align(j)}>${escaped(text)}</td>`,
    );
    return `<tr>${cells.join("")}</tr>\n`;
  });
  return `<table>\n<caption>${escaped(caption)}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("")}</tbody>\n</table>`;
}

function asLines(caption: string, columns: readonly string[], texts: string[][], right: boolean[]): string {
  const widths = columns.map((name, j) => Math.max(name.length, ...texts.map((row) => row[j].length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, j) => (right[j] ? text.padStart(widths[j]) : text.padEnd(widths[j])))
      .join("  ")
      .trimEnd();
  return [caption, "", line(columns), widths.map((width) => "-".repeat(width)).join("  "), ...texts.map(line)].join(
    "\n",
  );
}

/** The text without the characters that HTML reads as its own. */
export function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
