/**
 * Third-order world: every id is of one of two kinds, and what counts is the product of three kinds. Any
 * two of them say nothing: the third decides, and both of its kinds are equally likely.
 *
 *   s = intercept + scale · a[id_1] · a[id_2] · a[id_3],  a ±1
 *
 * id_f: the impression's id in field f; fields after the third have no effect.
 * Learns it: networks that bend (DNN, DeepFM) and DCN from two cross layers up. LR, POLY2, FM and FFM
 * add up what single ids and pairs say. No such sum has a lower log loss than a constant, so trained on log
 * loss they end near AUC 0.5. That does not bound their AUC: FM with v = a, w = −a / 2 is above 0.5.
 */
import { createRandom } from "../../random";
import { Impressions, type SparseFeature } from "../impressions";
import { drawFields, fieldDefaults, productsOfKinds, type FieldOptions } from "./fields";
import { drawClicks, type PlantedWorld } from "./world";

/**
 * Fields of even size, at least three; ids are uniform, so that both kinds are equally likely: otherwise pairs would
 * tell part of the answer.
 */
export type ThirdOrderOptions = Omit<FieldOptions, "skew">;

export interface ThirdOrderWorld extends PlantedWorld<SparseFeature> {
  /** Half the distance between the logits of the two products. The kind of an id: 1 if odd, −1 if even. */
  readonly scale: number;
}

/** A world in which a product of three kinds decides and no pair says anything: networks learn it. */
export function thirdOrderWorld(options: ThirdOrderOptions = {}): ThirdOrderWorld {
  const all = fieldDefaults("thirdOrderWorld", options, { fieldSizes: [10, 10, 10] }, 3);
  const random = createRandom(all.seed);
  const drawn = drawFields({ ...all, skew: 0 }, random.child("ids"));
  const { labels, bayesLogits, scale, intercept } = drawClicks(productsOfKinds(drawn), all, random.child("clicks"));
  const impressions = new Impressions({ features: drawn.features, columns: drawn.columns, labels });
  return { impressions, bayesLogits, intercept, scale };
}
