/**
 * Runs a notebook's cells in the real kernel, for the end-to-end tests that run them in other ways than from top to
 * bottom.
 */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CellFailure, Kernel } from "../../lib/kernel/client";
import { type Cell, type Output, readNotebook } from "../../lib/kernel/nbformat";
import { root } from "./course";

/** For one cell on a busy machine, ms. */
const timeLimit = 300_000;

/**
 * What is done with a notebook: `run` executes a cell and throws an error that names it, `progress` is the file of
 * solved exercises.
 */
type Work = (cells: Cell[], run: (cell: Cell) => Promise<Output[]>, progress: string) => Promise<void>;

/** Calls `work` with the notebook's code cells and a kernel of its own, and prints how long it took. */
export async function inKernel(name: string, what: string, work: Work, engine = "wasm"): Promise<void> {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "cells-"));
  const progress = path.join(temporary, "progress.json");
  const start = Date.now();
  try {
    const cwd = path.join(root, "notebooks");
    const env = { ...process.env, CTR_BACKEND: engine, CTR_PROGRESS: progress, CTR_TEXT: "" };
    const kernel = await Kernel.start({ cwd, env });
    try {
      const cells = readNotebook(path.join(cwd, name)).cells.filter((cell) => cell.cell_type === "code");
      await work(cells, (cell) => execute(kernel, cell), progress);
      assert.equal(kernel.lateOutputs, 0, "outputs came after their cell had ended");
    } finally {
      await kernel.close();
    }
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
  console.log(`ok  ${name} ${what}  ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

async function execute(kernel: Kernel, { id, source }: Cell): Promise<Output[]> {
  try {
    return await kernel.execute(source, timeLimit);
  } catch (error) {
    if (!(error instanceof CellFailure)) throw error;
    throw new Error(`cell "${id}": ${error.message}`);
  }
}
