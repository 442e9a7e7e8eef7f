/**
 * From the columns of a batch to what a model computes with: table rows, embeddings, one vector per field.
 */
import * as tf from "@tensorflow/tfjs";
import {
  checkNames,
  type DenseFeature,
  type Feature,
  type Impressions,
  type SequenceFeature,
  type SparseFeature,
} from "../data/impressions";
import { checkFeatures, checkSharedSize, present } from "./columns";
import type { EmbeddingTable } from "./embedding";
import { pool } from "./pooling";

/** A feature made of ids, so one that has embeddings. */
export type IdFeature = SparseFeature | SequenceFeature;

/**
 * Gives every id of every feature its own row in one table, as if all one-hot vectors stood side by
 * side in one long vector x: the i of w_i and v_i.
 *
 * Example: weekday (vocabSize 8) and gender (vocabSize 3): weekday ids 1..7 become rows 1..7, gender
 * ids 1..2 become rows 8..9, and id 0 stays 0 (nothing). Features with a shared vocabulary share rows.
 *
 * A slot is a place for one id: a sparse feature has 1 per impression, a sequence as many as its column
 * in the batch is wide. So a model works for histories that are padded to any length.
 */
export class FieldIndex {
  /** Rows that a table over these features needs, row 0 included. */
  readonly rows: number;
  private readonly offsets: number[] = [];

  constructor(readonly features: readonly IdFeature[]) {
    checkNames(features);
    const places = new Map<string, { offset: number; size: number }>(); // by vocabulary
    let rows = 1;
    for (const feature of features) {
      checkHasIds(feature);
      const { vocabulary, vocabSize } = feature;
      let place = places.get(vocabulary);
      if (!place) {
        places.set(vocabulary, (place = { offset: rows - 1, size: vocabSize }));
        rows += vocabSize - 1;
      }
      checkSharedSize(feature, place.size);
      this.offsets.push(place.offset);
    }
    if (features.length === 0)
      throw new RangeError(
        "0 features with ids, expected at least 1 sparse or sequence feature. If there are only numbers, bucket one into a sparse feature",
      );
    if (rows > 2 ** 31 - 1)
      throw new RangeError(`the features have ${rows} ids in all, expected at most 2^31 - 1. Hash the largest`);
    this.rows = rows;
  }

  /**
   * Table rows of the batch's ids: [batch x slots], row by row.
   *
   * @throws RangeError if the batch does not have the model's features.
   */
  ids(batch: Impressions): Int32Array {
    checkFeatures(batch, this.features);
    const widths = this.features.map((feature) => slotsOf(feature, batch));
    const slots = widths.reduce((sum, n) => sum + n, 0);
    const ids = new Int32Array(batch.size * slots);
    let slot = 0;
    this.features.forEach(({ name }, f) => {
      const column = batch.columns[name];
      const n = widths[f];
      const offset = this.offsets[f];
      for (let i = 0, to = slot; i < column.length; to += slots - n) {
        for (let j = 0; j < n; j++, i++, to++) {
          const id = column[i];
          ids[to] = id === 0 ? 0 : id + offset;
        }
      }
      slot += n;
    });
    return ids;
  }

  /** The table's rows for the batch's ids, zero vectors where there is no id: [batch, slots, dim]. */
  lookup(table: EmbeddingTable, batch: Impressions, ids: Int32Array = this.ids(batch)): tf.Tensor3D {
    return table.lookup(ids, [batch.size, ids.length / batch.size]) as tf.Tensor3D;
  }

  /** The sum over an impression's ids, repeats included, in a table of single numbers, Σᵢ wᵢ xᵢ: [batch]. */
  lookupSum(table: EmbeddingTable, batch: Impressions, ids: Int32Array = this.ids(batch)): tf.Tensor1D {
    return table.lookupSum(ids, batch.size);
  }

  /** The feature, by its place in the index, that each slot of the batch belongs to: [slots]. */
  fieldOf(batch: Impressions): number[] {
    return this.features.flatMap((feature, f) => new Array<number>(slotsOf(feature, batch)).fill(f));
  }

  /** The slots of some of the features, in the index's order: e [batch, slots, k] → [batch, their slots, k]. */
  select(e: tf.Tensor3D, batch: Impressions, wanted: readonly IdFeature[]): tf.Tensor3D {
    return joined(this.runs(batch, wanted).map((run) => cut(e, run)));
  }

  /**
   * One vector per field: e [batch, slots, k] → [batch, wanted fields, k], in the index's order. The vector
   * of a sequence is the mean of its ids' embeddings, padding left out; the zero vector if it has none.
   */
  pool(e: tf.Tensor3D, batch: Impressions, wanted: readonly IdFeature[] = this.features): tf.Tensor3D {
    return joined(
      this.runs(batch, wanted).map((run) => {
        const part = cut(e, run); // [batch, run's slots, k]
        if (run.sequence === undefined) return part;
        return pool(part, present(batch, run.sequence), "mean").expandDims<tf.Tensor3D>(1); // [batch, 1, k]
      }),
    );
  }

  /** Slots of the wanted features: neighbouring sparse features as one run, since every cut costs a copy. */
  private runs(batch: Impressions, wanted: readonly IdFeature[]): Run[] {
    const names = new Set(wanted.map(({ name }) => name));
    const runs: Run[] = [];
    let start = 0;
    for (const feature of this.features) {
      const slots = slotsOf(feature, batch);
      const last = runs[runs.length - 1];
      if (names.has(feature.name)) {
        if (feature.kind === "sequence") runs.push({ start, slots, sequence: feature.name });
        else if (last && last.sequence === undefined && last.start + last.slots === start) last.slots += slots;
        else runs.push({ start, slots });
      }
      start += slots;
    }
    return runs;
  }
}

interface Run {
  start: number;
  slots: number;
  /** The sequence feature that the run is, if it is one. */
  sequence?: string;
}

/** Whether the feature is a number, which has no embedding. */
export const isDense = (feature: Feature): feature is DenseFeature => feature.kind === "dense";
/** Whether the feature is made of ids: sparse or a sequence. */
export const hasIds = (feature: Feature): feature is IdFeature => feature.kind !== "dense";

function checkHasIds(feature: Feature): void {
  if (hasIds(feature)) return;
  throw new TypeError(
    `feature ${feature.name} is dense, expected sparse or sequence here: a number has no embedding. ` +
      `Bucket it into a sparse feature, or give it as a number where the model takes dense features`,
  );
}

function slotsOf(feature: IdFeature, batch: Impressions): number {
  return batch.columns[feature.name].length / batch.size;
}

function cut(e: tf.Tensor3D, { start, slots }: Run): tf.Tensor3D {
  return slots === e.shape[1] ? e : e.slice([0, start, 0], [-1, slots, -1]);
}

function joined(parts: tf.Tensor3D[]): tf.Tensor3D {
  return parts.length === 1 ? parts[0] : tf.concat3d(parts, 1);
}
