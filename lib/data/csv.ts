/**
 * Reads tables kept as text: CSV and its relatives (tab-separated, "::"-separated, no header, gzip).
 *
 * A record without a quote character is cut at the delimiters, several times faster than a full parser; only records
 * with quotes, which may run over several lines, go through csv-parse.
 */
import { parse } from "csv-parse/sync";
import { checkOptionNames } from "../checks";
import { DataError } from "./faults";
import { type Charset, readLines } from "./lines";

export interface TextFormat {
  /** Between two values. Default ",". */
  delimiter?: string | undefined;
  /** The column names; without them the first line has to name the columns. */
  header?: readonly string[] | undefined;
  /** Whether a value may be wrapped in double quotes. Default true; false takes them as ordinary characters. */
  quotes?: boolean | undefined;
  /** "gb18030" takes GBK and GB2312 as well. Default "utf-8". */
  encoding?: Charset | undefined;
  /** Cuts blanks off both ends of a value, but not of the words in a sequence: to trim those, give sequence a read. */
  trim?: boolean | undefined;
  /**
   * Texts that stand for a missing value in every column, as "" does, when they are the whole value. Within a sequence
   * they are words. Example: ["NA", "NULL", "\\N"].
   */
  missing?: readonly string[] | undefined;
  /** Whether to skip a line that is not a record, such as a remark at the top. Empty lines are always skipped. */
  skip?: ((line: string) => boolean) | undefined;
  /** The longest line accepted, in bytes, and the longest record, in characters. Default 2^20. */
  maxLine?: number | undefined;
}

const formatNames: Record<keyof TextFormat, true> = {
  delimiter: true, header: true, quotes: true, encoding: true, trim: true, missing: true, skip: true, maxLine: true,
};

/**
 * Calls onHeader once, then onRow for each record, with as many values as the header has names and the number of the
 * line on which the record starts. Returns the number of records. A CRLF inside quotes is read as LF.
 *
 * @throws DataError, with file, line and column, if the file is not such a table.
 */
export async function readRows(
  file: string,
  format: TextFormat,
  onHeader: (header: readonly string[]) => void,
  onRow: (values: string[], line: number) => void,
): Promise<number> {
  checkOptionNames("the format", format, formatNames);
  const { delimiter = ",", quotes = true, encoding, trim = false, skip, maxLine = 1 << 20 } = format;
  let header = format.header;
  if (header) {
    checkHeader("the format's header", 1, header);
    onHeader(header);
  }
  let rows = 0;
  let open: string[] = []; // the lines so far of a record with an unclosed quote
  let openLength = 0;
  let firstLine = 0; // of the record at hand

  const cut = (record: string): string[] => {
    if (!quotes || !record.includes('"')) return record.split(delimiter);
    try {
      // It has no line end outside quotes, as "\r" is not one: left to guess, the parser would end the record there.
      return (parse(record, { delimiter, trim, record_delimiter: "\n" }) as string[][])[0];
    } catch (error) {
      const column = ((error as { column?: number }).column ?? 0) + 1;
      throw new DataError(
        file,
        firstLine,
        column,
        "a quote before or after other characters of a value. Wrap the whole value in quotes and double the quotes inside it, or set quotes: false",
      );
    }
  };
  const take = (record: string): void => {
    let values = cut(record);
    if (trim) values = values.map((value) => value.trim());
    if (!header) {
      checkHeader(file, firstLine, values);
      header = values;
      onHeader(header);
      return;
    }
    if (values.length !== header.length) {
      const column = Math.min(values.length, header.length) + 1;
      const what = values.length < header.length ? `no value for ${header[values.length]}` : "a value without a name";
      throw new DataError(file, firstLine, column, `${what}: ${values.length} values, expected ${header.length}`);
    }
    onRow(values, firstLine);
    rows++;
  };

  let lastLine = 0;
  await readLines(file, { encoding, delimiter, maxLine }, (line, number) => {
    lastLine = number;
    if (open.length === 0) {
      if (line.length === 0 || skip?.(line)) return;
      firstLine = number;
    }
    const complete = !quotes || evenQuotes(line) === (open.length === 0);
    if (complete && open.length === 0) return take(line);
    open.push(line);
    openLength += line.length;
    if (openLength > maxLine)
      throw new DataError(
        file,
        firstLine,
        1,
        `a record of more than ${maxLine} characters. Is a closing quote missing?`,
      );
    if (!complete) return;
    const record = open.join("\n");
    open = [];
    openLength = 0;
    take(record);
  });
  if (open.length > 0) {
    const column = open[0].slice(0, open[0].lastIndexOf('"')).split(delimiter).length;
    throw new DataError(file, firstLine, column, `a quote that is never closed, up to line ${lastLine}`);
  }
  if (!header) throw new DataError(file, 1, 1, "an empty file, expected a line with the names of the columns");
  return rows;
}

/** What to take from a column, and how to read it. A read function throws RangeError at a bad value. */
export type Reader<T> = readonly [column: string, read: (text: string) => T];

/** The values of a record as they are written, by column. */
export type TextRow = Readonly<Record<string, string>>;

/**
 * Calls onRow for each record, with what the readers make of their columns. With keep, records for which it returns
 * false are left out before they are read. Returns the number of records in the file, those left out included.
 */
export async function readColumns<T extends unknown[]>(
  file: string,
  format: TextFormat,
  readers: readonly [...{ [K in keyof T]: Reader<T[K]> }],
  onRow: (values: T) => void,
  keep?: (row: TextRow) => boolean,
): Promise<number> {
  const missing = new Set(format.missing);
  let names: readonly string[] = [];
  let places: number[] = [];
  const place = (column: string, header: readonly string[]): number => {
    const at = header.indexOf(column);
    if (at >= 0) return at;
    const delimiters = [",", ";", "\t", "|"].filter((one) => one !== (format.delimiter ?? ","));
    const other = header.length === 1 ? delimiters.find((one) => header[0].includes(one)) : undefined;
    const advice = other ? `. Is the delimiter another one? Give { delimiter: ${JSON.stringify(other)} }` : "";
    throw new DataError(
      file,
      1,
      header.length + 1,
      `no column named ${JSON.stringify(column)}, the columns are: ${header.join(", ").slice(0, 500)}${advice}`,
    );
  };
  return readRows(
    file,
    format,
    (header) => {
      names = header;
      places = readers.map(([column]) => place(column, header));
    },
    (texts, line) => {
      if (keep && !keep(Object.fromEntries(names.map((name, i) => [name, texts[i]])))) return;
      const values = new Array(readers.length);
      for (let i = 0; i < readers.length; i++) {
        const text = texts[places[i]];
        try {
          values[i] = readers[i][1](missing.has(text) ? "" : text);
        } catch (error) {
          if (error instanceof RangeError)
            throw new DataError(file, line, places[i] + 1, `${readers[i][0]} is ${error.message}`);
          throw error;
        }
      }
      onRow(values as T);
    },
  );
}

/** A complete record has an even number of quotes: each opens, closes, or is one of a pair that stands for a quote. */
function evenQuotes(text: string): boolean {
  let even = true;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) even = !even;
  return even;
}

function checkHeader(file: string, line: number, names: readonly string[]): void {
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (name === "")
      throw new DataError(
        file,
        line,
        i + 1,
        "a column without a name. pandas leaves its row numbers out with index=False; otherwise name all columns with { header, skip }",
      );
    if (seen.has(name))
      throw new DataError(file, line, i + 1, `a second column named ${JSON.stringify(name)}, expected different names`);
    seen.add(name);
  });
}
