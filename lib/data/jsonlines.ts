/** Files with one record per line, as JSON or as the Python dictionaries that the Amazon metadata is written in. */
import { DataError } from "./faults";
import { readLines } from "./lines";

/** Calls onRecord for each line that is not empty. @throws DataError at a line in neither notation. */
export async function readJsonLines(
  file: string,
  onRecord: (record: Record<string, unknown>, line: number) => void,
): Promise<void> {
  await readLines(file, { maxLine: 1 << 24 }, (text, line) => {
    if (text === "") return;
    onRecord(parseRecord(text, file, line), line);
  });
}

function parseRecord(text: string, file: string, line: number): Record<string, unknown> {
  for (const json of [() => text, () => pythonToJson(text)]) {
    try {
      const record: unknown = JSON.parse(json());
      if (typeof record === "object" && record !== null && !Array.isArray(record))
        return record as Record<string, unknown>;
    } catch {
      // not this notation
    }
  }
  throw new DataError(file, line, 1, `${JSON.stringify(text.slice(0, 40))}, expected a record in braces`);
}

const stringOrConstant = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\b(?:True|False|None)\b/gs;
const constants: Record<string, string> = { True: "true", False: "false", None: "null" };
const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", "\n": "" };

/** Rewrites a literal of Python (dictionaries, lists, strings, numbers) as JSON. */
export function pythonToJson(text: string): string {
  return text.replace(stringOrConstant, (token) => {
    if (token in constants) return constants[token];
    const body = token.slice(1, -1);
    const unescaped = body.replace(
      /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|(.))/gs,
      (_, x?: string, u?: string, U?: string, other?: string) =>
        other === undefined ? String.fromCodePoint(parseInt((x ?? u ?? U) as string, 16)) : (escapes[other] ?? other),
    );
    return JSON.stringify(unescaped);
  });
}
