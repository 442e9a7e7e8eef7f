/**
 * End to end, in Jupyter's own client: a notebook under `jupyter nbconvert --execute`, in our kernel and in a kernel
 * made by a stock `tslab install`. Both must give the committed outputs. Uses the .venv that npm start has made.
 *
 * tsx test/e2e/nbconvert.ts [02]
 */
import { spawnSync } from "node:child_process";
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { differences } from "../../lib/kernel/differences";
import { installKernel } from "../../lib/kernel/install";
import { type Output, readNotebook } from "../../lib/kernel/nbformat";
import { isComplete, jupyterEnv, pythonOf } from "../../lib/kernel/venv";
import { askedNotebook, root } from "./course";

const venv = path.join(root, ".venv");
const binaries = path.join(root, "node_modules", ".bin");

/** Executes the notebook with the kernels found in that data folder. */
function execute(file: string, dataDir: string, into: string): string {
  run(
    [
      pythonOf(venv),
      "-m",
      "nbconvert",
      "--to",
      "notebook",
      "--execute",
      "--ExecutePreprocessor.timeout=300",
      "--output-dir",
      into,
      file,
    ],
    {
      ...jupyterEnv(venv),
      JUPYTER_PREFER_ENV_PATH: "0",
      JUPYTER_DATA_DIR: dataDir,
      CTR_BACKEND: "wasm",
      CTR_PROGRESS: path.join(into, "progress.json"),
      PATH: `${binaries}${path.delimiter}${process.env.PATH}`, // the stock kernel starts a bare `tslab`
    },
  );
  return path.join(into, path.basename(file));
}

function run([command, ...args]: string[], env = process.env): void {
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: "utf8", cwd: root });
  assert.equal(status, 0, `${command} ${args.join(" ")}\n${stdout}\n${stderr}`);
}

/** nbconvert keeps each message to itself. */
function joinStreams(outputs: Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name)
      last.text += output.text;
    else joined.push(output);
  }
  return joined;
}

function checkSame(committed: string, executed: string): void {
  const fresh = readNotebook(executed).cells;
  readNotebook(committed).cells.forEach((cell, i) => {
    if (cell.cell_type !== "code" || cell.metadata.tags?.some((tag) => tag.startsWith("real-data:"))) return;
    const found = differences(cell.outputs ?? [], joinStreams(fresh[i].outputs ?? []));
    assert.deepEqual(found, [], `cell "${cell.id}" gave other outputs`);
  });
}

assert.ok(isComplete(venv), "there is no .venv yet: npm start makes it");
const name = askedNotebook("02");
const notebook = path.join(root, "notebooks", name);
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "nbconvert-"));
try {
  for (const kernel of ["ours", "stock"]) {
    const start = Date.now();
    const dataDir = path.join(temporary, kernel, "share", "jupyter");
    if (kernel === "ours") installKernel(dataDir);
    else
      run([
        path.join(binaries, "tslab"),
        "install",
        `--prefix=${path.join(temporary, kernel)}`,
        `--python=${pythonOf(venv)}`,
      ]);
    checkSame(notebook, execute(notebook, dataDir, path.join(temporary, kernel)));
    console.log(`ok  ${name} in the kernel ${kernel}  ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
} finally {
  fs.rmSync(temporary, { recursive: true, force: true });
}
