/**
 * Remembers which exercises are solved, in a file of the reader's, so that it outlives the clone.
 * CTR_PROGRESS names another file. Nothing here may break a notebook: a file that cannot be read counts as
 * empty, one that cannot be written stays as it is.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { rename } from "../rename";

/** Where the record is kept. */
export function recordFile(): string {
  return process.env.CTR_PROGRESS || path.join(homeFolder(), ".click-models", "progress.json");
}

/** The user's; the system's for temporary files where the user has none, as in some containers. */
function homeFolder(): string {
  try {
    return os.homedir();
  } catch {
    return os.tmpdir();
  }
}

/** Ids of the solved exercises, sorted. */
export function readSolved(): string[] {
  try {
    const { solved } = JSON.parse(fs.readFileSync(recordFile(), "utf8"));
    return Array.isArray(solved) ? solved.filter((id) => typeof id === "string").sort() : [];
  } catch {
    return [];
  }
}

/** Adds an exercise to the record. Returns whether it is in there now. */
export function recordSolved(id: string): boolean {
  const solved = readSolved();
  if (solved.includes(id)) return true;
  const file = recordFile();
  const unfinished = `${file}.${process.pid}`; // renamed when complete, so that no reader ever sees half a file
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(unfinished, `${JSON.stringify({ solved: [...solved, id].sort() }, null, 1)}\n`);
    rename(unfinished, file);
    return true;
  } catch {
    if (fs.existsSync(unfinished)) fs.rmSync(unfinished);
    return false;
  }
}
