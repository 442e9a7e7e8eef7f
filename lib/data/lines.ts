/**
 * Reads a text file line by line with bounded memory, and stops at the first thing that is not text:
 * bytes in another encoding, a NUL byte, a line without end. Files whose names end in .gz are unpacked.
 */
import * as fs from "node:fs";
import * as zlib from "node:zlib";
import { DataError } from "./faults";

/** "gb18030" takes GBK and GB2312 as well. */
export type Charset = "utf-8" | "latin1" | "gb18030";

export interface LineOptions {
  encoding?: Charset | undefined;
  /** Only for the column number in errors. */
  delimiter?: string | undefined;
  /** Longest line accepted, in bytes. */
  maxLine?: number | undefined;
}

const newline = 10;
const carriageReturn = 13;

/**
 * Calls onLine for each line of the file in order, with its number from 1. LF and CRLF both end a line, and a
 * byte order mark is dropped.
 *
 * @throws DataError with file, line and column.
 */
export async function readLines(
  file: string,
  options: LineOptions,
  onLine: (text: string, line: number) => void,
): Promise<void> {
  const { encoding = "utf-8", delimiter = ",", maxLine = 1 << 20 } = options;
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let line = 1;
  let rest: Buffer[] = []; // the beginning of a line whose end has not come yet
  let restLength = 0;

  const fail = (bytes: Buffer, at: number, fault: string): never => {
    const before = new TextDecoder(encoding).decode(bytes.subarray(0, at)); // in GBK a byte of a character may be that of "|"
    throw new DataError(
      file,
      line + before.split("\n").length - 1,
      before.slice(before.lastIndexOf("\n") + 1).split(delimiter).length,
      fault,
    );
  };

  /** Complete lines, from the first byte of one to the newline of another. */
  const take = (bytes: Buffer): void => {
    const zero = bytes.indexOf(0);
    if (zero >= 0) fail(bytes, zero, "a NUL byte, expected text. Is this a binary file, or UTF-16?");
    let text = "";
    try {
      text = decoder.decode(bytes);
    } catch {
      fail(
        bytes,
        firstInvalid(bytes, encoding),
        encoding === "utf-8"
          ? 'bytes that are not utf-8. Is the file in another encoding? Save it as UTF-8, or name the encoding in the format: "gb18030" (also for GBK) or "latin1"'
          : `bytes that are not ${encoding}. Is the file in another encoding, or cut off?`,
      );
    }
    let start = line === 1 && text.startsWith("\ufeff") ? 1 : 0; // byte order mark
    while (start < text.length) {
      let end = text.indexOf("\n", start);
      if (end < 0) end = text.length;
      const crlf = text.charCodeAt(end - 1) === carriageReturn;
      onLine(text.slice(start, crlf ? end - 1 : end), line++);
      start = end + 1;
    }
  };
  const tooLong = (bytes: Buffer) =>
    fail(bytes, maxLine, `a line of more than ${maxLine} bytes. Is a line end or a closing quote missing?`);

  for await (const chunk of chunks(file, (fault) => new DataError(file, line, 1, fault))) {
    const last = chunk.lastIndexOf(newline);
    if (last < 0) {
      rest.push(chunk);
      restLength += chunk.length;
      if (restLength > maxLine) tooLong(Buffer.concat(rest));
      continue;
    }
    const complete = Buffer.concat([...rest, chunk.subarray(0, last + 1)]);
    for (let start = 0, end = 0; start < complete.length; start = end + 1) {
      end = complete.indexOf(newline, start);
      if (end - start > maxLine) {
        take(complete.subarray(0, start));
        tooLong(complete.subarray(start));
      }
    }
    take(complete);
    rest = [chunk.subarray(last + 1)];
    restLength = rest[0].length;
  }
  if (restLength > maxLine) tooLong(Buffer.concat(rest));
  if (restLength > 0) take(Buffer.concat(rest));
}

/** The file's bytes in pieces, unpacked when it is a gzip file. */
async function* chunks(file: string, fault: (text: string) => DataError): AsyncGenerator<Buffer> {
  const source = fs.createReadStream(file, { highWaterMark: 1 << 18 });
  const unzip = file.endsWith(".gz") ? zlib.createGunzip({ chunkSize: 1 << 18 }) : undefined;
  if (unzip) {
    source.on("error", (error) => unzip.destroy(error));
    source.pipe(unzip);
  }
  try {
    for await (const chunk of unzip ?? source) yield chunk as Buffer;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_")) throw fault(`a damaged gzip file (${message}). Fetch or copy it again`);
    if (code === "ENOENT") throw new Error(`${file} is not there`);
    throw error;
  } finally {
    source.destroy();
  }
}

/** The position of the first byte that does not belong to text in this encoding. */
function firstInvalid(bytes: Buffer, encoding: Charset): number {
  let valid = 0;
  let invalid = bytes.length; // text up to valid is fine, up to invalid is not
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    try {
      // A stream may end within a character: its other bytes could follow.
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  return valid;
}
