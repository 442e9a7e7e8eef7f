import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recordSolved } from "../../lib/notebook/record";
import { allExercises, main, report } from "../../lib/notebook/solved";
import { temporaryFolder } from "../temporary";

let folder: string;
let printed: string[];

beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("CTR_PROGRESS", path.join(folder, "deep", "progress.json"));
  printed = [];
  vi.spyOn(console, "log").mockImplementation((line) => void printed.push(line));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("the report counts by notebook and in all", () => {
  expect(report({ "01": ["01.1 a", "01.2 b"], "02": ["02.1 c"] }, ["01.2 b", "88.1 gone"])).toEqual([
    "Notebook 01: 1 of 2",
    "  ○ 01.1 a",
    "  ✓ 01.2 b",
    "Notebook 02: 0 of 1",
    "  ○ 02.1 c",
    "1 of 3 exercises solved",
  ]);
});

test("the report can be asked for some notebooks, by a number of one digit too; others are refused", async () => {
  recordSolved("02.1 logit");
  await main(["2"]);
  expect(printed.join()).toMatch(
    /^Notebook 02: 1 of 3\n {2}✓ 02\.1 logit\n(?: {2}○ 02.*\n){2}1 of 3 exercises solved\n\(kept in .*\)$/,
  );
  await expect(main(["9"])).rejects.toThrow("no notebook 09 has exercises, expected some of 00, 01, 02");
});

test("the exercises of all notebooks are found in their files", async () => {
  fs.writeFileSync(path.join(folder, "03.ts"), `export const exercises = { "03.1 x": 1, "03.2 y": 2 };\n`);
  fs.writeFileSync(path.join(folder, "notes.ts"), "throw new Error()\n");
  expect(await allExercises(folder)).toEqual({ "03": ["03.1 x", "03.2 y"] });
});
