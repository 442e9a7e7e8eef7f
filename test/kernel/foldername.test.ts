import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary";

const guard = "lib/kernel/foldername.cjs";

function runBelow(name: string): { status: number | null; stderr: string } {
  const copy = path.join(temporaryFolder(), name, "course", guard);
  fs.mkdirSync(path.dirname(copy), { recursive: true });
  fs.copyFileSync(guard, copy);
  return spawnSync(process.execPath, [copy], { encoding: "utf8" });
}

const refused = process.platform === "win32" ? ["C#"] : ["C#", "why?", "a\\b"];

test.each(refused)("below %s the tests say that they need another folder", (name) => {
  const { status, stderr } = runBelow(name);
  expect(status).toBe(1);
  expect(stderr).toContain(`The tests cannot run below the folder ${name}: `);
  expect(stderr).toContain("Move or clone the course elsewhere");
});

test("other names are good", () => {
  for (const name of ["100%", "a%20b c", "[a] (b)", "课程"])
    expect(runBelow(name), name).toMatchObject({ status: 0, stderr: "" });
});

test("all commands that start vitest begin with this check", () => {
  const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const started = Object.values(scripts).filter((line) => line.includes("vitest"));
  expect(started.length).toBeGreaterThan(0);
  for (const line of started) expect(line).toMatch(new RegExp(`^node ${guard} && vitest `));
});
