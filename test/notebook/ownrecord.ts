/** The record of solved exercises for tests, apart from the reader's. */
import * as path from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { temporaryFolder } from "../temporary";

/**
 * For each test of the file a folder of its own, in which the record is, and the lines that it prints, which nobody
 * sees. To be called outside of tests.
 */
export function ownRecord(): { folder: string; printed: string[] } {
  const own = { folder: "", printed: [] as string[] };
  beforeEach(() => {
    own.folder = temporaryFolder();
    vi.stubEnv("CTR_PROGRESS", path.join(own.folder, "deep", "progress.json"));
    own.printed = [];
    vi.spyOn(console, "log").mockImplementation((line) => void own.printed.push(line));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  return own;
}
