/**
 * Additive world: every id pulls the click up or down by itself, whatever it is shown with.
 *
 *   s = intercept + Σ_f w[id_f]
 *
 * id_f: the impression's id in field f. w ~ N(0, 1), then scaled to the wanted strength.
 * Learns it: logistic regression, and every model that contains it.
 */
import { createRandom } from "../../random";
import { Impressions, type SparseFeature } from "../impressions";
import { addWeights, drawFields, fieldDefaults, multiply, normalTable, type FieldOptions } from "./fields";
import { drawClicks, type PlantedWorld } from "./world";

export interface AdditiveWorld extends PlantedWorld<SparseFeature> {
  /** w: [tableRows]. */
  readonly linear: Float32Array;
}

/** A world in which every id pulls the click up or down by itself: logistic regression learns it. */
export function additiveWorld(options: FieldOptions = {}): AdditiveWorld {
  const all = fieldDefaults("additiveWorld", options, { skew: 0 });
  const random = createRandom(all.seed);
  const { features, columns, ids, tableRows } = drawFields(all, random.child("ids"));
  const linear = normalTable(tableRows, 1, random.child("linear"));
  const signal = new Float64Array(all.rows);
  addWeights(signal, ids, linear);
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  multiply(linear, scale);
  return { impressions: new Impressions({ features, columns, labels }), bayesLogits, intercept, linear };
}
