/**
 * A schema says in a few lines what the columns of a table are:
 *
 *   const schema = {
 *     shop: sparse(),
 *     item: sparse({ minCount: 5 }),
 *     clicked: sequence({ maxLength: 50, vocabulary: "item" }), // "17|4|23", newest last
 *     price: dense(),
 *     priceBucket: sparse({ from: "price", read: logSquaredBucket }),
 *     click: label(),
 *     user: user(),
 *     time: time(),
 *     importance: weight(),
 *   };
 *
 * Keys are the names of the features; `from` names the column when it is called something else, so that one
 * column can serve twice. Columns that the schema does not name are not read.
 */
import { checkOneOf, checkOptionNames, checkWhole } from "../checks";

/** What a vocabulary is made of, for sparse and sequence features. */
export interface WordOptions {
  /** The column, if it is not named like the feature. */
  from?: string | undefined;
  /** Features with the same vocabulary share their ids and their embeddings. Default: the feature's name. */
  vocabulary?: string | undefined;
  /**
   * Words that the training rows have less often than this all get id 1, out-of-vocabulary. Default 1: then no training
   * row has that id, its weight stays 0 and its embedding random, and where clicks are rare, new words are scored too
   * high. Take 2 or more where new words will come. Words are counted over all features of the vocabulary: an item that
   * was shown once and is in ten histories counts 11 times.
   */
  minCount?: number | undefined;
  /** Instead of a fitted vocabulary, ids are hashes into this many buckets. */
  hashBuckets?: number | undefined;
}

export interface SparseRole extends WordOptions {
  readonly kind: "sparse";
  /** From the value as written to the word that gets an id; "" means missing. Throws RangeError on a bad value. */
  read?: ((text: string) => string) | undefined;
  /** What a missing value becomes: "nothing" (id 0, no embedding), or a "word" like any other, which is learned. */
  missing?: "nothing" | "word" | undefined;
}

export interface SequenceRole extends WordOptions {
  readonly kind: "sequence";
  /** Only the last maxLength values, which are the newest, are kept. */
  maxLength: number;
  /** Between two values. Default "|". */
  separator?: string | undefined;
  /**
   * From the value as written to the words, newest last; [] means missing, as "" does in the value. Default: cut at the
   * separator. Throws RangeError on a bad value. Example, for "[3, 1]", newest first:
   * (text) => (text === "" ? [] : JSON.parse(text).reverse().map(String)).
   */
  read?: ((text: string) => readonly string[]) | undefined;
}

/** Between the values of a sequence, where its role names no other. */
export const usualSeparator = "|";

export interface DenseRole {
  readonly kind: "dense";
  from?: string | undefined;
  /** From the value as written to the number; NaN means missing. Default: a number, "" is missing. */
  read?: ((text: string) => number) | undefined;
  /** Applied to the number before it is standardised. Example: Math.log1p. */
  transform?: ((value: number) => number) | undefined;
}

export interface LabelRole {
  readonly kind: "label";
  from?: string | undefined;
  /** 1 for a click, 0 for none. Throws RangeError on a bad value. Default: "1" and "0". */
  read?: ((text: string) => 0 | 1) | undefined;
}

export interface UserRole {
  readonly kind: "user";
  from?: string | undefined;
}

export interface TimeRole {
  readonly kind: "time";
  from?: string | undefined;
  /** From the value as written to seconds. Default: a number. */
  read?: ((text: string) => number) | undefined;
}

export interface WeightRole {
  readonly kind: "weight";
  from?: string | undefined;
  /** From the value as written to the weight. Default: a number. */
  read?: ((text: string) => number) | undefined;
}

/** A column of words, which become ids. */
export type WordRole = SparseRole | SequenceRole;

export type Role = WordRole | DenseRole | LabelRole | UserRole | TimeRole | WeightRole;

/** The role of every column, by the feature's name. */
export type Schema = Readonly<Record<string, Role>>;

const word: Record<keyof WordOptions, true> = { from: true, vocabulary: true, minCount: true, hashBuckets: true };
const readAs = { from: true, read: true } as const;

/** One id per impression. */
export function sparse(options: Omit<SparseRole, "kind"> = {}): SparseRole {
  checkOptionNames("sparse", options, { ...word, read: true, missing: true });
  checkWords("sparse", options);
  if (options.missing !== undefined) checkOneOf("sparse: missing", options.missing, ["nothing", "word"]);
  return { kind: "sparse", ...options };
}

/**
 * Several ids per impression: a history, newest last, or a multi-hot set. A column that is newest first would keep its
 * oldest values. An empty value ("a||c", "|b") is a step with nothing, id 0, so that step j of parallel histories stays
 * step j.
 */
export function sequence(options: Omit<SequenceRole, "kind">): SequenceRole {
  checkOptionNames("sequence", options, { ...word, maxLength: true, separator: true, read: true });
  checkWords("sequence", options);
  checkWhole("sequence: maxLength", options.maxLength);
  return { kind: "sequence", ...options };
}

/** Checks now what is used only after a whole file has been read. */
function checkWords(what: string, { minCount, hashBuckets }: WordOptions): void {
  for (const [name, value] of Object.entries({ minCount, hashBuckets }))
    if (value !== undefined) checkWhole(`${what}: ${name}`, value);
  if (minCount !== undefined && hashBuckets !== undefined)
    throw new RangeError(
      `${what}: minCount is ${minCount} and hashBuckets ${hashBuckets}, expected one of them: hashed words are not counted`,
    );
}

/**
 * A number, standardised with the training rows' mean and standard deviation; a missing one becomes their mean. A
 * single outlier, such as 999999, squeezes all other numbers to nearly one value: clip it with a transform, or, if it
 * stands for a missing number, name it in the file's format, { missing: ["999999"] }.
 */
export function dense(options: Omit<DenseRole, "kind"> = {}): DenseRole {
  checkOptionNames("dense", options, { from: true, read: true, transform: true });
  return { kind: "dense", ...options };
}

/** The click. */
export function label(options: Omit<LabelRole, "kind"> = {}): LabelRole {
  checkOptionNames("label", options, readAs);
  return { kind: "label", ...options };
}

/**
 * Who saw it, for GAUC and splits by user: a number that depends on the name alone, so it is the same in all files. Not
 * a feature: name the column again with sparse to make it one.
 */
export function user(options: Omit<UserRole, "kind"> = {}): UserRole {
  checkOptionNames("user", options, { from: true });
  return { kind: "user", ...options };
}

/** When, for splits by time. */
export function time(options: Omit<TimeRole, "kind"> = {}): TimeRole {
  checkOptionNames("time", options, readAs);
  return { kind: "time", ...options };
}

/**
 * How much the impression counts in the loss and in the metrics, a number from 0 up: 10 where one in ten impressions
 * without a click was logged, or what a click is worth. One column at most.
 *
 * A batch's loss is Σ w loss / batch. So with weights whose mean is 1, the learning rate, clipNorm and the lambda of
 * regularizers keep their meaning. Weights twice as large make the steps of SGD twice as long, but not those of Adam.
 */
export function weight(options: Omit<WeightRole, "kind"> = {}): WeightRole {
  checkOptionNames("weight", options, readAs);
  return { kind: "weight", ...options };
}

/**
 * Bucket of a count with a long tail: one of its own for each value up to 2 (negative ones too), then floor(ln(x)²).
 * The rule that won the Criteo challenge (3 idiots, 2014).
 */
export function logSquaredBucket(text: string): string {
  if (text === "") return "";
  const value = wholeNumber(text);
  return value > 2 ? `ln2=${Math.floor(Math.log(value) ** 2)}` : String(value);
}

/**
 * Buckets between the given boundaries: boundaries(18, 25)("20") is "18..25", the lower end included.
 *
 * @throws RangeError if the boundaries do not ascend.
 */
export function boundaries(...ends: number[]): (text: string) => string {
  if (ends.some((end, i) => !(end > (ends[i - 1] ?? -Infinity)))) {
    throw new RangeError(`the boundaries are ${ends.join(", ")}, expected each above the one before it`);
  }
  return (text) => {
    if (text === "") return "";
    const value = finiteNumber(text);
    const above = ends.filter((end) => value >= end).length; // ends at or below the value
    return `${above === 0 ? "" : ends[above - 1]}..${above === ends.length ? "" : ends[above]}`;
  };
}

/** @throws RangeError if the text is not a number, as Number reads it; advice is what the message then adds. */
export function finiteNumber(text: string, advice = ""): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new RangeError(`${JSON.stringify(text.slice(0, 40))}, expected a number${advice}`);
  return value;
}

/** @throws RangeError if the text is not a whole number that doubles hold exactly (up to 2^53). */
export function wholeNumber(text: string): number {
  const value = finiteNumber(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${JSON.stringify(text.slice(0, 40))}, expected a whole number below 2^53`);
  return value;
}
