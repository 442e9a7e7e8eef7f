/**
 * Remembers which exercises are solved, in a file of the reader's, so that the record outlives the clone.
 * CTR_PROGRESS names another file. Nothing here may break a notebook or lose what was recorded: a file that is not a
 * record counts as empty, and a copy of it is kept beside the new one; a file that cannot be read or written stays
 * as it is.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { replaceFile } from "../replacefile";

/** Writing takes milliseconds: whoever has the lock after so many attempts has died. */
const attempts = 100;
/** Between two attempts (ms). */
const pause = 10;

/** Where the record is kept. */
export function recordFile(): string {
  return process.env.CTR_PROGRESS || path.join(homeFolder(), ".click-models", "progress.json");
}

/** The user's home; where the user has none, as in some containers, the system's folder for temporary files. */
function homeFolder(): string {
  try {
    return os.homedir() || os.tmpdir(); // HOME may be empty: the record would lie in the folder of the notebook
  } catch {
    return os.tmpdir();
  }
}

/** Ids of the solved exercises, sorted. */
export function readSolved(): string[] {
  try {
    return solvedIn(fs.readFileSync(recordFile(), "utf8")) ?? [];
  } catch {
    return [];
  }
}

/** Nothing if the text is no record. An editor may have put a byte order mark in front. */
function solvedIn(text: string): string[] | undefined {
  try {
    const { solved } = JSON.parse(text.replace(/^\ufeff/, ""));
    return solved.filter((id: unknown) => typeof id === "string").sort();
  } catch {
    return undefined;
  }
}

/** Adds an exercise to the record. Returns whether it is in there now. */
export function recordSolved(id: string): boolean {
  try {
    const isThere = fs.existsSync(recordFile());
    const file = isThere ? fs.realpathSync(recordFile()) : recordFile(); // a link to a file stays one
    if (isThere && !fs.statSync(file).isFile()) return false; // such as /dev/null
    if (isThere && solvedIn(fs.readFileSync(file, "utf8"))?.includes(id)) return true;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const unlock = lock(`${file}.lock`);
    try {
      add(id, file);
    } finally {
      unlock();
    }
    return true;
  } catch {
    return false;
  }
}

function add(id: string, file: string): void {
  const solved = fs.existsSync(file) ? solvedIn(fs.readFileSync(file, "utf8")) : [];
  if (!solved) fs.copyFileSync(file, `${file}.broken-${Date.now()}`); // beside those that were broken before
  const all = [...new Set([...(solved ?? []), id])].sort();
  replaceFile(file, [Buffer.from(`${JSON.stringify({ solved: all }, null, 1)}\n`)]);
}

/**
 * Waits until no other process has the lock, takes it, and returns what gives it back. Without it, of two notebooks
 * that record at once each would write what it has read, and one exercise would be lost.
 */
function lock(folder: string): () => void {
  for (let attempt = 1; ; attempt++) {
    try {
      fs.mkdirSync(folder);
      return () => fs.rmdirSync(folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const goes = code === "EPERM" && attempt < attempts; // as Windows says while another process removes the folder
      if (code !== "EEXIST" && !goes) throw error;
    }
    if (attempt % attempts === 0) fs.rmSync(folder, { recursive: true, force: true }); // left by one that was ended
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
  }
}
