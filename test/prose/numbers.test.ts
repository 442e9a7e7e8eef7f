/**
 * Numbers in a notebook's sentences are numbers that it shows: each with two decimals or more equals, rounded, one in
 * the outputs of its section, or the bound of a claim that its cell is tagged with. So when a constant or a seed
 * changes, an old number in a text is found, unless by chance the section shows one like it.
 */
import * as fs from "node:fs";
import { expect, test } from "vitest";
import { formulas, withoutCode } from "../../lib/kernel/markdown";
import { type Cell, type Output, readNotebook, taggedAs } from "../../lib/kernel/nbformat";
import { allClaims } from "../claims/all";

/** By notebook and cell, the numbers that come from elsewhere. */
const others: Readonly<Record<string, string>> = {
  // from papers and other people's tables
  "01 where-poly2-wins": "0.38347 0.38303 0.38407 0.44956 0.44873 0.44847 0.44922",
  "03 published": "0.8086 0.8060 0.8093 0.8113 0.8140 0.8145 0.005 0.006 0.001 0.003",
  "04 published":
    "0.7686 0.4776 0.7892 0.4608 0.7963 0.4574 0.8007 0.4508 0.8140 0.8142 0.8143 0.8144 0.0005",
  "04 sharing": "0.4508 0.4538",
  "04 questions": "0.0005",
  "05 published": "0.8494 0.8790 0.8835 0.8841 0.8856 0.5638 0.5733 0.5765 0.5763 0.5769",
  "05 published-online": "0.5970 0.6083",
  "06 answers": "0.02 0.005",
  "06 dice-notice": "0.0015 0.6029 0.6044 0.03",
  "06 correction-notice": "0.0015 0.8683",
  "07 real-log-2": "0.722 0.726",
  // from examples by hand, and settings
  "00 answers": "0.09",
  "01 paired": "2.78",
  "02 gradient-other-ways": "0.01",
  "03 afm-picture": "0.84 0.11 0.04",
  "04 two-blind-notice": "0.005",
  "06 exercise-4": "0.05",
  "07 paired": "0.62 0.71 0.635 0.015",
  // from test/claims, and differences of numbers that are shown
  "02 poly2-notice": "0.01 0.05",
  "03 ffm-notice": "0.12",
  "03 fnn-notice": "0.03 0.01",
  "03 pnn-notice": "0.01",
  "03 dcn-products-notice": "0.08 0.07",
  "03 third-notice": "0.004",
  "04 pairs-notice": "0.004",
  "05 candidates-notice": "0.34",
  "05 mask-trained-notice": "0.014 0.03 0.11",
  "05 ablation-notice": "0.06",
};

const claims = await allClaims();
/** The bounds of all rows of that claim, without their signs, as a text is read without them. */
const boundsOf = (tag: string) =>
  claims.filter(({ id }) => id === tag).flatMap(({ expected }) => Object.values(expected).map(Number).map(Math.abs));

const notebooks = fs.readdirSync("notebooks").filter((name) => /^\d\d-.*\.ipynb$/.test(name));

test.for(notebooks)("%s says no number that it does not show", (name) => {
  const { cells } = readNotebook(`notebooks/${name}`);
  let section: number[] = [];
  cells.forEach((cell, i) => {
    if (cell.cell_type !== "markdown") return;
    if (i === 0 || beginsSection(cell)) {
      const end = cells.findIndex((cell, j) => j > i && beginsSection(cell));
      section = cells.slice(i, end < 0 ? undefined : end).flatMap(({ outputs = [] }) => outputs.flatMap(shownIn));
    }
    const shown = [...section, ...taggedAs(cell, "claim").flatMap(boundsOf)];
    const said = numbersIn(cell.source);
    const listed = others[`${name.slice(0, 2)} ${cell.id}`]?.split(" ") ?? [];
    for (const text of said.filter((text) => !listed.includes(text)))
      expect(
        shown.some((number) => rounds(number, text)),
        `cell ${cell.id} of ${name} says ${text}, which no output of its section rounds to: ` +
          "correct the sentence, or list the number here in others if it comes from elsewhere",
      ).toBe(true);
    const unsaid = listed.filter((text) => !said.includes(text));
    expect(unsaid, `numbers that cell ${cell.id} of ${name} does not say: take them out of others`).toEqual([]);
  });
});

test("others lists cells that there are", () => {
  const cells = notebooks.flatMap((name) =>
    readNotebook(`notebooks/${name}`).cells.map(({ id }) => `${name.slice(0, 2)} ${id}`),
  );
  expect(Object.keys(others).filter((cell) => !cells.includes(cell))).toEqual([]);
});

test("a number is said as it is rounded", () => {
  expect(numbersIn("From 0.013 to 1,024.50, not `0.77`, $0.88$, 0.5, version 1.25.3 or [x](a/0.99).")).toEqual([
    "0.013",
    "1,024.50",
  ]);
  expect(rounds(0.01349, "0.013")).toBe(true);
  expect(rounds(0.0125, "0.012") && rounds(0.0125, "0.013")).toBe(true);
  expect(rounds(0.0136, "0.013")).toBe(false);
});

function beginsSection({ cell_type, source }: Cell): boolean {
  return cell_type === "markdown" && /^## /m.test(source);
}

/** As they are written, without those in code, formulas and addresses. */
function numbersIn(markdown: string): string[] {
  const text = withoutCode(markdown).replace(formulas, " ").replace(/\]\([^)]*\)/g, " ");
  return text.match(/(?<![\w.])\d[\d,]*\.\d{2,}(?![\w.]*\d)/g) ?? [];
}

function shownIn(output: Output): number[] {
  if (output.output_type === "error") return [];
  const texts =
    output.output_type === "stream"
      ? [output.text]
      : Object.entries(output.data).flatMap(([type, value]) => (type.startsWith("text/") ? [String(value)] : []));
  return texts.flatMap((text) => text.match(/\d[\d,]*(?:\.\d+)?(?:e-?\d+)?/g) ?? []).map(valueOf);
}

function valueOf(text: string): number {
  return Number(text.replaceAll(",", ""));
}

/** Whether the number has this text when rounded to its places. A half may go either way. */
function rounds(number: number, text: string): boolean {
  const places = text.split(".")[1].length;
  return Math.abs(number - valueOf(text)) <= 0.5000001 * 10 ** -places;
}
