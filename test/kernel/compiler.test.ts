import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type CellFailure, Kernel } from "../../lib/kernel/client";

// Each test starts kernels, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const root = path.join(import.meta.dirname, "..", "..");
const cell = 'import { half } from "./lib/half"; console.log(half(6));';

/**
 * A project as small as can be: the kernel's files, and lib with half.ts that imports two.ts. Its folder is called as
 * that of an archive that was unpacked twice. Nobody has made notebooks/lib yet.
 */
let project: string;
beforeEach(() => {
  project = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "compiler-test (1) "));
  fs.cpSync(path.join(root, "lib", "kernel"), path.join(project, "lib", "kernel"), { recursive: true });
  fs.symlinkSync(path.join(root, "node_modules"), path.join(project, "node_modules"), "junction");
  fs.mkdirSync(path.join(project, "notebooks"));
  writeLib("two.ts", "export const two: number = 2;\n");
  writeLib(
    "half.ts",
    'import { two } from "./two";\n\ninterface Unused {}\n\nexport function half(n: number): number {\n  if (n % two) throw new Error("odd");\n  return n / two;\n}\n',
  );
});
afterEach(() => fs.rmSync(project, { recursive: true, force: true }));

const writeLib = (name: string, text: string) => fs.writeFileSync(path.join(project, "lib", name), text);
const keptFile = (name: string) => path.join(project, ".cache", "compiled", name);

/** What a cell prints in a new kernel of the project. */
async function run(code: string): Promise<string> {
  const argv = [process.execPath, path.join(project, "lib", "kernel", "launcher.cjs"), "{connection_file}"];
  const kernel = await Kernel.start({ cwd: path.join(project, "notebooks"), argv });
  try {
    return (await kernel.execute(code)).map((output) => (output.output_type === "stream" ? output.text : "")).join("");
  } finally {
    await kernel.close();
  }
}

test("what was made of a file of lib is kept and used by the next kernel", async () => {
  expect(await run(cell)).toBe("3\n");
  for (const name of ["half.ts.module.json", "half.ts.runs.json", "two.ts.module.json", "two.ts.runs.json"])
    expect(fs.existsSync(keptFile(name)), name).toBe(true);
  const runs = JSON.parse(fs.readFileSync(keptFile("half.ts.runs.json"), "utf8"));
  runs.value.outputText = runs.value.outputText.replace("return n /", "return 100 + n /");
  fs.writeFileSync(keptFile("half.ts.runs.json"), JSON.stringify(runs));
  expect(await run(cell)).toBe("103\n");
});

test("a file is compiled anew when it or what it imports has changed", async () => {
  expect(await run(cell)).toBe("3\n");
  writeLib("two.ts", "export const two: number = 3;\n");
  expect(await run(cell)).toBe("2\n");
  writeLib("two.ts", "export const two: string = 'two';\n");
  await expect(run(cell)).rejects.toThrow(
    /lib\/half\.ts 6:\d+ - The right-hand side of an arithmetic operation must be/,
  );
  writeLib("two.ts", "export const two: number = 2;\n");
  expect(await run(cell)).toBe("3\n");
});

test("an error in a kept file still names the reader's line", async () => {
  const failing = 'import { half } from "./lib/half"; half(5);';
  for (const kernel of ["the first kernel", "one that finds the file compiled"]) {
    const failure: CellFailure = await run(failing).then(
      () => Promise.reject(new Error("the cell did not fail")),
      (error) => error,
    );
    expect(failure.message, kernel).toContain("at half (lib/half.ts:6)");
  }
});

test("a folder that cannot be written, or a kept file that is no JSON, costs time alone", async () => {
  fs.writeFileSync(path.join(project, ".cache"), "in the way of the folder");
  expect(await run(cell)).toBe("3\n");
  fs.rmSync(path.join(project, ".cache"));
  expect(await run(cell)).toBe("3\n");
  fs.writeFileSync(keptFile("half.ts.module.json"), "{ half a fi");
  expect(await run(cell)).toBe("3\n");
});
