import * as fs from "node:fs";
import * as path from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { type CellFailure, Kernel } from "../../lib/kernel/client";
import { printed } from "../printed";
import { temporaryFolder } from "../temporary";

// Each test starts kernels, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

const root = path.join(import.meta.dirname, "..", "..");

/**
 * A project as small as can be: the kernel's files, and lib with half.ts that imports two.ts, which imports number.ts.
 * Its folder is called as that of an archive that was unpacked twice. Nobody has made notebooks/lib yet.
 */
let project: string;
beforeEach(() => {
  project = path.join(temporaryFolder(), "click-models (1)");
  fs.cpSync(path.join(root, "lib", "kernel"), path.join(project, "lib", "kernel"), { recursive: true });
  fs.symlinkSync(path.join(root, "node_modules"), path.join(project, "node_modules"), "junction");
  fs.mkdirSync(path.join(project, "notebooks"));
  writeLib("number.ts", "export const two: number = 2;\n");
  writeLib("two.ts", 'export { two } from "./number";\n');
  writeLib(
    "half.ts",
    'import { two } from "./two";\n\ninterface Unused {}\n\nexport function half(n: number): number {\n  if (n % two) throw new Error("odd");\n  return n / two;\n}\n',
  );
});

const writeLib = (name: string, text: string) => fs.writeFileSync(path.join(project, "lib", name), text);
const keptFile = (name: string) => path.join(project, ".cache", "compiled", name);

/** What the work gives with a new kernel of the project. */
async function inKernel<T>(work: (kernel: Kernel) => Promise<T>): Promise<T> {
  const argv = [process.execPath, path.join(project, "lib", "kernel", "launcher.cjs"), "{connection_file}"];
  const kernel = await Kernel.start({ cwd: path.join(project, "notebooks"), argv });
  try {
    return await work(kernel);
  } finally {
    await kernel.close();
  }
}

/** What `half(6)` gives in a new kernel of the project, and then how `half(5)`, which throws, fails in the same one. */
function run(): Promise<{ printed: string; failure: string }> {
  return inKernel(async (kernel) => ({
    printed: printed(await kernel.execute('import { half } from "./lib/half"; console.log(half(6));')),
    failure: await kernel.execute("half(5);").then(() => "none", (error: CellFailure) => error.message),
  }));
}
/** With the reader's line, whether the file was compiled for this kernel or found. */
const works = { printed: "3\n", failure: expect.stringContaining("at half (lib/half.ts:6)") };

test("what was made of a file of lib is kept and used by the next kernel, unless it or an import changed", async () => {
  expect(await run()).toEqual(works);
  for (const name of ["half.ts.module.json", "half.ts.runs.json", "two.ts.module.json", "two.ts.runs.json"])
    expect(fs.existsSync(keptFile(name)), name).toBe(true);
  const kept = fs.readFileSync(keptFile("half.ts.runs.json"), "utf8");
  const runs = JSON.parse(kept);
  runs.value.outputText = runs.value.outputText.replace("return n /", "return 100 + n /");
  fs.writeFileSync(keptFile("half.ts.runs.json"), JSON.stringify(runs));
  fs.writeFileSync(keptFile("two.ts.module.json"), "{ half a fi"); // broken, it costs time alone
  // Nothing can take its place, as on Windows while another kernel reads it; nothing is left beside it.
  fs.rmSync(keptFile("two.ts.runs.json"));
  fs.mkdirSync(keptFile("two.ts.runs.json"));
  expect(await run()).toEqual({ ...works, printed: "103\n" });
  expect(fs.readdirSync(keptFile("")).filter((name) => !name.endsWith(".json"))).toEqual([]);
  fs.writeFileSync(keptFile("half.ts.runs.json"), kept);

  writeLib("number.ts", "export const two: number = 3;\n");
  expect((await run()).printed).toBe("2\n");
  writeLib("number.ts", "export const two: string = 'two';\n");
  await expect(run()).rejects.toThrow(/lib\/half\.ts 6:\d+ - The right-hand side of an arithmetic operation must be/);
  writeLib("number.ts", "export const two: number = 2;\n");
  expect(await run()).toEqual(works);
});

test("files that appear in lib and go, as an editor's do, do not end the kernel, and one that was missing is found", async () => {
  writeLib("parse.ts", 'import { parse } from "csv-parse/sync";\n\nexport const rows = (text: string) => parse(text).length;\n');
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1000)); // until the compiler has looked
  await inKernel(async (kernel) => {
    await kernel.execute('import { rows } from "./lib/parse"; import { half } from "./lib/half";');
    expect(printed(await kernel.execute('console.log(rows("1\\n2"), half(6))'))).toBe("2 3\n");
    writeLib("number.ts~", "export const two: number = 2;\n");
    await pause();
    expect(printed(await kernel.execute("console.log(half(8))"))).toBe("4\n");
    fs.rmSync(path.join(project, "lib", "number.ts~"));
    await pause();
    expect(printed(await kernel.execute("console.log(half(10))"))).toBe("5\n");
    // In a folder, where the compiler has already looked for it in vain.
    const cell = 'import { late } from "./lib/more/late"; console.log(late);';
    fs.mkdirSync(path.join(project, "lib", "more"));
    await expect(kernel.execute(cell)).rejects.toThrow("Cannot find module './lib/more/late'");
    writeLib("more/late.ts", 'export const late = "found";\n');
    await pause();
    expect(printed(await kernel.execute(cell))).toBe("found\n");
  });
});

test("a file of lib that changes while a cell runs and then fails is new in the next cell", async () => {
  await inKernel(async (kernel) => {
    const cell = 'import { half } from "./lib/half"; console.log(half(6));';
    expect(printed(await kernel.execute(cell))).toBe("3\n");
    const failing = kernel.execute('await new Promise((r) => setTimeout(r, 2000)); throw new Error("stop");');
    const failed = expect(failing).rejects.toThrow("stop");
    await new Promise((resolve) => setTimeout(resolve, 500));
    writeLib("half.ts", "export const half = (n: number) => n * 50;\n");
    await failed;
    expect(printed(await kernel.execute(cell))).toBe("300\n");
  });
});

test("an error of the compiler in a file of lib has the file's name, also one in several parts", async () => {
  writeLib("parts.ts", "export const parts: (n: number) => { n: number } = (n: number) => ({ n: `${n}` });\n");
  await inKernel(async (kernel) => {
    await expect(kernel.execute('import { parts } from "./lib/parts"; parts(1);')).rejects.toThrow(/^lib.parts\.ts 1:\d+ - Type/m);
  });
});

test("a folder that cannot be written costs time alone", async () => {
  fs.writeFileSync(path.join(project, ".cache"), "in the way of the folder");
  expect(await run()).toEqual(works);
});
