/**
 * Long-tail world: a few fields that can be learned, and items of which most are shown once or twice.
 * Every item has an effect of its own, but two clicks are no evidence of it: a model that goes over the
 * same impressions a second time learns by heart which rare item was clicked, and gets worse.
 *
 *   s = intercept + Σ_f<g ⟨v[id_f], v[id_g]⟩ + w[item]
 *
 * v ~ N(0, 1)^k, centred in each field, w ~ N(0, 1), then scaled. Item r is drawn with a probability
 * proportional to 1 / r^skew. The Bayes scores know w; no model can, from so few clicks.
 */
import { createRandom } from "../../random";
import { Impressions, sparseFeature } from "../impressions";
import { weightedSampler } from "../sampling";
import { addPairs, centredTable, drawFields, fieldDefaults, multiply, normalTable, zipf, type FieldOptions } from "./fields";
import { checkShare, checkWhole, drawClicks, type PlantedWorld } from "./world";

export interface LongTailOptions extends Omit<FieldOptions, "skew"> {
  items?: number;
  /** 0: all items alike; 1: Zipf's law; the larger, the more impressions go to the first few items. */
  skew?: number;
  /** Share of the signal's variance that the items explain. */
  itemShare?: number;
  /** k, the length of each planted factor vector. */
  embeddingDim?: number;
}

export interface LongTailWorld extends PlantedWorld {
  /** v of the fields: [tableRows x embeddingDim]. */
  readonly factors: Float32Array;
  /** w by item id: [items + 1]. */
  readonly itemEffects: Float32Array;
}

export function longTailWorld(options: LongTailOptions = {}): LongTailWorld {
  const own = { fieldSizes: [20, 20, 20], items: 20_000, skew: 0.8, itemShare: 0.1, embeddingDim: 4 };
  const all = fieldDefaults(options, own, 2);
  checkWhole("items", all.items, 2);
  checkWhole("embeddingDim", all.embeddingDim, 1);
  checkShare("itemShare", all.itemShare);
  const random = createRandom(all.seed);
  const uniform = { ...all, skew: 0 };
  const { features, columns, ids } = drawFields(uniform, random.child("ids"));
  const factors = centredTable(uniform, all.embeddingDim, random.child("factors"));
  const itemEffects = normalTable(all.items + 1, 1, random.child("items"));
  const fields = features.length;
  multiply(factors, ((1 - all.itemShare) / (all.embeddingDim * fields * (fields - 1) * 0.5)) ** 0.25);
  multiply(itemEffects, Math.sqrt(all.itemShare));
  const draw = weightedSampler(zipf(all.items, all.skew), random.child("shown items"));
  const item = Int32Array.from({ length: all.rows }, () => draw() + 1);
  const signal = Float64Array.from(item, (id) => itemEffects[id]);
  addPairs(signal, ids, factors, all.embeddingDim);
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  multiply(factors, Math.sqrt(scale));
  multiply(itemEffects, scale);
  const impressions = new Impressions({
    features: [...features, sparseFeature("item", all.items + 1)],
    columns: { ...columns, item },
    labels,
  });
  return { impressions, bayesLogits, intercept, factors, itemEffects };
}
