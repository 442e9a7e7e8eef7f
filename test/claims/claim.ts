/** What a row of the table of claims is, and when it holds. */
import type { Interval } from "../../lib/train/statistics";

/**
 * What must hold for the 95 % interval of the effect's mean over the seeds. All of it lies at least or at most
 * there, or between two ends: "by about 0.12". Or within that distance of 0: "is a coin", "makes no difference", where a
 * wide interval must fail. Or it contains 0, for the sentence that these seeds cannot tell, which a wide interval makes
 * true.
 */
export type Expected =
  | { readonly atLeast: number }
  | { readonly atMost: number }
  | { readonly from: number; readonly to: number }
  | { readonly within: number }
  | { readonly notDistinguishable: true };

/** Whether the interval is as expected. One of NaN never is. */
export function holds({ low, high }: Interval, expected: Expected): boolean {
  if ("atLeast" in expected) return low >= expected.atLeast;
  if ("atMost" in expected) return high <= expected.atMost;
  if ("from" in expected) return low >= expected.from && high <= expected.to;
  if ("within" in expected) return low >= -expected.within && high <= expected.within;
  return low <= 0 && high >= 0;
}

/** Something about models that is measured over several seeds. */
export interface Measured {
  readonly id: string;
  /** The statement, as a sentence. */
  readonly claim: string;
  readonly world: string;
  readonly models: readonly string[];
  /** None of the notebook's, if its sentence is about others too: what raised a question cannot answer it. */
  readonly seeds: readonly number[];
  /** What `measure` returns, with its unit. */
  readonly effect: string;
  readonly expected: Expected;
  /** The effect for each seed, in their order. */
  measure(): Promise<number[]>;
}

/**
 * A comparison that a notebook states, measured again with the notebook's worlds, models and budget: those of 03 to 07
 * are lib/notebook/trials, those of 00 to 02 are copied here, so change both. The file that is named like the notebook
 * exports its rows as `claims`.
 *
 * In the notebook the markdown cell that states it has the tag `claim:ID`. A cell that states several things
 * has several tags, or one that several rows share. A tag without a row fails lint.test.ts, and so does a row without
 * a tag, and a cell with more sentences that compare than rows. In a cell that has more rows than that nothing finds a
 * new sentence that no row measures: add its row by hand. The rows themselves are measured by `npm run claims` (claims.run.ts).
 */
export interface Claim extends Measured {
  /** The notebook's name without .ipynb, and the id of the cell that states it. */
  readonly notebook: string;
  readonly cell: string;
}
