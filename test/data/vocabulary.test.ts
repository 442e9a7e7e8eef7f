import { describe, expect, test } from "vitest";
import { fitVocabulary, hashVocabulary, vocabularyFrom } from "../../lib/data/vocabulary";
import { fc } from "../properties";

const count = (words: readonly string[]) => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
};

describe("a fitted vocabulary", () => {
  test("gives ids from 2 up by frequency, 1 to everything else, and never 0", () => {
    const vocabulary = fitVocabulary(count(["b", "a", "c", "c", "d", "d", "d"]));
    expect(["d", "c", "a", "b", "e", ""].map((word) => vocabulary.id(word))).toEqual([2, 3, 4, 5, 1, 1]);
    expect(vocabulary.size).toBe(6);
  });

  test("has equally frequent words in the order of their characters, whatever the machine's language sorts by", () => {
    expect(fitVocabulary(count(["é", "b", "Z", "a", "B", "10", "9"])).toJSON()).toEqual({
      words: ["10", "9", "B", "Z", "a", "b", "é"],
    });
  });

  test("does not know words that were counted too seldom", () => {
    const vocabulary = fitVocabulary(count(["a", "a", "b", "c", "c"]), 2);
    expect(["a", "b", "c"].map((word) => vocabulary.id(word))).toEqual([2, 1, 3]);
    expect(vocabulary.size).toBe(4);
  });

  test("is the same for the same words in any order, and after a trip through JSON", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 3 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 3 }),
        fc.infiniteStream(fc.nat()),
        (words, minCount, keys) => {
          const vocabulary = fitVocabulary(count(words), minCount);
          const order = words.map((word) => ({ word, key: keys.next().value as number })).sort((a, b) => a.key - b.key);
          const shuffled = fitVocabulary(count(order.map(({ word }) => word)), minCount);
          const again = vocabularyFrom(JSON.parse(JSON.stringify(vocabulary)));
          const known = new Set<number>();
          for (const word of [...words, "not there"]) {
            const id = vocabulary.id(word);
            expect(shuffled.id(word)).toBe(id);
            expect(again.id(word)).toBe(id);
            expect(id >= 2).toBe(words.filter((other) => other === word).length >= minCount);
            expect(id).toBeLessThan(vocabulary.size);
            if (id >= 2) known.add(id);
          }
          expect(known.size).toBe(vocabulary.size - 2); // no two words share an id
          expect(again.size).toBe(vocabulary.size);
        },
      ),
    );
  });

  test("knows words that are names of every object's properties", () => {
    const vocabulary = fitVocabulary(count(["__proto__", "constructor"]));
    expect(new Set([vocabulary.id("__proto__"), vocabulary.id("constructor"), vocabulary.id("toString")])).toEqual(
      new Set([2, 3, 1]),
    );
  });
});

describe("a hashed vocabulary", () => {
  test("stays in its buckets, without 0, and is the same after a trip through JSON", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (word, buckets) => {
        const vocabulary = hashVocabulary(buckets);
        const id = vocabulary.id(word);
        expect(id).toBeGreaterThanOrEqual(1);
        expect(id).toBeLessThan(vocabulary.size);
        expect(vocabulary.size).toBe(buckets + 1);
        expect(vocabularyFrom(JSON.parse(JSON.stringify(vocabulary))).id(word)).toBe(id);
      }),
    );
  });

  test("spreads words evenly over the buckets: 10000 numbers over 100, by chi-square", () => {
    const vocabulary = hashVocabulary(100);
    const counts = new Float64Array(101);
    for (let i = 0; i < 10_000; i++) counts[vocabulary.id(String(i))]++;
    const chiSquare = counts.slice(1).reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0);
    expect(chiSquare).toBeLessThan(99 + 4 * Math.sqrt(2 * 99)); // mean and deviation of chi-square with 99 degrees
  });

  test("never changes: saved models depend on it", () => {
    const vocabulary = hashVocabulary(2 ** 31 - 1);
    expect(["", "a", "click", "点击"].map((word) => vocabulary.id(word))).toMatchInlineSnapshot(`
      [
        725515277,
        444641716,
        147453747,
        1223942511,
      ]
    `);
  });

  test("needs a bucket", () => {
    expect(() => hashVocabulary(0)).toThrow("hashBuckets is 0, expected a whole number from 1 up");
  });
});
