/** What may import what: the library does not know of the tools around Jupyter. */
import * as fs from "node:fs";
import { expect, test } from "vitest";

test("nothing in lib outside of lib/kernel imports from it, and no notebook does", () => {
  const library = (fs.readdirSync("lib", { recursive: true }) as string[])
    .filter((name) => /\.c?ts$/.test(name) && !name.startsWith("kernel"))
    .map((name) => `lib/${name}`);
  const notebooks = fs
    .readdirSync("notebooks")
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => `notebooks/${name}`);
  expect(
    [...library, ...notebooks].filter((file) =>
      /\b(from|import|require)\b\s*\(?\s*\\?["'`][^"'`\n]*\bkernel\//.test(fs.readFileSync(file, "utf8")),
    ),
  ).toEqual([]);
  expect(library.length).toBeGreaterThan(100);
  expect(notebooks.length).toBeGreaterThan(8);
});
