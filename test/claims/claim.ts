/** What a row of the table of claims is. */

/** Something about models that is measured over several seeds. */
export interface Measured {
  readonly id: string;
  /** The statement, as a sentence. */
  readonly claim: string;
  readonly world: string;
  readonly models: readonly string[];
  readonly seeds: readonly number[];
  /** What `measure` returns, with its unit. */
  readonly effect: string;
  /** What must hold for the whole 95 % interval of the effect's mean over the seeds. */
  readonly expected: { readonly atLeast: number } | { readonly atMost: number } | { readonly notDistinguishable: true };
  /** The effect for each seed, in their order. */
  measure(): Promise<number[]>;
}

/**
 * A comparison that a notebook states, measured again with the notebook's worlds, models and budget. The file
 * that is named like the notebook exports its rows as `claims`.
 *
 * In the notebook the markdown cell that states it has the tag `claim:ID`. A cell that states several things
 * has several tags, or one that several rows share. A tag without a row fails lint.test.ts, and so does a row without
 * a tag. The rows themselves are measured by `npm run claims`.
 */
export interface Claim extends Measured {
  /** The notebook's name without .ipynb, and the id of the cell that states it. */
  readonly notebook: string;
  readonly cell: string;
}
