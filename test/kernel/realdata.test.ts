import { expect, test } from "vitest";
import type { Cell, Notebook } from "../../lib/kernel/nbformat";
import { cellsWithoutData, codeChanged, codeOf } from "../../lib/kernel/realdata";
import { temporaryCache, temporaryFolder } from "../temporary";

const cell = (id: string, source: string, more: Partial<Cell> = {}): Cell => {
  return { cell_type: "code", id, metadata: {}, source, ...more };
};
const text = (source: string) => cell("text", source, { cell_type: "markdown" });
const notebook = (...cells: Cell[]): Notebook => ({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });

test("other code made a cell's outputs if its own changed or code above it, not if text did or code below it", () => {
  const real = (source = "b") => cell("real", source);
  const madeFrom = codeOf(notebook(cell("above", "a"), text("t"), real(), cell("below", "c")), real());
  const changed = (above: string, words: string, own: string, below: string) => {
    const made = cell("real", own, { metadata: { madeFrom } });
    return codeChanged(notebook(cell("above", above), text(words), made, cell("below", below)), made);
  };
  expect([changed("a", "t", "b", "c"), changed("a", "more", "b", "more")]).toEqual([false, false]);
  expect([changed("a", "t", "more", "c"), changed("more", "t", "b", "c")]).toEqual([true, true]);
});

test("a cell that lacks two data sets is named once, with the first", () => {
  const both = cell("both", "", { metadata: { tags: ["slow", "real-data:adult", "real-data:avazu"] } });
  const cache = temporaryFolder();
  expect(cellsWithoutData(notebook(cell("none", ""), both), cache)).toEqual([{ cell: both, missing: "adult", cache }]);
  const other = temporaryCache("adult", { "adult.data": "x" });
  expect(cellsWithoutData(notebook(both), other)).toMatchObject([{ missing: "avazu" }]);
});
