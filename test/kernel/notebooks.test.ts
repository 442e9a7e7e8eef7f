import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type Cell, readNotebook, serialize } from "../../lib/kernel/nbformat";
import { checkNotebooks, type RunOptions, writeNotebooks, writeTexts } from "../../lib/kernel/notebooks";
import { sharedFolder } from "../temporary";

// Each run starts a kernel, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const folder = sharedFolder();

/** A notebook file with these code cells, named cell-a, cell-b... */
function notebook(name: string, sources: string[], tags: string[] = []): string {
  const cells: Cell[] = sources.map((source, i) => ({
    cell_type: "code",
    id: `cell-${"abcdefgh"[i]}`,
    metadata: tags.length > 0 ? { tags } : {},
    source,
    execution_count: null,
    outputs: [],
  }));
  const file = path.join(folder, `${name}.ipynb`);
  fs.writeFileSync(file, serialize({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return file;
}

async function run(work: typeof checkNotebooks, names: string[], options: Partial<RunOptions> = {}) {
  const printed: string[] = [];
  const tally = await work({ folder, names, print: (line) => printed.push(line), ...options });
  return { ...tally, text: printed.join("\n"), printed };
}

describe("a broken notebook fails, and the report says which cell and why", () => {
  let printed: string[];
  beforeAll(async () => {
    notebook("throws", ["1", "function half() {\n  throw new RangeError('odd number');\n}\nhalf()", "2"]);
    notebook("types", ["const a = 1;\nconst b: string = a;"]);
    notebook("dies", ["1", "process.exit(3)"]);
    notebook("hangs", ["console.log('so far');\nfor (;;) {}"]);
    notebook("waits", ["for (let i = 1; i < 13; i++) console.log(`line ${i}`);\nawait new Promise(() => {})"]);
    notebook("late", ["const notAwaited = new Promise((r) => setTimeout(r, 20)).then(() => console.log('too late'));"]);
    const result = await run(checkNotebooks, ["throws", "types", "dies", "hangs", "waits", "late"], {
      timeLimit: 4000,
    });
    expect(result).toMatchObject({ passed: 0, failed: 6 });
    printed = result.printed;
  });
  const reportOf = (name: string) =>
    printed.find((text) => text.startsWith(`FAILED ${name}.ipynb`)) ?? `no report on ${name}`;

  test("a cell that throws: notebook, cell id, error and traceback", () => {
    expect(reportOf("throws")).toContain('cell "cell-b": error');
    expect(reportOf("throws")).toContain("RangeError: odd number");
    expect(reportOf("throws")).toContain("at half (cell 2, line 2)");
    expect(reportOf("throws")).not.toContain("node_modules");
  });

  test("a cell that does not compile: line, column and the compiler's message", () => {
    expect(reportOf("types")).toContain('cell "cell-a": error');
    expect(reportOf("types")).toContain("2:7 - Type 'number' is not assignable to type 'string'.");
  });

  test("a kernel that dies in a cell", () => {
    expect(reportOf("dies")).toContain('cell "cell-b": dead kernel');
    expect(reportOf("dies")).toContain("the kernel died with exit code 3");
  });

  test("a cell that never yields, and what it had printed", () => {
    expect(reportOf("hangs")).toContain('cell "cell-a": time limit');
    expect(reportOf("hangs")).toContain("within its time limit of 4 s");
    expect(reportOf("hangs")).toMatch(/printed before:\n\s+so far$/m);
  });

  test("a cell that waits for ever, and the last ten lines that it had printed", () => {
    expect(reportOf("waits")).toContain('cell "cell-a": time limit');
    const lines = Array.from({ length: 10 }, (_, i) => `line ${i + 3}`);
    expect(reportOf("waits").split(/\n\s*/).slice(-11)).toEqual(["printed before:", ...lines]);
  });

  test("output that comes after its cell has ended", () => {
    expect(reportOf("late")).toContain("Is an await missing?");
  });

  test("lost output: stock tslab loses all after some 500 lines", async () => {
    notebook("loses", ["for (let i = 0; i < 3000; i++) console.log(i)"]);
    const argv = [
      process.execPath,
      path.resolve("node_modules/tslab/bin/tslab"),
      "kernel",
      "--config-path",
      "{connection_file}",
    ];
    const { failed, text } = await run(checkNotebooks, ["loses"], { argv });
    expect(failed).toBe(1);
    expect(text).toContain('cell "cell-a": lost output');
  });

  test("an output that changed, text and figure, or is new: the lines and places that differ", async () => {
    const figure =
      "import { display } from 'tslab';\ndisplay.raw('application/vnd.plotly.v1+json', { data: [{ y: [1, 2, 3] }] } as any);";
    const file = notebook("changes", ["console.log('one\\ntwo\\nthree')", figure, "console.log('never run')"]);
    const fresh = readNotebook(file);
    fresh.cells[0].outputs = [{ output_type: "stream", name: "stdout", text: "one\n2\nthree\n" }];
    fresh.cells[1].outputs = [
      {
        output_type: "display_data",
        data: { "application/vnd.plotly.v1+json": { data: [{ y: [1, 5, 3] }] } },
        metadata: {},
      },
    ];
    fs.writeFileSync(file, serialize(fresh));
    const { failed, text } = await run(checkNotebooks, ["changes"]);
    expect(failed).toBe(1);
    expect(text).toContain('cell "cell-a"');
    expect(text).toMatch(/- 2\n\s*\+ two\n/);
    expect(text).toMatch(/data\[0\]\.y\[1\]\n\s*- 5\n\s*\+ 2/);
    expect(text).toMatch(/cell "cell-c".*\n\s*output 1 is new/);
  });
});

test("all outputs are written, each once, and writing again changes no byte", async () => {
  const file = notebook("good", [
    "for (let i = 0; i < 3000; i++) console.log(`line ${i}`)",
    "import { newDisplay } from 'tslab';\nconst bar = newDisplay();\nbar.html('<b>1 of 2</b>');\nconsole.log('between');\nbar.html('<b>2 of 2</b>');",
    "const x = 7;\nx",
    "// nothing to show\nconst y = x;",
  ]);
  expect(await run(writeNotebooks, ["good"])).toMatchObject({ passed: 1, failed: 0 });
  const text = fs.readFileSync(file, "utf8");
  expect(text.endsWith("}\n")).toBe(true);
  const { cells, metadata } = readNotebook(file);
  expect(cells.map((cell) => cell.execution_count)).toEqual([1, 2, 3, 4]);
  expect(cells[0].outputs).toEqual([
    { output_type: "stream", name: "stdout", text: Array.from({ length: 3000 }, (_, i) => `line ${i}\n`).join("") },
  ]);
  expect(cells[1].outputs).toEqual([
    { output_type: "display_data", data: { "text/html": "<b>2 of 2</b>" }, metadata: {} },
    { output_type: "stream", name: "stdout", text: "between\n" },
  ]);
  expect(cells[2].outputs).toEqual([{ output_type: "stream", name: "stdout", text: "7\n" }]);
  expect(metadata.kernelspec).toEqual({ display_name: "TypeScript", language: "typescript", name: "tslab" });

  expect((await run(writeNotebooks, ["good"])).text).toContain("unchanged");
  expect(fs.readFileSync(file, "utf8")).toBe(text);

  fs.writeFileSync(file, JSON.stringify(JSON.parse(text)));
  const otherwise = await run(checkNotebooks, ["good"]);
  expect(otherwise).toMatchObject({ passed: 0, failed: 1 });
  expect(otherwise.text).toContain("same outputs, but the file is not as `npm run notebooks` writes it");
});

test("what a run does not make stays: the pictures within a text, and the notebook's own metadata", async () => {
  const file = notebook("stays", ["1"]);
  const saved = readNotebook(file);
  const attachments = { "a.png": { "image/png": "AAAA" } };
  saved.cells.unshift({ cell_type: "markdown", id: "text", metadata: {}, source: "![a](attachment:a.png)", attachments });
  fs.writeFileSync(file, serialize({ ...saved, metadata: { authors: [{ name: "me" }] } }));
  await run(writeNotebooks, ["stays"]);
  const { cells, metadata } = readNotebook(file);
  expect([cells[0].attachments, metadata.authors]).toEqual([attachments, [{ name: "me" }]]);
});

test("what the reader has set for a notebook's run does not show in the outputs", async () => {
  for (const name of ["CTR_BACKEND", "CTR_DATA", "CTR_PROGRESS", "CTR_TEXT"]) vi.stubEnv(name, "the reader's");
  const file = notebook("settings", [
    "const { CTR_BACKEND, CTR_DATA, CTR_PROGRESS, CTR_TEXT } = process.env;",
    "console.log(JSON.stringify([CTR_BACKEND, CTR_DATA, CTR_TEXT]), CTR_PROGRESS?.endsWith('progress.json'));",
  ]);
  const cache = path.join(folder, "cache");
  await run(writeNotebooks, ["settings"], { cache });
  vi.unstubAllEnvs();
  const text = `${JSON.stringify(["wasm", cache, ""])} true\n`;
  expect(readNotebook(file).cells[1].outputs).toMatchObject([{ text }]);
});

test("a figure gets a picture, and keeps it for as long as the figure stays the same", async () => {
  const draw = (y: string) =>
    `import { display } from 'tslab';\ndisplay.raw('application/vnd.plotly.v1+json', { data: [{ y: ${y} }], layout: {} } as any);`;
  const file = notebook("figure", [draw("[1, 2]"), draw("[3, 4]")]);
  const pictures = () =>
    readNotebook(file).cells.map(({ outputs = [] }) =>
      outputs[0].output_type === "display_data" ? String(outputs[0].data["image/png"]) : "",
    );
  await run(writeNotebooks, ["figure"]);
  const drawn = pictures();
  for (const picture of drawn) expect(Buffer.from(picture, "base64").subarray(1, 4).toString()).toBe("PNG");

  // Other bytes in place of the pictures: kept, unless they are to be drawn again or the figure is another.
  const replace = (from: string, to: string) => fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(from, to));
  replace(drawn[0], "AAAA");
  replace(drawn[1], "BBBB");
  expect(await run(checkNotebooks, ["figure"])).toMatchObject({ passed: 1 });
  replace("[3, 4]", "[4, 3]");
  await run(writeNotebooks, ["figure"]);
  const [kept, changed] = pictures();
  expect(kept).toBe("AAAA");
  expect(["BBBB", drawn[1]]).not.toContain(changed);
  await run(writeNotebooks, ["figure"], { redraw: true });
  expect(pictures()).toEqual([drawn[0], changed]);
});

test("a cell without its real data keeps its outputs, and the run says so, and whether other code made them", async () => {
  const cache = path.join(folder, "cache");
  const data = path.join(cache, "ml-100k");
  const file = notebook("real", ["console.log('first')", "const word = 'one';", "console.log(word)"], ["real-data:ml-100k"]);
  const shown = () => readNotebook(file).cells.map(({ outputs = [] }) => outputs);
  const change = (from: string, to: string) => fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(from, to));

  fs.mkdirSync(data, { recursive: true });
  fs.writeFileSync(path.join(data, "u.data"), "here");
  expect(await run(writeNotebooks, ["real"], { cache })).toMatchObject({ passed: 1, withoutData: 0 });
  expect(shown()).toMatchObject([[{ text: "first\n" }], [], [{ text: "one\n" }]]);
  change('"one\\n"', '"made with the real data\\n"');
  const present = await run(checkNotebooks, ["real"], { cache });
  expect(present).toMatchObject({ passed: 0, failed: 1, withoutData: 0 });
  expect(present.text).toContain("- made with the real data");

  fs.rmSync(data, { recursive: true });
  const absent = await run(checkNotebooks, ["real"], { cache });
  expect(absent).toMatchObject({ passed: 1, failed: 0, withoutData: 3 });
  expect(absent.text).toContain('cell "cell-c" ran on its stand-in, outputs not compared: no ml-100k');

  change("'one'", "'two'");
  const other = 'cell "cell-c" has outputs that other code made: its own, or code above it, has changed since';
  const written = await run(writeNotebooks, ["real"], { cache });
  expect(written).toMatchObject({ passed: 1, failed: 0, withoutData: 3 });
  expect(written.text).toContain('cell "cell-a" kept the outputs it had: no ml-100k');
  expect(written.text).toContain(other);
  expect(shown()).toMatchObject([[{ text: "first\n" }], [], [{ text: "made with the real data\n" }]]);
  const stale = await run(checkNotebooks, ["real"], { cache });
  expect(stale).toMatchObject({ passed: 0, failed: 1 });
  expect(stale.text).toContain(`${other}. They cannot be made again: there is no ml-100k in ${cache} (npm run data -- ml-100k, `);
  expect(stale.text).not.toContain('cell "cell-a" has outputs that other code made');
});

test("a changed text needs no kernel, a cell that was not run does", async () => {
  const file = notebook("03-texts", ["1", "2"]);
  const saved = readNotebook(file);
  saved.cells.unshift({ cell_type: "markdown", id: "text", metadata: {}, source: "A text." });
  fs.writeFileSync(file, serialize(saved));
  const argv = ["no such command"];
  const notRun = await run(writeTexts, ["03"], { argv });
  expect(notRun).toMatchObject({ passed: 0, failed: 1 });
  expect(notRun.text).toContain(
    'cell "cell-a" has the execution count null, expected 1: more than text changed. Run it: npm run notebooks -- 03',
  );
  const kept = { tags: ["slow"], jupyter: { source_hidden: true }, slideshow: { slide_type: "skip" } };
  saved.cells.forEach((cell, i) => {
    if (cell.cell_type === "code") cell.execution_count = i;
    cell.metadata = { ...kept, trusted: true, madeFrom: "when it still had real data" };
  });
  fs.writeFileSync(file, JSON.stringify(saved));
  expect(await run(writeTexts, ["03"], { argv })).toMatchObject({ passed: 1, failed: 0, withoutData: 0 });
  const written = fs.readFileSync(file, "utf8");
  expect(written).toBe(serialize(readNotebook(file)));
  expect(readNotebook(file).cells.map(({ metadata }) => metadata)).toEqual([kept, kept, kept]);
  expect((await run(writeTexts, ["03"], { argv })).text).toContain("unchanged");
});

test("without names all notebooks of the folder are taken, and that there are none is said", async () => {
  const some = path.join(folder, "some");
  fs.mkdirSync(some);
  expect((await run(writeTexts, [], { folder: some })).text).toBe(`There are no notebooks in ${some}`);
  for (const name of ["00-a.ipynb", "01-b.ipynb"])
    fs.writeFileSync(path.join(some, name), serialize({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  expect(await run(writeTexts, [], { folder: some })).toMatchObject({ passed: 2, failed: 0 });
});

describe("the command", () => {
  let project: string;
  beforeAll(() => {
    project = path.join(folder, "project");
    fs.cpSync("lib", path.join(project, "lib"), { recursive: true });
    fs.symlinkSync(path.resolve("node_modules"), path.join(project, "node_modules"), "junction");
    fs.mkdirSync(path.join(project, "notebooks"));
    fs.copyFileSync(notebook("not-run", ["1"]), path.join(project, "notebooks", "00-not-run.ipynb"));
  });
  const command = (...words: string[]) => {
    const args = ["--import", "tsx", path.join("lib", "kernel", "notebooks.ts"), ...words];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });
    return { status, stdout, stderr };
  };

  test("fails if a notebook does", () => {
    const { status, stdout } = command("write", "--text");
    expect([status, stdout.split("\n").at(-2)]).toEqual([1, "0 passed, 1 failed"]);
  });

  test.each([
    [["sideways"], 'expected "write" or "check", got "sideways"'],
    [["check", "--text"], "unknown option --text, expected --redraw"],
    [["write", "--frobnicate"], "unknown option --frobnicate, expected --redraw or --text"],
    [["write", "--text", "--redraw"], "--text and --redraw are given, expected one of them"],
  ])("refuses %j", (words, message) => {
    expect(command(...words)).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining(message) });
  });
});

test.skipIf(process.platform === "win32").each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends the kernels, and nothing of them is left",
  async (signal) => {
    const temporary = fs.mkdtempSync(path.join(folder, "t"));
    const child = spawn(process.execPath, ["--import", "tsx", "lib/kernel/notebooks.ts", "check", "00"], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    const left = () => fs.readdirSync(temporary).filter((name) => /^(kernel|notebook)-/.test(name));
    while (child.exitCode === null && left().every((name) => !fs.existsSync(path.join(temporary, name, "connection.json"))))
      await new Promise((resolve) => setTimeout(resolve, 50));
    const again = setInterval(() => child.kill(signal), 1); // npm makes several signals of one Ctrl-C
    expect(await ended).toBe(1);
    clearInterval(again);
    expect(left()).toEqual([]);
  },
);

test("a name that fits no notebook is an error", async () => {
  await expect(run(checkNotebooks, ["nothing"])).rejects.toThrow(/no notebook in .* begins with nothing/);
});
