/**
 * Planted worlds: impressions whose clicks are drawn from a known model, so that the best possible
 * prediction of every click is known, and with it the best AUC and log loss any model can reach.
 *
 *   P(click) = sigmoid(s),  s = intercept + scale · signal
 *
 * signal: what the world plants, one file per world. scale and intercept: chosen so that the drawn
 * impressions have the wanted standard deviation of the logit and the wanted click rate.
 */
import type { Random } from "../../random";
import { Impressions, sparseFeature, type SparseFeature } from "../impressions";
import { weightedSampler } from "../sampling";

export interface WorldOptions {
  /** Impressions to draw. */
  rows?: number;
  /** Mean click probability of the drawn impressions, before labels are drawn. */
  baseRate?: number;
  /** Standard deviation of the planted logit over the drawn impressions: how much can be known. */
  strength?: number;
  /** Share of impressions whose click ignores everything and happens with probability baseRate: accidents, robots. */
  noise?: number;
  seed?: number | string;
}

export interface PlantedWorld {
  readonly impressions: Impressions;
  /** Logit of the true click probability of each impression: the best prediction there is. [rows] */
  readonly bayesLogits: Float32Array;
  readonly intercept: number;
}

/** Options of a world whose impressions are one id per field. */
export interface FieldOptions extends WorldOptions {
  /** How many ids each field has: [20, 20, 20] are three fields with ids 1..20. */
  fieldSizes?: readonly number[];
  /** Id r of a field is drawn with a probability proportional to 1 / r^skew: 0 is uniform, 1 is Zipf's law. */
  skew?: number;
}

const defaults = { rows: 50_000, baseRate: 0.2, strength: 1.5, noise: 0, seed: 1 };

/** Fills in the defaults and checks what all worlds have in common. */
export function worldOptions<T extends WorldOptions>(options: T): T & Required<WorldOptions> {
  const all = { ...defaults, ...options };
  checkWhole("rows", all.rows, 1);
  checkBetween("baseRate", all.baseRate, 0, 1);
  checkPositive("strength", all.strength);
  if (!(all.noise >= 0 && all.noise < 1)) throw new RangeError(`noise is ${all.noise}, expected a share from 0 to below 1`);
  return all;
}

/** worldOptions for worlds of fields: five fields of 20 ids by default. */
export function fieldOptions<T extends FieldOptions>(options: T): T & Required<FieldOptions> {
  const all = worldOptions({ fieldSizes: [20, 20, 20, 20, 20], skew: 0, ...options });
  if (all.fieldSizes.length === 0) throw new RangeError("fieldSizes is empty, expected one size per field, such as [20, 20, 20]");
  for (const size of all.fieldSizes) checkWhole("a size in fieldSizes", size, 2);
  if (!(all.skew >= 0 && Number.isFinite(all.skew))) throw new RangeError(`skew is ${all.skew}, expected a number from 0 up`);
  return all as T & Required<FieldOptions>;
}

export interface DrawnFields {
  readonly features: SparseFeature[];
  readonly columns: Record<string, Int32Array>;
  /**
   * Position of each impression's ids in one table over all fields, [rows x fields], row by row:
   * ids 1..20 of the first field at 1..20, of the second at 21..40, as in lib/layers/fields.ts.
   */
  readonly ids: Int32Array;
  /** Rows such a table needs, row 0 (nothing) included. */
  readonly tableRows: number;
}

/** Draws one id per field and impression, each field by itself. Features are named field1, field2, ... */
export function drawFields({ rows, fieldSizes, skew }: Required<FieldOptions>, random: Random): DrawnFields {
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

export interface DrawnClicks {
  readonly labels: Float32Array;
  readonly bayesLogits: Float32Array;
  /** What the signal was multiplied by: planted parameters take their share of it. */
  readonly scale: number;
  readonly intercept: number;
}

/** Turns the planted signal of each impression into a logit and draws the click. */
export function drawClicks(
  signal: Float64Array,
  { baseRate, strength, noise }: Required<WorldOptions>,
  random: Random,
): DrawnClicks {
  const scale = strength / deviation(signal);
  const logits = signal.map((value) => scale * value);
  const intercept = solveIntercept(logits, baseRate);
  const labels = new Float32Array(signal.length);
  const bayesLogits = new Float32Array(signal.length);
  for (let row = 0; row < signal.length; row++) {
    const seen = sigmoid(intercept + logits[row]);
    const probability = (1 - noise) * seen + noise * baseRate;
    bayesLogits[row] = noise === 0 ? intercept + logits[row] : Math.log(probability / (1 - probability));
    labels[row] = random.uniform() < probability ? 1 : 0;
  }
  return { labels, bayesLogits, scale, intercept };
}

/** The intercept b at which the mean of sigmoid(b + logit) is the rate, by bisection. */
export function solveIntercept(logits: Float64Array, rate: number): number {
  let low = -1;
  let high = 1;
  while (meanSigmoid(logits, low) > rate) low *= 2;
  while (meanSigmoid(logits, high) < rate) high *= 2;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (meanSigmoid(logits, middle) < rate) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function meanSigmoid(logits: Float64Array, intercept: number): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += sigmoid(intercept + logits[i]);
  return sum / logits.length;
}

/** 1 / (1 + e^−s). */
export function sigmoid(s: number): number {
  return 1 / (1 + Math.exp(-s));
}

function deviation(signal: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of signal) sum += value;
  const mean = sum / signal.length;
  for (const value of signal) squares += (value - mean) ** 2;
  if (squares === 0) {
    throw new RangeError(`the signal is ${mean} for every one of the ${signal.length} impressions: nothing to learn. Draw more rows`);
  }
  return Math.sqrt(squares / signal.length);
}

/** Numbers from N(0, 1) for a table: row 0 (nothing) is zero. */
export function normalTable(rows: number, dim: number, random: Random): Float32Array {
  const table = new Float32Array(rows * dim);
  for (let i = dim; i < table.length; i++) table[i] = random.normal();
  return table;
}

export function multiply(table: Float32Array, factor: number): void {
  for (let i = 0; i < table.length; i++) table[i] *= factor;
}

export function checkWhole(name: string, value: number, from: number): void {
  if (!Number.isInteger(value) || value < from) throw new RangeError(`${name} is ${value}, expected a whole number from ${from} up`);
}

export function checkPositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} is ${value}, expected a number above 0`);
}

export function checkBetween(name: string, value: number, low: number, high: number): void {
  if (!(value > low && value < high)) throw new RangeError(`${name} is ${value}, expected a number between ${low} and ${high}`);
}
