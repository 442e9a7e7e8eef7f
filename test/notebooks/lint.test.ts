import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { lintNotebook } from "../../lib/kernel/lint";
import { readNotebook, serialize } from "../../lib/kernel/nbformat";

const folder = path.resolve("notebooks");
const notebooks = fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

describe("the notebooks keep to the rules of the course", () => {
  test.for(notebooks)("%s", (name) => {
    expect(lintNotebook(path.join(folder, name))).toEqual([]);
  });

  test.for(notebooks)("%s is written as `npm run notebooks` writes it, whatever edited it", (name) => {
    const file = path.join(folder, name);
    expect(serialize(readNotebook(file)) === fs.readFileSync(file, "utf8"), "npm run notebooks writes it again").toBe(
      true,
    );
  });

  test("nothing but notebooks and the link to lib lies in their folder", () => {
    const others = fs.readdirSync(folder).filter((name) => !name.endsWith(".ipynb") && !name.startsWith("."));
    expect(others).toEqual(["lib"]);
  });
});
