/**
 * Tables larger than memory: a text file becomes a packed file of ids (lib/data/packed.ts), row by row.
 *
 * With hashed ids one pass over the text is enough. Fitted vocabularies and standardised numbers need one pass more,
 * which counts the words of the training rows. Memory holds the different words, never the rows.
 */
import { readColumns, type TextFormat } from "./csv";
import { learnsMissing } from "./encode";
import { type Encoding, EncodingFitter } from "./fitter";
import { PackedImpressions, type PackedRow, PackedWriter } from "./packed";
import type { Role, Schema } from "./schema";
import { makeInPlace } from "./staging";
import { checkLabel, reader } from "./table";
import { vocabularyFrom } from "./vocabulary";

export interface PackOptions {
  /** The packed file. One that is there already is replaced when the new one is complete. */
  to: string;
  /** Whether the row with this number, from 0, is a training row: only those are counted. Not needed if all ids are hashes. */
  isTrainingRow?: (row: number) => boolean;
  /** Most different words held in memory; a word takes about 100 bytes. Default 5 million. */
  maxWords?: number;
  /** Told every thousand rows. */
  onProgress?: (pass: "counting" | "packing", rows: number) => void;
}

/**
 * Packs the text file and opens the result.
 *
 * @throws DataError with file, line and column; RangeError if there are too many words, or not one label column. Either
 * way no file is left.
 */
export async function packTable(file: string, format: TextFormat, schema: Schema, options: PackOptions): Promise<PackedImpressions> {
  checkLabel(schema);
  const encoding = await fitOnFile(file, format, schema, options);
  await makeInPlace(options.to, async (staging) => {
    const roles = Object.entries(schema);
    const kinds = new Set(roles.map(([, role]) => role.kind));
    const writer = new PackedWriter(staging, { encoding, hasUsers: kinds.has("user"), hasTimes: kinds.has("time") });
    try {
      const row: PackedRow = { label: 0, user: 0, time: 0, values: new Array(encoding.features.length) };
      const fill = roles.map(([name, role]) => filler(name, role, encoding, row));
      let rows = 0;
      await eachRow(file, format, schema, (values) => {
        for (let i = 0; i < values.length; i++) fill[i](values[i]);
        writer.add(row);
        if (++rows % 1000 === 0) options.onProgress?.("packing", rows);
      });
      if (rows === 0) throw new RangeError(`${file} has no rows, expected at least 1`);
      writer.finish();
    } finally {
      writer.close();
    }
  });
  return new PackedImpressions(options.to);
}

/** The first pass, which is left out if there is nothing to count. */
async function fitOnFile(file: string, format: TextFormat, schema: Schema, options: PackOptions): Promise<Encoding> {
  const { isTrainingRow, maxWords = 5_000_000, onProgress } = options;
  const fitter = new EncodingFitter(schema);
  if (fitter.isIdle) return fitter.finish(0);
  if (!isTrainingRow) throw new RangeError("isTrainingRow is missing, expected a function that says which rows vocabularies and means are fitted on");
  const count = Object.entries(schema).map(([name, role]) => counter(name, role, fitter));
  let rows = 0;
  let trainRows = 0;
  await eachRow(file, format, schema, (values) => {
    if (++rows % 1000 === 0) onProgress?.("counting", rows);
    if (!isTrainingRow(rows - 1)) return;
    trainRows++;
    for (let i = 0; i < values.length; i++) count[i]?.(values[i]);
    if (fitter.numWords > maxWords) throw new Error(`${file} has more than ${maxWords} different words in its first ${rows} rows. Hash the largest features (hashBuckets), or raise maxWords`);
  });
  return fitter.finish(trainRows);
}

function eachRow(file: string, format: TextFormat, schema: Schema, onRow: (values: unknown[]) => void): Promise<number> {
  return readColumns<unknown[]>(file, format, Object.entries(schema).map(([name, role]) => [role.from ?? name, reader(role)] as const), onRow);
}

function counter(name: string, role: Role, fitter: EncodingFitter): ((value: unknown) => void) | undefined {
  if (role.kind === "dense") return (value) => fitter.addNumber(name, value as number);
  if (role.kind !== "sparse" && role.kind !== "sequence") return undefined;
  const missing = learnsMissing(role);
  const add = (word: string) => {
    if (word !== "" || missing) fitter.addWord(name, word);
  };
  return role.kind === "sparse" ? (value) => add(value as string) : (value) => (value as string[]).forEach(add);
}

/** Puts a value of the table where it belongs in the row. */
function filler(name: string, role: Role, encoding: Encoding, row: PackedRow): (value: unknown) => void {
  if (role.kind === "label") return (value) => (row.label = value as number);
  if (role.kind === "time") return (value) => (row.time = value as number);
  if (role.kind === "user") return (value) => (row.user = value as number);
  const at = encoding.features.findIndex((feature) => feature.name === name);
  if (role.kind === "dense") {
    const { mean, deviation } = encoding.statistics[name];
    return (value) => (row.values[at] = Number.isNaN(value) ? 0 : ((value as number) - mean) / deviation);
  }
  const vocabulary = vocabularyFrom(encoding.vocabularies[role.vocabulary ?? name]);
  const missing = learnsMissing(role);
  const id = (word: string) => (word === "" && !missing ? 0 : vocabulary.id(word));
  return role.kind === "sparse" ? (value) => (row.values[at] = id(value as string)) : (value) => (row.values[at] = (value as string[]).map(id));
}
