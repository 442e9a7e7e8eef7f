import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";

const width = 120;
/** All but what is compiled to WebAssembly, whose lines are instructions. */
const files = ["lib", "test", "material"]
  .flatMap((folder) => (fs.readdirSync(folder, { recursive: true }) as string[]).map((name) => path.join(folder, name)))
  .filter((file) => /\.m?ts$/.test(file) && !file.includes("assembly"));

/** A line without its texts and the shape behind it: a text in parts cannot be searched for, a shape belongs there. */
function bare(line: string): string {
  const code = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\/[^/\s].*\/[a-z]*/g, '""');
  return code.replace(/(\S) \/\/ .*/, "$1");
}

test.each(files)("%s has no line wider than 120 columns, long texts aside", (file) => {
  const lines = fs.readFileSync(file, "utf8").split("\n");
  const wide = lines.flatMap((line, i) => (bare(line).length > width ? [`line ${i + 1}: ${line.trim()}`] : []));
  expect(wide).toEqual([]);
});
