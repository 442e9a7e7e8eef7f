/**
 * Adds up the gradients of rows that were looked up several times in a batch, so that each row is
 * updated once, by its whole gradient, as a dense gradient would do.
 */
import type { RowGradients } from "../layers/embedding";
import { RowPlaces } from "./rowplaces";

export class RowSums {
  /** Their summed gradients: [count x dim]. */
  sums = new Float32Array(0);
  private readonly own = new RowPlaces();
  private found = this.own;

  constructor(readonly dim: number) {}

  /** Distinct rows of the last batch, in the order they were first looked up; the first `count` are valid. */
  get rows(): Int32Array {
    return this.found.rows;
  }

  get count(): number {
    return this.found.count;
  }

  /**
   * Sums in the order of the lookups, so the result has the same digits every time. Row 0 (nothing) is left out.
   * others: sums of the same batch; if one has the same ids, its rows need not be searched again.
   */
  add(lookups: readonly RowGradients[], others: readonly RowSums[] = []): void {
    const lists = lookups.map(({ ids }) => ids);
    const same = others.find(({ found }) => found.wereOf(lists));
    if (!same) this.own.find(lists);
    this.found = same?.found ?? this.own;
    const { found: { places, count }, dim } = this; // prettier-ignore
    if (this.sums.length < count * dim) this.sums = new Float32Array(places.length * dim);
    const { sums } = this;
    let seen = 0;
    let at = 0;
    for (const { ids, gradient } of lookups) {
      for (let i = 0; i < ids.length; i++, at++) {
        if (places[at] < 0) continue;
        const to = places[at] * dim;
        const from = i * dim;
        if (places[at] === seen) {
          for (let d = 0; d < dim; d++) sums[to + d] = gradient[from + d];
          seen++;
        } else {
          for (let d = 0; d < dim; d++) sums[to + d] += gradient[from + d];
        }
      }
    }
  }
}
