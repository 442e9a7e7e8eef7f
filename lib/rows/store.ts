/**
 * Rows of numbers, read and written by id: what an embedding table is, and what an optimizer keeps for one.
 *
 * A batch's rows lie far apart; they are copied into a block, worked on there, and copied back. The cost depends on how
 * many rows are asked for, not on how many exist.
 */
import { aligned, gigabytes, largestMemory, RowMemory } from "./memory";

const blockSize = 16_384; // numbers: a block and the rows it comes from fit into the processor's second-level cache

/** A table of rows in memory, at first all 0. Reads and writes the rows of given ids. */
export class RowStore {
  /** All rows, one after the other: [rows x dim]. They start as 0. */
  readonly values: Float32Array;
  private readonly memory: RowMemory;
  private readonly ids: Int32Array; // a block of ids, at place 0
  private readonly block: Float32Array; // the rows of these ids, after them
  private readonly valuesAt: number; // after those

  constructor(
    readonly rows: number,
    readonly dim: number,
  ) {
    const rowsAtOnce = Math.min(rows, Math.ceil(blockSize / dim));
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
    this.forEachBlock(ids, (start, count) => {
      this.memory.loops.gather(this.valuesAt, this.dim, this.ids.byteOffset, count, this.block.byteOffset);
      to.set(this.block.subarray(0, count * this.dim), start * this.dim);
    });
    return to;
  }

  /** Writes rows [ids x dim] back, each to the row of its id. */
  write(ids: Int32Array, from: Float32Array): void {
    this.forEachBlock(ids, (start, count) => {
      this.block.set(from.subarray(start * this.dim, (start + count) * this.dim));
      this.memory.loops.scatter(this.valuesAt, this.dim, this.ids.byteOffset, count, this.block.byteOffset);
    });
  }

  private forEachBlock(ids: Int32Array, work: (start: number, count: number) => void): void {
    for (let start = 0; start < ids.length; start += this.ids.length) {
      const count = Math.min(this.ids.length, ids.length - start);
      this.ids.set(ids.subarray(start, start + count));
      work(start, count);
    }
  }
}
