/** What is learned from training rows before any model is trained: vocabularies, means and deviations. */
import { createHash } from "node:crypto";
import { denseFeature, type Feature, sequenceFeature, sparseFeature } from "./impressions";
import { Words } from "./raw";
import { type Role, type Schema, usualSeparator, type WordRole } from "./schema";
import { fitVocabulary, hashVocabulary, type Vocabulary, type VocabularyJSON } from "./vocabulary";

/**
 * All that was fitted, as plain JSON. Together with the schema, whose functions are code, it encodes new impressions
 * the same way.
 */
export interface Encoding {
  readonly features: readonly Feature[];
  /** By the name of the vocabulary. */
  readonly vocabularies: Readonly<Record<string, VocabularyJSON>>;
  /** Mean and standard deviation of the dense features, by name. */
  readonly statistics: Readonly<Record<string, Statistics>>;
  /** How the schema says to read each feature. */
  readonly roles: Readonly<Record<string, Described>>;
}

export interface Statistics {
  mean: number;
  deviation: number;
}

/** Counts the words and sums up the numbers of training rows. */
export class EncodingFitter {
  /** Different words so far that may get an id of their own. */
  numWords = 0;
  private readonly plans = new Map<string, Plan>(); // by vocabulary
  private readonly planOf = new Map<string, Plan>(); // the same plans, by feature
  private readonly moments = new Map<string, Moments>();

  /** @throws RangeError if features of one vocabulary differ in minCount or hashBuckets, or set both of them. */
  constructor(readonly schema: Schema) {
    for (const [name, role] of Object.entries(schema)) {
      if (role.kind === "dense") this.moments.set(name, new Moments());
      if (!isWordRole(role)) continue;
      const plan: Plan = this.plans.get(vocabularyOf(name, role)) ?? { words: new Words(), counts: [0] };
      for (const option of ["minCount", "hashBuckets"] as const) {
        const value = role[option];
        if (value === undefined) continue;
        plan[option] ??= value;
        if (plan[option] !== value) {
          throw new RangeError(
            `${name}: ${option} is ${value}, expected ${plan[option]} as in the other features of the vocabulary ${vocabularyOf(name, role)}`,
          );
        }
      }
      if (plan.minCount !== undefined && plan.hashBuckets !== undefined)
        throw new RangeError(
          `${name}: the vocabulary ${vocabularyOf(name, role)} has minCount ${plan.minCount} and hashBuckets ${plan.hashBuckets}, expected one of them: hashed words are not counted`,
        );
      this.plans.set(vocabularyOf(name, role), plan);
      this.planOf.set(name, plan);
    }
  }

  /** Whether there is nothing to fit: all ids are hashes and no number is standardised. */
  get isIdle(): boolean {
    return this.moments.size === 0 && Array.from(this.plans.values()).every((plan) => plan.hashBuckets !== undefined);
  }

  /** Counts a word of the feature. */
  addWord(feature: string, word: string, times = 1): void {
    const { words, counts, hashBuckets } = this.planOf.get(feature)!;
    if (hashBuckets !== undefined) return; // ids need no counts
    const code = words.code(word);
    if (code < counts.length) counts[code] += times;
    else {
      counts.push(times);
      this.numWords++;
    }
  }

  addNumber(feature: string, value: number): void {
    this.moments.get(feature)!.add(value);
  }

  /** The encoding that the rows lead to. @throws if no row was added and one was needed. */
  finish(numRows: number): Encoding {
    if (numRows === 0 && !this.isIdle)
      throw new RangeError("0 training rows, expected at least 1 to fit vocabularies on");
    const vocabularies = new Map<string, Vocabulary>(
      Array.from(this.plans, ([key, { words, counts, minCount, hashBuckets }]) => [
        key,
        hashBuckets !== undefined ? hashVocabulary(hashBuckets) : fitVocabulary(counted(words.words, counts), minCount),
      ]),
    );
    const made = {
      vocabularies: Object.fromEntries(Array.from(vocabularies, ([key, vocabulary]) => [key, vocabulary.toJSON()])),
      statistics: Object.fromEntries(Array.from(this.moments, ([name, moments]) => [name, moments.finish(name)])),
    };
    const checksums = new Map(Array.from(vocabularies.keys(), (key) => [key, checksum(made.vocabularies[key])]));
    const features: Feature[] = [];
    for (const [name, role] of Object.entries(this.schema)) {
      if (role.kind === "dense") features.push({ ...denseFeature(name), fitted: checksum(made.statistics[name]) });
      if (!isWordRole(role)) continue;
      const key = vocabularyOf(name, role);
      const { size } = vocabularies.get(key)!;
      const feature =
        role.kind === "sparse" ? sparseFeature(name, size, key) : sequenceFeature(name, size, role.maxLength, key);
      features.push({ ...feature, fitted: checksums.get(key) });
    }
    return {
      features,
      ...made,
      roles: Object.fromEntries(features.map(({ name }) => [name, described(name, this.schema[name])])),
    };
  }
}

/**
 * Checks that rows read by the schema can be encoded: otherwise a transform that got lost, for example, would give
 * numbers on another scale.
 *
 * @throws RangeError if a feature is missing from the schema, is not read as when the encoding was fitted, or cannot be
 * standardised.
 */
export function checkSchema(schema: Schema, { features, roles, statistics }: Encoding): void {
  const advice = "Give the schema that the encoding was fitted with";
  for (const feature of features) {
    const { name } = feature;
    if (!Object.hasOwn(schema, name))
      throw new RangeError(`the schema has no feature ${name}, which the encoding has. ${advice}`);
    if (feature.kind === "dense" && !isUsable(statistics[name]))
      throw new RangeError(
        `the encoding has ${JSON.stringify(statistics[name])} for ${name}, expected a finite mean and a deviation above 0. Fit it again`,
      );
    const expected = (roles as Encoding["roles"] | undefined)?.[name]; // the encoding may come from a file
    if (!expected)
      throw new RangeError(
        `the encoding does not say how ${name} was read. Fit it again, and train the model that goes with it again`,
      );
    for (const [key, came] of Object.entries(described(name, schema[name]))) {
      if (expected[key] === came) continue;
      throw new RangeError(
        `${name}: ${key} is ${JSON.stringify(came)} in the schema, expected ${JSON.stringify(expected[key])} as when the encoding was fitted. ${advice}`,
      );
    }
  }
}

/** As JSON, a mean or deviation that was not finite is null. */
function isUsable(statistics: Statistics | undefined): boolean {
  return !!statistics && Object.values(statistics).every(Number.isFinite) && statistics.deviation > 0;
}

/** What decides how a column becomes ids or numbers, as plain JSON. */
export type Described = Readonly<Record<string, string | number | undefined>>;

function described(name: string, role: Role): Described {
  const { kind } = role;
  const of = (read?: object) => (read ? "a function" : "none"); // which one, JSON cannot say
  if (kind === "dense") return { kind, transform: of(role.transform), read: of(role.read) };
  if (kind === "sparse")
    return { kind, vocabulary: vocabularyOf(name, role), missing: role.missing ?? "nothing", read: of(role.read) };
  if (kind === "sequence") {
    const { maxLength, separator = usualSeparator, read } = role;
    return { kind, vocabulary: vocabularyOf(name, role), maxLength, separator, read: of(read) };
  }
  return { kind };
}

/** How a vocabulary will be made. */
interface Plan {
  readonly words: Words;
  /** How often each word came, by its code. */
  readonly counts: number[];
  minCount?: number;
  hashBuckets?: number;
}

function counted(words: readonly string[], counts: readonly number[]): Map<string, number> {
  return new Map(words.map((word, code) => [word, counts[code]]));
}

function isWordRole(role: Role): role is WordRole {
  return role.kind === "sparse" || role.kind === "sequence";
}

function vocabularyOf(name: string, role: WordRole): string {
  return role.vocabulary ?? name;
}

function checksum(fitted: object): string {
  return createHash("sha256").update(JSON.stringify(fitted)).digest("hex").slice(0, 16);
}

/** Mean and standard deviation of the numbers that are there (NaN is none), by Welford's update. */
class Moments {
  private n = 0;
  private mean = 0;
  private squares = 0; // sum of squared differences from the mean

  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.n++;
    const difference = value - this.mean;
    this.mean += difference / this.n;
    this.squares += difference * (value - this.mean);
  }

  /**
   * 0 and 1 if no number came; numbers that are all the same have a deviation of 1, so that nobody divides by 0.
   *
   * @throws RangeError if the numbers are too large for a mean and a deviation: all of them would become 0.
   */
  finish(name: string): Statistics {
    const statistics = { mean: this.mean, deviation: this.squares === 0 ? 1 : Math.sqrt(this.squares / this.n) };
    if (!isUsable(statistics))
      throw new RangeError(
        `${name} has the mean ${statistics.mean} and the deviation ${statistics.deviation}, expected numbers that can be standardised. Does a value such as 1.8e308 stand for a missing one? Name it in the format's missing, give dense a read, or leave the row out with keep`,
      );
    return statistics;
  }
}
