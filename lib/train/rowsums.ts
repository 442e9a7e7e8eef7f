/**
 * Adds up the gradients of rows that were looked up several times in a batch, so that each row is
 * updated once, by its whole gradient, as a dense gradient would do.
 */
import type { RowGradients } from "../layers/embedding";

export class RowSums {
  /** Distinct rows of the last batch, in the order they were first looked up; the first `count` are valid. */
  rows = new Int32Array(0);
  /** Their summed gradients: [count x dim]. */
  sums = new Float32Array(0);
  count = 0;
  /** For each row of the table its place in `rows`, plus 1; 0 if not seen. All 0 between two calls. */
  private readonly places: Int32Array;

  constructor(
    tableRows: number,
    readonly dim: number,
  ) {
    this.places = new Int32Array(tableRows);
  }

  /** Sums in the order of the lookups, so the result has the same digits every time. Row 0 (nothing) is left out. */
  add(lookups: readonly RowGradients[]): void {
    const { dim, places } = this;
    this.reserve(lookups.reduce((n, { ids }) => n + ids.length, 0));
    const { rows, sums } = this;
    let count = 0;
    for (const { ids, gradient } of lookups) {
      for (let i = 0; i < ids.length; i++) {
        const row = ids[i];
        if (row === 0) continue;
        let place = places[row] - 1;
        if (place < 0) {
          place = count++;
          places[row] = count;
          rows[place] = row;
          for (let d = 0; d < dim; d++) sums[place * dim + d] = gradient[i * dim + d];
        } else {
          for (let d = 0; d < dim; d++) sums[place * dim + d] += gradient[i * dim + d];
        }
      }
    }
    for (let i = 0; i < count; i++) places[rows[i]] = 0;
    this.count = count;
  }

  private reserve(lookups: number): void {
    const needed = Math.min(lookups, this.places.length);
    if (needed <= this.rows.length) return;
    this.rows = new Int32Array(needed);
    this.sums = new Float32Array(needed * this.dim);
  }
}
