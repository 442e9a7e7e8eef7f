/** Folders and files for tests, gone afterwards. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, onTestFinished } from "vitest";

/** The system's folder; on Windows by its long name: below one such as JOSMLL~1 watching files may end the process. */
const temporary = fs.realpathSync.native(os.tmpdir());

/** Windows keeps what a process still works in; it lies where the system cleans up. */
function remove(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (process.platform !== "win32") throw error;
  }
}

/** A folder for one test. To be called in the test, or in a beforeEach. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(temporary, "click-models-test-"));
  onTestFinished(() => remove(folder));
  return folder;
}

/** A folder for all tests of a file, there from the first beforeAll on. To be called outside of tests. */
export function sharedFolder(): string {
  const folder = path.join(temporary, `click-models-test-${randomBytes(4).toString("hex")}`);
  beforeAll(() => void fs.mkdirSync(folder));
  afterAll(() => remove(folder));
  return folder;
}

/** A file with that content in a folder of its own. */
export function temporaryFile(name: string, content: string | Uint8Array): string {
  const file = path.join(temporaryFolder(), name);
  fs.writeFileSync(file, content);
  return file;
}

/** A cache with these files of one data set; what ends in .gz is packed. */
export function temporaryCache(name: string, files: Record<string, string | Uint8Array>): string {
  const cache = temporaryFolder();
  fs.mkdirSync(path.join(cache, name));
  for (const [file, content] of Object.entries(files))
    fs.writeFileSync(path.join(cache, name, file), file.endsWith(".gz") ? gzipSync(content) : content);
  return cache;
}

/** Everything under the folder, hidden files too. */
export function everythingIn(folder: string): string[] {
  return (fs.readdirSync(folder, { recursive: true }) as string[]).sort();
}
