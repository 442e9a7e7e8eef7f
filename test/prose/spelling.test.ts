/**
 * Spelling is British, after the Hunspell dictionary. What that does not know but is right stands in words.txt:
 * names, terms of the field, abbreviations. A possessive 's is understood; identifiers belong into `backticks`.
 */
import dictionary from "dictionary-en-gb";
import * as fs from "node:fs";
import nspell from "nspell";
import { expect, test } from "vitest";
import { englishTexts } from "./texts";

const ownWords = fs.readFileSync("test/prose/words.txt", "utf8").trimEnd().split("\n");
const blocks = [...englishTexts().values()].flat();
const spelling = nspell({ aff: Buffer.from(dictionary.aff), dic: Buffer.from(dictionary.dic) });

/** The words of a text. Paths, addresses, and names of variables are no words. */
function wordsOf(text: string): string[] {
  const plain = text.replace(/https?:\S+|\S*\w\/\w\S*|[\w.-]+\.(?:ts|md|json|ipynb)\b|\w*_\w*|\b[a-z]+[A-Z]\w*/g, " ");
  return [...plain.matchAll(/(?:(?=\p{Script=Latin})[\p{Lu}\p{Ll}])+(?:['’](?:(?=\p{Script=Latin})\p{Ll})+)?/gu)].map(
    ([word]) => word.replace("’", "'").replace(/'s$/, ""),
  );
}

/** Unknown words, each with the places where it stands. */
function unknownWords(): Record<string, string[]> {
  const places: Record<string, string[]> = {};
  for (const { where, text } of blocks) {
    for (const word of wordsOf(text)) if (word.length > 1 && !spelling.correct(word)) (places[word] ??= []).push(where);
  }
  return places;
}

test("the project's own words are sorted, used, and not in the dictionary", () => {
  const sorted = [...new Set(ownWords)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  expect(ownWords, "words of test/prose/words.txt that stand twice or out of order").toEqual(sorted);
  const used = new Set(blocks.flatMap(({ text }) => wordsOf(text)).flatMap((word) => [word, word.toLowerCase()]));
  expect(
    ownWords.filter((word) => !used.has(word)),
    "no text has these words: take them out of test/prose/words.txt",
  ).toEqual([]);
  expect(
    ownWords.filter((word) => spelling.correct(word)),
    "the dictionary has these words: take them out of test/prose/words.txt",
  ).toEqual([]);
});

test("every word is in the dictionary or one of the project's own", () => {
  for (const word of ownWords) spelling.add(word);
  expect(
    unknownWords(),
    "unknown words, and where they stand: spell them right, put identifiers into `backticks`, " +
      "or add them to test/prose/words.txt, in order",
  ).toEqual({});
});

test("no word stands twice in a row", () => {
  const twice = blocks
    .filter(({ kind }) => kind !== "rest")
    .flatMap(({ where, text }) => [...text.matchAll(/\b([a-z]{2,})\s+\1\b/gi)].map(([words]) => `${words} (${where})`));
  expect(twice).toEqual([]);
});
