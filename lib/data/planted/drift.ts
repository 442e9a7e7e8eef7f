/**
 * Drifting world: what attracts clicks changes with time, so the past tells less about the future than a
 * random split of the same impressions suggests.
 *
 *   s(t) = intercept + Σ_f w(t)[id_f],  w(t) = w₀ cos(drift · t) + w₁ sin(drift · t),  t from 0 to 1
 *
 * w₀, w₁ ~ N(0, 1), then scaled. Impressions are in the order of time. drift = 0: no change; at
 * drift = π/2 nothing of w₀ is left at the end.
 * Learns it: logistic regression, for as long as what it learned holds.
 */
import { checkNotNegative, checkWhole } from "../../checks";
import { createRandom } from "../../random";
import { Impressions } from "../impressions";
import { drawFields, fieldDefaults, multiply, normalTable, type FieldOptions } from "./fields";
import { drawClicks, type PlantedWorld } from "./world";

export interface DriftOptions extends FieldOptions {
  /** Angle in radians that the weights turn from the first to the last impression. */
  drift?: number | undefined;
  /** Over how many days the impressions are spread. */
  days?: number | undefined;
}

export interface DriftWorld extends PlantedWorld {
  /** w₀: [tableRows]. */
  readonly first: Float32Array;
  /** w₁: [tableRows]. */
  readonly second: Float32Array;
}

/** A world in which what attracts clicks changes with time, to see how a random split flatters. */
export function driftWorld(options: DriftOptions = {}): DriftWorld {
  const all = fieldDefaults("driftWorld", options, { skew: 0, drift: Math.PI / 2, days: 30 });
  checkWhole("days", all.days);
  checkNotNegative("drift", all.drift);
  const random = createRandom(all.seed);
  const { features, columns, ids, tableRows } = drawFields(all, random.child("ids"));
  const first = normalTable(tableRows, 1, random.child("first"));
  const second = normalTable(tableRows, 1, random.child("second"));
  const clock = random.child("times");
  const t = Float64Array.from({ length: all.rows }, () => clock.uniform()).sort();
  const fields = features.length;
  const signal = t.map((at, row) => {
    let sum = 0;
    for (let i = row * fields; i < (row + 1) * fields; i++) {
      sum += Math.cos(all.drift * at) * first[ids[i]] + Math.sin(all.drift * at) * second[ids[i]];
    }
    return sum;
  });
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  multiply(first, scale);
  multiply(second, scale);
  const times = t.map((at) => Math.floor(at * all.days * 86_400));
  return { impressions: new Impressions({ features, columns, labels, times }), bayesLogits, intercept, first, second };
}
