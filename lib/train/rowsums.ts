/**
 * Adds up the gradients of rows that were looked up several times in a batch, so that each row is
 * updated once, by its whole gradient, as a dense gradient would do.
 */
import type { RowGradients } from "../layers/embedding";
import { aligned, RowMemory } from "../rows/memory";
import { RowPlaces } from "./rowplaces";

/** The gradients of a batch's lookups in one table, added up by row. */
export class RowSums {
  /** The summed gradients of `rows`: [count x dim]. Valid until the next call of add. */
  sums: Float32Array = new Float32Array(0);
  private readonly memory = new RowMemory(0);
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
    const { memory, dim, found: { places } } = this;
    const longest = lists.reduce((most, ids) => Math.max(most, ids.length), 0);
    const gradientAt = aligned(4 * longest); // after the places of one lookup's ids
    const sumsAt = aligned(gradientAt + 4 * longest * dim);
    memory.reserve(sumsAt + 4 * places.length * dim);
    let seen = 0;
    let at = 0;
    for (const { ids, gradient } of lookups) {
      memory.ints(0, ids.length).set(places.subarray(at, at + ids.length));
      memory.floats(gradientAt, gradient.length).set(gradient);
      seen = memory.loops.sum(gradientAt, dim, 0, ids.length, sumsAt, seen);
      at += ids.length;
    }
    this.sums = memory.floats(sumsAt, this.count * dim);
  }
}
