import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Command, findPython, isComplete } from "../../lib/kernel/venv";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "venv-test-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A command that answers like a Python of this version. */
function fakePython(version: string, failure = ""): Command {
  const file = path.join(folder, `${version}.cjs`);
  fs.writeFileSync(file, `console.log(${JSON.stringify(version)}); if (${JSON.stringify(failure)}) { console.error(${JSON.stringify(failure)}); process.exit(1); }`);
  return [process.execPath, file];
}

test("the first Python of 3.9 or later is taken", () => {
  const right = fakePython("3.12");
  expect(findPython([["no-such-command"], fakePython("3.8"), right, fakePython("3.13")]).python).toEqual(right);
});

test("a Python that is too old, or cannot make an environment, is refused and said why", () => {
  const { python, why } = findPython([fakePython("3.8"), fakePython("3.11", "ModuleNotFoundError: No module named 'ensurepip'")]);
  expect(python).toBeUndefined();
  expect(why).toContain("is 3.8");
  expect(why).toMatch(/3\.11\.cjs has no ensurepip \(on Debian and Ubuntu: apt install python3-venv\)/);
});

test("without any Python that is said", () => {
  expect(findPython([["no-such-command"]])).toEqual({ why: "none was found" });
});

test("an environment that was not completed is not taken for one", () => {
  expect(isComplete(path.join(folder, "nowhere"))).toBe(false);
});
