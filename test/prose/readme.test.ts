/** Both READMEs list every script and every notebook, and have the same parts. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";

const english = fs.readFileSync("README.md", "utf8");
const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const notebooks = fs.readdirSync("notebooks").filter((name) => /^\d\d-.*\.ipynb$/.test(name));

describe.each(["README.md", "README.zh-CN.md"])("%s", (file) => {
  const text = fs.readFileSync(file, "utf8");

  test("lists every script that a reader calls, and no other", () => {
    const listed = [...text.matchAll(/npm (?:run )?([a-z:]+)/g)]
      .map(([, name]) => name)
      .filter((name) => name !== "install");
    expect([...new Set(listed)].sort()).toEqual(Object.keys(scripts).filter((name) => !/^pre(pare|pack)$/.test(name)).sort());
  });

  test("says how long a model's file is", () => {
    const [, least, most] = /(\d+) (?:to|到) (\d+) (?:lines|行)/.exec(text)!.map(Number);
    for (const name of fs.readdirSync("lib/models").filter((name) => name !== "model.ts")) {
      const lines = fs.readFileSync(path.join("lib/models", name), "utf8").trimEnd().split("\n").length;
      expect(lines, name).toBeGreaterThan(0.9 * least); // "about"
      expect(lines, name).toBeLessThan(1.1 * most);
    }
  });

  test("has a row for every notebook, in order", () => {
    expect(
      [...text.matchAll(/^\| (\d\d) \| \[.+\]\(notebooks\/(.+)\) \| .+ \|$/gm)].map(([, number, name]) => [
        number,
        name,
      ]),
    ).toEqual(notebooks.map((name) => [name.slice(0, 2), name]));
  });
});

test("the Chinese README has the parts of the English one", () => {
  const chinese = fs.readFileSync("README.zh-CN.md", "utf8");
  const parts = (text: string) =>
    text
      .split(/^## /m)
      .map((part) => [
        part.match(/^- \*\*/gm)?.length,
        part.match(/^\| `npm/gm)?.length,
        part.match(/^ {4}\S/gm)?.length,
        part.match(/^\d\. /gm)?.length,
      ]);
  expect(parts(chinese)).toEqual(parts(english));
});
