/** Parts and orders of data that are read from a file rather than held in memory. */
import { checkWhole } from "../checks";
import type { Random } from "../random";
import { checkRows, type ImpressionSource } from "./impressions";

/** The row numbers from, from + 1, ..., to − 1. */
export function rowRange(from: number, to: number): Int32Array {
  const rows = new Int32Array(to - from); // a loop: Int32Array.from takes 25 times as long
  for (let i = 0; i < rows.length; i++) rows[i] = from + i;
  return rows;
}

/**
 * The given rows of a source as a source of their own. Nothing is read before it is asked for; give rows in ascending
 * order.
 */
export function part(source: ImpressionSource, rows: Int32Array): ImpressionSource {
  const { features, shuffled } = source;
  return {
    features,
    size: rows.length,
    read: (some) => {
      checkRows(some, rows.length);
      return source.read(some.map((row) => rows[row]));
    },
    // Neighbours in rows are neighbours in the file.
    shuffled: shuffled && ((random) => shuffledBlocks(rows.length, random)),
  };
}

/**
 * All row numbers in an order that is random enough to train on and kind to a disk: blocks of neighbouring rows come in
 * random order, and each run of `mixed` blocks has its rows shuffled together. A file larger than memory is then
 * read once per epoch, in pieces of a block; in the order that fit uses otherwise, every row is a jump of its own.
 *
 * @throws RangeError unless blockRows and mixed are whole numbers from 1 up.
 */
export function shuffledBlocks(size: number, random: Random, { blockRows = 4096, mixed = 32 } = {}): Int32Array {
  checkWhole("blockRows", blockRows);
  checkWhole("mixed", mixed);
  const blocks = random.shuffle(Int32Array.from({ length: Math.ceil(size / blockRows) }, (_, block) => block));
  const order = new Int32Array(size);
  let end = 0;
  for (let first = 0; first < blocks.length; first += mixed) {
    const start = end;
    for (const block of blocks.subarray(first, first + mixed)) {
      for (let row = block * blockRows; row < Math.min(size, (block + 1) * blockRows); row++) order[end++] = row;
    }
    random.shuffle(order.subarray(start, end));
  }
  return order;
}
