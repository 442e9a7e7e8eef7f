/**
 * Third-order world: what counts is which three ids meet; any two of them say nothing.
 *
 *   s = intercept + Σ_f<g<h Σ_d u[id_f]_d u[id_g]_d u[id_h]_d
 *
 * u ~ N(0, 1)^k, centred in each field, then scaled.
 * Learns it: networks that bend (DNN, DeepFM) and DCN from two cross layers up. LR, POLY2, FM and FFM
 * stay at AUC 0.5: they add up single ids and pairs.
 */
import { createRandom } from "../../random";
import { Impressions } from "../impressions";
import { addTriples, centredTable, drawFields, fieldDefaults, multiply, type FieldOptions } from "./fields";
import { checkWhole, drawClicks, type PlantedWorld } from "./world";

export interface ThirdOrderOptions extends FieldOptions {
  /** k, the length of each planted vector. */
  embeddingDim?: number;
}

export interface ThirdOrderWorld extends PlantedWorld {
  /** u: [tableRows x embeddingDim]. */
  readonly triples: Float32Array;
}

export function thirdOrderWorld(options: ThirdOrderOptions = {}): ThirdOrderWorld {
  const all = fieldDefaults(options, { fieldSizes: [10, 10, 10], embeddingDim: 2 }, 3);
  checkWhole("embeddingDim", all.embeddingDim, 1);
  const random = createRandom(all.seed);
  const { features, columns, ids } = drawFields(all, random.child("ids"));
  const triples = centredTable(all, all.embeddingDim, random.child("triples"));
  const signal = new Float64Array(all.rows);
  addTriples(signal, ids, triples, all.embeddingDim);
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  multiply(triples, Math.cbrt(scale));
  return { impressions: new Impressions({ features, columns, labels }), bayesLogits, intercept, triples };
}
