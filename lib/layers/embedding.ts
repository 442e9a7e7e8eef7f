/**
 * Embedding table: one row of numbers per id, looked up instead of multiplied.
 *
 *   e = W t,  t one-hot   is the same as   e = row of W at the id                Zhou et al. (2018), sec. 4.2
 *
 * Rows, not a tensor: a table is a Float32Array. A lookup copies the batch's rows into a tensor; the
 * backward pass hands the gradient of those rows back to the table; an optimizer (lib/train) then
 * changes just these rows. So a step costs the same for a thousand rows and for ten million, on every
 * engine, and a row that is not in the batch does not move.
 *
 * Id 0 means nothing: its embedding is the zero vector and gets no gradient, whatever row 0 holds.
 */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random";
import { variable } from "./layer";

/** What one lookup's backward pass left behind: the gradient of each looked-up row. */
export interface RowGradients {
  /** [n], the looked-up ids, repeats and zeros included. */
  readonly ids: Int32Array;
  /** [n x dim] */
  readonly gradient: Float32Array;
}

export class EmbeddingTable {
  readonly values: Float32Array; // [rows x dim]
  /** Gradients since the last takeGradients, one entry per lookup. */
  private pending: RowGradients[] = [];
  /** Told the ids of each lookup just before their rows are read: for what has to count or correct rows (lib/train). */
  onLookup?: (ids: Int32Array) => void;
  /** tfjs differentiates with respect to variables; this one stands for the whole table. */
  readonly anchor = variable<tf.Rank.R0>([]);

  /** Rows from N(0, deviation²), or zeros when deviation is 0. */
  constructor(
    readonly rows: number,
    readonly dim: number,
    random: Random,
    deviation: number,
  ) {
    if (!Number.isInteger(dim) || dim < 1) {
      throw new RangeError(`embedding dimension is ${dim}, expected a whole number from 1 up`);
    }
    this.values = allocate(rows, dim);
    if (deviation > 0) for (let i = dim; i < this.values.length; i++) this.values[i] = deviation * random.normal();
  }

  /** The rows of the ids as a tensor of shape [...shape, dim]; ids has the product of shape as length. */
  lookup(ids: Int32Array, shape: number[]): tf.Tensor {
    this.onLookup?.(ids);
    const op = tf.customGrad(() => {
      const rows = gather(this.values, this.dim, ids);
      return {
        value: tf.tensor(rows, [...shape, this.dim]),
        gradFunc: (dy: tf.Tensor) => {
          this.pending.push({ ids, gradient: dy.dataSync() as Float32Array });
          return tf.scalar(0);
        },
      };
    });
    return op(this.anchor);
  }

  /** Hands over the gradients of all lookups since the last call, and forgets them. */
  takeGradients(): RowGradients[] {
    const taken = this.pending;
    this.pending = [];
    return taken;
  }

  dispose(): void {
    this.anchor.dispose();
  }
}

function allocate(rows: number, dim: number): Float32Array {
  try {
    return new Float32Array(rows * dim);
  } catch {
    const gigabytes = ((rows * dim * 4) / 1e9).toFixed(1);
    throw new RangeError(`a table of ${rows} rows of ${dim} numbers needs ${gigabytes} GB, more than can be had. Hash the ids into fewer rows`);
  }
}

/** The rows of the ids, one after the other, zeros for id 0: [ids x dim]. */
function gather(values: Float32Array, dim: number, ids: Int32Array): Float32Array {
  const copied = new Float32Array(ids.length * dim);
  // Seen as whole numbers: V8 would turn each float into a double and back, in twice the time.
  const from = new Int32Array(values.buffer, values.byteOffset, values.length);
  const to = new Int32Array(copied.buffer);
  for (let start = 0; start < ids.length; start += rowsAhead) {
    const end = Math.min(start + rowsAhead, ids.length);
    touchRows(values, dim, ids, start, end);
    for (let i = start; i < end; i++) {
      if (ids[i] === 0) continue;
      const row = ids[i] * dim;
      for (let d = 0; d < dim; d++) to[i * dim + d] = from[row + d];
    }
  }
  return copied;
}

/** So many rows are touched together before they are used: few enough to be still in the cache by then. */
export const rowsAhead = 512;
const cacheLine = 16; // numbers that the processor fetches together
const touched = new Float32Array(1);

/**
 * Reads a little of every part of the rows ids[start .. end - 1], for nothing but speed: rows of a large table are far
 * apart in memory, and waiting for many of them at once takes a third of the time of waiting for one after the other.
 */
export function touchRows(values: Float32Array, dim: number, ids: Int32Array, start: number, end: number): void {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const first = ids[i] * dim;
    for (let d = 0; d < dim; d += cacheLine) sum += values[first + d];
    sum += values[first + dim - 1]; // a row can begin in the middle of a line
  }
  touched[0] = sum; // kept, or the compiler would see that nobody needs the sum
}
