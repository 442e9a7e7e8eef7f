import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { leftovers, release, reserve } from "../../lib/data/staging";
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
