/** Renaming what was just written. */
import * as fs from "node:fs";

const attempts = 20;
/** Between two attempts (ms). */
const pause = 50;

/**
 * Renames a file or folder; a file replaces the one that had the new name before. On Windows a virus scanner may hold
 * either of the two for a moment: there the rename is retried for up to a second, during which nothing else runs.
 *
 * @throws what fs.renameSync throws.
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
