/**
 * Embedding table: one row of numbers per id, looked up instead of multiplied.
 *
 *   e = W t,  t one-hot   is the same as   e = row of W at the id                Zhou et al. (2018), sec. 4.2
 *
 * Rows, not a tensor: a table is a Float32Array (lib/rows). A lookup copies the batch's rows into a tensor; the
 * backward pass hands the gradient of those rows back to the table; an optimizer (lib/train) then
 * changes just these rows. So the cost of a step depends on the batch, and grows little with the
 * table (material/speed.md); and a row that is not in the batch does not move.
 *
 * Id 0 means nothing: its embedding is the zero vector and gets no gradient, whatever row 0 holds.
 */
import * as tf from "@tensorflow/tfjs";
import { checkNotNegative, checkOptionNames, checkWhole } from "../checks";
import type { Random } from "../random";
import { aligned, type RowMemory, scratch, unaligned } from "../rows/memory";
import { RowStore } from "../rows/store";
import { repeatEach, rowSums } from "./arrays";
import { tensorOfCopy } from "./ops";
import { variable } from "./variables";

/** What one lookup's backward pass left behind: the gradient of each looked-up row. */
export interface RowGradients {
  /** [n], the looked-up ids, repeats and zeros included. */
  readonly ids: Int32Array;
  /** [n x dim] */
  readonly gradient: Float32Array;
}

/** How many rows of how many numbers, and how they begin. */
export interface EmbeddingShape {
  /** The largest id plus 1, since id 0 has a row, too. */
  rows: number;
  /** Numbers in a row. */
  dim: number;
  /** Rows begin as N(0, deviation²). Default 0, as is right for weights that are not multiplied with each other. */
  deviation?: number | undefined;
}

const shapeNames: Record<keyof EmbeddingShape, true> = { rows: true, dim: true, deviation: true };

/** A row of numbers for each id, to be looked up and trained. The zero vector for id 0. */
export class EmbeddingTable {
  readonly rows: number;
  readonly dim: number;
  readonly store: RowStore;
  readonly values: Float32Array; // those of the store: [rows x dim]
  /** Gradients since the last takeGradients, one entry per lookup. */
  private pending: RowGradients[] = [];
  /** Called with the ids of each lookup just before their rows are read, to count or correct rows (lib/train). */
  onLookup?: ((ids: Int32Array) => void) | undefined;
  /** tfjs differentiates with respect to variables; this one stands for the whole table. */
  readonly anchor = variable([]);

  constructor(shape: EmbeddingShape, random: Random) {
    checkOptionNames("embedding table", shape, shapeNames);
    const { rows, dim, deviation = 0 } = shape;
    checkWhole("embedding table: rows", rows);
    checkDim(dim);
    checkNotNegative("deviation", deviation);
    this.rows = rows;
    this.dim = dim;
    this.store = new RowStore(rows, dim);
    this.values = this.store.values;
    if (deviation > 0) for (let i = dim; i < this.values.length; i++) this.values[i] = deviation * random.normal();
  }

  /** The rows of the ids as a tensor of shape [...shape, dim]; ids.length is the product of shape. */
  lookup(ids: Int32Array, shape: number[]): tf.Tensor {
    return lookupTogether([{ table: this, ids }], shape);
  }

  /**
   * For a table of single numbers, the sum over each impression's ids: Σᵢ wᵢ xᵢ with xᵢ = 1 for the ids that are
   * present. ids [batch x slots] → [batch].
   *
   * In plain loops: a lookup and then a sum would be four operations on many single numbers, forward and back.
   */
  lookupSum(ids: Int32Array, batch: number): tf.Tensor1D {
    this.onLookup?.(ids);
    const slots = ids.length / batch;
    const op = tf.customGrad(() => ({
      value: tf.tensor1d(rowSums(this.store.read(ids), slots)),
      gradFunc: (dy: tf.Tensor) => {
        this.receive({ ids, gradient: repeatEach(dy.dataSync(), slots) });
        return tf.scalar(0);
      },
    }));
    return op(this.anchor) as tf.Tensor1D;
  }

  /** Where a lookup's backward pass leaves its gradient: [ids x dim]. */
  receive(lookup: RowGradients): void {
    this.pending.push(lookup);
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

/** @throws RangeError if an embedding cannot have that many numbers. */
export function checkDim(dim: number): void {
  checkWhole("embedding dimension", dim);
}

/** A table and the ids whose rows are wanted. */
export interface Lookup {
  readonly table: EmbeddingTable;
  readonly ids: Int32Array;
}

/**
 * The rows of several tables for the same places, side by side: equally many ids for each table → [...shape, sum of the
 * dims]. One operation forward and one back, instead of one for each table and one for a concat.
 */
export function lookupTogether(lookups: readonly Lookup[], shape: number[]): tf.Tensor {
  const dim = dimOf(lookups);
  const size = lookups[0].ids.length * dim;
  const at = unaligned(0); // where the numbers for a tensor to copy lie: see unaligned
  const op = tf.customGrad(() => ({
    value: tensorOfCopy(readTogether(lookups, at).floats(at, size), [...shape, dim]),
    gradFunc: (dy: tf.Tensor) => {
      const gradient = dy.dataSync() as Float32Array;
      if (lookups.length === 1) lookups[0].table.receive({ ids: lookups[0].ids, gradient });
      else {
        scratch(at + 4 * size).floats(at, size).set(gradient);
        receiveTogether(lookups, at);
      }
      return lookups.map(() => tf.scalar(0)); // of the anchors
    },
  }));
  return op(...lookups.map(({ table }) => table.anchor));
}

/** How many numbers all tables together have for one place. */
export function dimOf(lookups: readonly Lookup[]): number {
  return lookups.reduce((sum, { table }) => sum + table.dim, 0);
}

/**
 * Puts the rows of all tables side by side, [n x dimOf(lookups)], into the scratch memory from place `at` on, and
 * returns that memory.
 */
export function readTogether(lookups: readonly Lookup[], at: number): RowMemory {
  for (const { table, ids } of lookups) table.onLookup?.(ids);
  const n = lookups[0].ids.length;
  const dim = dimOf(lookups);
  const partAt = aligned(at + 4 * n * dim);
  const memory = scratch(partAt + 4 * n * dim);
  if (lookups.length === 1) lookups[0].table.store.read(lookups[0].ids, memory.floats(at, n * dim));
  else {
    forEachPart(lookups, (part, { table, ids }) => {
      table.store.read(ids, memory.floats(partAt, n * table.dim));
      memory.loops.copyColumns(partAt, 4 * table.dim, at + 4 * part, 4 * dim, 4 * table.dim, n);
    });
  }
  return memory;
}

/**
 * The way back: each table receives its part of the gradient [n x dimOf(lookups)] that lies in the scratch memory from
 * place `at` on.
 */
export function receiveTogether(lookups: readonly Lookup[], at: number): void {
  const n = lookups[0].ids.length;
  const dim = dimOf(lookups);
  const partAt = aligned(at + 4 * n * dim);
  const memory = scratch(partAt + 4 * n * dim);
  forEachPart(lookups, (part, { table, ids }) => {
    memory.loops.copyColumns(at + 4 * part, 4 * dim, partAt, 4 * table.dim, 4 * table.dim, n);
    table.receive({ ids, gradient: memory.floats(partAt, n * table.dim).slice() });
  });
}

/** Visits all lookups, with the place in a row where the numbers of each begin. */
function forEachPart(lookups: readonly Lookup[], visit: (start: number, lookup: Lookup) => void): void {
  let start = 0;
  for (const lookup of lookups) {
    visit(start, lookup);
    start += lookup.table.dim;
  }
}
