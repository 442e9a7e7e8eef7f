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
 * Trains on each impression of the batch in turn; bias is w₀. Returns the new w₀. The length of the factors has to be a
 * multiple of four.
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
    // Four factors at a time: their sums stay in registers, the processor need not wait for one addition before the
    // next, and each row is fetched twice, not four times, for eight factors.
    for (let d = 0; d < dim; d += 4) {
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      let squares = 0;
      for (let i = 0; i < slots; i++) {
        const at = places[i] + d;
        const x0 = v[at];
        const x1 = v[at + 1];
        const x2 = v[at + 2];
        const x3 = v[at + 3];
        sum0 += x0;
        sum1 += x1;
        sum2 += x2;
        sum3 += x3;
        squares += x0 * x0 + x1 * x1 + (x2 * x2 + x3 * x3);
      }
      sums[d] = sum0;
      sums[d + 1] = sum1;
      sums[d + 2] = sum2;
      sums[d + 3] = sum3;
      s += (sum0 * sum0 + sum1 * sum1 + sum2 * sum2 + sum3 * sum3 - squares) / 2;
    }
    const step = rate * (1 / (1 + Math.exp(-s)) - labels[row]); // η g
    const keep = 1 + step;
    bias -= step;
    for (let i = 0; i < slots; i++) w[ids[first + i]] -= step;
    for (let d = 0; d < dim; d += 4) {
      const pull0 = step * sums[d];
      const pull1 = step * sums[d + 1];
      const pull2 = step * sums[d + 2];
      const pull3 = step * sums[d + 3];
      for (let i = 0; i < slots; i++) {
        const at = places[i] + d;
        v[at] = keep * v[at] - pull0; // v_if − η g (Σⱼ v_jf − v_if)
        v[at + 1] = keep * v[at + 1] - pull1;
        v[at + 2] = keep * v[at + 2] - pull2;
        v[at + 3] = keep * v[at + 3] - pull3;
      }
    }
  }
  return bias;
}
