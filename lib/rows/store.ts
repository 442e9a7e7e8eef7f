/**
 * Rows of numbers, read and changed by id: what an embedding table is, and what an optimizer keeps for one.
 *
 * A batch's rows lie far apart; they are copied into a block, worked on there, and copied back. The cost depends on how
 * many rows are asked for, not on how many exist.
 */
import { aligned, gigabytes, largestMemory, RowMemory } from "./memory";

const blockSize = 16_384; // numbers: a block and the rows it comes from fit into the processor's second-level cache

/** A table of rows in memory, at first all 0. Reads and changes the rows of given ids. */
export class RowStore {
  /** All rows, one after the other: [rows x dim]. They start as 0. */
  readonly values: Float32Array;
  /** The most rows that `change` can be asked for at a time. */
  readonly rowsAtOnce: number;
  private readonly memory: RowMemory;
  private readonly ids: Int32Array; // a block of ids, at place 0
  private readonly block: Float32Array; // the rows of these ids, after them
  private readonly valuesAt: number; // after those

  constructor(
    readonly rows: number,
    readonly dim: number,
  ) {
    const rowsAtOnce = Math.min(rows, Math.ceil(blockSize / dim));
    this.rowsAtOnce = rowsAtOnce;
    this.valuesAt = aligned(4 * rowsAtOnce * (1 + dim));
    const bytes = this.valuesAt + 4 * rows * dim;
    const [needed, most] = [bytes, largestMemory].map(gigabytes);
    if (bytes > largestMemory)
      throw new RangeError(
        `${rows} rows of ${dim} numbers need ${needed}, more than can be had (at most ${most}). Hash the ids into fewer rows`,
      );
    try {
      this.memory = new RowMemory(bytes);
    } catch {
      throw new RangeError(
        `no memory for ${rows} rows of ${dim} numbers (${needed}). Either that much is not free, or the addresses are used up: V8 reserves about 10 GB of ` +
          `them for each table, however small. Let go of models that you no longer need, hash the ids into fewer rows, or raise the limit (ulimit -v)`,
      );
    }
    this.ids = this.memory.ints(0, rowsAtOnce);
    this.block = this.memory.floats(4 * rowsAtOnce, rowsAtOnce * dim);
    this.values = this.memory.floats(this.valuesAt, rows * dim);
  }

  /** The rows of the ids, one after the other, zeros for id 0: [ids x dim]. Trusts that all ids are below `rows`. */
  read(ids: Int32Array, to: Float32Array = new Float32Array(ids.length * this.dim)): Float32Array {
    for (let start = 0; start < ids.length; start += this.rowsAtOnce) {
      to.set(this.gather(ids.subarray(start, start + this.rowsAtOnce)), start * this.dim);
    }
    return to;
  }

  /**
   * Lets `work` change a copy of the rows of these ids, [ids x dim], which then takes their place. The copy lies where
   * the next read or change puts its own, so `work` must not ask this store for other rows, nor keep the array.
   *
   * ids: at most rowsAtOnce of them, each once, and no 0.
   */
  change(ids: Int32Array, work: (rows: Float32Array) => void): void {
    work(this.gather(ids));
    this.memory.loops.scatter(this.valuesAt, this.dim, this.ids.byteOffset, ids.length, this.block.byteOffset);
  }

  /** Copies the rows of at most rowsAtOnce ids into the block, and returns that part of it. */
  private gather(ids: Int32Array): Float32Array {
    this.ids.set(ids);
    this.memory.loops.gather(this.valuesAt, this.dim, this.ids.byteOffset, ids.length, this.block.byteOffset);
    return this.block.subarray(0, ids.length * this.dim);
  }
}
