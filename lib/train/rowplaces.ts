/**
 * The distinct rows among looked-up ids, and where each id finds its row.
 *
 * With a small hash table of its own, not an array as long as the embedding table: so neither memory nor
 * time depend on the table's size.
 */
export class RowPlaces {
  /** Distinct rows in the order they were first looked up, without row 0; the first `count` are valid. */
  rows: Int32Array = new Int32Array(0);
  count = 0;
  /** For each id, over all lists one after the other, the place of its row in `rows`; −1 for id 0. */
  places: Int32Array = new Int32Array(0);
  private lists: readonly Int32Array[] = [];
  /** Hash table, at most half full: a row, then its place. Row 0 is never in it, so 0 marks a free cell. */
  private cells = new Int32Array(0);

  /** Sets rows, count and places for the ids in these lists. */
  find(lists: readonly Int32Array[]): void {
    this.lists = lists;
    this.reserve(lists.reduce((n, ids) => n + ids.length, 0));
    const { rows, places, cells } = this;
    const last = cells.length / 2 - 1;
    const shift = Math.clz32(last);
    cells.fill(0);
    let count = 0;
    let at = 0;
    for (const ids of lists) {
      for (let i = 0; i < ids.length; i++, at++) {
        const row = ids[i];
        if (row === 0) {
          places[at] = -1;
          continue;
        }
        let cell = Math.imul(row, 0x9e3779b1) >>> shift; // Fibonacci hashing: the high bits are well mixed
        while (cells[2 * cell] !== row && cells[2 * cell] !== 0) cell = (cell + 1) & last;
        if (cells[2 * cell] === 0) {
          cells[2 * cell] = row;
          cells[2 * cell + 1] = count;
          rows[count++] = row;
        }
        places[at] = cells[2 * cell + 1];
      }
    }
    this.count = count;
  }

  /** Whether the last ids were these very arrays, as when two tables are looked up with the same ids. */
  wereOf(lists: readonly Int32Array[]): boolean {
    return lists.length === this.lists.length && lists.every((ids, i) => ids === this.lists[i]);
  }

  private reserve(ids: number): void {
    if (ids <= this.rows.length && this.cells.length > 0) return;
    this.rows = new Int32Array(ids);
    this.places = new Int32Array(ids);
    this.cells = new Int32Array(2 ** (1 + Math.ceil(Math.log2(Math.max(2, 2 * ids)))));
  }
}
