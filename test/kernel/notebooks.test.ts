import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cell, readNotebook, serialize } from "../../lib/kernel/nbformat";
import { checkNotebooks, type RunOptions, writeNotebooks } from "../../lib/kernel/notebooks";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "notebooks-test-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A notebook file with these code cells, named a, b, c... */
function notebook(name: string, sources: string[], tags: string[] = []): string {
  const cells: Cell[] = sources.map((source, i) => ({
    cell_type: "code",
    id: `cell-${"abcdefgh"[i]}`,
    metadata: tags.length > 0 ? { tags } : {},
    source,
    execution_count: null,
    outputs: [],
  }));
  const file = path.join(folder, name);
  fs.writeFileSync(file, serialize({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return file;
}

async function run(work: typeof checkNotebooks, name: string, options: Partial<RunOptions> = {}) {
  const printed: string[] = [];
  const tally = await work({ folder, names: [name], print: (line) => printed.push(line), ...options });
  return { ...tally, text: printed.join("\n") };
}

describe.concurrent("a broken notebook fails, and the report says which cell and why", () => {
  test("a cell that throws: notebook, cell id, error and traceback", async () => {
    notebook("throws.ipynb", ["1", "function half() {\n  throw new RangeError('odd number');\n}\nhalf()", "2"]);
    const { passed, failed, text } = await run(checkNotebooks, "throws");
    expect({ passed, failed }).toEqual({ passed: 0, failed: 1 });
    expect(text).toContain("FAILED throws.ipynb");
    expect(text).toContain('cell "cell-b": error');
    expect(text).toContain("RangeError: odd number");
    expect(text).toContain("at half (this cell)");
    expect(text).not.toContain("node_modules");
  });

  test("a cell that does not compile: line, column and the compiler's message", async () => {
    notebook("types.ipynb", ["const a = 1;\nconst b: string = a;"]);
    const { text } = await run(checkNotebooks, "types");
    expect(text).toContain('cell "cell-a": error');
    expect(text).toContain("2:7 - Type 'number' is not assignable to type 'string'.");
  });

  test("a kernel that dies in a cell", async () => {
    notebook("dies.ipynb", ["1", "process.exit(3)"]);
    const { failed, text } = await run(checkNotebooks, "dies");
    expect(failed).toBe(1);
    expect(text).toContain('cell "cell-b": dead kernel');
    expect(text).toContain("the kernel died with exit code 3");
  });

  test.each([["sync", "for (;;) {}"], ["async", "await new Promise(() => {})"]])("a cell that hangs, %s", async (kind, code) => {
    notebook(`hangs-${kind}.ipynb`, [`console.log('before');\n${code}`]);
    const { failed, text } = await run(checkNotebooks, `hangs-${kind}`, { timeLimit: 1500 });
    expect(failed).toBe(1);
    expect(text).toContain('cell "cell-a": time limit');
    expect(text).toContain("within its time limit of 1.5 s");
    expect(text).toContain("before");
  });

  test("lost output: stock tslab loses all after some 500 lines", async () => {
    notebook("loses.ipynb", ["for (let i = 0; i < 3000; i++) console.log(i)"]);
    const argv = [process.execPath, path.resolve("node_modules/tslab/bin/tslab"), "kernel", "--config-path", "{connection_file}"];
    const { failed, text } = await run(checkNotebooks, "loses", { argv });
    expect(failed).toBe(1);
    expect(text).toContain('cell "cell-a": lost output');
  });

  test("output that comes after its cell has ended", async () => {
    notebook("late.ipynb", ["const notAwaited = new Promise((r) => setTimeout(r, 20)).then(() => console.log('too late'));"]);
    const { failed, text } = await run(checkNotebooks, "late");
    expect(failed).toBe(1);
    expect(text).toContain("Is an await missing?");
  });

  test("a changed output, text and figure: the lines and places that differ", async () => {
    const figure = "import { display } from 'tslab';\ndisplay.raw('application/vnd.plotly.v1+json', { data: [{ y: [1, 2, 3] }] } as any);";
    const file = notebook("changes.ipynb", ["console.log('one\\ntwo\\nthree')", figure]);
    const first = await run(checkNotebooks, "changes"); // never run
    expect(first.text).toContain("output 1 is new");
    const fresh = readNotebook(file);
    fresh.cells[0].outputs = [{ output_type: "stream", name: "stdout", text: "one\n2\nthree\n" }];
    fresh.cells[1].outputs = [{ output_type: "display_data", data: { "application/vnd.plotly.v1+json": { data: [{ y: [1, 5, 3] }] } }, metadata: {} }];
    fs.writeFileSync(file, serialize(fresh));
    const { failed, text } = await run(checkNotebooks, "changes");
    expect(failed).toBe(1);
    expect(text).toContain('cell "cell-a"');
    expect(text).toMatch(/- 2\n\s*\+ two\n/);
    expect(text).toMatch(/data\[0\]\.y\[1\]\n\s*- 5\n\s*\+ 2/);
  });
});

test.concurrent("what was written passes the check, and writing again changes no byte", async () => {
  const file = notebook("good.ipynb", [
    "for (let i = 0; i < 3000; i++) console.log(`line ${i}`)",
    "import { newDisplay } from 'tslab';\nconst bar = newDisplay();\nbar.html('<b>1 of 2</b>');\nconsole.log('between');\nbar.html('<b>2 of 2</b>');",
    "const x = 7;\nx",
    "// nothing to show\nconst y = x;",
  ]);
  expect(await run(writeNotebooks, "good")).toMatchObject({ passed: 1, failed: 0 });
  const text = fs.readFileSync(file, "utf8");
  expect(text.endsWith("}\n")).toBe(true);
  const { cells, metadata } = readNotebook(file);
  expect(cells.map((cell) => cell.execution_count)).toEqual([1, 2, 3, 4]);
  expect(cells[0].outputs).toEqual([{ output_type: "stream", name: "stdout", text: Array.from({ length: 3000 }, (_, i) => `line ${i}\n`).join("") }]);
  expect(cells[1].outputs).toEqual([
    { output_type: "display_data", data: { "text/html": "<b>2 of 2</b>" }, metadata: {} },
    { output_type: "stream", name: "stdout", text: "between\n" },
  ]);
  expect(cells[2].outputs).toEqual([{ output_type: "stream", name: "stdout", text: "7\n" }]);
  expect(metadata.kernelspec).toEqual({ display_name: "TypeScript", language: "typescript", name: "tslab" });

  expect(await run(checkNotebooks, "good")).toMatchObject({ passed: 1, failed: 0 });
  expect((await run(writeNotebooks, "good")).text).toContain("unchanged");
  expect(fs.readFileSync(file, "utf8")).toBe(text);
});

test.concurrent("a cell without its real data runs, keeps its committed outputs, and the run says so", async () => {
  const cache = path.join(folder, "cache");
  const file = notebook("real.ipynb", ["console.log('stand-in or real')"], ["real-data:ml-100k"]);
  const before = readNotebook(file);
  before.cells[0].outputs = [{ output_type: "stream", name: "stdout", text: "made with the real data\n" }];
  fs.writeFileSync(file, serialize(before));
  expect(await run(writeNotebooks, "real", { cache })).toMatchObject({ passed: 1, failed: 0 });
  expect(readNotebook(file).cells[0].outputs).toEqual(before.cells[0].outputs);
  const absent = await run(checkNotebooks, "real", { cache });
  expect(absent).toMatchObject({ passed: 1, failed: 0 });
  expect(absent.text).toContain('cell "cell-a" ran on its stand-in, outputs not compared: no ml-100k');

  fs.mkdirSync(path.join(cache, "ml-100k"), { recursive: true });
  fs.writeFileSync(path.join(cache, "ml-100k", "u.data"), "here");
  const present = await run(checkNotebooks, "real", { cache });
  expect(present).toMatchObject({ passed: 0, failed: 1 });
  expect(present.text).toContain("- made with the real data");
});

test("a name that fits no notebook is an error", async () => {
  await expect(run(checkNotebooks, "nothing")).rejects.toThrow(/no notebook in .* begins with nothing/);
});
