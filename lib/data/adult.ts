/**
 * Adult (census income): who earns more than $50,000 a year stands in for who clicks. 32,561 rows to train on and
 * 16,281 to test on, split at random by the publishers.
 *
 * Source: B. Becker and R. Kohavi, UCI Machine Learning Repository 1996. https://archive.ics.uci.edu/dataset/2/adult
 */
import { rowRange } from "./blocks";
import { cachedFile, cacheFolder, fetchAgain } from "./cache";
import type { TextFormat } from "./csv";
import { readColumns } from "./csv";
import type { RawImpressions } from "./raw";
import { boundaries, dense, label, type Schema, sparse } from "./schema";
import { TableBuilder } from "./table";

const format: TextFormat = {
  header: [
    "age", "workclass", "weight", "education", "educationYears", "maritalStatus", "occupation", "relationship",
    "race", "sex", "capitalGain", "capitalLoss", "hours", "country", "income",
  ],
  quotes: false,
  trim: true,
  skip: (line) => line.startsWith("|"), // the first line of adult.test is a remark
};

/** "?" is how the files write a missing value. The census weight is not a feature of a person and is left out. */
const category = sparse({ read: (text) => (text === "?" ? "" : text), missing: "word" });

/** How loadAdult reads each column. */
export const adultSchema: Schema = {
  age: dense(),
  ageGroup: sparse({ from: "age", read: boundaries(20, 25, 30, 35, 40, 45, 50, 55, 60, 65) }),
  workclass: category,
  education: category,
  educationYears: dense(),
  maritalStatus: category,
  occupation: category,
  relationship: category,
  race: category,
  sex: category,
  capitalGain: dense({ transform: Math.log1p }),
  capitalLoss: dense({ transform: Math.log1p }),
  hours: dense(),
  hoursGroup: sparse({ from: "hours", read: boundaries(20, 35, 40, 41, 50, 60) }),
  country: category,
  income: label({ read: income }),
};

/** The labels of adult.test end with a dot. */
function income(text: string): 0 | 1 {
  const word = text.endsWith(".") ? text.slice(0, -1) : text;
  if (word === ">50K") return 1;
  if (word === "<=50K") return 0;
  throw new RangeError(`${JSON.stringify(text.slice(0, 40))}, expected ">50K" or "<=50K"`);
}

export interface Adult extends RawImpressions {
  /** The rows of adult.data. */
  readonly trainRows: Int32Array;
  /** The rows of adult.test. */
  readonly testRows: Int32Array;
}

/**
 * The data set from the cache, first the training rows, then the test rows.
 *
 * @throws if it is not there, or if rows and class balance are not the published ones.
 */
export async function loadAdult(): Promise<Adult> {
  const data = await readAdult(cacheFolder());
  const rich = (rows: Int32Array) => rows.reduce((sum, row) => sum + data.labels[row], 0);
  const got = [data.trainRows.length, rich(data.trainRows), data.testRows.length, rich(data.testRows)];
  const published = [32_561, 7_841, 16_281, 3_846];
  if (got.some((count, i) => count !== published[i])) {
    throw new Error(
      `adult has ${got[0]} + ${got[2]} rows with ${got[1]} + ${got[3]} above 50K, expected 32561 + 16281 with 7841 + 3846. ${fetchAgain("adult")}`,
    );
  }
  return data;
}

/** Like loadAdult, but reads from any folder laid out like the cache, and accepts any number of rows. */
export async function readAdult(cache: string): Promise<Adult> {
  const builder = new TableBuilder(adultSchema);
  const read = (file: string) =>
    readColumns<unknown[]>(cachedFile("adult", file, cache), format, builder.readers, (values) => builder.add(values));
  const train = await read("adult.data");
  const test = await read("adult.test");
  const rows = rowRange(0, train + test);
  return { ...builder.finish(), trainRows: rows.subarray(0, train), testRows: rows.subarray(train) };
}
