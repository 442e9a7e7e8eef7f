import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import * as path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { rename } from "../lib/rename";
import { temporaryFile } from "./temporary";

/** Makes the first renames fail. */
function failing(times: number, code: string) {
  const real = fs.renameSync;
  const spy = vi.spyOn(fs, "renameSync").mockImplementation((from, to) => {
    if (spy.mock.calls.length <= times) throw Object.assign(new Error(`${code}: simulated`), { code });
    real(from, to);
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  return spy;
}

test("a rename is tried again on Windows as long as somebody holds the file", () => {
  const file = temporaryFile("new", "content");
  const to = path.join(path.dirname(file), "old");
  failing(2, "EPERM");
  rename(file, to, "win32");
  expect(fs.readFileSync(to, "utf8")).toBe("content");
});

test.each([
  ["win32", "EBUSY", 20],
  ["win32", "ENOENT", 1],
  ["linux", "EPERM", 1],
])("on %s one that fails with %s for ever is tried %i times", (platform, code, times) => {
  vi.spyOn(Atomics, "wait").mockReturnValue("timed-out");
  const spy = failing(Infinity, code);
  expect(() => rename("from", "to", platform)).toThrow(code);
  expect(spy).toHaveBeenCalledTimes(times);
});
