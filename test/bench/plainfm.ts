/**
 * A factorization machine trained one impression at a time in plain loops, as libFM does: each weight that
 * an impression has moves at once, and no gradient is ever stored. For comparison: this is how fast FM can
 * be without batches, and its answers depend on the order within a batch.
 *
 * Source: S. Rendle, "Factorization Machines with libFM", ACM TIST 2012, algorithm 1, without its L2 term.
 */
import type { FieldIndex } from "../../lib/layers/fields";
import type { Impressions } from "../../lib/data/impressions";
import type { FM } from "../../lib/models/fm";

const rate = 0.01;
const ahead = 8; // impressions whose rows are fetched together
const cacheLine = 16; // numbers that the processor fetches together
const touched = new Float32Array(1);

/** Trains on each impression of the batch in turn; bias is w₀. Returns the new w₀. */
export function trainBySample(model: FM, index: FieldIndex, batch: Impressions, bias: number): number {
  const { values: w } = model.linear;
  const { values: v, dim } = model.factors;
  const ids = index.ids(batch);
  const slots = ids.length / batch.size;
  const sums = new Float64Array(dim); // Σᵢ v_if
  for (let row = 0; row < batch.size; row++) {
    const first = row * slots;
    if (row % ahead === 0) touchRows(v, dim, ids, first, Math.min(first + ahead * slots, ids.length));
    let s = bias;
    let squares = 0;
    sums.fill(0);
    for (let i = first; i < first + slots; i++) {
      s += w[ids[i]];
      const at = ids[i] * dim;
      for (let d = 0; d < dim; d++) {
        const x = v[at + d];
        sums[d] += x;
        squares += x * x;
      }
    }
    let pairs = -squares;
    for (let d = 0; d < dim; d++) pairs += sums[d] * sums[d];
    s += pairs / 2;
    const step = rate * (1 / (1 + Math.exp(-s)) - batch.labels[row]);
    bias -= step;
    for (let i = first; i < first + slots; i++) {
      w[ids[i]] -= step;
      const at = ids[i] * dim;
      for (let d = 0; d < dim; d++) v[at + d] -= step * (sums[d] - v[at + d]);
    }
  }
  return bias;
}

/**
 * Reads a little of every part of the rows ids[start .. end - 1], for nothing but speed: rows of a large table are far
 * apart in memory, and waiting for many of them at once takes a third of the time of waiting for one after the other.
 */
function touchRows(values: Float32Array, dim: number, ids: Int32Array, start: number, end: number): void {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const first = ids[i] * dim;
    for (let d = 0; d < dim; d += cacheLine) sum += values[first + d];
    sum += values[first + dim - 1]; // a row can begin in the middle of a line
  }
  touched[0] = sum; // kept, or the compiler would see that nobody needs the sum
}
