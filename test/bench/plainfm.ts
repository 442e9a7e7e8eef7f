/**
 * A factorization machine trained one impression at a time in plain loops, as SGD in libFM does: each weight that
 * an impression has moves at once, and no gradient is ever stored. For comparison: this is how fast FM can
 * be without batches, and its answers depend on the order within a batch.
 *
 * Source: S. Rendle, "Factorization Machines with libFM", ACM TIST 2012, algorithm 1, without its L2 term.
 */
import type { FieldIndex } from "../../lib/layers/fields";
import type { Impressions } from "../../lib/data/impressions";
import type { FM } from "../../lib/models/fm";

export const rate = 0.01; // η

/**
 * Trains on each impression of the batch in turn; bias is w₀. Returns the new w₀. The length of the factors has to be
 * even.
 */
export function trainBySample(model: FM, index: FieldIndex, batch: Impressions, bias: number): number {
  const { values: w } = model.linear;
  const { values: v, dim } = model.factors;
  const { labels } = batch;
  const ids = index.ids(batch);
  const slots = ids.length / batch.size;
  const places = new Int32Array(slots); // of the impression's rows in v
  const sums = new Float64Array(dim); // Σᵢ v_if
  for (let row = 0; row < batch.size; row++) {
    const first = row * slots;
    let s = bias;
    for (let i = 0; i < slots; i++) {
      s += w[ids[first + i]];
      places[i] = ids[first + i] * dim;
    }
    // Two factors at a time: their sums stay in registers, and the processor need not wait for one addition before the
    // next.
    for (let d = 0; d < dim; d += 2) {
      let sum = 0;
      let squares = 0;
      let nextSum = 0;
      let nextSquares = 0;
      for (let i = 0; i < slots; i++) {
        const at = places[i] + d;
        const x = v[at];
        const y = v[at + 1];
        sum += x;
        squares += x * x;
        nextSum += y;
        nextSquares += y * y;
      }
      sums[d] = sum;
      sums[d + 1] = nextSum;
      s += (sum * sum - squares + nextSum * nextSum - nextSquares) / 2;
    }
    const step = rate * (1 / (1 + Math.exp(-s)) - labels[row]); // η g
    const keep = 1 + step;
    bias -= step;
    for (let i = 0; i < slots; i++) w[ids[first + i]] -= step;
    for (let d = 0; d < dim; d += 2) {
      const pull = step * sums[d];
      const nextPull = step * sums[d + 1];
      for (let i = 0; i < slots; i++) {
        const at = places[i] + d;
        v[at] = keep * v[at] - pull; // v_if − η g (Σⱼ v_jf − v_if)
        v[at + 1] = keep * v[at + 1] - nextPull;
      }
    }
  }
  return bias;
}
