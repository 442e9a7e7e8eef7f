/**
 * Impressions as they were read, before any id is given: text, numbers, labels. Ids come from a vocabulary that is
 * fitted on training rows only, so they cannot be given before the split is known (lib/data/encode.ts).
 */
import type { Schema } from "./schema";

/**
 * Texts, each different one stored once: row r, place j holds words[codes[r x width + j]].
 * Code 0 means nothing (words[0] is ""): a missing value, an empty step of a sequence, or its end.
 */
export interface TextColumn {
  readonly words: readonly string[];
  /** [size x width] */
  readonly codes: Int32Array;
  /** 1, or the places for a sequence: as many as the longest has, or the schema's maxLength. */
  readonly width: number;
}

/** Numbers; NaN means missing: [size]. */
export type NumberColumn = Float64Array;

export interface RawImpressions {
  readonly size: number;
  /** What each column is for. */
  readonly schema: Schema;
  readonly columns: Readonly<Record<string, TextColumn | NumberColumn>>;
  /** 1 for a click, 0 for none: [size]. */
  readonly labels: Float32Array;
  /** [size] */
  readonly users?: Int32Array | undefined;
  /** In seconds: [size]. */
  readonly times?: Float64Array | undefined;
  /** How much each counts: [size]. */
  readonly weights?: Float32Array | undefined;
}

/** Collects different words and gives each a code, in order of appearance. Code 0 is nothing. */
export class Words {
  readonly words: string[] = [""];
  private readonly codes = new Map<string, number>([["", 0]]);

  code(word: string): number {
    let code = this.codes.get(word);
    if (code === undefined) {
      code = this.words.length;
      // A copy: a piece of a file's text keeps all of that text in memory.
      const own = JSON.parse(JSON.stringify(word)) as string;
      this.words.push(own);
      this.codes.set(own, code);
    }
    return code;
  }
}

/** A column from one text per row. */
export function textColumn(texts: readonly string[]): TextColumn {
  const words = new Words();
  return { words: words.words, codes: Int32Array.from(texts, (text) => words.code(text)), width: 1 };
}

/** A column from several texts per row. width: the most that any row has; shorter rows are filled up with nothing. */
export function sequenceColumn(texts: readonly (readonly string[])[], width: number): TextColumn {
  const words = new Words();
  const codes = new Int32Array(texts.length * width);
  texts.forEach((row, r) => row.forEach((text, j) => (codes[r * width + j] = words.code(text))));
  return { words: words.words, codes, width };
}

/** The texts in one row, without the filling. */
export function textsAt({ words, codes, width }: TextColumn, row: number): string[] {
  return Array.from(codes.subarray(row * width, (row + 1) * width))
    .filter((code) => code !== 0)
    .map((code) => words[code]);
}
