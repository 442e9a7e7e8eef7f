/**
 * Long-tail world: a few fields that can be learned, and items of which most are shown only a few times, if at all.
 * Every item has an effect of its own, but two clicks are no evidence of it: a model that goes over the
 * same impressions again learns by heart which rare item was clicked, and gets worse. With a fast optimizer that
 * begins in the second epoch, with a slower one or larger batches later.
 *
 *   s = intercept + Σ_f w[id_f] + e[item]
 *
 * e, w ~ N(0, 1), then scaled. Item r is drawn with a probability proportional to 1 / r^skew.
 * The Bayes scores know e; no model can, from so few clicks.
 */
import { checkShare, checkWhole } from "../../checks";
import { createRandom } from "../../random";
import { Impressions, sparseFeature } from "../impressions";
import { weightedSampler } from "../sampling";
import { addWeights, drawFields, fieldDefaults, multiply, normalTable, zipf, type FieldOptions } from "./fields";
import { drawClicks, type PlantedWorld } from "./world";

export interface LongTailOptions extends Omit<FieldOptions, "skew"> {
  items?: number | undefined;
  /** 0: all items alike; 1: Zipf's law; the larger, the more impressions go to the first few items. */
  skew?: number | undefined;
  /**
   * About the share of the signal's variance that the items explain. It varies, as the fields' weights are drawn: in 60
   * worlds of the default fields it was from 0.15 to 0.27 for 0.2.
   */
  itemShare?: number | undefined;
}

export interface LongTailWorld extends PlantedWorld {
  /** w of the fields: [tableRows]. */
  readonly linear: Float32Array;
  /** e by item id: [items + 1]. */
  readonly itemEffects: Float32Array;
}

/** A world of many items that are shown a few times each, to see a model learn clicks by heart. */
export function longTailWorld(options: LongTailOptions = {}): LongTailWorld {
  const own = { strength: 1, items: 50_000, skew: 0.8, itemShare: 0.2 };
  const all = fieldDefaults("longTailWorld", options, own);
  checkWhole("items", all.items, 2);
  checkShare("itemShare", all.itemShare);
  const random = createRandom(all.seed);
  const { features, columns, ids, tableRows } = drawFields({ ...all, skew: 0 }, random.child("ids"));
  const linear = normalTable(tableRows, 1, random.child("linear"));
  const itemEffects = normalTable(all.items + 1, 1, random.child("items"));
  multiply(linear, Math.sqrt((1 - all.itemShare) / features.length));
  multiply(itemEffects, Math.sqrt(all.itemShare));
  const draw = weightedSampler(zipf(all.items, all.skew), random.child("shown items"));
  const item = Int32Array.from({ length: all.rows }, () => draw() + 1);
  const signal = Float64Array.from(item, (id) => itemEffects[id]);
  addWeights(signal, ids, linear);
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  multiply(linear, scale);
  multiply(itemEffects, scale);
  const impressions = new Impressions({
    features: [...features, sparseFeature("item", all.items + 1)],
    columns: { ...columns, item },
    labels,
  });
  return { impressions, bayesLogits, intercept, linear, itemEffects };
}
