import { describe, expect, test } from "vitest";
import { checkBuckets, collisions, crossIds, pairHash, pairIds } from "../../lib/layers/hashing";
import { createRandom } from "../../lib/random";

/** The equation in whole numbers of any size. */
function h(j1: number, j2: number, buckets: number): number {
  const [a, b] = [BigInt(j1), BigInt(j2)];
  return Number((((a + b) * (a + b + 1n)) / 2n + b) % BigInt(buckets));
}

describe("pairHash", () => {
  test("h(1, 2) with 97 buckets is 8: ½ · 3 · 4 + 2", () => {
    expect(pairHash(1, 2, 97)).toBe(8);
  });

  test("gives every pair of small ids its own number before the mod", () => {
    const numbers = new Set<number>();
    for (let i = 0; i < 50; i++) for (let j = 0; j < 50; j++) numbers.add(pairHash(i, j, 2 ** 31));
    expect(numbers.size).toBe(2500);
  });

  test.each([
    [2 ** 31 - 2, 2 ** 31 - 1, 10_000_000],
    [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 2],
    [1, 94_906_263, 1_000_003], // the last sum that is multiplied as it is
    [1, 94_906_264, 1_000_003], // and the first that is not
    [47_453_131, 47_453_133, 999_983],
    [23_170, 23_171, 2 ** 31 - 2], // where 32-bit products overflow
  ])("is exact for %i and %i in %i buckets", (j1, j2, buckets) => {
    expect(pairHash(j1, j2, buckets)).toBe(h(j1, j2, buckets));
  });

  test("is exact for random ids of every size", () => {
    const random = createRandom("ids");
    for (let n = 0; n < 20_000; n++) {
      const top = 2 ** (1 + random.integer(31)) - 1;
      const [a, b, buckets] = [random.integer(top), random.integer(top), 1 + random.integer(2 ** 31 - 2)];
      expect(pairHash(a, b, buckets)).toBe(h(a, b, buckets));
    }
  });
});

test("there may be 1 to 2^31 − 2 buckets", () => {
  for (const buckets of [1, 2 ** 31 - 2]) expect(() => checkBuckets(buckets)).not.toThrow();
  for (const buckets of [0, 2 ** 31 - 1])
    expect(() => checkBuckets(buckets)).toThrow(`buckets is ${buckets}, expected a whole number from 1 to 2^31 - 2`);
});

test("pairIds: bucket + 1 of each pair of ids, the smaller one first, 0 where one is missing", () => {
  const ids = Int32Array.of(5, 2, 7, /**/ 3, 0, 3);
  const at = (a: number, b: number) => 1 + h(a, b, 97);
  expect(Array.from(pairIds(ids, 3, 97))).toEqual([at(2, 5), at(5, 7), at(2, 7), 0, at(3, 3), 0]);
});

test("pairIds: ids up to 2^31 − 1", () => {
  expect(Array.from(pairIds(Int32Array.of(2 ** 31 - 1, 2 ** 31 - 2), 2, 1_000_003))).toEqual([
    1 + h(2 ** 31 - 2, 2 ** 31 - 1, 1_000_003),
  ]);
});

describe("crossIds", () => {
  const cross = (members: number[][], buckets = 1000) =>
    Array.from(
      crossIds(
        members.map((ids) => Int32Array.from(ids)),
        members[0].length / 2,
        buckets,
      ),
    );

  test("the same ids get the same bucket, other ids mostly another, a missing id none", () => {
    const [first, again, other, missing] = cross([[1, 4, 1, 4, 1, 5, 0, 4]]);
    expect(first).toBe(again);
    expect(first).not.toBe(other);
    expect([first, other].every((id) => id >= 1 && id <= 1000)).toBe(true);
    expect(missing).toBe(0);
  });

  test("the same ids in another cross get another bucket", () => {
    const [first, second] = cross([[1, 4], [1, 4]]);
    expect(first).not.toBe(second);
  });

  test("three ids are hashed two at a time, and only the result is put into a bucket", () => {
    const hashed = (ids: number[], buckets: number) => ids.reduce((hash, id) => pairHash(hash, id, buckets), 0);
    const triples = Array.from({ length: 200 }, (_, i) => [i + 1, 2 * i + 2, 3 * i + 3]);
    const crossed = Array.from(crossIds([Int32Array.from(triples.flat())], 200, 5));
    expect(crossed).toEqual(triples.map((ids) => 1 + (hashed(ids, 2 ** 31 - 1) % 5)));
    // Of buckets at each step.
    expect(crossed.filter((bucket, i) => bucket !== 1 + hashed(triples[i], 5)).length).toBeGreaterThan(100);
  });

  test("all members count, and 1600 crosses of three ids collide no more often than chance", () => {
    const triples: number[] = [];
    for (let a = 1; a <= 10; a++) for (let b = 11; b <= 20; b++) for (let c = 21; c <= 36; c++) triples.push(a, b, c);
    const buckets = new Set(crossIds([Int32Array.from(triples)], 1600, 10_000));
    const byChance = 10_000 * (1 - (1 - 1 / 10_000) ** 1600); // 1479 different buckets expected
    expect(buckets.size).toBeGreaterThan(byChance - 60); // six deviations of chance
  });
});

describe("collisions", () => {
  test("counts the pairs that share a bucket", () => {
    // Sums 3, 4, 5 give the numbers 8, 13, 18; with 5 buckets all are 3.
    expect(collisions([[1, 2], [1, 3], [2, 3]], 5)).toBe(3);
    expect(collisions([[1, 2], [1, 3], [2, 3]], 97)).toBe(0);
  });

  test("the order within a pair does not matter", () => {
    expect(collisions([[2, 1], [3, 1]], 97)).toBe(0);
    expect(collisions([[2, 1], [3, 1]], 5)).toBe(2);
  });

  test("for random ids the share is 1 − (1 − 1/B)^(P − 1), as for any good hash", () => {
    const random = createRandom("pairs");
    const seen = new Map<string, [number, number]>();
    while (seen.size < 4000) {
      const [a, b] = [1 + random.integer(1e6), 1 + random.integer(1e6)];
      seen.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [a, b]);
    }
    const buckets = 10_007;
    const expected = 1 - (1 - 1 / buckets) ** 3999; // 0.3294
    expect(collisions([...seen.values()], buckets) / 4000).toBeCloseTo(expected, 1);
  });
});
