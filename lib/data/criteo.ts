/**
 * Criteo display ads: a click or none, 13 counts (I1 to I13) and 26 categories as hashes (C1 to C26), tab-separated,
 * no header. What the columns mean is not published. Many values are missing, and as that says something too, a missing
 * value is a word of its own.
 *
 * The full set (Kaggle 2014, 45,840,617 rows, 11 GB) can be downloaded after accepting a click-through licence;
 * criteo-10k is its first 10,000 rows. The full set has to be packed (lib/data/stream.ts):
 *
 *   packTable("train.txt", criteoFormat, criteoSchema({ hashBuckets: 1_000_000 }), { to: "criteo.rows" })
 */
import { cachedFile, fetchAgain } from "./cache";
import type { TextFormat } from "./csv";
import type { RawImpressions } from "./raw";
import { label, logSquaredBucket, type Schema, sparse } from "./schema";
import { readTable } from "./table";

const counts = Array.from({ length: 13 }, (_, i) => `I${i + 1}`);
const categories = Array.from({ length: 26 }, (_, i) => `C${i + 1}`);

export const criteoFormat: TextFormat = { delimiter: "\t", quotes: false, header: ["label", ...counts, ...categories] };

/** Counts in log-squared buckets, categories as they are. */
export function criteoSchema(
  options: { minCount?: number | undefined; hashBuckets?: number | undefined } = {},
): Schema {
  const count = sparse({ ...options, read: logSquaredBucket, missing: "word" });
  const category = sparse({ ...options, missing: "word" });
  return {
    label: label(),
    ...Object.fromEntries(counts.map((name) => [name, count])),
    ...Object.fromEntries(categories.map((name) => [name, category])),
  };
}

/**
 * The 10,000 rows of criteo-10k, from the cache.
 *
 * @throws if they are not there, or are not 10,000 with 2,182 clicks.
 */
export async function loadCriteo10k(options: { minCount?: number | undefined } = {}): Promise<RawImpressions> {
  const data = await readTable(cachedFile("criteo-10k", "train.tsv"), criteoFormat, criteoSchema(options));
  const clicks = data.labels.reduce((sum, label) => sum + label, 0);
  if (data.size !== 10_000 || clicks !== 2_182) {
    throw new Error(
      `criteo-10k has ${data.size} rows with ${clicks} clicks, expected 10,000 with 2,182. ${fetchAgain("criteo-10k")}`,
    );
  }
  return data;
}
