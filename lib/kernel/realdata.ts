/**
 * Cells that use real data name the data in their tags, such as `real-data:ml-100k`. Whoever does not have the data
 * cannot make the outputs again. So each such cell has in its metadata, as `madeFrom`, a checksum of the code that made
 * its outputs: its own, and that of the cells above it.
 */
import { createHash } from "node:crypto";
import { cacheFolder, inCache } from "../data/cache";
import { type Cell, type Notebook, taggedAs } from "./nbformat";

/** The real data sets that a cell uses. */
export function dataSetsOf(cell: Cell): string[] {
  return taggedAs(cell, "real-data");
}

/** The checksum of the code of a cell and of those above it. */
export function codeOf({ cells }: Notebook, cell: Cell): string {
  const above = cells.slice(0, cells.findIndex(({ id }) => id === cell.id) + 1);
  const code = above.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source);
  return createHash("sha256").update(JSON.stringify(code)).digest("hex").slice(0, 16);
}

/** Whether other code made the outputs of a cell with real data. */
export function codeChanged(notebook: Notebook, cell: Cell): boolean {
  return cell.metadata.madeFrom !== codeOf(notebook, cell);
}

/** The real data sets of a cell that are not in the cache. */
export function missingData(cell: Cell, cache = cacheFolder()): string[] {
  return dataSetsOf(cell).filter((dataSet) => !inCache(dataSet, cache));
}

export interface WithoutData {
  cell: Cell;
  /** The first data set that is missing. */
  missing: string;
  cache: string;
}

/** The cells that run here without their real data. */
export function cellsWithoutData({ cells }: Notebook, cache = cacheFolder()): WithoutData[] {
  return cells.flatMap((cell) => missingData(cell, cache).slice(0, 1).map((missing) => ({ cell, missing, cache })));
}
