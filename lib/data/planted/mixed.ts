/**
 * Mixed world: pairs and triples both count.
 *
 *   s = intercept + Σ_f<g ⟨v[id_f], v[id_g]⟩ + Σ_f<g<h Σ_d u[id_f]_d u[id_g]_d u[id_h]_d
 *
 * u, v ~ N(0, 1)^k, centred in each field, then scaled.
 * Learns the pairs: FM. Learns both: DeepFM, DCN from two cross layers up, and in time a DNN.
 */
import { createRandom } from "../../random";
import { Impressions } from "../impressions";
import { addPairs, addTriples, centredTable, drawFields, fieldDefaults, multiply, type FieldOptions } from "./fields";
import { checkShare, checkWhole, drawClicks, type PlantedWorld } from "./world";

export interface MixedOptions extends FieldOptions {
  /** k, the length of each planted vector. */
  embeddingDim?: number;
  /** Share of the signal's variance that triples explain; the pairs explain the rest. */
  thirdShare?: number;
}

export interface MixedWorld extends PlantedWorld {
  /** v: [tableRows x embeddingDim]. */
  readonly factors: Float32Array;
  /** u: [tableRows x embeddingDim]. */
  readonly triples: Float32Array;
}

export function mixedWorld(options: MixedOptions = {}): MixedWorld {
  const all = fieldDefaults(options, { fieldSizes: [10, 10, 10], embeddingDim: 2, thirdShare: 0.5 }, 3);
  const { embeddingDim, thirdShare, fieldSizes: { length: fields } } = all;
  checkWhole("embeddingDim", embeddingDim, 1);
  checkShare("thirdShare", thirdShare);
  const random = createRandom(all.seed);
  const { features, columns, ids } = drawFields(all, random.child("ids"));
  const factors = centredTable(all, embeddingDim, random.child("factors"));
  const triples = centredTable(all, embeddingDim, random.child("triples"));
  // The sums have a variance of about embeddingDim per pair or triple of fields.
  const pairsOfFields = (fields * (fields - 1)) / 2;
  const triplesOfFields = (pairsOfFields * (fields - 2)) / 3;
  multiply(factors, ((1 - thirdShare) / (embeddingDim * pairsOfFields)) ** (1 / 4));
  multiply(triples, (thirdShare / (embeddingDim * triplesOfFields)) ** (1 / 6));
  const signal = new Float64Array(all.rows);
  addPairs(signal, ids, factors, embeddingDim);
  addTriples(signal, ids, triples, embeddingDim);
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  multiply(factors, Math.sqrt(scale));
  multiply(triples, Math.cbrt(scale));
  return { impressions: new Impressions({ features, columns, labels }), bayesLogits, intercept, factors, triples };
}
