import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { cachedFile, cacheFolder, inCache } from "../../lib/data/cache";
import { progressPrinter } from "../../lib/data/fetch";
import { temporaryFolder } from "../temporary";

test("the cache is where CTR_DATA says, or where the system keeps caches", () => {
  expect(cacheFolder({ CTR_DATA: "/data" }, "linux", "/home/ann")).toBe(path.resolve("/data"));
  expect(cacheFolder({ CTR_DATA: "data" }, "linux", "/home/ann")).toBe(path.resolve("data"));
  expect(cacheFolder({ XDG_CACHE_HOME: "" }, "linux", "/home/ann")).toBe(
    path.join("/home/ann", ".cache", "click-models"),
  );
  expect(cacheFolder({}, "linux", "/home/ann")).toBe(path.join("/home/ann", ".cache", "click-models"));
  expect(cacheFolder({ XDG_CACHE_HOME: "/fast" }, "linux", "/home/ann")).toBe(path.join("/fast", "click-models"));
  expect(cacheFolder({}, "darwin", "/Users/ann")).toBe(path.join("/Users/ann", "Library", "Caches", "click-models"));
  expect(cacheFolder({ LOCALAPPDATA: "/ann/local" }, "win32", "/ann")).toBe(path.join("/ann/local", "click-models"));
  for (const env of [{}, { LOCALAPPDATA: "" }])
    expect(cacheFolder(env, "win32", "/ann")).toBe(path.join("/ann", "AppData", "Local", "click-models"));
});

test.each([
  ["without a home", new Error("no home")],
  ["whose HOME is empty", ""],
])("a user %s needs CTR_DATA", (_, home) => {
  vi.spyOn(os, "homedir").mockImplementation(() => {
    if (home instanceof Error) throw home;
    return home;
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  expect(cacheFolder({ CTR_DATA: "/data" })).toBe(path.resolve("/data"));
  expect(() => cacheFolder({})).toThrow("no home folder to keep data in. Set the environment variable CTR_DATA");
  vi.stubEnv("CTR_DATA", undefined);
  vi.stubEnv("XDG_CACHE_HOME", undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(inCache("adult")).toBe(false);
});

test("a data set is in the cache when its folder has something in it, packed or not", () => {
  const cache = temporaryFolder();
  expect(inCache("adult", cache)).toBe(false);
  fs.mkdirSync(path.join(cache, "adult"));
  expect(inCache("adult", cache)).toBe(false);
  for (const ofTheSystem of [".DS_Store", "._x", "Thumbs.db", "desktop.ini"])
    fs.writeFileSync(path.join(cache, "adult", ofTheSystem), "");
  expect(inCache("adult", cache)).toBe(false);
  fs.writeFileSync(path.join(cache, "adult", "adult.data.gz"), "");
  expect(inCache("adult", cache)).toBe(true);
  expect(cachedFile("adult", "adult.data", cache)).toBe(path.join(cache, "adult", "adult.data.gz"));
  fs.writeFileSync(path.join(cache, "adult", "adult.data"), "");
  expect(cachedFile("adult", "adult.data", cache)).toBe(path.join(cache, "adult", "adult.data"));
  expect(() => cachedFile("avazu", "train.csv", cache)).toThrow("Fetch it once with: npm run data -- avazu");
  expect(() => cachedFile("adult", "adult.test", cache)).toThrow(
    `adult.test is not there. Delete the folder ${path.join(cache, "adult")} and fetch it again: npm run data -- adult`,
  );
});

test("the command lists the data sets, takes one by hand, and says in one line what is wrong", () => {
  const cache = temporaryFolder();
  const command = (...words: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "lib/data/fetch.ts", ...words], {
      env: { ...process.env, CTR_DATA: cache },
      encoding: "utf8",
    });
  fs.mkdirSync(path.join(cache, "adult"));
  fs.writeFileSync(path.join(cache, "adult", "adult.data"), "");
  const list = command();
  expect(list.stdout).toMatch(`The cache is ${cache}\n`);
  expect(list.stdout).toMatch(/^here {2}adult /m);
  expect(list.stdout).toMatch(/^ {6}ml-100k /m);
  const wrong = path.join(cache, "ml-100k.zip");
  fs.writeFileSync(wrong, "no archive");
  const most = command("ml-100k", wrong, "more");
  expect([most.status, most.stderr]).toEqual([1, "expected a name and a path, got more: more\n"]);
  const { status, stderr } = command("ml-100k", wrong);
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^[^\n]*ml-100k\.zip: the file was altered or cut off: its SHA-256 is [^\n]*\n$/),
  ]);
  const right = path.join(cache, "train.gz");
  fs.writeFileSync(right, zlib.gzipSync("id,click\n"));
  expect(command("avazu", right)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`avazu is in ${path.join(cache, "avazu")}\n`),
    stderr: "",
  });
});

/** What is written to a terminal, or to none. */
function writtenTo({ isTTY }: { isTTY: boolean }): unknown[] {
  const terminal = Object.getOwnPropertyDescriptor(process.stderr, "isTTY");
  const written: unknown[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(text) > 0);
  Object.defineProperty(process.stderr, "isTTY", { value: isTTY, configurable: true });
  onTestFinished(() => {
    write.mockRestore();
    if (terminal) Object.defineProperty(process.stderr, "isTTY", terminal);
    else delete (process.stderr as { isTTY?: boolean }).isTTY;
  });
  return written;
}

test("the command tells of a download in one line of a terminal, which ends with the file", () => {
  const written = writtenTo({ isTTY: true });
  const print = progressPrinter();
  for (const received of [0, 1e6, 1.001e6, 4e6]) print("a.zip", received, 4e6);
  expect(written).toEqual(["a.zip: 0 MB 0%\r", "a.zip: 1 MB 25%\r", "a.zip: 4 MB 100%\n"]);
});

test("the command tells of a download a line per tenth where there is no terminal, and of each file", () => {
  const written = writtenTo({ isTTY: false });
  const print = progressPrinter();
  for (let received = 2; received <= 40; received += 2) print("a.zip", received * 1e5, 4e6);
  print("b.zip", 4e6, 4e6);
  for (const received of [1e5, 15e5, 17e5]) print("c.zip", received, undefined);
  expect(written.slice(0, 3)).toEqual(["a.zip: 0 MB 0%\n", "a.zip: 0 MB 10%\n", "a.zip: 0 MB 20%\n"]);
  expect(written.slice(10)).toEqual([
    ...["a.zip: 4 MB 100%\n", "b.zip: 4 MB 100%\n"],
    ...["c.zip: 0 MB \n", "c.zip: 1 MB \n"],
  ]);
});
