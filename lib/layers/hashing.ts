/** Puts pairs of ids into a fixed number of buckets, for models whose weights belong to pairs. */
import { forEachPair } from "./eachpair";

const largestId = 2 ** 31 - 1;

/** @throws RangeError if a model cannot have that many weights for pairs, each with its bucket. */
export function checkBuckets(buckets: number | undefined): asserts buckets is number {
  if (buckets !== undefined && Number.isInteger(buckets) && buckets >= 1 && buckets < largestId) return;
  throw new RangeError(`buckets is ${buckets}, expected a whole number from 1 to 2^31 - 2`);
}

/**
 * The bucket of a pair of ids, 0..buckets − 1.
 *
 *   h(j₁, j₂) = ( ½ (j₁ + j₂)(j₁ + j₂ + 1) + j₂ ) mod B                      Juan et al. (2016), sec. 2
 *
 * Before the mod no two pairs share a number (Cantor's pairing function); after it some share a bucket.
 * Exact for ids up to 2^31 − 1. Example: pairHash(1, 2, 97) is 8.
 */
export function pairHash(j1: number, j2: number, buckets: number): number {
  const sum = j1 + j2;
  // Doubles are exact up to 2^53, which sum · (sum + 1) passes at 94,906,266; bit operations fail at 46,341.
  if (sum < 94_906_265) return ((sum * (sum + 1)) / 2 + j2) % buckets;
  const [half, other] = sum % 2 === 0 ? [sum / 2, sum + 1] : [(sum + 1) / 2, sum];
  return (productModulo(half, other, buckets) + j2) % buckets;
}

/**
 * a b mod m, exact for a, b up to 2^32 and m up to 2^31, by way of products below 2^49. BigInt takes two or three
 * times as long.
 */
function productModulo(a: number, b: number, m: number): number {
  const [x, y] = [a % m, b % m];
  const low = x % 65_536;
  const high = (x - low) / 65_536;
  return (((high * y) % m) * 65_536 + low * y) % m;
}

/**
 * Bucket + 1 of each pair of present ids of each impression, and 0 where one of the two is missing:
 * ids [rows x slots] → [rows x slots (slots − 1) / 2]. Of the two ids the smaller one is j₁.
 */
export function pairIds(ids: Int32Array, slots: number, buckets: number): Int32Array {
  const pairs = (slots * (slots - 1)) / 2;
  const hashed = new Int32Array((ids.length / slots) * pairs);
  forEachPair(slots, (i, j, pair) => {
    for (let row = 0; row < ids.length / slots; row++) {
      const [a, b] = [ids[row * slots + i], ids[row * slots + j]];
      if (a !== 0 && b !== 0) hashed[row * pairs + pair] = 1 + pairHash(Math.min(a, b), Math.max(a, b), buckets);
    }
  });
  return hashed;
}

/**
 * Bucket + 1 of each cross of each impression, and 0 where one of the crossed ids is missing: [rows x crosses].
 * crosses: the ids of each cross, [rows x crossed features].
 * The ids of a cross are hashed one after the other, beginning with the cross's number c: h(h(h(c, j₁), j₂), j₃), then
 * mod buckets.
 */
export function crossIds(crosses: readonly Int32Array[], rows: number, buckets: number): Int32Array {
  const hashed = new Int32Array(rows * crosses.length);
  crosses.forEach((ids, cross) => {
    const n = ids.length / rows; // features of this cross
    for (let row = 0; row < rows; row++) {
      let hash = cross; // the cross's number too, or two crosses would share all buckets
      let missing = false;
      for (let i = row * n; i < (row + 1) * n; i++) {
        missing ||= ids[i] === 0;
        hash = pairHash(hash, ids[i], largestId);
      }
      if (!missing) hashed[row * crosses.length + cross] = 1 + (hash % buckets);
    }
  });
  return hashed;
}

/** How many of these different pairs share their bucket with another one of them. */
export function collisions(pairs: readonly (readonly [number, number])[], buckets: number): number {
  const count = new Map<number, number>();
  const hashes = pairs.map(([a, b]) => pairHash(Math.min(a, b), Math.max(a, b), buckets));
  for (const hash of hashes) count.set(hash, (count.get(hash) ?? 0) + 1);
  return hashes.filter((hash) => count.get(hash)! > 1).length;
}
