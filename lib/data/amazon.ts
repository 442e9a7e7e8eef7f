/**
 * Amazon Electronics reviews as in the DIN paper: a user's reviews in time order are the behaviours b1 ... bn. For
 * k = 1 to n - 2 the first k predict b(k+1), which is training data; the first n - 1 predict bn, the test. Each
 * behaviour to predict comes with one item that the user never reviewed, drawn with the seed: labels 1 and 0.
 *
 * The negatives avoid the user's later items too, as in the authors' script. That uses the future, but only to keep out
 * items that would be wrong answers. Times are days; reviews of the same day keep the order of the file.
 *
 * Source: Zhou et al., "Deep Interest Network", KDD 2018, sec. 6.1; R. He and J. McAuley's review data, 5-core, 2014.
 */
import { checkOptionNames, checkWhole } from "../checks";
import { createRandom, type Random } from "../random";
import { cachedFile, cacheFolder, fetchAgain } from "./cache";
import { DataError } from "./faults";
import { readJsonLines } from "./jsonlines";
import { type RawImpressions, type TextColumn, Words } from "./raw";
import { label, type Schema, sequence, sparse, time, user } from "./schema";

export interface AmazonOptions {
  seed: number | string;
  /** How many of the newest behaviours a history keeps. Default 20; on average a history has 8. */
  historyLength?: number | undefined;
}

export interface Amazon extends RawImpressions {
  readonly trainRows: Int32Array;
  readonly testRows: Int32Array;
}

interface Review {
  item: number;
  time: number;
}

/**
 * The data set from the cache. Nearly 3 million rows: it takes about 2 GB of memory.
 *
 * @throws if it is not there, or if its counts are not the paper's.
 */
export async function loadAmazon(options: AmazonOptions): Promise<Amazon> {
  const data = await readAmazon(cacheFolder(), options);
  const count = (name: string) => (data.columns[name] as TextColumn).words.length - 1;
  const got = {
    users: count("user"),
    goods: count("item"),
    categories: count("category"),
    samples: data.size / 2 + count("user"),
  };
  const published = { users: 192_403, goods: 63_001, categories: 801, samples: 1_689_188 };
  for (const key of ["users", "goods", "categories", "samples"] as const) {
    if (got[key] !== published[key])
      throw new Error(
        `amazon-electronics has ${got[key]} ${key}, expected ${published[key]} as in the paper. ${fetchAgain("amazon-electronics")}`,
      );
  }
  return data;
}

/** Like loadAmazon, but reads from any folder laid out like the cache, and accepts any number of reviews. */
export async function readAmazon(cache: string, options: AmazonOptions): Promise<Amazon> {
  checkOptionNames("Amazon", options, { seed: true, historyLength: true });
  const { seed, historyLength = 20 } = options;
  const random = createRandom(seed).child("amazon negatives"); // throws if seed is not valid
  checkWhole("historyLength", historyLength);
  const items = new Words();
  const users = new Words();
  const reviewsOf: Review[][] = [[]]; // by the user's code
  const reviews = cachedFile("amazon-electronics", "reviews_Electronics_5.json", cache);
  await readJsonLines(reviews, ({ reviewerID, asin, unixReviewTime }, line) => {
    const hasIds = typeof reviewerID === "string" && typeof asin === "string" && reviewerID && asin; // "" is nothing
    if (!hasIds || !Number.isFinite(unixReviewTime)) {
      throw new DataError(reviews, line, 1, "a record that lacks reviewerID, asin or unixReviewTime");
    }
    const who = users.code(reviewerID);
    (reviewsOf[who] ??= []).push({ item: items.code(asin), time: unixReviewTime as number });
  });
  if (users.words.length === 1) throw new DataError(reviews, 1, 1, "an empty file, expected a review on each line");
  const categories = new Words();
  const categoryOf = new Int32Array(items.words.length); // by the item's code
  const known = new Map(items.words.map((asin, code) => [asin, code]));
  const meta = cachedFile("amazon-electronics", "meta_Electronics.json", cache);
  await readJsonLines(meta, ({ asin, categories: paths }, line) => {
    const item = known.get(asin as string);
    if (!item) return;
    // The authors' choice: the last of the last path.
    const path: unknown = Array.isArray(paths) && paths.at(-1);
    const category: unknown = Array.isArray(path) && path.at(-1);
    if (typeof category !== "string") throw new DataError(meta, line, 1, "a record without categories");
    categoryOf[item] = categories.code(category);
  });
  return impressions(reviewsOf, { users, items, categories, categoryOf }, historyLength, random);
}

interface Catalogue {
  users: Words;
  items: Words;
  categories: Words;
  categoryOf: Int32Array;
}

function schema(historyLength: number): Schema {
  return {
    user: sparse(),
    item: sparse(),
    category: sparse(),
    history: sequence({ maxLength: historyLength, vocabulary: "item" }),
    historyCategory: sequence({ maxLength: historyLength, vocabulary: "category" }),
    label: label(),
    who: user(),
    when: time(),
  };
}

function impressions(
  reviewsOf: Review[][],
  { users, items, categories, categoryOf }: Catalogue,
  historyLength: number,
  random: Random,
): Amazon {
  const size = reviewsOf.reduce((sum, reviews) => sum + 2 * Math.max(0, reviews.length - 1), 0);
  const whose = new Int32Array(size);
  const item = new Int32Array(size);
  const history = new Int32Array(size * historyLength);
  const labels = new Float32Array(size);
  const times = new Float64Array(size);
  const trainRows: number[] = [];
  const testRows: number[] = [];
  let row = 0;
  reviewsOf.forEach((reviews, who) => {
    reviews.sort((a, b) => a.time - b.time); // a stable sort: one day's reviews stay in order
    const own = new Set(reviews.map((review) => review.item));
    if (own.size >= items.words.length - 1)
      throw new RangeError(`user ${users.words[who]} reviewed every item, so there is none to draw as a negative`);
    for (let k = 1; k < reviews.length; k++) {
      const first = Math.max(0, k - historyLength);
      let negative = 0;
      do negative = 1 + random.integer(items.words.length - 1);
      while (own.has(negative));
      for (const candidate of [reviews[k].item, negative]) {
        whose[row] = who;
        item[row] = candidate;
        labels[row] = candidate === negative ? 0 : 1;
        times[row] = reviews[k].time;
        for (let j = first; j < k; j++) history[row * historyLength + j - first] = reviews[j].item;
        (k === reviews.length - 1 ? testRows : trainRows).push(row++);
      }
    }
  });
  const categoryCodes = (codes: Int32Array) => codes.map((code) => categoryOf[code]);
  return {
    size,
    schema: schema(historyLength),
    columns: {
      user: { words: users.words, codes: whose, width: 1 },
      item: { words: items.words, codes: item, width: 1 },
      category: { words: categories.words, codes: categoryCodes(item), width: 1 },
      history: { words: items.words, codes: history, width: historyLength },
      historyCategory: { words: categories.words, codes: categoryCodes(history), width: historyLength },
    },
    labels,
    users: whose,
    times,
    trainRows: Int32Array.from(trainRows),
    testRows: Int32Array.from(testRows),
  };
}
