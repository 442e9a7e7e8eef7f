/**
 * Splits: which impressions train a model, which choose between models, which judge the chosen one.
 * Every row is in exactly one part. Each split answers a different question and leaks different things: see each.
 */
import { checkOptionNames, checkShare } from "../checks";
import { rowRange } from "./blocks";
import { createRandom } from "../random";

/** Row numbers, ascending in each part. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

export interface Shares {
  /** Share of the rows, or for userSplit of the users, from 0 to below 1. */
  validation: number;
  /** Share of the rows or users, from 0 to below 1. */
  test: number;
}

/** What splits need to know of the data; Impressions have it. */
export interface Splittable {
  readonly size: number;
  readonly users?: Int32Array | undefined;
  readonly times?: Float64Array | undefined;
}

/**
 * Rows by lot: how well does a model do on more of the same? Future rows of the same users and items are among
 * the training rows, so where time matters, it flatters the model.
 *
 * @throws if there are too few rows for one in each part that was asked for.
 */
export function randomSplit({ size }: Splittable, shares: Shares & { seed: number | string }): Split {
  checkShares("randomSplit", shares);
  const rank = createRandom(shares.seed).child("split").shuffle(rowRange(0, size));
  return cut(size, shares, (row) => rank[row], size, "rows");
}

/**
 * The last rows are the test, those before them the validation: how well does a model do tomorrow? Rows of the
 * same time are never parted: they go to the earlier part, so the test can be smaller than asked for, and the
 * validation smaller or larger.
 *
 * @throws if the times leave a part that was asked for empty.
 */
export function timeSplit(data: Splittable, shares: Shares): Split {
  checkShares("timeSplit", shares);
  const times = needTimes(data, "timeSplit");
  const sorted = times.slice().sort();
  // Last time still in the part.
  const before = (share: number) => sorted[Math.max(0, data.size - Math.round(data.size * share) - 1)];
  const lastOfTrain = before(shares.validation + shares.test);
  const lastOfValidation = before(shares.test);
  const parts = byPart(data.size, (row) =>
    times[row] <= lastOfTrain ? "train" : times[row] <= lastOfValidation ? "validation" : "test",
  );
  for (const part of ["validation", "test"] as const) {
    if (shares[part] > 0 && parts[part].length === 0) {
      throw new RangeError(
        `of ${data.size} rows none is left for ${part}: too few, or too many of one time. Take more, larger shares or finer times`,
      );
    }
  }
  return parts;
}

/**
 * All rows of a user in one part, users by lot: how well does a model do for users it has never seen?
 *
 * @throws if there are too few users for one in each part that was asked for.
 */
export function userSplit(data: Splittable, shares: Shares & { seed: number | string }): Split {
  checkShares("userSplit", shares);
  const users = needUsers(data, "userSplit");
  const different = Array.from(new Set(users)).sort((a, b) => a - b);
  const rank = new Map(createRandom(shares.seed).child("split").shuffle(different).map((user, i) => [user, i]));
  return cut(data.size, shares, (row) => rank.get(users[row]) as number, different.length, "users");
}

/**
 * The last event of each user is the test, the one before it the validation. An event is all rows of a user at
 * one time, such as a click and the negatives sampled for it. A user with two events has no validation, one with
 * a single event is for training only.
 *
 * How well does a model predict each user's next click? Other users' rows from later than a test row are
 * among the training rows: popularity leaks. timeSplit has no such leak.
 *
 * @throws if there are no rows.
 */
export function leaveLastOut(data: Splittable): Split {
  const users = needUsers(data, "leaveLastOut");
  const times = needTimes(data, "leaveLastOut");
  if (data.size === 0) throw new RangeError("0 rows to split, expected at least 1");
  const timesOf = new Map<number, Set<number>>();
  for (let row = 0; row < data.size; row++) {
    const seen = timesOf.get(users[row]);
    if (seen) seen.add(times[row]);
    else timesOf.set(users[row], new Set([times[row]]));
  }
  const lastTwo = new Map<number, number[]>();
  for (const [user, seen] of timesOf) {
    const latestFirst = Array.from(seen).sort((a, b) => b - a);
    // At least one event stays for training.
    lastTwo.set(user, latestFirst.slice(0, Math.min(2, latestFirst.length - 1)));
  }
  return byPart(data.size, (row) => {
    const [last, beforeLast] = lastTwo.get(users[row]) as number[];
    return times[row] === last ? "test" : times[row] === beforeLast ? "validation" : "train";
  });
}

/**
 * Parts by rank: of `count` ranks the first are for the test, the next for validation, the rest for training. what: the
 * things that are ranked, for the error.
 */
function cut(
  size: number,
  { validation, test }: Shares,
  rank: (row: number) => number,
  count: number,
  what: "rows" | "users",
): Split {
  const endOfTest = Math.round(count * test);
  const endOfValidation = Math.round(count * (test + validation));
  const empty = [
    endOfTest === 0 && test > 0 && "test",
    endOfValidation === endOfTest && validation > 0 && "validation",
    count === endOfValidation && "train",
  ].find(Boolean);
  if (empty)
    throw new RangeError(
      `of ${count} ${what} none is left for ${empty}, with ${validation} for validation and ${test} for test. Take other shares or more data`,
    );
  return byPart(size, (row) => (rank(row) < endOfTest ? "test" : rank(row) < endOfValidation ? "validation" : "train"));
}

function byPart(size: number, partOf: (row: number) => keyof Split): Split {
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  for (let row = 0; row < size; row++) parts[partOf(row)].push(row);
  return {
    train: Int32Array.from(parts.train),
    validation: Int32Array.from(parts.validation),
    test: Int32Array.from(parts.test),
  };
}

/** Every split allows a seed, used or not, so that one object of options does for all of them. */
function checkShares(split: string, shares: Shares): void {
  checkOptionNames(split, shares, { validation: true, test: true, seed: true });
  const { validation, test } = shares;
  for (const [name, share] of Object.entries({ validation, test })) checkShare(name, share);
  if (validation + test >= 1)
    throw new RangeError(
      `validation and test are ${validation + test} of the data, expected to leave some for training`,
    );
}

function needUsers(data: Splittable, split: string): Int32Array {
  return checkLength("users", data.users ?? missing("users", data, split), data);
}

function needTimes(data: Splittable, split: string): Float64Array {
  return checkLength("times", data.times ?? missing("times", data, split), data);
}

/** Rows without a value would be parted all the same: those without a time would go to the test of timeSplit. */
function checkLength<T extends Int32Array | Float64Array>(what: "users" | "times", values: T, { size }: Splittable): T {
  if (values.length !== size) throw new RangeError(`${values.length} ${what}, expected ${size}: one per row`);
  return values;
}

/** Data that is read from a file has users and times only in what was read. */
function missing(what: "users" | "times", data: Splittable, split: string): never {
  const advice =
    "read" in data && !("labels" in data)
      ? ". If its file has them, split what is read: data.read(rowRange(0, data.size))"
      : `. If its file has them, give the schema a column ${what.slice(0, -1)}()`;
  throw new RangeError(`the data has no ${what}, expected one per row for ${split}${advice}`);
}
