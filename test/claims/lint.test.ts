import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readNotebook, taggedAs } from "../../lib/kernel/nbformat";
import { modelStyles } from "../../lib/notebook/palette";
import { allClaims, allRows } from "./all";
import { type Expected, holds } from "./claim";
import { learned } from "./worlds";

interface Statement {
  notebook: string;
  cell: string;
  text: string;
  /** Ids of the claims it is tagged with. */
  ids: string[];
}

/** The markdown cells of the notebooks that are part of the course. */
function statements(): Statement[] {
  const names = existsSync("notebooks")
    ? readdirSync("notebooks").filter((name) => /^\d\d-.*\.ipynb$/.test(name) && name < "90")
    : [];
  return names.flatMap((name) => {
    return readNotebook(`notebooks/${name}`)
      .cells.filter(({ cell_type }) => cell_type === "markdown")
      .map((cell) => ({
        notebook: name.replace(".ipynb", ""),
        cell: cell.id,
        text: cell.source,
        ids: taggedAs(cell, "claim"),
      }));
  });
}

const modelNames = Object.keys(modelStyles).map((name) => name.replace(/[&]/g, "\\$&"));
const names = new RegExp(`(^|[^\\w-])(${modelNames.join("|")})([^\\w-]|$)`);
const compares = /\b(beats?|outperforms?|wins?|better"? than|worse"? than|ahead of|is ahead|not distinguishable)\b/;
const quotes = /\b(papers?|published|printed|table \d)\b/i;

/** Sentences that compare models and do not quote somebody or ask. */
function comparisons(text: string): string[] {
  const sentences = text.split(/(?<=[.!?])\s+|\n+/);
  return sentences.filter(
    (sentence) =>
      names.test(sentence) && compares.test(sentence) && !quotes.test(sentence) && !sentence.trimEnd().endsWith("?"),
  );
}

describe("the page of worlds", () => {
  it("lists what each model must learn, and which must not", () => {
    const page = readFileSync("material/worlds.md", "utf8").split("## What each model must learn")[1].split("\n## ")[0];
    const table = [...page.matchAll(/^\| (.+) \| (.+) \| (.+) \|$/gm)].slice(2).map(([, ...cells]) => cells);
    const listed = table.flatMap(([world, within, below]) => [
      ...within.split(", ").map((model) => [world, model, "atMost"]),
      [world, below, "atLeast"],
    ]);
    expect(listed, "the table of material/worlds.md, beside test/claims/worlds.ts").toEqual(
      learned.map(({ world, models: [model], expected }) => [world, model, Object.keys(expected)[0]]),
    );
  });
});

describe("a claim holds", () => {
  it.each<[Expected, [number, number][], [number, number][]]>([
    [{ atLeast: 0.1 }, [[0.1, 0.2]], [[0.09, 0.2], [NaN, NaN]]],
    [{ atMost: 0.1 }, [[-1, 0.1]], [[0, 0.11], [NaN, NaN]]],
    [{ from: 0.1, to: 0.2 }, [[0.1, 0.2]], [[0.09, 0.2], [0.1, 0.21], [NaN, NaN]]],
    [{ within: 0.02 }, [[-0.02, 0.02]], [[-0.03, 0], [0, 0.03], [NaN, NaN]]],
    [{ notDistinguishable: true }, [[-1, 0], [0, 1]], [[0.001, 1], [-1, -0.001], [NaN, NaN]]],
  ])("with %o by the whole interval", (expected, yes, no) => {
    for (const [low, high] of yes) expect(holds({ mean: (low + high) / 2, low, high }, expected)).toBe(true);
    for (const [low, high] of no) expect(holds({ mean: (low + high) / 2, low, high }, expected)).toBe(false);
  });
});

describe("claims", () => {
  it("have each a sentence of their own", async () => {
    const rows = (await allRows()).map(({ id, claim }) => `${id}: ${claim}`);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it("are measured with at least three seeds, each once", async () => {
    for (const { id, seeds } of await allRows())
      expect([new Set(seeds).size, seeds.length >= 3], id).toEqual([seeds.length, true]);
  });

  it("are stated by the cell that their row names", async () => {
    const all = statements();
    for (const { id, notebook, cell } of await allClaims()) {
      const tagged = all
        .filter(({ ids }) => ids.includes(id))
        .map((statement) => `${statement.notebook} ${statement.cell}`);
      expect(
        tagged,
        `claim ${id}: the tag claim:${id} belongs to cell ${cell} of notebooks/${notebook}.ipynb, and to it alone`,
      ).toEqual([`${notebook} ${cell}`]);
    }
  });

  it("have a row for every tag", async () => {
    const rows = new Set((await allClaims()).map(({ id }) => id));
    for (const { ids, notebook, cell } of statements()) {
      for (const id of ids)
        expect(
          rows,
          `cell ${cell} of notebooks/${notebook}.ipynb claims ${id}: add a row to test/claims/${notebook}.ts`,
        ).toContain(id);
    }
  });

  it("are tagged wherever a sentence compares models, and have a row for each such sentence", async () => {
    const claims = await allClaims();
    for (const { text, ids, notebook, cell } of statements()) {
      const rows = claims.filter(({ id }) => ids.includes(id)).length;
      const found = comparisons(text);
      expect(
        found.length > rows ? found : [],
        `cell ${cell} of notebooks/${notebook}.ipynb compares models in more sentences than it has claims (${rows}): ` +
          `tag it claim:ID and add a row to test/claims/${notebook}.ts`,
      ).toEqual([]);
    }
  });

  it("are found in sentences, but not in questions and quotations", () => {
    expect(comparisons("FM beats POLY2 on unseen pairs. Next.")).toEqual(["FM beats POLY2 on unseen pairs."]);
    expect(comparisons('FM is "better" than LR.')).toEqual(['FM is "better" than LR.']);
    expect(comparisons("- Wide&Deep is ahead of DeepFM\n- no model")).toEqual(["- Wide&Deep is ahead of DeepFM"]);
    expect(
      comparisons("Is FM better than LR? In the paper FM beats LR. It beats all. FM has better-than-thou weights."),
    ).toEqual([]);
  });
});
