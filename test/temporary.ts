/** Folders and files for tests, gone afterwards. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, onTestFinished } from "vitest";

/** A folder for one test. To be called in the test, or in a beforeEach. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "click-models-test-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder for all tests of a file, there from the first beforeAll on. To be called outside of tests. */
export function sharedFolder(): string {
  const folder = path.join(os.tmpdir(), `click-models-test-${randomBytes(4).toString("hex")}`);
  beforeAll(() => void fs.mkdirSync(folder));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
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
