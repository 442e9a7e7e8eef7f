/**
 * Second-order world: what counts is which ids meet. Every id has a hidden factor vector, and two ids
 * that meet add their inner product.
 *
 *   s = intercept + Σ_f w[id_f] + Σ_f<g ⟨v[id_f], v[id_g]⟩
 *
 * w ~ N(0, 1) and v ~ N(0, 1)^k, then scaled. The v of each field are centred, so that on average an id's
 * pairs add nothing to the logit: logistic regression learns w and a trace more, as the sigmoid bends.
 * Learns it: FM with the same k, and POLY2 where it has seen each pair often enough.
 *
 * heldOutPairs: pairs of ids that training never shows, to see who has an opinion about them.
 */
import { checkShare, checkWhole } from "../../checks";
import { createRandom, type Random } from "../../random";
import { Impressions, type SparseFeature } from "../impressions";
import type { DrawnFields, FieldOptions } from "./fields";
import {
  addPairs,
  addWeights,
  centredTable,
  drawFields,
  fieldDefaults,
  multiply,
  normalTable,
  pairScale,
} from "./fields";
import { drawClicks, type Filled, type PlantedWorld } from "./world";

export interface SecondOrderOptions extends FieldOptions {
  /** k, the length of each planted factor vector. */
  embeddingDim?: number | undefined;
  /**
   * About the share of the signal's variance that single ids explain; the pairs explain the rest. It varies, as weights
   * and vectors are drawn: in 60 worlds of the default fields it was from 0.18 to 0.34 for 0.25.
   */
  linearShare?: number | undefined;
  /** Share of the pairs of ids from different fields that parts.train and parts.test never show. */
  heldOutPairs?: number | undefined;
}

export interface SecondOrderWorld extends PlantedWorld<SparseFeature> {
  /** w: [tableRows]. */
  readonly linear: Float32Array;
  /** v: [tableRows x embeddingDim]. */
  readonly factors: Float32Array;
  /** [tableRows x tableRows], 1 if the two ids are a held-out pair; empty if none is held out. */
  readonly heldOut: Uint8Array;
  /** How many held-out pairs each impression shows: [rows]. */
  readonly unseenPairs: Uint32Array;
  /** Impressions without a held-out pair, 4 to 1 for train and test, and those with one or more. */
  readonly parts: { readonly train: Int32Array; readonly test: Int32Array; readonly unseen: Int32Array };
}

/** A world in which what counts is which ids meet in pairs: FM learns it. It can hold pairs out of training. */
export function secondOrderWorld(options: SecondOrderOptions = {}): SecondOrderWorld {
  const own = { skew: 0, embeddingDim: 4, linearShare: 0.25, heldOutPairs: 0 };
  const all = fieldDefaults("secondOrderWorld", options, own, 2);
  checkWhole("embeddingDim", all.embeddingDim);
  checkShare("linearShare", all.linearShare);
  checkShare("heldOutPairs", all.heldOutPairs);
  const ids = all.fieldSizes.reduce((sum, size) => sum + size, 0);
  if (all.heldOutPairs > 0 && ids > 10_000)
    throw new RangeError(`fieldSizes has ${ids} ids in all, expected at most 10000 to hold out pairs`);
  const random = createRandom(all.seed);
  const drawn = drawFields(all, random.child("ids"));
  const linear = normalTable(drawn.tableRows, 1, random.child("linear"));
  const factors = centredTable(all, all.embeddingDim, random.child("factors"));
  const fields = all.fieldSizes.length;
  multiply(linear, Math.sqrt(all.linearShare / fields)); // Σ w has a variance of about 1 per field
  multiply(factors, pairScale(1 - all.linearShare, fields, all.embeddingDim));
  const signal = new Float64Array(all.rows);
  addWeights(signal, drawn.ids, linear);
  addPairs(signal, drawn.ids, factors, all.embeddingDim);
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  multiply(linear, scale);
  multiply(factors, Math.sqrt(scale));
  const impressions = new Impressions({ features: drawn.features, columns: drawn.columns, labels });
  return { impressions, bayesLogits, intercept, linear, factors, ...holdOut(drawn, all, random.child("pairs")) };
}

/** Draws the held-out pairs and parts the impressions by whether they show one. */
function holdOut({ ids, tableRows }: DrawnFields, options: Filled<SecondOrderOptions>, random: Random) {
  const { rows, fieldSizes, heldOutPairs } = options;
  const fieldOf = fieldSizes.flatMap((size, f) => Array<number>(f === 0 ? size + 1 : size).fill(f));
  const heldOut = new Uint8Array(heldOutPairs > 0 ? tableRows * tableRows : 0);
  const unseenPairs = new Uint32Array(rows);
  if (heldOutPairs > 0) {
    for (let i = 1; i < tableRows; i++) {
      for (let j = 1; fieldOf[j] < fieldOf[i]; j++) {
        if (random.uniform() < heldOutPairs) heldOut[i * tableRows + j] = heldOut[j * tableRows + i] = 1;
      }
    }
    const fields = fieldSizes.length;
    for (let row = 0; row < rows; row++) {
      for (let i = row * fields; i < (row + 1) * fields; i++) {
        for (let j = row * fields; j < i; j++) unseenPairs[row] += heldOut[ids[i] * tableRows + ids[j]];
      }
    }
  }
  const all = Int32Array.from(unseenPairs, (_, row) => row);
  const seen = all.filter((row) => unseenPairs[row] === 0);
  const cut = Math.floor(seen.length * 0.8);
  const parts = { train: seen.slice(0, cut), test: seen.slice(cut), unseen: all.filter((row) => unseenPairs[row] > 0) };
  return { heldOut, unseenPairs, parts };
}
