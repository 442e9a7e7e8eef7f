import { spawnSync } from "node:child_process";
import realFs from "node:fs";
import * as fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import * as path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { isAlive, leftovers, makeInPlace, release, reserve } from "../../lib/data/staging";
import { temporaryFolder } from "../temporary";

test("what a process left is found when it is gone, and left alone while it or this one uses it", () => {
  const folder = temporaryFolder();
  const final = path.join(folder, "rows");
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  const ofAnother = `.rows.${gone}.${process.ppid}.0`; // beside the file rows.NUMBER
  const notLeft = [`.rows.${process.ppid}.0`, ofAnother, ".rows.1.0", ".rows.notes", ".rowsets.1.0"];
  for (const name of [`.rows.${gone}.0`, ...notLeft]) fs.writeFileSync(path.join(folder, name), "");
  const own = reserve(final);
  fs.writeFileSync(own, "");
  expect(leftovers(final)).toEqual([path.join(folder, `.rows.${gone}.0`)]);
  expect(reserve(final)).not.toBe(own);
  release(own);
  expect(leftovers(final).sort()).toEqual([path.join(folder, `.rows.${gone}.0`), own].sort());
});

test("a process of another user is alive", () => {
  const kill = vi.spyOn(process, "kill").mockImplementation(() => {
    throw Object.assign(new Error("not yours"), { code: "EPERM" });
  });
  onTestFinished(() => kill.mockRestore());
  expect(isAlive(process.ppid)).toBe(true);
});

test("all files of a folder are on the disk before it has its name, so that a power failure cannot empty them", async () => {
  const final = path.join(temporaryFolder(), "set");
  const named: boolean[] = [];
  vi.spyOn(realFs, "fsyncSync").mockImplementation(() => void named.push(fs.existsSync(final)));
  syncBuiltinESMExports();
  onTestFinished(() => (vi.restoreAllMocks(), syncBuiltinESMExports()));
  await makeInPlace(final, async (staging) => {
    fs.mkdirSync(path.join(staging, "deep"), { recursive: true });
    for (const file of ["a", path.join("deep", "b")]) fs.writeFileSync(path.join(staging, file), "");
  });
  expect(named).toEqual([false, false]);
});

test("a disk that is full while something is unpacked or packed is told in words, and nothing is left", async () => {
  const folder = temporaryFolder();
  const full = async (staging: string) => {
    fs.writeFileSync(staging, "half");
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  };
  await expect(makeInPlace(path.join(folder, "rows"), full)).rejects.toThrow(`the disk of ${folder} is full (ENOSPC). Make`);
  expect(fs.readdirSync(folder)).toEqual([]);
});
