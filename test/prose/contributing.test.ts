/** What material/contributing.md says to touch and to run is there, and its numbers are those of the code. */
import * as fs from "node:fs";
import { expect, test } from "vitest";

const page = fs.readFileSync("material/contributing.md", "utf8");
const spans = [...page.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
const { scripts, version, dependencies, optionalDependencies, devDependencies } = JSON.parse(
  fs.readFileSync("package.json", "utf8"),
) as Record<string, Record<string, string>> & { version: string };

test("paths exist", () => {
  const words = spans.flatMap((code) => code.split(" "));
  const paths = words.filter((word) => /^(lib|test|material|notebooks|\.ci)(\/|$)/.test(word));
  expect(paths.length).toBeGreaterThan(40);
  expect(paths.filter((name) => !fs.existsSync(name))).toEqual([]);
});

test("commands are scripts of package.json", () => {
  const commands = spans.flatMap((code) => /^npm run (\S+)/.exec(code)?.[1] ?? []);
  expect(commands.length).toBeGreaterThan(20);
  expect(commands.filter((name) => !(name in scripts))).toEqual([]);
});

test("names that stand in a file do", () => {
  const names = [...page.matchAll(/`([\w.]+)`,? (?:in|of) `([\w./]+\.ts)`/g)].map(([, name, file]) => ({ name, file }));
  expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(["courseModels", "drawingVersion", "version"]));
  expect(names.filter(({ name, file }) => !fs.readFileSync(file, "utf8").includes(name))).toEqual([]);
});

test("each package that package.json names exactly has its reason, and no other", () => {
  const all = Object.entries({ ...dependencies, ...optionalDependencies, ...devDependencies });
  const exact = all.filter(([, range]) => /^\d/.test(range)).map(([name]) => name);
  const table = page.split("## Versions")[1].split("\n\n")[2];
  const told = [...table.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, names]) => names.replaceAll("`", "").split(", "));
  expect(told.sort()).toEqual(exact.sort());
});

test.each([
  ["lib/kernel/lint.ts", /maxWords = (\d+)/, /(\d+) words in a cell/],
  ["lib/kernel/lint.ts", /maxCodeLines = (\d+)/, /(\d+) lines of code/],
  ["test/prose/reading.test.ts", /longestSentence = (\d+)/, /at most (\d+) words/],
  ["test/width.test.ts", /width = (\d+)/, /(\d+) columns/],
  ["lib/train/save.ts", /version = (\d+)/, /now (\d+)\./],
])("the number of %s, %s, is that of the page", (file, inFile, onPage) => {
  expect(onPage.exec(page)?.[1]).toBe(inFile.exec(fs.readFileSync(file, "utf8"))![1]);
});

test("the version is that of package.json", () => expect(page).toContain(`: ${version} has no tag`));
