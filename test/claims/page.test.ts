/**
 * What material/claims.json holds bears out the claims, and is what material/claims.md says. After a change of the
 * claims' texts alone: npm run unit -- test/claims/page.test.ts --update
 */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { afterAll, expect, test } from "vitest";
import { meanInterval } from "../../lib/train/statistics";
import { filled } from "../bench/report";
import { allRows } from "./all";
import { type Expected, holds, type Measured } from "./claim";
import { answerBy, measured } from "./measure";
import { claimTables, type Outcome, page } from "./page";
import { Measurements } from "./record";

afterAll(() => answerBy(measured));

test("each claim holds by what is on record, and the page says so", async () => {
  const record = new Measurements();
  answerBy(async (job) => {
    const result = record.find(job);
    if (result === undefined)
      throw new Error(`material/claims.json has no ${job.call} ${JSON.stringify(job.args)}. Run: npm run claims`);
    return result;
  });
  const outcomes: Outcome[] = [];
  for (const row of await allRows()) {
    const effects = await row.measure();
    const interval = meanInterval(effects);
    const message = `${row.id}: ${row.claim}: ${JSON.stringify(interval)}, expected ${JSON.stringify(row.expected)}`;
    expect(holds(interval, row.expected), message).toBe(true);
    outcomes.push({ row, effects });
  }
  const tables = claimTables(outcomes);
  const marks = [...readFileSync(page, "utf8").matchAll(/<!-- end of (.*) -->/g)].map(([, name]) => name);
  expect(marks.sort(), `tables of ${page}`).toEqual(Object.keys(tables).sort());
  await expect(filled(page, tables)).toMatchFileSnapshot(path.resolve(page));
});

test("a row has the name, the claim, the effect, the mean with its interval, the bound, the world and the seeds", () => {
  const row = (expected: Expected, seeds: number[], effects: number[]) => {
    const claim: Measured = {
      ...{ id: "id", claim: "A claim", world: "a world", models: [], effect: "an effect", expected, seeds },
      measure: async () => effects,
    };
    return claimTables([{ row: claim, effects }]).promises.rows[0];
  };
  // Two degrees of freedom: t = 4.3027; the mean of 1, 2, 3 is 2, its standard error 1 / √3.
  expect(row({ atLeast: -1 }, [8, 6, 7], [1, 2, 3])).toEqual([
    "`id`",
    "A claim",
    "an effect",
    "2.0000 (−0.4841 to 4.4841)",
    "be ≥ −1",
    "a world; 6–8",
  ]);
  expect(row({ atMost: 0.5 }, [1, 3, 4, 9], [0.25, 0.25, 0.25, 0.25]).slice(3)).toEqual(["0.2500", "be ≤ 0.5", "a world; 1, 3–4, 9"]);
  expect(row({ from: -0.1, to: 2 / 3 }, [1, 2], [-0.00001, -0.00001]).slice(3)).toEqual(["0.0000", "lie between −0.1 and 0.6667", "a world; 1–2"]);
  expect(row({ within: 0 }, [1, 2], [0, 1])[4]).toBe("be 0");
  expect(row({ within: 0.02 }, [1, 2], [0, 1])[4]).toBe("lie within ±0.02");
  expect(row({ notDistinguishable: true }, [1, 2], [0, 1])[4]).toBe("contain 0");
});

test("a claim of a notebook leads to its cell", () => {
  const row = {
    ...{ id: "id", claim: "A claim", world: "a world", models: [], effect: "an effect", seeds: [1, 2, 3] },
    ...{ expected: { atLeast: 0 }, measure: async () => [], notebook: "05-din", cell: "din-notice" },
  };
  const tables = claimTables([{ row, effects: [1, 2, 3] }]);
  expect(tables["05-din"].caption).toBe("Claims of notebook 05");
  expect(tables["05-din"].rows[0].slice(0, 2)).toEqual([
    "[`id`](../notebooks/05-din.ipynb#cell-id=din-notice)",
    "A claim",
  ]);
});
