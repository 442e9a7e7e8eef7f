/**
 * Second-order world: what counts is which ids meet. Every id has a hidden factor vector, and two ids
 * that meet add their inner product, as in a factorization machine.
 *
 *   s = intercept + Σ_f w[id_f] + Σ_f<g ⟨v[id_f], v[id_g]⟩
 *
 * w ~ N(0, 1) and v ~ N(0, 1)^k before scaling, k = embeddingDim. The v of each field are centred, so that
 * no part of the pairs can be told from single ids: logistic regression learns w alone.
 * FM with the same k contains this world exactly. POLY2 contains it too, but has to see each pair.
 *
 * heldOutPairs plants pairs that are never shown in training: see SecondOrderWorld.
 */
import { createRandom, type Random } from "../../random";
import { Impressions } from "../impressions";
import { sumOfWeights } from "./additive";
import type { DrawnFields, FieldOptions, PlantedWorld } from "./world";
import { checkWhole, drawClicks, drawFields, fieldOptions, multiply, normalTable, zipf } from "./world";

export interface SecondOrderOptions extends FieldOptions {
  /** k, the length of each planted factor vector. */
  embeddingDim?: number;
  /** Share of the signal's variance that single ids explain; the pairs explain the rest. */
  linearShare?: number;
  /** Share of all pairs of ids from different fields that `parts.train` never shows. */
  heldOutPairs?: number;
}

export interface SecondOrderWorld extends PlantedWorld {
  /** w, in the layout of lib/layers/fields.ts: [tableRows]. */
  readonly linear: Float32Array;
  /** v, in the same layout: [tableRows x embeddingDim]. */
  readonly factors: Float32Array;
  /** 1 at i · tableRows + j and j · tableRows + i if the ids of table rows i and j are held out. */
  readonly heldOut: Uint8Array;
  /** Held-out pairs in each impression: [rows]. */
  readonly unseenPairs: Uint8Array;
  /** train and test: impressions without a held-out pair, 4 to 1; unseen: those with one or more. */
  readonly parts: { readonly train: Int32Array; readonly test: Int32Array; readonly unseen: Int32Array };
}

export function secondOrderWorld(options: SecondOrderOptions = {}): SecondOrderWorld {
  const all = fieldOptions({ embeddingDim: 4, linearShare: 0.25, heldOutPairs: 0, ...options });
  const { rows, fieldSizes, embeddingDim, linearShare, heldOutPairs } = all;
  checkWhole("embeddingDim", embeddingDim, 1);
  for (const [name, share] of Object.entries({ linearShare, heldOutPairs })) {
    if (!(share >= 0 && share < 1)) throw new RangeError(`${name} is ${share}, expected a share from 0 to below 1`);
  }
  const fields = fieldSizes.length;
  if (fields < 2) throw new RangeError(`fieldSizes has ${fields} field, expected at least 2 to have pairs`);
  const random = createRandom(all.seed);
  const drawn = drawFields(all, random.child("ids"));
  const linear = normalTable(drawn.tableRows, 1, random.child("linear"));
  const factors = normalTable(drawn.tableRows, embeddingDim, random.child("factors"));
  centreFields(factors, all);
  // The variance of Σ w is about fields; that of Σ ⟨v, v⟩ about embeddingDim per pair of fields.
  multiply(linear, Math.sqrt(linearShare / fields));
  multiply(factors, ((1 - linearShare) / (embeddingDim * fields * (fields - 1) * 0.5)) ** 0.25);
  const signal = sumOfWeights(drawn.ids, rows, linear);
  addSumOfPairs(signal, drawn.ids, factors, embeddingDim);
  const { labels, bayesLogits, scale, intercept } = drawClicks(signal, all, random.child("clicks"));
  multiply(linear, scale);
  multiply(factors, Math.sqrt(scale));
  const impressions = new Impressions({ features: drawn.features, columns: drawn.columns, labels });
  return { impressions, bayesLogits, intercept, linear, factors, ...holdOut(drawn, rows, heldOutPairs, random.child("held out")) };
}

/** Moves each field's vectors so that their mean over the impressions to be drawn is zero. */
export function centreFields(table: Float32Array, { fieldSizes, skew }: Required<FieldOptions>): void {
  const dim = table.length / (1 + fieldSizes.reduce((sum, size) => sum + size, 0));
  let first = 1;
  for (const size of fieldSizes) {
    const weights = zipf(size, skew);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let d = 0; d < dim; d++) {
      let mean = 0;
      for (let i = 0; i < size; i++) mean += (weights[i] / total) * table[(first + i) * dim + d];
      for (let i = 0; i < size; i++) table[(first + i) * dim + d] -= mean;
    }
    first += size;
  }
}

/** Adds Σ_f<g ⟨v[id_f], v[id_g]⟩ of each impression, as ½ ( (Σ v)² − Σ v² ) per coordinate. */
export function addSumOfPairs(signal: Float64Array, ids: Int32Array, factors: Float32Array, dim: number): void {
  const fields = ids.length / signal.length;
  for (let row = 0; row < signal.length; row++) {
    for (let d = 0; d < dim; d++) {
      let sum = 0;
      let squares = 0;
      for (let f = 0; f < fields; f++) {
        const value = factors[ids[row * fields + f] * dim + d];
        sum += value;
        squares += value * value;
      }
      signal[row] += (sum * sum - squares) / 2;
    }
  }
}

/** Draws the held-out pairs and sorts the impressions by whether they show one. */
function holdOut({ ids, tableRows, features }: DrawnFields, rows: number, share: number, random: Random) {
  const fields = features.length;
  const heldOut = new Uint8Array(share > 0 ? tableRows * tableRows : 0);
  for (let i = 1; share > 0 && i < tableRows; i++) {
    for (let j = 1; j < i; j++) {
      if (random.uniform() < share) heldOut[i * tableRows + j] = heldOut[j * tableRows + i] = 1;
    }
  }
  const unseenPairs = new Uint8Array(rows);
  const seen: number[] = [];
  const unseen: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let f = 0; share > 0 && f < fields; f++) {
      for (let g = 0; g < f; g++) unseenPairs[row] += heldOut[ids[row * fields + f] * tableRows + ids[row * fields + g]];
    }
    (unseenPairs[row] === 0 ? seen : unseen).push(row);
  }
  const cut = Math.floor(seen.length * 0.8);
  const parts = { train: Int32Array.from(seen.slice(0, cut)), test: Int32Array.from(seen.slice(cut)), unseen: Int32Array.from(unseen) };
  return { heldOut, unseenPairs, parts };
}
