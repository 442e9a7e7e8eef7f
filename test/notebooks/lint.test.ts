import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { lintNotebook } from "../../lib/kernel/lint";

const folder = path.resolve("notebooks");

describe("the notebooks keep to the rules of the course", () => {
  test.for(fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb")))("%s", (name) => {
    expect(lintNotebook(path.join(folder, name))).toEqual([]);
  });

  test("nothing but notebooks and the link to lib lies in their folder", () => {
    const others = fs.readdirSync(folder).filter((name) => !name.endsWith(".ipynb") && !name.startsWith("."));
    expect(others).toEqual(["lib"]);
  });
});
