/**
 * Gives every id of every feature its own row in one table, as if all one-hot vectors stood side by
 * side in one long vector x: the i of w_i and v_i.
 *
 * Example: weekday (vocabSize 8) and gender (vocabSize 3): weekday ids 1..7 become rows 1..7, gender
 * ids 1..2 become rows 8..9, and id 0 stays 0 (nothing). Features with a shared vocabulary share rows.
 */
import type { Impressions, SequenceFeature, SparseFeature } from "../data/impressions";
import { width } from "../data/impressions";

export class FieldIndex {
  /** Rows that a table over these features needs, row 0 included. */
  readonly rows: number;
  /** Ids that one impression has: 1 per sparse feature, maxLength per sequence. */
  readonly slots: number;
  private readonly offsets: number[] = [];

  constructor(readonly features: readonly (SparseFeature | SequenceFeature)[]) {
    const offsetOf = new Map<string, number>();
    const sizeOf = new Map<string, number>();
    let rows = 1;
    for (const { name, vocabulary, vocabSize } of features) {
      const offset = offsetOf.get(vocabulary) ?? rows - 1;
      const size = sizeOf.get(vocabulary) ?? vocabSize;
      if (size !== vocabSize) {
        throw new RangeError(`feature ${name} has vocabSize ${vocabSize}, expected ${size} as in the vocabulary ${vocabulary} it shares`);
      }
      if (!offsetOf.has(vocabulary)) rows += vocabSize - 1;
      offsetOf.set(vocabulary, offset);
      sizeOf.set(vocabulary, vocabSize);
      this.offsets.push(offset);
    }
    if (features.length === 0) throw new RangeError("0 features, expected at least 1 sparse or sequence feature");
    if (rows > 2 ** 31 - 1) throw new RangeError(`the features have ${rows} ids in all, expected at most 2^31 - 1. Hash the largest`);
    this.rows = rows;
    this.slots = features.reduce((sum, feature) => sum + width(feature), 0);
  }

  /** Table rows of the batch's ids: [batch x slots], row by row. */
  ids(batch: Impressions): Int32Array {
    const { slots, features, offsets } = this;
    const ids = new Int32Array(batch.size * slots);
    let slot = 0;
    for (let f = 0; f < features.length; f++) {
      const column = batch.columns[features[f].name];
      const n = width(features[f]);
      for (let row = 0; row < batch.size; row++) {
        for (let j = 0; j < n; j++) {
          const id = column[row * n + j];
          ids[row * slots + slot + j] = id === 0 ? 0 : id + offsets[f];
        }
      }
      slot += n;
    }
    return ids;
  }
}
