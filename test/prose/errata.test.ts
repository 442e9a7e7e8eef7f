/** Where material/errata.md says that something is shown, there must be something. */
import * as fs from "node:fs";
import { expect, test } from "vitest";
import { readNotebook } from "../../lib/kernel/nbformat";
import { allClaims } from "../claims/all";
import { promises } from "../claims/promises";
import { cellLink } from "./texts";

const page = fs.readFileSync("material/errata.md", "utf8");
const rows = [...page.matchAll(/^\| (\d+) \| .+ \| (true|corrected|not supported) \| .* \| (.+) \|$/gm)].map(
  ([, number, verdict, shownBy]) => ({ number, verdict, shownBy }),
);
const notebooks = fs.readdirSync("notebooks").filter((name) => /^\d\d-.*\.ipynb$/.test(name));
const cells = new Map(
  notebooks.map((name) => [name.slice(0, 2), new Set(readNotebook(`notebooks/${name}`).cells.map(({ id }) => id))]),
);
const ids = (list: string) => [...list.matchAll(/`([^`]+)`/g)].map(([, id]) => id);

test("every row has a number in order, a verdict, and is counted", () => {
  expect(rows.map(({ number }) => Number(number))).toEqual(rows.map((_, i) => i + 1));
  expect(page.match(/^\| \d+ /gm)).toHaveLength(rows.length);
  const count = (wanted: string) => rows.filter(({ verdict }) => verdict === wanted).length;
  expect(page).toContain(
    `Of the ${rows.length} rows ${count("true")} are true, ${count("corrected")} corrected and ${count("not supported")} not supported.`,
  );
});

test("cells, exercises, claims and tests that rows name exist, and rows name nothing else", async () => {
  const claims = new Set([...(await allClaims()), ...promises].map(({ id }) => id));
  const missing: string[] = [];
  for (const { number, shownBy } of rows) {
    const exists = (found: boolean, what: string) => void (found || missing.push(`row ${number}: ${what}`));
    const rest = shownBy
      .replace(cellLink, "$2 `$1`")
      .replace(/test `([^`]+)`: `([^`]+)`/g, (_, file: string, name: string) => {
        const text = fs.existsSync(`test/${file}.test.ts`) ? fs.readFileSync(`test/${file}.test.ts`, "utf8") : "";
        exists(text.includes(`"${name}"`), `test ${file} "${name}"`);
        return "";
      })
      .replace(/claims? ((?:`[^`]+`(?:, )?)+)/g, (_, list: string) => {
        for (const id of ids(list)) exists(claims.has(id), `claim ${id}`);
        return "";
      })
      .replace(/exercise (\d)\.(\d)/g, (what: string, notebook: string, exercise: string) => {
        exists(cells.get(`0${notebook}`)?.has(`exercise-${exercise}`) ?? false, what);
        return "";
      })
      .replace(/(\d\d) ((?:\1 `[^`]+`(?:, )?)+)/g, (_, notebook: string, list: string) => {
        for (const id of ids(list)) exists(cells.get(notebook)?.has(id) ?? false, `${notebook} ${id}`);
        return "";
      });
    exists(/^[;, ]*$/.test(rest), `cannot read "${rest}"`);
  }
  expect(missing).toEqual([]);
});
