/**
 * From text to ids and from numbers to standardised numbers, by what the training rows say and nothing else: a word
 * that only test rows have is unknown, and their prices do not move the mean.
 */
import { checkSchema, type Encoding, EncodingFitter, type Statistics } from "./fitter";
import { checkRows, type Column, Impressions } from "./impressions";
import type { NumberColumn, RawImpressions, TextColumn } from "./raw";
import type { WordRole } from "./schema";
import { type Vocabulary, vocabularyFrom, type VocabularyJSON } from "./vocabulary";

/** Fits an encoding on the training rows and applies it to all rows. */
export function encode(raw: RawImpressions, trainRows: Int32Array): { impressions: Impressions; encoding: Encoding } {
  const encoding = fitEncoding(raw, trainRows);
  return { impressions: applyEncoding(raw, encoding), encoding };
}

/**
 * Vocabularies, means and deviations of the given rows. Other rows are not looked at.
 *
 * @throws if there is no such row.
 */
export function fitEncoding(raw: RawImpressions, trainRows: Int32Array): Encoding {
  checkRows(trainRows, raw.size);
  const rows = trainRows.slice().sort(); // a sum depends on the order of its terms, in the last digit
  const fitter = new EncodingFitter(raw.schema);
  for (const [name, role] of Object.entries(raw.schema)) {
    if (role.kind === "dense") {
      const values = raw.columns[name] as NumberColumn;
      for (const row of rows) fitter.addNumber(name, values[row]);
    } else if (role.kind === "sparse" || role.kind === "sequence") {
      const { words, codes, width } = raw.columns[name] as TextColumn;
      const counts = new Float64Array(words.length);
      for (let i = 0; i < trainRows.length; i++) {
        for (let j = trainRows[i] * width; j < (trainRows[i] + 1) * width; j++) counts[codes[j]]++;
      }
      const first = learnsMissing(role) ? 0 : 1;
      for (let code = first; code < words.length; code++)
        if (counts[code] > 0) fitter.addWord(name, words[code], counts[code]);
    }
  }
  return fitter.finish(trainRows.length);
}

/**
 * The rows as impressions, with the ids and the scale of an encoding fitted before.
 *
 * @throws TypeError without an encoding; RangeError if the rows lack a feature, their schema reads one differently from
 * the schema that the encoding was fitted with, or a number is too large for 32 bits.
 */
export function applyEncoding(raw: RawImpressions, encoding: Encoding): Impressions {
  if (!encoding)
    throw new TypeError(
      `encoding is ${encoding}, expected that of fitEncoding. Was the model saved without it? save(model, folder, { encoding }) keeps it`,
    );
  checkSchema(raw.schema, encoding);
  const columns: Record<string, Column> = {};
  for (const feature of encoding.features) {
    const { name, kind } = feature;
    const column = raw.columns[name];
    if (!column)
      throw new RangeError(
        `the data has no column for the feature ${name}, expected the columns of the data the encoding was fitted on`,
      );
    columns[name] =
      kind === "dense"
        ? standardise(name, column as NumberColumn, encoding.statistics[name])
        : toIds(
            column as TextColumn,
            cachedVocabulary(encoding.vocabularies[feature.vocabulary]),
            learnsMissing(raw.schema[name] as WordRole),
          );
  }
  return new Impressions({
    features: encoding.features,
    columns,
    labels: raw.labels,
    users: raw.users,
    times: raw.times,
    weights: raw.weights,
  });
}

/** Vocabularies made before: a request with ten candidates must not take the time to build whole vocabularies. */
const made = new WeakMap<VocabularyJSON, Vocabulary>();

function cachedVocabulary(json: VocabularyJSON): Vocabulary {
  let vocabulary = made.get(json);
  const grown = vocabulary && "words" in json && vocabulary.size !== json.words.length + 2; // words added by hand
  if (!vocabulary || grown) made.set(json, (vocabulary = vocabularyFrom(json)));
  return vocabulary;
}

/** Whether the empty text is a word like any other. */
export function learnsMissing(role: WordRole): boolean {
  return role.kind === "sparse" && role.missing === "word";
}

function toIds({ words, codes }: TextColumn, vocabulary: Vocabulary, missingIsWord: boolean): Int32Array {
  const ids = Int32Array.from(words, (word, code) => (code === 0 && !missingIsWord ? 0 : vocabulary.id(word)));
  const column = new Int32Array(codes.length);
  for (let i = 0; i < column.length; i++) column[i] = ids[codes[i]];
  return column;
}

function standardise(name: string, values: NumberColumn, { mean, deviation }: Statistics): Float32Array {
  const standardised = Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : (value - mean) / deviation));
  const row = standardised.findIndex((value) => !Number.isFinite(value));
  if (row >= 0) throw new RangeError(`${name}[${row}] is ${tooLarge(values[row], standardised[row])}`);
  return standardised;
}

/** What is wrong with a number that 32 bits cannot hold once it is standardised. */
export function tooLarge(value: number, standardised: number): string {
  return `${value}, which is ${standardised} when standardised, expected a number that 32 bits can hold. Correct it, or leave the row out (of a file, with keep)`;
}
