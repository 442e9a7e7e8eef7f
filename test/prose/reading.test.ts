/**
 * The reading level: how long the sentences are, and the grade of Flesch and Kincaid, the years of school that a
 * text asks for. It comes from words per sentence and syllables per word.
 *
 * The limits lie just above what the texts were when they were set, after the worst had been rewritten. Notebooks
 * had grades of 4 to 5; material/speed.md was the hardest text with 7.9, "What is different" in notebook 04 the
 * hardest paragraph with 13.5. Many readers' first language is not English, and the formulas are hard enough.
 */
import { fleschKincaid } from "flesch-kincaid";
import { syllable } from "syllable";
import { expect, test } from "vitest";
import { type Block, englishTexts } from "./texts";

/** In words. */
const longestSentence = 35;
/** In grades of school. From 13 on they are years at a university. */
const hardestParagraph = 14;
const hardestText = 9;
/** The grade of a paragraph with fewer words says little. */
const fewestWords = 25;

const texts = [...englishTexts()];
const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}](?:[\p{L}\p{N}'’.,-]*[\p{L}\p{N}])?/gu) ?? [];
}

function sentencesOf({ text }: Block): string[] {
  return [...sentences.segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => wordsOf(sentence).length > 0);
}

function proseOf(blocks: Block[]): Block[] {
  return blocks.filter(({ kind }) => kind === "prose");
}

function gradeOf(blocks: Block[]): number {
  const all = blocks.flatMap(sentencesOf);
  const words = all.flatMap(wordsOf);
  const syllables = words.reduce((sum, word) => sum + Math.max(1, syllable(word)), 0);
  return fleschKincaid({ sentence: all.length, word: words.length, syllable: syllables });
}

test.for(texts)("%s has no sentence that is too long", ([, blocks]) => {
  const long = blocks
    .filter(({ kind }) => kind !== "rest")
    .flatMap((block) =>
      sentencesOf(block).map((sentence) => ({ where: block.where, words: wordsOf(sentence).length, sentence })),
    );
  expect(long.filter(({ words }) => words > longestSentence)).toEqual([]);
});

test.for(texts)("%s has no paragraph that is too hard", ([, blocks]) => {
  const paragraphs = proseOf(blocks).filter(({ text }) => wordsOf(text).length >= fewestWords);
  const graded = paragraphs
    .map((block) => ({ where: block.where, grade: gradeOf([block]), text: block.text }))
    .sort((a, b) => b.grade - a.grade);
  expect(graded.filter(({ grade }) => grade > hardestParagraph), "the hardest first").toEqual([]);
});

test.for(texts.filter(([, blocks]) => proseOf(blocks).length > 0))("%s is not too hard as a whole", ([, blocks]) => {
  expect(gradeOf(proseOf(blocks))).toBeLessThan(hardestText);
});
