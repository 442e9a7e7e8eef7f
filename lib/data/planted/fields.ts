/**
 * What worlds of fields have in common: impressions with one id per field, tables of planted numbers,
 * and the sums over ids, pairs and triples that their signals are made of.
 *
 * Tables are laid out as in lib/layers/fields.ts: row 0 is nothing, and with fields of 20 ids the first
 * has rows 1..20, the second 21..40. So planted tables can be put into a model, and compared with its own.
 */
import type { Random } from "../../random";
import { sparseFeature, type SparseFeature } from "../impressions";
import { weightedSampler } from "../sampling";
import { checkWhole, withDefaults, type WorldOptions } from "./world";

export interface FieldOptions extends WorldOptions {
  /** How many ids each field has: [20, 20, 20] are three fields with ids 1..20. */
  fieldSizes?: readonly number[];
  /** Id r of a field is drawn with a probability proportional to 1 / r^skew: 0 is uniform, 1 is Zipf's law. */
  skew?: number;
}

/** withDefaults for worlds of fields; needs minFields of them. */
export function fieldDefaults<O extends FieldOptions, D extends object>(options: O, own: D, minFields = 1) {
  const all = withDefaults(options, { fieldSizes: [20, 20, 20, 20, 20] as readonly number[], skew: 0, ...own });
  const { fieldSizes, skew } = all;
  if (fieldSizes.length < minFields) {
    throw new RangeError(`fieldSizes is [${fieldSizes}], expected the sizes of at least ${minFields} fields, such as [20, 20, 20]`);
  }
  for (const size of fieldSizes) checkWhole("a size in fieldSizes", size, 2);
  if (!(skew >= 0 && Number.isFinite(skew))) throw new RangeError(`skew is ${skew}, expected a number from 0 up`);
  return all;
}

export interface DrawnFields {
  readonly features: SparseFeature[];
  readonly columns: Record<string, Int32Array>;
  /** Table row of each id of each impression: [rows x fields], row by row. */
  readonly ids: Int32Array;
  readonly tableRows: number;
}

type Shape = { rows: number; fieldSizes: readonly number[]; skew: number };

/** Draws the ids of all impressions, each field by itself. Features are named field1, field2, ... */
export function drawFields({ rows, fieldSizes, skew }: Shape, random: Random): DrawnFields {
  const fields = fieldSizes.length;
  const ids = new Int32Array(rows * fields);
  const columns: Record<string, Int32Array> = {};
  let tableRows = 1;
  const features = fieldSizes.map((size, f) => {
    const name = `field${f + 1}`;
    const draw = weightedSampler(zipf(size, skew), random.child(name));
    const column = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      column[row] = draw() + 1;
      ids[row * fields + f] = tableRows - 1 + column[row];
    }
    columns[name] = column;
    tableRows += size;
    return sparseFeature(name, size + 1);
  });
  return { features, columns, ids, tableRows };
}

/** 1 / rank^skew for ranks 1..size. */
export function zipf(size: number, skew: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => (i + 1) ** -skew);
}

/** Numbers from N(0, 1): [tableRows x dim], row 0 zero. */
export function normalTable(tableRows: number, dim: number, random: Random): Float32Array {
  const table = new Float32Array(tableRows * dim);
  for (let i = dim; i < table.length; i++) table[i] = random.normal();
  return table;
}

/** A normal table in which the rows of each field have mean zero over the impressions to be drawn. */
export function centredTable({ fieldSizes, skew }: Shape, dim: number, random: Random): Float32Array {
  const table = normalTable(1 + fieldSizes.reduce((sum, size) => sum + size, 0), dim, random);
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
  return table;
}

export function multiply(table: Float32Array, factor: number): void {
  for (let i = 0; i < table.length; i++) table[i] *= factor;
}

/** Adds Σ_f w[id_f] to each impression's signal. */
export function addWeights(signal: Float64Array, ids: Int32Array, linear: Float32Array): void {
  const fields = ids.length / signal.length;
  for (let row = 0, i = 0; row < signal.length; row++) {
    for (let f = 0; f < fields; f++, i++) signal[row] += linear[ids[i]];
  }
}

/**
 * Adds Σ_f<g ⟨v[id_f], v[id_g]⟩ to each impression's signal; table: [tableRows x dim].
 * Per coordinate that is ½ (p₁² − p₂), with the power sums pₙ = Σ_f v[id_f]ⁿ.
 */
export function addPairs(signal: Float64Array, ids: Int32Array, table: Float32Array, dim: number): void {
  addPowerSums(signal, ids, table, dim, (p1, p2) => (p1 * p1 - p2) / 2);
}

/** Adds Σ_f<g<h Σ_d u[id_f]_d u[id_g]_d u[id_h]_d; per coordinate that is ⅙ (p₁³ − 3 p₁ p₂ + 2 p₃). */
export function addTriples(signal: Float64Array, ids: Int32Array, table: Float32Array, dim: number): void {
  addPowerSums(signal, ids, table, dim, (p1, p2, p3) => (p1 * p1 * p1 - 3 * p1 * p2 + 2 * p3) / 6);
}

type OfPowerSums = (p1: number, p2: number, p3: number) => number;

function addPowerSums(signal: Float64Array, ids: Int32Array, table: Float32Array, dim: number, f: OfPowerSums): void {
  const fields = ids.length / signal.length;
  for (let row = 0; row < signal.length; row++) {
    for (let d = 0; d < dim; d++) {
      let p1 = 0;
      let p2 = 0;
      let p3 = 0;
      for (let i = row * fields; i < (row + 1) * fields; i++) {
        const value = table[ids[i] * dim + d];
        p1 += value;
        p2 += value * value;
        p3 += value * value * value;
      }
      signal[row] += f(p1, p2, p3);
    }
  }
}
