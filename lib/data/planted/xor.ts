/**
 * XOR world: a brand and a site, each of one of two kinds. What counts is whether the kinds agree, and
 * neither the brand nor the site alone says anything.
 *
 *   s = intercept + scale · a[brand] · b[site],  a and b ±1, each for half of the ids
 *
 * Learns it: anything with pairs; FM needs no more than k = 1. Logistic regression, trained on log loss, ends
 * near AUC 0.5: no sum has a lower log loss than a constant. With 2 × 2 ids any sum has AUC 0.5, up to the
 * luck of the draw; with more ids some sums, which training does not find, have a little more.
 */
import { checkWhole } from "../../checks";
import { createRandom } from "../../random";
import { Impressions, sparseFeature, type SparseFeature } from "../impressions";
import { kindsOf } from "./fields";
import { drawClicks, withDefaults, type PlantedWorld, type WorldOptions } from "./world";

export interface XorOptions extends WorldOptions {
  /** Even numbers, so that half of the brands and half of the sites are of each kind. */
  brands?: number | undefined;
  sites?: number | undefined;
}

export interface XorWorld extends PlantedWorld<SparseFeature> {
  /** a: the kind of each brand, 1 or −1, by id: [brands + 1]. */
  readonly brandKinds: Int32Array;
  /** b: the kind of each site: [sites + 1]. */
  readonly siteKinds: Int32Array;
  readonly scale: number;
}

/** A world in which what counts is whether the kinds of brand and site agree: one pair, the smallest there is. */
export function xorWorld(options: XorOptions = {}): XorWorld {
  const all = withDefaults("xorWorld", options, { brands: 10, sites: 10 });
  checkWhole("brands", all.brands, 2);
  checkWhole("sites", all.sites, 2);
  const random = createRandom(all.seed);
  const brandKinds = kindsOf("brands", all.brands);
  const siteKinds = kindsOf("sites", all.sites);
  const brand = new Int32Array(all.rows);
  const site = new Int32Array(all.rows);
  const signal = new Float64Array(all.rows);
  const ids = random.child("ids");
  for (let row = 0; row < all.rows; row++) {
    brand[row] = 1 + ids.integer(all.brands);
    site[row] = 1 + ids.integer(all.sites);
    signal[row] = brandKinds[brand[row]] * siteKinds[site[row]];
  }
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  const features = [sparseFeature("brand", all.brands + 1), sparseFeature("site", all.sites + 1)];
  const impressions = new Impressions({ features, columns: { brand, site }, labels });
  return { impressions, bayesLogits, intercept, scale, brandKinds, siteKinds };
}
