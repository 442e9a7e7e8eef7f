/**
 * Additive world: every id pulls the click up or down by itself, whatever it is shown with.
 *
 *   s = intercept + Σ_f w[id_f]
 *
 * w[i] ~ N(0, 1) before scaling; id_f: the impression's id in field f.
 * Logistic regression learns it, and every other model of the course contains logistic regression.
 */
import { createRandom } from "../../random";
import { Impressions } from "../impressions";
import { drawClicks, drawFields, fieldOptions, multiply, normalTable, type FieldOptions, type PlantedWorld } from "./world";

export interface AdditiveWorld extends PlantedWorld {
  /** w, in the layout of lib/layers/fields.ts: [tableRows]. */
  readonly linear: Float32Array;
}

export function additiveWorld(options: FieldOptions = {}): AdditiveWorld {
  const all = fieldOptions(options);
  const random = createRandom(all.seed);
  const { features, columns, ids, tableRows } = drawFields(all, random.child("ids"));
  const linear = normalTable(tableRows, 1, random.child("linear"));
  const clicks = drawClicks(sumOfWeights(ids, all.rows, linear), all, random.child("clicks"));
  multiply(linear, clicks.scale);
  const impressions = new Impressions({ features, columns, labels: clicks.labels });
  return { impressions, bayesLogits: clicks.bayesLogits, intercept: clicks.intercept, linear };
}

/** Σ_f w[id_f] of each impression. */
export function sumOfWeights(ids: Int32Array, rows: number, linear: Float32Array): Float64Array {
  const fields = ids.length / rows;
  const signal = new Float64Array(rows);
  for (let i = 0; i < ids.length; i++) signal[Math.floor(i / fields)] += linear[ids[i]];
  return signal;
}
