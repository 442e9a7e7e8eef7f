/**
 * Field-aware world: how an id gets on with the ids of one field says nothing about how it gets on with
 * those of another. Every id has one factor vector for each other field.
 *
 *   s = intercept + Σ_f<g ⟨v[id_f, g], v[id_g, f]⟩                     the form of Juan et al. (2016), eq. 4
 *
 * v ~ N(0, 1)^k, centred in each field, then scaled; no weights of single ids.
 * Learns it: FFM with the same k. FM with the same k has one vector to please all fields and cannot; with
 * k numbers for each pair of fields it could. Logistic regression stays near AUC 0.5.
 */
import { checkWhole } from "../../checks";
import { createRandom } from "../../random";
import { Impressions, type SparseFeature } from "../impressions";
import { centredTable, drawFields, fieldDefaults, multiply, type FieldOptions } from "./fields";
import { drawClicks, type PlantedWorld } from "./world";

export interface FieldAwareOptions extends FieldOptions {
  /** k, the length of each planted factor vector. */
  embeddingDim?: number | undefined;
}

export interface FieldAwareWorld extends PlantedWorld<SparseFeature> {
  /** v[i, g] at (i · fields + g) · embeddingDim: [tableRows x fields x embeddingDim]. */
  readonly factors: Float32Array;
}

/** A world of pairs in which an id has a different vector for each field it meets: FFM learns it. */
export function fieldAwareWorld(options: FieldAwareOptions = {}): FieldAwareWorld {
  const all = fieldDefaults("fieldAwareWorld", options, { skew: 0, embeddingDim: 2 }, 2);
  checkWhole("embeddingDim", all.embeddingDim);
  const random = createRandom(all.seed);
  const { features, columns, ids } = drawFields(all, random.child("ids"));
  const fields = features.length;
  const factors = centredTable(all, fields * all.embeddingDim, random.child("factors"));
  const signal = new Float64Array(all.rows);
  for (let row = 0; row < all.rows; row++) {
    for (let g = 0; g < fields; g++) {
      for (let f = 0; f < g; f++) {
        const a = (ids[row * fields + f] * fields + g) * all.embeddingDim;
        const b = (ids[row * fields + g] * fields + f) * all.embeddingDim;
        for (let d = 0; d < all.embeddingDim; d++) signal[row] += factors[a + d] * factors[b + d];
      }
    }
  }
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  multiply(factors, Math.sqrt(scale));
  return { impressions: new Impressions({ features, columns, labels }), bayesLogits, intercept, factors };
}
