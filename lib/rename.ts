/** Renaming what was just written. */
import * as fs from "node:fs";

const attempts = 20;
/** Between two attempts (ms). */
const pause = 50;

/**
 * Renames a file or folder; a file takes the place of the one before it. On Windows a virus scanner may hold what was
 * just written, or what it replaces, for a moment: there the rename is tried again, for a second, in which nothing else
 * runs.
 *
 * @throws as fs.renameSync.
 */
export function rename(from: string, to: string, platform: string = process.platform): void {
  for (let attempt = 1; ; attempt++) {
    try {
      return fs.renameSync(from, to);
    } catch (error) {
      const held = platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? "");
      if (!held || attempt === attempts) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}
