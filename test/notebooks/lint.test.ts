import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { lintNotebook } from "../../lib/kernel/lint";
import { readNotebook, serialize } from "../../lib/kernel/nbformat";
import { codeChanged, dataSetsOf } from "../../lib/kernel/realdata";

const folder = path.resolve("notebooks");
const notebooks = fs.readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

describe("the notebooks keep to the rules of the course", () => {
  test.for(notebooks)("%s", (name) => {
    expect(lintNotebook(path.join(folder, name))).toEqual([]);
  });

  test.for(notebooks)("%s is written as `npm run notebooks` writes it, whatever edited it", (name) => {
    const file = path.join(folder, name);
    const same = serialize(readNotebook(file)) === fs.readFileSync(file, "utf8");
    const number = name.slice(0, 2);
    expect(
      same,
      `npm run notebooks -- --text ${number} writes it so; if code changed, npm run notebooks -- ${number}`,
    ).toBe(true);
  });

  test.for(notebooks)("%s has outputs of real data that its code has made", (name) => {
    const notebook = readNotebook(path.join(folder, name));
    const withData = notebook.cells.filter((cell) => dataSetsOf(cell).length > 0);
    expect(
      withData.filter((cell) => codeChanged(notebook, cell)).map(({ id }) => id),
      "the code of these cells, or above them, has changed since their outputs were made: " +
        `npm run data -- ml-100k, then npm run notebooks -- ${name.slice(0, 2)}`,
    ).toEqual([]);
  });

  test("nothing but notebooks and the link to lib lies in their folder", () => {
    const others = fs.readdirSync(folder).filter((name) => !name.endsWith(".ipynb") && !name.startsWith("."));
    expect(others).toEqual(["lib"]);
  });
});
