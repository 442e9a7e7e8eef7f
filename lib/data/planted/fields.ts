/**
 * What worlds of fields have in common: impressions with one id per field, tables of planted numbers,
 * and the sums over ids, pairs and triples that their signals are made of.
 *
 * Tables are laid out as in lib/layers/fields.ts: row 0 is nothing, and with fields of 20 ids the first
 * has rows 1..20, the second 21..40. So planted tables can be put into a model, and compared with its own.
 */
import { checkNotNegative, checkWhole } from "../../checks";
import type { Random } from "../../random";
import { sparseFeature, type SparseFeature } from "../impressions";
import { weightedSampler } from "../sampling";
import { withDefaults, type WorldOptions } from "./world";

export interface FieldOptions extends WorldOptions {
  /** How many ids each field has: [20, 20, 20] are three fields with ids 1..20. */
  fieldSizes?: readonly number[] | undefined;
  /** Id r of a field is drawn with a probability proportional to 1 / r^skew: 0 is uniform, 1 is Zipf's law. */
  skew?: number | undefined;
}

/** withDefaults for worlds of fields; needs minFields of them. skew is an option where `own` has it. */
export function fieldDefaults<O extends FieldOptions, D extends object>(
  world: string,
  options: O,
  own: D,
  minFields = 1,
) {
  const all = withDefaults(world, options, { fieldSizes: [20, 20, 20, 20, 20] as readonly number[], ...own });
  const { fieldSizes } = all;
  const { skew = 0 }: FieldOptions = all;
  if (fieldSizes.length < minFields) {
    throw new RangeError(
      `fieldSizes is [${fieldSizes}], expected the sizes of at least ${minFields} fields, such as [20, 20, 20]`,
    );
  }
  for (const size of fieldSizes) checkWhole("a size in fieldSizes", size, 2);
  checkNotNegative("skew", skew);
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

/**
 * The factor for vectors of dim numbers from N(0, 1) with which Σ_f<g ⟨v[id_f], v[id_g]⟩ has about this variance.
 * Without it the variance is dim for each pair of fields. Each product has the factor twice, so its variance has it
 * four times.
 */
export function pairScale(variance: number, fields: number, dim: number): number {
  return (variance / (dim * fields * (fields - 1) * 0.5)) ** 0.25;
}

/** Multiplies each number of the table, in place. */
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

/** Adds Σ_f<g ⟨v[id_f], v[id_g]⟩ to each impression's signal, as ½ ( (Σ v)² − Σ v² ) per coordinate. */
export function addPairs(signal: Float64Array, ids: Int32Array, factors: Float32Array, dim: number): void {
  const fields = ids.length / signal.length;
  for (let row = 0; row < signal.length; row++) {
    for (let d = 0; d < dim; d++) {
      let sum = 0;
      let squares = 0;
      for (let i = row * fields; i < (row + 1) * fields; i++) {
        const value = factors[ids[i] * dim + d];
        sum += value;
        squares += value * value;
      }
      signal[row] += (sum * sum - squares) / 2;
    }
  }
}

/**
 * The kind of each id, for worlds in which ids are of two kinds: 1 for odd, −1 for even ids, 0 for nothing. [size + 1]
 * what: the size's name, for the error.
 */
export function kindsOf(what: string, size: number): Int32Array {
  if (size % 2 === 1)
    throw new RangeError(`${what} is ${size}, expected an even number: half of its ids are of each kind`);
  return Int32Array.from({ length: size + 1 }, (_, id) => (id === 0 ? 0 : id % 2 === 1 ? 1 : -1));
}

/** The product of the kinds of the first three fields' ids, 1 or −1, of each impression: [rows]. */
export function productsOfKinds({ columns, features }: DrawnFields): Float64Array {
  const [a, b, c] = features.map(({ name, vocabSize }) => ({
    ids: columns[name],
    kinds: kindsOf(`the size of ${name}`, vocabSize - 1),
  }));
  return Float64Array.from(a.ids, (_, row) => a.kinds[a.ids[row]] * b.kinds[b.ids[row]] * c.kinds[c.ids[row]]);
}
