import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { findProblems } from "../../lib/kernel/types";
import { sharedFolder, temporaryFile } from "../temporary";

const sources: Record<string, string> = {
  "plain.ts": "export async function f(): Promise<number> {\n  return await Promise.resolve(1);\n}\n",
  "method.ts": "export const a = [2, 1].toSorted();\n",
  "syntax.ts": "export function f() {\n  using x = null;\n}\n",
  "type.ts": "export const a: string = 1;\n",
  "last.ts": "export const a = 1;\nconsole.log(a);\n",
  "await.ts": "await Promise.resolve();\nexport const a = 1;\n",
  "meta.ts": "export const a = import.meta;\n",
  "extension.ts": 'import { b } from "./plain.js";\nexport const a = b;\n',
  "passed-on.ts": 'export { f } from "./plain.js";\nexport type { a } from "./type.ts";\n',
  "index.ts": "export const a = 1;\n",
};
const folder = sharedFolder();
let problems: string[];

beforeAll(() => {
  for (const [name, source] of Object.entries(sources)) fs.writeFileSync(path.join(folder, name), source);
  problems = findProblems(Object.keys(sources).map((name) => path.join(folder, name)));
});

test("a plain file has no problems", () => {
  expect(problems.filter((problem) => problem.includes("plain.ts"))).toEqual([]);
});

test.each([
  ["a method newer than ES2022", /method\.ts:1: Property 'toSorted' does not exist/],
  ["syntax newer than TypeScript 5.0", /syntax\.ts:2: /],
  ["a type error", /type\.ts:1: Type 'number' is not assignable/],
  ["an expression at the end", /last\.ts:2: the file ends with an expression/],
  ["await at top level", /await\.ts:1: await at top level/],
  ["import.meta", /meta\.ts:1: import\.meta/],
  ["an import with its extension", /extension\.ts:1: import \.\/plain\.js without its extension/],
  ["what is passed on with its extension", /passed-on\.ts:1: import \.\/plain\.js without its extension/],
  ["the extension of TypeScript", /passed-on\.ts:2: import \.\/type\.ts without its extension/],
  ["a barrel", /index\.ts:1: tslab does not find index\.ts/],
])("finds %s", (_, message) => {
  expect(problems.join("\n")).toMatch(message);
});

test("npm run types with a script checks it alone, and names what tsx runs without a word", () => {
  const script = temporaryFile(
    "slip.mts",
    `import { predict, probabilities } from ${JSON.stringify(path.resolve("lib/train/predict"))};
const unused = 1;
export const slip = (...given: Parameters<typeof predict>) => probabilities(predict(...given));
`,
  );
  const check = () =>
    spawnSync(process.execPath, ["--import", "tsx", "lib/kernel/types.ts", script], { encoding: "utf8" });
  const { status, stdout } = check();
  expect(status).toBe(1);
  expect(stdout.match(/^.*slip\.mts\(.*/gm)).toEqual([expect.stringMatching(/\(3,\d+\): .*Promise<Float32Array/)]);
  fs.writeFileSync(script, fs.readFileSync(script, "utf8").replace("=> probabilities(", "=> void ("));
  expect(check()).toMatchObject({ status: 0, stdout: `${script}: no problems\n`, stderr: "" });
}, 60_000);
