import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { recordSolved } from "../../lib/notebook/record";
import { allExercises, main, report } from "../../lib/notebook/solved";
import { ownRecord } from "./ownrecord";

const own = ownRecord();

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
  expect(own.printed.join()).toMatch(
    /^Notebook 02: 1 of 4\n {2}✓ 02\.1 logit\n(?: {2}○ 02.*\n){3}1 of 4 exercises solved\n\(kept in .*\)$/,
  );
  own.printed.length = 0;
  await main([]);
  expect(own.printed.join()).toMatch(/^Notebook 00: 0 of \d+\n[^]*\nNotebook 08: 0 of \d+\n[^]*\n1 of \d\d exercises solved\n/);
  await expect(main(["constructor"])).rejects.toThrow("no notebook constructor has exercises");
  await expect(main(["9"])).rejects.toThrow("no notebook 09 has exercises, expected some of 00, 01, 02");
});

test("the exercises of all notebooks are found in their files", async () => {
  fs.writeFileSync(path.join(own.folder, "03.ts"), `export const exercises = { "03.1 x": 1, "03.2 y": 2 };\n`);
  fs.writeFileSync(path.join(own.folder, "notes.ts"), "throw new Error()\n");
  expect(await allExercises(own.folder)).toEqual({ "03": ["03.1 x", "03.2 y"] });
});
