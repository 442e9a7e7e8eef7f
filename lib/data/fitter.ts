/** What is learned from training rows before any model is: vocabularies, means and deviations. */
import { denseFeature, type Feature, sequenceFeature, sparseFeature } from "./impressions";
import { Words } from "./raw";
import type { Role, Schema, WordRole } from "./schema";
import { fitVocabulary, hashVocabulary, type Vocabulary, type VocabularyJSON } from "./vocabulary";

/** All that was fitted, as plain JSON. Together with the schema, whose functions are code, it encodes new impressions the same way. */
export interface Encoding {
  readonly features: readonly Feature[];
  /** By the name of the vocabulary. */
  readonly vocabularies: Readonly<Record<string, VocabularyJSON>>;
  /** Mean and standard deviation of the dense features, by name. */
  readonly statistics: Readonly<Record<string, { mean: number; deviation: number }>>;
}

/** Counts the words and sums up the numbers of training rows. */
export class EncodingFitter {
  /** Different words so far that may get an id of their own. */
  numWords = 0;
  private readonly plans = new Map<string, Plan>(); // by vocabulary
  private readonly planOf = new Map<string, Plan>(); // the same plans, by feature
  private readonly moments = new Map<string, Moments>();

  /** @throws RangeError if features of one vocabulary want it made differently, or in a way that cannot be. */
  constructor(readonly schema: Schema) {
    for (const [name, role] of Object.entries(schema)) {
      if (role.kind === "dense") this.moments.set(name, new Moments());
      if (!isWordRole(role)) continue;
      const plan: Plan = this.plans.get(vocabularyOf(name, role)) ?? { words: new Words(), counts: [0] };
      for (const option of ["minCount", "hashBuckets"] as const) {
        const value = role[option];
        if (value === undefined) continue;
        if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name}: ${option} is ${value}, expected a whole number from 1 up`);
        plan[option] ??= value;
        if (plan[option] !== value) {
          throw new RangeError(`${name}: ${option} is ${value}, expected ${plan[option]} as in the other features of the vocabulary ${vocabularyOf(name, role)}`);
        }
      }
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
    else this.numWords += counts.push(times) - code;
  }

  addNumber(feature: string, value: number): void {
    this.moments.get(feature)!.add(value);
  }

  /** The encoding that the rows lead to. @throws if no row was added and one was needed. */
  finish(numRows: number): Encoding {
    if (numRows === 0 && !this.isIdle) throw new RangeError("0 training rows, expected at least 1 to fit vocabularies on");
    const vocabularies = new Map<string, Vocabulary>(
      Array.from(this.plans, ([key, { words, counts, minCount, hashBuckets }]) => [
        key,
        hashBuckets !== undefined ? hashVocabulary(hashBuckets) : fitVocabulary(counted(words.words, counts), minCount),
      ]),
    );
    const features: Feature[] = [];
    for (const [name, role] of Object.entries(this.schema)) {
      if (role.kind === "dense") features.push(denseFeature(name));
      if (!isWordRole(role)) continue;
      const key = vocabularyOf(name, role);
      const { size } = vocabularies.get(key)!;
      features.push(role.kind === "sparse" ? sparseFeature(name, size, key) : sequenceFeature(name, size, role.maxLength, key));
    }
    return {
      features,
      vocabularies: Object.fromEntries(Array.from(vocabularies, ([key, vocabulary]) => [key, vocabulary.toJSON()])),
      statistics: Object.fromEntries(Array.from(this.moments, ([name, moments]) => [name, moments.finish()])),
    };
  }
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
  return new Map(words.map((word, code): [string, number] => [word, counts[code]]).filter(([, count]) => count > 0));
}

function isWordRole(role: Role): role is WordRole {
  return role.kind === "sparse" || role.kind === "sequence";
}

function vocabularyOf(name: string, role: WordRole): string {
  return role.vocabulary ?? name;
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

  /** 0 and 1 if no number came; numbers that are all the same have a deviation of 1, so that nobody divides by 0. */
  finish(): { mean: number; deviation: number } {
    return { mean: this.mean, deviation: this.squares > 0 ? Math.sqrt(this.squares / this.n) : 1 };
  }
}
