/**
 * Holds all claims and promises against material/claims.json: `npm run claims`. What other code than the present has
 * made is measured anew, and a quarter of the rest once more; what has come out is written there and to the page beside
 * it. To measure all, delete the file before. Too slow for `npm test`, where lint.test.ts and page.test.ts check what
 * needs no training.
 */
import { afterAll, expect, it } from "vitest";
import { useEngine } from "../../lib/engine";
import { meanInterval } from "../../lib/train/statistics";
import { fillTables } from "../bench/report";
import { allRows } from "./all";
import { holds } from "./claim";
import { answerBy, measured } from "./measure";
import { claimTables, type Outcome, page } from "./page";
import { Measurements, rounded } from "./record";

await useEngine("wasm");
const record = new Measurements();
let repeated = 0;
let made = 0;

answerBy(async (job) => {
  const before = record.isCurrent(job) ? record.find(job) : undefined;
  if (before !== undefined && !record.isRepeated(job)) return before;
  const result = rounded(await measured(job));
  if (before !== undefined) {
    repeated++;
    const says = `${job.call}(${JSON.stringify(job.args).slice(1, -1)}) is recorded otherwise, by the same code`;
    expect(result, `${says}. To record what this machine computes, delete material/claims.json`).toEqual(before);
    return before;
  }
  made++;
  record.keep(job, result);
  record.write(); // each time: what an interrupted run has measured is not lost
  return result;
});

const rows = await allRows();
const outcomes = new Map<(typeof rows)[number], Outcome>();

for (const row of rows) {
  const { id, claim, effect, expected, seeds, measure } = row;
  it.concurrent(`${id}: ${claim}`, async () => {
    const effects = await measure();
    expect(effects).toHaveLength(seeds.length);
    const interval = meanInterval(effects);
    const [m, l, h] = [interval.mean, interval.low, interval.high].map((value) => value.toFixed(4));
    const says = `${effect}: ${m} (95 % interval ${l} to ${h}), expected ${JSON.stringify(expected)}`;
    console.log(`${id}: ${says}`); // by name, as two are measured at once
    expect(holds(interval, expected), `${says}; by seed ${effects.map((value) => value.toFixed(4)).join(", ")}`).toBe(
      true,
    );
    outcomes.set(row, { row, effects });
  });
}

afterAll(() => {
  const all = rows.flatMap((row) => outcomes.get(row) ?? []);
  if (all.length === rows.length) {
    record.forgetUnused();
    fillTables(page, claimTables(all));
  }
  record.write();
  console.log(`${made} trainings measured, ${repeated} measured again`);
});
