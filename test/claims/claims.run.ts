/**
 * Measures all claims and promises: `npm run claims`. Too slow for `npm test`, where lint.test.ts checks that each
 * claim has its row.
 */
import { expect, it } from "vitest";
import { useEngine } from "../../lib/engine";
import { meanInterval } from "../../lib/train/statistics";
import { allClaims } from "./all";
import { holds, type Measured } from "./claim";
import { promises } from "./promises";
import { learned } from "./worlds";

await useEngine("wasm");
const rows: Measured[] = [...promises, ...learned, ...(await allClaims())];

for (const { id, claim, effect, expected, seeds, measure } of rows) {
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
  });
}
