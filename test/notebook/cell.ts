/** A cell for tests to run in. */
import { createRequire } from "node:module";
import { onTestFinished } from "vitest";

// The kernel's own module object: where tslab puts the writer of the running cell.
const tslab = createRequire(import.meta.url)("tslab/dist/jupyter.js");

/** Begins a cell, which lasts to the end of the test at most. What it shows, and whether each took another's place. */
export function beginCell(): [any, boolean][] {
  const shown: [any, boolean][] = [];
  tslab.lastWriteDisplayData = (content: any, update: boolean) => shown.push([content, update]);
  onTestFinished(endCell);
  return shown;
}

/** From now on the test is outside of a notebook. */
export function endCell(): void {
  tslab.lastWriteDisplayData = null;
}

/** The figures that are shown by it in a cell. */
export function figuresOf(work: () => void): { data: any[]; layout: any }[] {
  const shown = beginCell();
  work();
  return shown.flatMap(([{ data }]) => data["application/vnd.plotly.v1+json"] ?? []);
}
