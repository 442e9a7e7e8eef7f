import { expect, test } from "vitest";
import { pythonToJson, readJsonLines } from "../../lib/data/jsonlines";
import { temporaryFile } from "../temporary";

async function recordsOf(content: string | Uint8Array): Promise<[line: number, record: unknown][]> {
  const records: [number, unknown][] = [];
  await readJsonLines(temporaryFile("meta.json", content), (record, line) => records.push([line, record]));
  return records;
}

test("records are read with their lines, as JSON or as Python writes them; empty lines are none", async () => {
  expect(await recordsOf(`{"a": 1}\r\n\n{'a': None}\n`)).toEqual([[1, { a: 1 }], [3, { a: null }]]);
});

test("a record may be longer than a line of a table", async () => {
  const text = "x".repeat(2 ** 21);
  expect(await recordsOf(`{"text": "${text}"}`)).toEqual([[1, { text }]]);
});

test("a line of more than 16 MB is refused before it is parsed", async () => {
  await expect(recordsOf(Buffer.alloc(2 ** 24 + 1, "x"))).rejects.toThrow("a line of more than 16777216 bytes");
});

test("bytes that are not UTF-8 are refused with their line, and the column as commas cut it", async () => {
  await expect(recordsOf(Buffer.from(`{}\n{"a": 1, "b": "é"}\n`, "latin1"))).rejects.toThrow(
    "meta.json, line 2, column 2: bytes that are not utf-8",
  );
});

test.each(["[1, 2]", "3", "null", '"text"', "{'a': }"])("the line %s is refused as no record", async (text) => {
  await expect(recordsOf(`{}\n${text}\n`)).rejects.toThrow(
    `meta.json, line 2, column 1: ${JSON.stringify(text)}, expected a record in braces`,
  );
});

test("a long line that is no record is quoted with its beginning alone", async () => {
  await expect(recordsOf("x".repeat(5000))).rejects.toThrow(`column 1: "${"x".repeat(40)}", expected`);
});

test("a record is read as Python writes it", () => {
  const python = String.raw`{'a': 'it\'s "x"', "b": "it's", 'c': [1, 2.5, -3e-05], 'd': None, 'e': True, 'f': '\xe9\u6f22\n\\n', 'None': 'True'}`;
  expect(JSON.parse(pythonToJson(python))).toEqual({
    a: 'it\'s "x"',
    b: "it's",
    c: [1, 2.5, -3e-5],
    d: null,
    e: true,
    f: "é漢\n\\n",
    None: "True",
  });
});

test("Python's escapes are read as what they stand for", () => {
  expect(JSON.parse(pythonToJson(String.raw`['\x41\u00e9', '\U0001f600', 'a\r\n\tb', '\'']`))).toEqual([
    "Aé",
    "😀",
    "a\r\n\tb",
    "'",
  ]);
});
