/**
 * Vocabularies: from words to ids. Id 0 is nothing, id 1 is every word that the vocabulary does not know
 * (out-of-vocabulary), known words start at 2.
 */
import { checkWhole } from "../checks";

export interface Vocabulary {
  /** Ids are 0 to size - 1. */
  readonly size: number;
  id(word: string): number;
  /** Plain data, from which vocabularyFrom makes the same vocabulary again. */
  toJSON(): VocabularyJSON;
}

export type VocabularyJSON = { words: readonly string[] } | { hashBuckets: number };

/**
 * The vocabulary of the words that were counted at least minCount times, the most frequent first and equally
 * frequent ones in the order of their characters, so that the order of the rows does not matter.
 */
export function fitVocabulary(counts: ReadonlyMap<string, number>, minCount = 1): Vocabulary {
  const known = Array.from(counts).filter(([, count]) => count >= minCount);
  known.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return vocabularyFrom({ words: known.map(([word]) => word) });
}

/** Ids without a fit: a hash into 1 to hashBuckets. Different words may share an id; none is unknown. */
export function hashVocabulary(hashBuckets: number): Vocabulary {
  checkWhole("hashBuckets", hashBuckets);
  return { size: hashBuckets + 1, id: (word) => 1 + (hashText(word) % hashBuckets), toJSON: () => ({ hashBuckets }) };
}

/** The vocabulary whose toJSON gave this. */
export function vocabularyFrom(json: VocabularyJSON): Vocabulary {
  if ("hashBuckets" in json) return hashVocabulary(json.hashBuckets);
  const { words } = json;
  const ids = new Map(words.map((word, i) => [word, i + 2]));
  return { size: words.length + 2, id: (word) => ids.get(word) ?? 1, toJSON: () => ({ words }) };
}

/**
 * A 32-bit hash of the text's UTF-16 code units (Fowler, Noll and Vo's FNV-1a, then a final mix so that low bits
 * differ).
 */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
