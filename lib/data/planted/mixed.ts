/**
 * Mixed world: what counts is which ids meet in pairs, as in the second-order world, and what three of them
 * make together, as in the third-order world.
 *
 *   s = intercept + Σ_f<g ⟨v[id_f], v[id_g]⟩ + c · a[id_1] · a[id_2] · a[id_3],  a ±1
 *
 * v ~ N(0, 1)^k, centred in each field, then scaled.
 * Learns the pairs: FM. Learns both: DeepFM, DCN from two cross layers up, and a DNN.
 */
import { checkShare, checkWhole } from "../../checks";
import { createRandom } from "../../random";
import { Impressions, type SparseFeature } from "../impressions";
import {
  addPairs,
  centredTable,
  drawFields,
  fieldDefaults,
  multiply,
  pairScale,
  productsOfKinds,
  type FieldOptions,
} from "./fields";
import { drawClicks, type PlantedWorld } from "./world";

/** Fields of even size, at least three; ids are uniform, so that both kinds are equally likely. */
export interface MixedOptions extends Omit<FieldOptions, "skew"> {
  /** k, the length of each planted factor vector. */
  embeddingDim?: number | undefined;
  /**
   * About the share of the signal's variance that the three together explain; the pairs explain the rest. It varies, as
   * the pairs' vectors are drawn: in 60 worlds of the default fields it was from 0.41 to 0.65 for 0.5.
   */
  thirdShare?: number | undefined;
}

export interface MixedWorld extends PlantedWorld<SparseFeature> {
  /** v: [tableRows x embeddingDim]. */
  readonly factors: Float32Array;
  /** c. The kind a of an id: 1 if odd, −1 if even. */
  readonly thirdWeight: number;
}

/** A world in which both pairs of ids and a product of three count: DeepFM learns it. */
export function mixedWorld(options: MixedOptions = {}): MixedWorld {
  const own = { fieldSizes: [10, 10, 10, 10, 10], embeddingDim: 4, thirdShare: 0.5 };
  const all = fieldDefaults("mixedWorld", options, own, 3);
  checkWhole("embeddingDim", all.embeddingDim);
  checkShare("thirdShare", all.thirdShare);
  const random = createRandom(all.seed);
  const shape = { ...all, skew: 0 };
  const drawn = drawFields(shape, random.child("ids"));
  const factors = centredTable(shape, all.embeddingDim, random.child("factors"));
  multiply(factors, pairScale(1 - all.thirdShare, all.fieldSizes.length, all.embeddingDim));
  const c = Math.sqrt(all.thirdShare);
  const signal = productsOfKinds(drawn).map((product) => c * product);
  addPairs(signal, drawn.ids, factors, all.embeddingDim);
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  multiply(factors, Math.sqrt(scale));
  const impressions = new Impressions({ features: drawn.features, columns: drawn.columns, labels });
  return { impressions, bayesLogits, intercept, factors, thirdWeight: scale * c };
}
