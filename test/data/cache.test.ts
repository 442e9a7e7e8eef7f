import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { cachedFile, cacheFolder, inCache } from "../../lib/data/cache";
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
});

test("a user without a home needs CTR_DATA", () => {
  vi.spyOn(os, "homedir").mockImplementation(() => {
    throw new Error("no home");
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  expect(cacheFolder({ CTR_DATA: "/data" })).toBe(path.resolve("/data"));
  expect(() => cacheFolder({})).toThrow("no home");
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
  expect(() => cachedFile("adult", "adult.test", cache)).toThrow(
    /adult\.test is not there\. Delete the folder .*adult and fetch it again: npm run data -- adult$/,
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
  expect(list.stdout).toMatch(/^here {2}adult /m);
  expect(list.stdout).toMatch(/^ {6}ml-100k /m);
  const wrong = path.join(cache, "ml-100k.zip");
  fs.writeFileSync(wrong, "no archive");
  const { status, stderr } = command("ml-100k", wrong);
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^[^\n]*ml-100k\.zip: the file was altered or cut off: its SHA-256 is [^\n]*\n$/),
  ]);
});
