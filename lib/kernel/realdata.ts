/**
 * Which real data sets are in the cache. A cell that uses one carries the tag `real-data:ml-100k`, say. Without
 * the data such a cell runs on its stand-in, and its outputs cannot be compared with the committed ones.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Cell } from "./nbformat";

const prefix = "real-data:";

/** The data sets a cell says it uses. */
export function dataSetsOf(cell: Cell): string[] {
  return (cell.metadata.tags ?? []).filter((tag) => tag.startsWith(prefix)).map((tag) => tag.slice(prefix.length));
}

/** Whether the cache has something in the data set's folder. */
export function isCached(dataSet: string, cache: string): boolean {
  try {
    return fs.readdirSync(path.join(cache, dataSet)).length > 0;
  } catch {
    return false;
  }
}

/** Where data sets are kept: CTR_DATA, or the system's folder for caches. */
export function cacheFolder(env = process.env, platform: string = process.platform, home = os.homedir()): string {
  if (env.CTR_DATA) return path.resolve(env.CTR_DATA);
  if (platform === "darwin") return path.join(home, "Library", "Caches", "click-models");
  if (platform === "win32") return path.join(env.LOCALAPPDATA ?? path.join(home, "AppData", "Local"), "click-models");
  return path.join(env.XDG_CACHE_HOME || path.join(home, ".cache"), "click-models");
}
