/**
 * Adds up the gradients of rows that were looked up several times in a batch, so that each row is
 * updated once, by its whole gradient, as a dense gradient would do.
 *
 * Finds a row's place with a small hash table of its own, not with an array as long as the table: so neither
 * memory nor time depend on the table's size.
 */
import type { RowGradients } from "../layers/embedding";

export class RowSums {
  /** Distinct rows of the last batch, in the order they were first looked up; the first `count` are valid. */
  rows = new Int32Array(0);
  /** Their summed gradients: [count x dim]. */
  sums = new Float32Array(0);
  count = 0;
  /** Hash table from rows to places, at most half full. Row 0 is never in it, so 0 marks a free slot. */
  private keys = new Int32Array(0);
  private places = new Int32Array(0);

  constructor(readonly dim: number) {}

  /** Sums in the order of the lookups, so the result has the same digits every time. Row 0 (nothing) is left out. */
  add(lookups: readonly RowGradients[]): void {
    this.reserve(lookups.reduce((n, { ids }) => n + ids.length, 0));
    const { rows, sums, keys, places, dim } = this;
    const last = keys.length - 1;
    const shift = Math.clz32(last);
    keys.fill(0);
    let count = 0;
    for (const { ids, gradient } of lookups) {
      for (let i = 0; i < ids.length; i++) {
        const row = ids[i];
        if (row === 0) continue;
        let slot = Math.imul(row, 0x9e3779b1) >>> shift; // Fibonacci hashing: the high bits are well mixed
        while (keys[slot] !== row && keys[slot] !== 0) slot = (slot + 1) & last;
        if (keys[slot] === 0) {
          keys[slot] = row;
          places[slot] = count;
          rows[count] = row;
          for (let d = 0; d < dim; d++) sums[count * dim + d] = gradient[i * dim + d];
          count++;
        } else {
          const place = places[slot];
          for (let d = 0; d < dim; d++) sums[place * dim + d] += gradient[i * dim + d];
        }
      }
    }
    this.count = count;
  }

  private reserve(lookups: number): void {
    if (lookups <= this.rows.length && this.keys.length > 0) return;
    this.rows = new Int32Array(lookups);
    this.sums = new Float32Array(lookups * this.dim);
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * lookups)));
    this.keys = new Int32Array(size);
    this.places = new Int32Array(size);
  }
}
