/**
 * Impressions: what was shown, to whom, and whether it was clicked. The one table type that every
 * loader makes, every model reads and every metric judges. A batch is a small one.
 *
 * Ids are whole numbers from 1; 0 means "nothing here" in every feature: it pads a short history,
 * stands for a missing value, has the zero vector as embedding and is never trained.
 */
import { checkWhole } from "../checks";
import type { Random } from "../random";

/** One id per impression, such as the user, the weekday or the shop. */
export interface SparseFeature {
  readonly kind: "sparse";
  readonly name: string;
  /** Ids run from 0 (nothing) to vocabSize - 1. */
  readonly vocabSize: number;
  /** Features with the same vocabulary share one embedding table. Normally the feature's own name. */
  readonly vocabulary: string;
  /** Checksum of what it was fitted to: see Feature. */
  readonly fitted?: string | undefined;
}

/** One number per impression, such as a price. */
export interface DenseFeature {
  readonly kind: "dense";
  readonly name: string;
  /** Checksum of what it was fitted to: see Feature. */
  readonly fitted?: string | undefined;
}

/** Several ids per impression: a history (oldest first) or a multi-hot set, filled up with 0. */
export interface SequenceFeature {
  readonly kind: "sequence";
  readonly name: string;
  /** Ids run from 0 (nothing) to vocabSize - 1. */
  readonly vocabSize: number;
  /** Places for ids; a batch may be padded to another length. */
  readonly maxLength: number;
  readonly vocabulary: string;
  /** Checksum of what it was fitted to: see Feature. */
  readonly fitted?: string | undefined;
}

/**
 * fitted: a checksum of the vocabulary that the ids are from, or of the mean and deviation that the numbers are
 * standardised by. A model and its data must have the same one, or ids would stand for other words. Without it, as with
 * ids given by hand, nothing is compared: leave it out when you add words to a vocabulary by hand.
 */
export type Feature = SparseFeature | DenseFeature | SequenceFeature;

/**
 * Column of a sparse feature: Int32Array [size]; dense: Float32Array [size]; sequence: Int32Array [size x maxLength].
 */
export type Column = Int32Array | Float32Array;

/** Describes a feature with one id per impression. Example: sparseFeature("weekday", 8). */
export function sparseFeature(name: string, vocabSize: number, vocabulary = name): SparseFeature {
  checkVocabSize(name, vocabSize);
  return { kind: "sparse", name, vocabSize, vocabulary };
}

/** Describes a feature with one number per impression. */
export function denseFeature(name: string): DenseFeature {
  return { kind: "dense", name };
}

/** Describes a feature with up to maxLength ids. Example: sequenceFeature("clicked", 1683, 50, "item"). */
export function sequenceFeature(
  name: string,
  vocabSize: number,
  maxLength: number,
  vocabulary = name,
): SequenceFeature {
  checkVocabSize(name, vocabSize);
  checkWhole(`feature ${name}: maxLength`, maxLength);
  return { kind: "sequence", name, vocabSize, maxLength, vocabulary };
}

function checkVocabSize(name: string, vocabSize: number): void {
  if (!Number.isInteger(vocabSize) || vocabSize < 2 || vocabSize > 2 ** 31) {
    throw new RangeError(
      `feature ${name}: vocabSize is ${vocabSize}, expected a whole number from 2 to 2^31. ` +
        `It counts id 0 (nothing), so 7 weekdays need vocabSize 8`,
    );
  }
}

/** Anything that batches can be read from: Impressions in memory, or a file larger than memory. */
export interface ImpressionSource {
  readonly features: readonly Feature[];
  readonly size: number;
  /** The given rows, in the given order. @throws RangeError if there is no such row. */
  read(rows: Int32Array): Impressions;
  /** All rows, in a random order in which the source reads quickly. Without it, any order will do. */
  shuffled?: ((random: Random) => Int32Array) | undefined;
}

export interface ImpressionsInit<F extends Feature = Feature> {
  features: readonly F[];
  columns: Record<string, Column>;
  /** 1 for a click, 0 for none: [size]. */
  labels: Float32Array;
  /** Who saw it, for GAUC and for splits by user: [size]. */
  users?: Int32Array | undefined;
  /** When, in seconds, for splits by time: [size]. */
  times?: Float64Array | undefined;
  /**
   * How much each impression counts in the loss and in the metrics, a number from 0 up, 1 by default: [size]. A weight
   * of 2 is as if the impression stood in its batch twice while the loss is still divided by the batch's size, but not
   * for batchNorm, Dice and miniBatchAware, which count impressions. Weights can come from a column of the table: see
   * weight() in schema.ts, also for why their mean should be 1. Others are added after encoding:
   * new Impressions({ ...impressions, weights }).
   */
  weights?: Float32Array | undefined;
}

/** Impressions in memory, by column; throws if columns, labels and features do not fit together. */
export class Impressions<F extends Feature = Feature> implements ImpressionSource {
  readonly features: readonly F[];
  readonly columns: Readonly<Record<string, Column>>;
  readonly labels: Float32Array;
  readonly users?: Int32Array | undefined;
  readonly times?: Float64Array | undefined;
  readonly weights?: Float32Array | undefined;
  readonly size: number;

  /** Checks every value, so that nothing that comes later has to. */
  constructor(init: ImpressionsInit<F>) {
    this.features = init.features;
    this.columns = init.columns;
    this.labels = init.labels;
    this.users = init.users;
    this.times = init.times;
    this.weights = init.weights;
    if (!init.labels) throw new TypeError("labels is missing, expected a Float32Array, of zeros where the clicks are not known");
    this.size = init.labels.length;
    check(this);
  }

  /** The given rows, in the given order. A column is copied when it is first asked for: most models use only a few. */
  read(rows: Int32Array): Impressions<F> {
    checkRows(rows, this.size);
    const part = Object.create(Impressions.prototype) as { -readonly [K in keyof Impressions<F>]: Impressions<F>[K] };
    part.features = this.features;
    part.size = rows.length;
    part.labels = pick(this.labels, rows, 1);
    part.users = this.users && pick(this.users, rows, 1);
    part.times = this.times && pick(this.times, rows, 1);
    part.weights = this.weights && pick(this.weights, rows, 1);
    const columns: Record<string, Column> = {};
    const wanted = rows.slice(); // the caller may use its array again
    for (const feature of this.features) {
      let column: Column | undefined;
      const get = () => (column ??= pick(this.columns[feature.name], wanted, width(feature)));
      Object.defineProperty(columns, feature.name, { enumerable: true, get });
    }
    part.columns = columns;
    return part;
  }
}

/**
 * @throws TypeError unless rows is an Int32Array: a whole split would pass for no rows, and a mask for rows 0 and 1;
 * RangeError if a row is not in 0..size - 1.
 */
export function checkRows(rows: Int32Array, size: number): void {
  if (!(rows instanceof Int32Array)) {
    throw new TypeError(
      `rows is ${(rows as object | undefined)?.constructor.name}, expected an Int32Array of row numbers, such as split.train, or, for a mask, the numbers of its ones`,
    );
  }
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] < 0 || rows[i] >= size) throw new RangeError(`row ${rows[i]}, expected 0..${size - 1}`);
  }
}

/** @throws RangeError if two of the features have the same name. */
export function checkNames(features: readonly Feature[]): void {
  const seen = new Set<string>();
  for (const { name } of features) {
    if (seen.has(name)) throw new RangeError(`two features are named ${name}, expected different names`);
    seen.add(name);
  }
}

/** How many values one impression has in the feature's column. */
export function width(feature: Feature): number {
  return feature.kind === "sequence" ? feature.maxLength : 1;
}

function pick<T extends Column | Float64Array>(column: T, rows: Int32Array, width: number): T {
  const picked = new (column.constructor as new (length: number) => T)(rows.length * width);
  copyRows(words(column), rows, (width * column.BYTES_PER_ELEMENT) / 4, words(picked));
  return picked;
}

/** An array's bytes, four at a time: the loop below then meets only one type of array, and is compiled for it. */
function words({ buffer, byteOffset, byteLength }: Column | Float64Array): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

function copyRows(from: Int32Array, rows: Int32Array, width: number, to: Int32Array): void {
  for (let i = 0, at = 0; i < rows.length; i++) {
    for (let j = rows[i] * width, end = j + width; j < end; j++, at++) to[at] = from[j];
  }
}

function check(data: Impressions): void {
  checkType("labels", data.labels, Float32Array);
  checkType("users", data.users, Int32Array);
  checkType("times", data.times, Float64Array);
  checkType("weights", data.weights, Float32Array);
  if (data.size === 0)
    throw new RangeError("0 impressions, expected at least 1. Is the file empty, or did a filter drop every row?");
  for (let row = 0; row < data.size; row++) {
    if (data.labels[row] !== 0 && data.labels[row] !== 1) {
      throw new RangeError(`labels[${row}] is ${data.labels[row]}, expected 0 (no click) or 1 (click)`);
    }
  }
  for (const [name, column] of [["users", data.users], ["times", data.times], ["weights", data.weights]] as const) {
    if (column && column.length !== data.size) {
      throw new RangeError(`${name} has ${column.length} values, expected ${data.size}, one per label`);
    }
  }
  data.times?.forEach((time, row) => {
    if (!Number.isFinite(time)) throw new RangeError(`times[${row}] is ${time}, expected a finite number of seconds`);
  });
  data.weights?.forEach((weight, row) => {
    if (!(weight >= 0 && weight < Infinity))
      throw new RangeError(`weights[${row}] is ${weight}, expected a finite number from 0 up`);
  });
  checkNames(data.features);
  for (const feature of data.features) checkColumn(feature, data.columns[feature.name], data.size);
}

/** Plain arrays cannot be read from, and floats would merge users above 2^24. */
function checkType(name: string, values: object | undefined, type: { readonly name: string; new (): object }): void {
  if (values === undefined || values instanceof type) return;
  throw new TypeError(`${name} is ${values.constructor.name}, expected ${type.name}: ${type.name}.from(${name})`);
}

function checkColumn(feature: Feature, column: Column | undefined, size: number): void {
  const { name, kind } = feature;
  const type = kind === "dense" ? Float32Array : Int32Array; // floats would merge ids above 2^24
  if (!(column instanceof type)) {
    throw new TypeError(
      `column ${name} is ${column?.constructor.name ?? "missing"}, expected ${type.name} for a ${kind} feature`,
    );
  }
  const expected = size * width(feature);
  if (column.length !== expected) {
    throw new RangeError(
      `column ${name} has ${column.length} values, expected ${expected} (${size} impressions x ${width(feature)})`,
    );
  }
  for (let i = 0; i < column.length; i++) {
    if (feature.kind === "dense") {
      if (!Number.isFinite(column[i])) {
        throw new RangeError(
          `${name}[${i}] is ${column[i]}, expected a finite number. Replace missing values before training`,
        );
      }
    } else if (column[i] < 0 || column[i] >= feature.vocabSize) {
      throw new RangeError(
        `${name}[${Math.floor(i / width(feature))}] is ${column[i]}, expected 0..${feature.vocabSize - 1}. ` +
          `Was vocabSize counted without id 0, or an id not mapped through the vocabulary?`,
      );
    }
  }
}
