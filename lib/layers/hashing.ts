/** Puts pairs of ids into a fixed number of buckets, for models whose weights belong to pairs. */

/**
 * The bucket of a pair of ids, 0..buckets − 1.
 *
 *   h(j₁, j₂) = ( ½ (j₁ + j₂)(j₁ + j₂ + 1) + j₂ ) mod B                      Juan et al. (2016), sec. 2.1
 *
 * Before the mod no two pairs share a number (Cantor's pairing function); after it some share a bucket.
 * Exact for ids up to 2^31 − 1. Example: pairHash(1, 2, 97) is 8.
 */
export function pairHash(j1: number, j2: number, buckets: number): number {
  const sum = j1 + j2;
  // Doubles are exact up to 2^53, which sum · (sum + 1) passes at 94,906,265; bit operations would fail at 46,340.
  if (sum < 94_906_265) return ((sum * (sum + 1)) / 2 + j2) % buckets;
  const s = BigInt(sum);
  return Number(((s * (s + 1n)) / 2n + BigInt(j2)) % BigInt(buckets));
}

/**
 * Bucket + 1 of each pair of present ids of each impression, and 0 where one of the two is missing:
 * ids [rows x slots] → [rows x slots (slots − 1) / 2]. Of the two ids the smaller one is j₁.
 */
export function pairIds(ids: Int32Array, slots: number, buckets: number): Int32Array {
  const pairs = (slots * (slots - 1)) / 2;
  const hashed = new Int32Array((ids.length / slots) * pairs);
  let next = 0;
  for (let start = 0; start < ids.length; start += slots) {
    for (let i = 0; i < slots; i++) {
      for (let j = i + 1; j < slots; j++) {
        const [a, b] = [ids[start + i], ids[start + j]];
        hashed[next++] = a === 0 || b === 0 ? 0 : 1 + pairHash(Math.min(a, b), Math.max(a, b), buckets);
      }
    }
  }
  return hashed;
}

/** How many of these different pairs share their bucket with another one of them. */
export function collisions(pairs: readonly (readonly [number, number])[], buckets: number): number {
  const count = new Map<number, number>();
  const hashes = pairs.map(([a, b]) => pairHash(Math.min(a, b), Math.max(a, b), buckets));
  for (const hash of hashes) count.set(hash, (count.get(hash) ?? 0) + 1);
  return hashes.filter((hash) => count.get(hash)! > 1).length;
}
