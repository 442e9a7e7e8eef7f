import * as fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import realOs from "node:os";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test, vi } from "vitest";
import { readSolved, recordFile, recordSolved } from "../../lib/notebook/record";
import { ownRecord } from "./ownrecord";

const own = ownRecord();

test("a user without a home is remembered too, in the system's folder for temporary files", () => {
  vi.stubEnv("CTR_PROGRESS", "");
  vi.stubEnv("TMPDIR", own.folder);
  vi.spyOn(realOs, "homedir").mockImplementation(() => {
    throw new Error("no home");
  });
  syncBuiltinESMExports();
  try {
    expect(recordSolved("99.1 double")).toBe(true);
    expect(readSolved()).toEqual(["99.1 double"]);
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    syncBuiltinESMExports();
  }
});

test("the record survives a broken file, a file that cannot be written, and a folder in its place", () => {
  fs.mkdirSync(path.dirname(recordFile()));
  fs.writeFileSync(recordFile(), "{ not json");
  expect(readSolved()).toEqual([]);
  expect(recordSolved("99.1 double")).toBe(true);
  expect(readSolved()).toEqual(["99.1 double"]);

  fs.writeFileSync(recordFile(), JSON.stringify({ solved: [1, "99.2 sum", null, "99.1 double"] }));
  expect(readSolved()).toEqual(["99.1 double", "99.2 sum"]);

  vi.stubEnv("CTR_PROGRESS", path.join(recordFile(), "inside-a-file.json"));
  expect(recordSolved("99.1 double")).toBe(false);
  vi.stubEnv("CTR_PROGRESS", own.folder);
  expect(recordSolved("99.1 double")).toBe(false);
  expect(fs.readdirSync(own.folder)).toEqual(["deep"]);
  expect(fs.existsSync(`${own.folder}.${process.pid}`)).toBe(false); // begun beside it
  expect(fs.readdirSync(path.join(own.folder, "deep"))).toEqual(["progress.json"]);
});

test("the record keeps all that was solved, sorted", () => {
  for (const id of ["02.1 b", "01.1 a", "02.1 b"]) expect(recordSolved(id)).toBe(true);
  expect(readSolved()).toEqual(["01.1 a", "02.1 b"]);
});

test("without CTR_PROGRESS, or with an empty one, the record is in the user's folder", () => {
  for (const unset of [undefined, ""]) {
    vi.stubEnv("CTR_PROGRESS", unset);
    expect(recordFile()).toBe(path.join(os.homedir(), ".click-models", "progress.json"));
  }
});
