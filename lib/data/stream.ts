/**
 * Tables larger than memory: a text file becomes a packed file of ids (lib/data/packed.ts), row by row.
 *
 * With hashed ids one pass over the text is enough. Fitted vocabularies and standardised numbers need one more pass,
 * which counts the words of the training rows. Memory holds the different words, never the rows.
 */
import * as fs from "node:fs";
import { checkOptionNames } from "../checks";
import { readColumns, type TextFormat } from "./csv";
import { learnsMissing, tooLarge } from "./encode";
import { checkSchema, type Encoding, EncodingFitter } from "./fitter";
import { PackedImpressions, type PackedRow, PackedWriter } from "./packed";
import type { Role, Schema } from "./schema";
import { makeInPlace } from "./staging";
import { reader, rolesToRead, tableOptionNames, type TableOptions } from "./table";
import { vocabularyFrom } from "./vocabulary";

export interface PackOptions extends TableOptions {
  /** The packed file. One that is there already is replaced when the new one is complete. */
  to: string;
  /**
   * Whether the row with this number is a training row: only those are counted. Numbers run from 0 over the rows that
   * are kept. Not needed if all ids are hashes.
   */
  isTrainingRow?: ((row: number) => boolean) | undefined;
  /**
   * Takes this encoding instead of fitting one: for a second file, that of the first. Features it lacks are left out.
   */
  encoding?: Encoding | undefined;
  /** Most different words held in memory; a word takes about 100 bytes. Default 5 million. */
  maxWords?: number | undefined;
  /** Called every thousand rows of a pass. */
  onProgress?: ((pass: "counting" | "packing", rows: number) => void) | undefined;
}

const optionNames: Record<keyof PackOptions, true> = {
  ...tableOptionNames,
  to: true, isTrainingRow: true, encoding: true, maxWords: true, onProgress: true,
};

type NamedRole = readonly [name: string, role: Role];

/**
 * Packs the text file and opens the result.
 *
 * @throws DataError with file, line and column; RangeError if there are too many words, the schema does not have one
 * label column or is not the encoding's, or `to` is the text file. In no case is an unfinished file left.
 */
export async function packTable(
  file: string,
  format: TextFormat,
  schema: Schema,
  options: PackOptions,
): Promise<PackedImpressions> {
  checkOptionNames("packTable", options, optionNames);
  if (isSameFile(file, options.to))
    throw new RangeError(`to is ${options.to}, the file that is read, which would be lost: expected another one`);
  const roles = rolesToRead(schema, options);
  const encoding = options.encoding
    ? checkGiven(options.encoding, schema, options)
    : await fitOnFile(file, format, schema, roles, options);
  await makeInPlace(options.to, async (staging) => {
    const kinds = new Set(roles.map(([, role]) => role.kind));
    const [hasUsers, hasTimes, hasWeights] = (["user", "time", "weight"] as const).map((kind) => kinds.has(kind));
    const writer = new PackedWriter(staging, { encoding, hasUsers, hasTimes, hasWeights });
    try {
      const row: PackedRow = { label: 0, user: 0, time: 0, weight: 1, values: new Array(encoding.features.length) };
      const readers = roles.map(([name, role]) => {
        const [read, fill] = [reader(role), filler(name, role, encoding, row)];
        // Filled in here, so that an error says in which line the value is.
        return [role.from ?? name, (text: string) => fill(read(text))] as const;
      });
      let rows = 0;
      const add = () => {
        writer.add(row);
        if (++rows % 1000 === 0) options.onProgress?.("packing", rows);
      };
      await readColumns(file, format, readers, add, options.keep);
      if (rows === 0)
        throw new RangeError(`${file} has no rows${options.keep ? " that are kept" : ""}, expected at least 1`);
      writer.finish();
    } finally {
      writer.close();
    }
  });
  return new PackedImpressions(options.to);
}

function isSameFile(one: string, other: string): boolean {
  return [one, other].every((file) => fs.existsSync(file)) && fs.realpathSync(one) === fs.realpathSync(other);
}

function checkGiven(encoding: Encoding, schema: Schema, { isTrainingRow }: PackOptions): Encoding {
  if (isTrainingRow)
    throw new RangeError(
      "encoding and isTrainingRow are given, expected one of them: with an encoding, none is fitted",
    );
  checkSchema(schema, encoding);
  return encoding;
}

/** The first pass, which is left out if there is nothing to count. */
async function fitOnFile(
  file: string,
  format: TextFormat,
  schema: Schema,
  roles: readonly NamedRole[],
  options: PackOptions,
): Promise<Encoding> {
  const { isTrainingRow, maxWords = 5_000_000, onProgress, keep } = options;
  const fitter = new EncodingFitter(schema);
  if (fitter.isIdle) return fitter.finish(0);
  if (!isTrainingRow)
    throw new RangeError(
      "isTrainingRow is missing, expected a function that says which rows vocabularies and means are fitted on",
    );
  const count = roles.map(([name, role]) => counter(name, role, fitter));
  let rows = 0;
  let trainRows = 0;
  const add = (values: unknown[]) => {
    if (++rows % 1000 === 0) onProgress?.("counting", rows);
    if (!isTrainingRow(rows - 1)) return;
    trainRows++;
    for (let i = 0; i < values.length; i++) count[i]?.(values[i]);
    if (fitter.numWords > maxWords)
      throw new RangeError(
        `${file} has more than ${maxWords} different words in its first ${rows} rows. Hash the largest features (hashBuckets), or raise maxWords`,
      );
  };
  await readColumns<unknown[]>(
    file,
    format,
    roles.map(([name, role]) => [role.from ?? name, reader(role)] as const),
    add,
    keep,
  );
  return fitter.finish(trainRows);
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

/** Puts a value of the table where it belongs in the row. @throws RangeError if 32 bits cannot hold it. */
function filler(name: string, role: Role, encoding: Encoding, row: PackedRow): (value: unknown) => void {
  if (role.kind === "label") return (value) => (row.label = value as number);
  if (role.kind === "time") return (value) => (row.time = value as number);
  if (role.kind === "user") return (value) => (row.user = value as number);
  if (role.kind === "weight") return (value) => (row.weight = value as number);
  const at = encoding.features.findIndex((feature) => feature.name === name);
  if (at < 0) return () => {};
  const feature = encoding.features[at];
  if (role.kind === "dense" || feature.kind === "dense") {
    const { mean, deviation } = encoding.statistics[name];
    return (value) => {
      const standardised = Number.isNaN(value) ? 0 : Math.fround(((value as number) - mean) / deviation);
      if (!Number.isFinite(standardised))
        throw new RangeError(tooLarge(value as number, standardised));
      row.values[at] = standardised;
    };
  }
  const vocabulary = vocabularyFrom(encoding.vocabularies[feature.vocabulary]);
  const missing = learnsMissing(role);
  const id = (word: string) => (word === "" && !missing ? 0 : vocabulary.id(word));
  return role.kind === "sparse"
    ? (value) => (row.values[at] = id(value as string))
    : (value) => (row.values[at] = (value as string[]).map(id));
}
