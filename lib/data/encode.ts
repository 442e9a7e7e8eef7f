/**
 * From text to ids and from numbers to standardised numbers, by what the training rows say and nothing else: a word
 * that only test rows have is unknown, and their prices do not move the mean.
 */
import {
  type Column,
  denseFeature,
  type Feature,
  Impressions,
  sequenceFeature,
  sparseFeature,
} from "./impressions";
import type { NumberColumn, RawImpressions, TextColumn } from "./raw";
import type { SequenceRole, SparseRole } from "./schema";
import { fitVocabulary, hashVocabulary, type Vocabulary, vocabularyFrom, type VocabularyJSON } from "./vocabulary";

/** All that was fitted, as plain JSON: saved beside a model, it encodes new impressions the same way. */
export interface Encoding {
  readonly features: readonly Feature[];
  /** By the name of the vocabulary. */
  readonly vocabularies: Readonly<Record<string, VocabularyJSON>>;
  /** Mean and standard deviation of the dense features, by name. */
  readonly statistics: Readonly<Record<string, { mean: number; deviation: number }>>;
}

/** Fits an encoding on the training rows and applies it to all rows. */
export function encode(raw: RawImpressions, trainRows: Int32Array): { impressions: Impressions; encoding: Encoding } {
  const encoding = fitEncoding(raw, trainRows);
  return { impressions: applyEncoding(raw, encoding), encoding };
}

/** Vocabularies, means and deviations of the given rows. Other rows are not looked at. */
export function fitEncoding(raw: RawImpressions, trainRows: Int32Array): Encoding {
  if (trainRows.length === 0) throw new RangeError("0 training rows, expected at least 1 to fit vocabularies on");
  const vocabularies: Record<string, VocabularyJSON> = {};
  const sizes: Record<string, number> = {};
  for (const [name, users] of byVocabulary(raw)) {
    const vocabulary = fit(name, users, raw, trainRows);
    vocabularies[name] = vocabulary.toJSON();
    sizes[name] = vocabulary.size;
  }
  const features: Feature[] = [];
  const statistics: Record<string, { mean: number; deviation: number }> = {};
  for (const [name, role] of Object.entries(raw.schema)) {
    if (role.kind === "sparse") {
      const vocabulary = role.vocabulary ?? name;
      features.push(sparseFeature(name, sizes[vocabulary], vocabulary));
    } else if (role.kind === "sequence") {
      const vocabulary = role.vocabulary ?? name;
      features.push(sequenceFeature(name, sizes[vocabulary], role.maxLength, vocabulary));
    } else if (role.kind === "dense") {
      features.push(denseFeature(name));
      statistics[name] = meanAndDeviation(raw.columns[name] as NumberColumn, trainRows);
    }
  }
  return { features, vocabularies, statistics };
}

/** The rows as impressions, with the ids and the scale of an encoding fitted before. */
export function applyEncoding(raw: RawImpressions, encoding: Encoding): Impressions {
  const vocabularies = new Map(Object.entries(encoding.vocabularies).map(([name, json]) => [name, vocabularyFrom(json)]));
  const columns: Record<string, Column> = {};
  for (const feature of encoding.features) {
    const { name, kind } = feature;
    const column = raw.columns[name];
    if (!column) throw new RangeError(`the data has no column for the feature ${name}, expected the columns of the data the encoding was fitted on`);
    columns[name] =
      kind === "dense"
        ? standardise(column as NumberColumn, encoding.statistics[name])
        : toIds(column as TextColumn, vocabularies.get(feature.vocabulary)!, learnsMissing(raw.schema[name] as WordRole));
  }
  return new Impressions({ features: encoding.features, columns, labels: raw.labels, users: raw.users, times: raw.times });
}

type WordRole = SparseRole | SequenceRole;

function learnsMissing(role: WordRole): boolean {
  return role.kind === "sparse" && role.missing === "word";
}

/** The features of each vocabulary, by its name. */
function byVocabulary({ schema }: RawImpressions): Map<string, [name: string, role: WordRole][]> {
  const groups = new Map<string, [string, WordRole][]>();
  for (const [name, role] of Object.entries(schema)) {
    if (role.kind !== "sparse" && role.kind !== "sequence") continue;
    const vocabulary = role.vocabulary ?? name;
    groups.set(vocabulary, [...(groups.get(vocabulary) ?? []), [name, role]]);
  }
  return groups;
}

function fit(vocabulary: string, users: [string, WordRole][], raw: RawImpressions, rows: Int32Array): Vocabulary {
  const options = (["minCount", "hashBuckets"] as const).map((option) => {
    const values = new Set(users.map(([, role]) => role[option]).filter((value) => value !== undefined));
    if (values.size > 1) throw new RangeError(`vocabulary ${vocabulary} has ${option} ${[...values].join(" and ")}, expected one value for all its features`);
    return [...values][0];
  });
  const [minCount, hashBuckets] = options;
  if (hashBuckets) return hashVocabulary(hashBuckets);
  const counts = new Map<string, number>();
  for (const [name, role] of users) {
    const { words, codes, width } = raw.columns[name] as TextColumn;
    const counted = new Float64Array(words.length);
    for (let i = 0; i < rows.length; i++) {
      for (let j = rows[i] * width; j < (rows[i] + 1) * width; j++) counted[codes[j]]++;
    }
    for (let code = learnsMissing(role) ? 0 : 1; code < words.length; code++) {
      if (counted[code] > 0) counts.set(words[code], (counts.get(words[code]) ?? 0) + counted[code]);
    }
  }
  return fitVocabulary(counts, minCount);
}

function toIds({ words, codes }: TextColumn, vocabulary: Vocabulary, missingIsWord: boolean): Int32Array {
  const ids = Int32Array.from(words, (word, code) => (code === 0 && !missingIsWord ? 0 : vocabulary.id(word)));
  return codes.map((code) => ids[code]);
}

/** Of the numbers that are there, 0 and 1 if none is; a column that never changes keeps a deviation of 1. */
function meanAndDeviation(values: NumberColumn, rows: Int32Array): { mean: number; deviation: number } {
  let n = 0;
  let mean = 0;
  let squares = 0; // sum of squared differences from the mean, by Welford's update
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]];
    if (Number.isNaN(value)) continue;
    n++;
    const difference = value - mean;
    mean += difference / n;
    squares += difference * (value - mean);
  }
  return { mean, deviation: squares > 0 ? Math.sqrt(squares / n) : 1 };
}

function standardise(values: NumberColumn, { mean, deviation }: { mean: number; deviation: number }): Float32Array {
  return Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : (value - mean) / deviation));
}
