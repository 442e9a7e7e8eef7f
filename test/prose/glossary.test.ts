/** A Chinese term that a notebook gives in brackets is one of the glossary's. */
import * as fs from "node:fs";
import { expect, test } from "vitest";
import { readNotebook } from "../../lib/kernel/nbformat";

const glossary = fs.readFileSync("material/glossary.md", "utf8");

/** "padding (填充)" has one, "epochs (epochs, 轮)" too. A bracket with a sentence in it has none. */
function termsOf(text: string): string[] {
  return [...text.matchAll(/[（(]([^()（）。，]*\p{Script=Han}[^()（）。，]*)[)）]/gu)].flatMap(([, inside]) =>
    inside.split(", ").filter((part) => /\p{Script=Han}/u.test(part)),
  );
}

const notebooks = fs.readdirSync("notebooks").filter((name) => /^\d\d-.*\.ipynb$/.test(name));

test.for(notebooks)("%s has the glossary's Chinese terms in its brackets", (name) => {
  const cells = readNotebook(`notebooks/${name}`).cells.filter(
    ({ id, cell_type }) => cell_type === "markdown" && id !== "title",
  );
  const terms = new Set(cells.flatMap(({ source }) => termsOf(source)));
  expect(terms.size).toBeGreaterThan(0);
  expect(
    [...terms].filter((term) => !glossary.includes(term)),
    `terms in brackets of ${name} that material/glossary.md lacks: use its term, or add a row`,
  ).toEqual([]);
});
