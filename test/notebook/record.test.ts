import { spawn } from "node:child_process";
import { once } from "node:events";
import realFs from "node:fs";
import * as fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import realOs from "node:os";
import * as os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
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

test.skipIf(process.platform === "win32")("an empty HOME is none: nothing is recorded beside the notebook", () => {
  vi.stubEnv("CTR_PROGRESS", undefined);
  vi.stubEnv("HOME", "");
  const file = recordFile();
  vi.unstubAllEnvs();
  expect(file).toBe(path.join(os.tmpdir(), ".click-models", "progress.json"));
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
  expect(fs.readdirSync(path.join(own.folder, "deep"))).toEqual(["progress.json", expect.stringContaining(".broken-")]);
});

test("what was recorded is read behind a byte order mark, and kept beside the new record where it cannot be read", () => {
  fs.mkdirSync(path.dirname(recordFile()));
  fs.writeFileSync(recordFile(), '\ufeff{"solved": ["01.1 a", "01.2 b"]}');
  expect(recordSolved("02.1 c")).toBe(true);
  expect(readSolved()).toEqual(["01.1 a", "01.2 b", "02.1 c"]);
  const broken = ['{"solved": ["01.1 a", "01.2 b",]}', "cut off"];
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  broken.forEach((text, i) => {
    vi.setSystemTime(i + 1);
    fs.writeFileSync(recordFile(), text);
    expect(recordSolved("02.1 c")).toBe(true);
    expect(readSolved()).toEqual(["02.1 c"]);
  });
  expect(broken.map((_, i) => fs.readFileSync(`${recordFile()}.broken-${i + 1}`, "utf8"))).toEqual(broken);
});

test("a record of another user, which this one may not read, stays as it is", () => {
  fs.mkdirSync(path.dirname(recordFile()));
  fs.writeFileSync(recordFile(), '{"solved": ["01.1 a"]}');
  vi.spyOn(realFs, "readFileSync").mockImplementation(() => {
    throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
  });
  syncBuiltinESMExports();
  try {
    expect(recordSolved("02.1 c")).toBe(false);
  } finally {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  }
  expect(readSolved()).toEqual(["01.1 a"]);
});

test.skipIf(process.platform === "win32")("a link to the record stays one", () => {
  const [file, link] = ["file.json", "link.json"].map((name) => path.join(own.folder, name));
  fs.writeFileSync(file, '{"solved": ["01.1 a"]}');
  fs.symlinkSync(file, link);
  vi.stubEnv("CTR_PROGRESS", link);
  expect(recordSolved("02.1 c")).toBe(true);
  expect(JSON.parse(fs.readFileSync(file, "utf8"))).toEqual({ solved: ["01.1 a", "02.1 c"] });
  expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
});

test("a device in the record's place, such as /dev/null, is not replaced", () => {
  // Played by a file: as root, code that is wrong would replace the machine's own.
  const text = '{"solved": []}';
  fs.mkdirSync(path.dirname(recordFile()));
  fs.writeFileSync(recordFile(), text);
  vi.spyOn(realFs, "statSync").mockImplementation(() => ({ isFile: () => false }) as fs.Stats);
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  expect(recordSolved("02.1 c")).toBe(false);
  expect(fs.readFileSync(recordFile(), "utf8")).toBe(text);
});

test("two notebooks that record at once lose nothing, and one that was ended while it wrote is in nobody's way", async () => {
  fs.mkdirSync(`${recordFile()}.lock`, { recursive: true });
  expect(recordSolved("00.1 a")).toBe(true);
  const ids = Array.from({ length: 100 }, (_, i) => `02.${i} x`);
  const others = ids.map((id) => id.replace("02", "03"));
  const code = `import("./lib/notebook/record.ts").then(({ recordSolved }) => {
    process.stdout.write("ready");
    process.stdin.once("data", () => {
      for (const id of ${JSON.stringify(others)}) recordSolved(id);
      process.exit();
    });
  })`;
  const other = spawn(process.execPath, ["--import", "tsx", "-e", code], { stdio: ["pipe", "pipe", "inherit"] });
  await once(other.stdout, "data");
  other.stdin.write("go");
  for (const id of ids) expect(recordSolved(id)).toBe(true);
  await once(other, "exit");
  expect(readSolved()).toEqual(["00.1 a", ...ids, ...others].sort());
  expect(fs.readdirSync(path.dirname(recordFile()))).toEqual(["progress.json"]);
});

test("what another notebook records while this one waits is neither lost nor doubled", () => {
  const { mkdirSync } = realFs;
  vi.spyOn(realFs, "mkdirSync").mockImplementation(((folder: string, options?: fs.MakeDirectoryOptions) => {
    const made = mkdirSync(folder, options);
    if (folder.endsWith(".lock")) fs.writeFileSync(recordFile(), '{"solved": ["02.1 b", "01.1 a"]}');
    return made;
  }) as typeof mkdirSync);
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  expect(recordSolved("01.1 a")).toBe(true);
  expect(readSolved()).toEqual(["01.1 a", "02.1 b"]);
});

test.each([
  ["that another process is just removing, as Windows refuses it, is waited for", 3, true],
  ["that can never be made ends the waiting", Infinity, false],
])("a lock %s", (_, refusals, expected) => {
  const { mkdirSync } = realFs;
  let asked = 0;
  vi.spyOn(realFs, "mkdirSync").mockImplementation(((folder: string, options?: fs.MakeDirectoryOptions) => {
    if (folder.endsWith(".lock") && ++asked <= refusals) throw Object.assign(new Error("EPERM"), { code: "EPERM" });
    return mkdirSync(folder, options);
  }) as typeof mkdirSync);
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  expect(recordSolved("01.1 a")).toBe(expected);
  expect(readSolved()).toEqual(expected ? ["01.1 a"] : []);
});

test("what is in the record already needs no writing, as where nothing can be written", () => {
  const text = '{"solved": ["01.1 a"]}';
  fs.mkdirSync(path.dirname(recordFile()));
  fs.writeFileSync(recordFile(), text);
  expect(recordSolved("01.1 a")).toBe(true);
  expect(fs.readFileSync(recordFile(), "utf8")).toBe(text);
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
