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
import type { EmbeddingTable } from "./embedding";
import { pool, presentIn } from "./pooling";

/** A feature made of ids, so one that has embeddings. */
export type IdFeature = SparseFeature | SequenceFeature;

/**
 * Gives every id of every feature its own row in one table, as if all one-hot vectors stood side by
 * side in one long vector x: the i of w_i and v_i.
 *
 * Example: weekday (vocabSize 8) and gender (vocabSize 3): weekday ids 1..7 become rows 1..7, gender
 * ids 1..2 become rows 8..9, and id 0 stays 0 (nothing). Features with a shared vocabulary share rows.
 *
 * A slot is a place for one id: a sparse feature has 1 per impression, a sequence as many as the batch's
 * column is wide. So a model works for histories that are padded to any length.
 */
export class FieldIndex {
  /** Rows that a table over these features needs, row 0 included. */
  readonly rows: number;
  private readonly offsets: number[] = [];

  constructor(readonly features: readonly IdFeature[]) {
    checkNames(features);
    const offsetOf = new Map<string, number>();
    const sizeOf = new Map<string, number>();
    let rows = 1;
    for (const feature of features) {
      checkHasIds(feature);
      const { vocabulary, vocabSize } = feature;
      const offset = offsetOf.get(vocabulary) ?? rows - 1;
      const size = sizeOf.get(vocabulary) ?? vocabSize;
      checkSharedSize(feature, size);
      if (!offsetOf.has(vocabulary)) rows += vocabSize - 1;
      offsetOf.set(vocabulary, offset);
      sizeOf.set(vocabulary, vocabSize);
      this.offsets.push(offset);
    }
    if (features.length === 0)
      throw new RangeError(
        "0 features with ids, expected at least 1 sparse or sequence feature. If there are only numbers, bucket one into a sparse feature",
      );
    if (rows > 2 ** 31 - 1)
      throw new RangeError(`the features have ${rows} ids in all, expected at most 2^31 - 1. Hash the largest`);
    this.rows = rows;
  }

  /** Table rows of the batch's ids: [batch x slots], row by row. @throws RangeError if the batch has other features. */
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

  /** The table's rows of the batch's ids, zero vectors where there is none: [batch, slots, dim]. */
  lookup(table: EmbeddingTable, batch: Impressions, ids = this.ids(batch)): tf.Tensor3D {
    return table.lookup(ids, [batch.size, ids.length / batch.size]) as tf.Tensor3D;
  }

  /** The sum over an impression's ids in a table of single numbers, Σᵢ wᵢ xᵢ: [batch]. */
  lookupSum(table: EmbeddingTable, batch: Impressions, ids = this.ids(batch)): tf.Tensor1D {
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

/**
 * The numbers of dense features side by side: [batch, features]. @throws RangeError if the batch has other features.
 */
export function numbers(batch: Impressions, features: readonly DenseFeature[]): tf.Tensor2D {
  checkFeatures(batch, features);
  const values = new Float32Array(batch.size * features.length);
  features.forEach(({ name }, f) => {
    const column = batch.columns[name];
    for (let row = 0; row < batch.size; row++) values[row * features.length + f] = column[row];
  });
  return tf.tensor2d(values, [batch.size, features.length]);
}

/** By a model's features: those of the batch that they were compared with last. */
const compared = new WeakMap<readonly Feature[], readonly Feature[]>();

/**
 * Checks that the batch has a model's features, or ids would be rows of other words. It may have more, and histories of
 * another length. All parts of some data share one array of features, so a training compares them once.
 *
 * @throws RangeError if one is missing, of another kind, has another vocabSize or was fitted on other rows, or the
 * batch is empty.
 */
export function checkFeatures(batch: Impressions, features: readonly Feature[]): void {
  if (batch.size === 0) throw new RangeError("the batch has 0 impressions, expected at least 1");
  if (compared.get(features) === batch.features) return;
  for (const feature of features) {
    const given = batch.features.find(({ name }) => name === feature.name);
    checkSame(feature, given, "in the data", "Encode the data with the encoding that the model was saved with");
  }
  compared.set(features, batch.features);
}

/** @throws RangeError if the feature that is given is not the one that a model was built for. */
export function checkSame(feature: Feature, given: Feature | undefined, where: string, advice: string): void {
  // Made by hand or saved long ago, it is not known.
  const fitted = feature.fitted !== undefined && given?.fitted !== undefined;
  const [wanted, came] = [describe(feature, fitted), given ? describe(given, fitted) : "missing"];
  if (came !== wanted)
    throw new RangeError(
      `${feature.name} is ${came} ${where}, expected ${wanted}, as the model was built for. ${advice}`,
    );
}

function describe(feature: Feature, fitted: boolean): string {
  if (isDense(feature)) return fitted ? `dense with a mean and deviation of checksum ${feature.fitted}` : "dense";
  return `${feature.kind} with vocabSize ${feature.vocabSize}${fitted ? ` and a vocabulary of checksum ${feature.fitted}` : ""}`;
}

/** @throws RangeError if the feature has not the size of the vocabulary that it shares. */
export function checkSharedSize({ name, vocabulary, vocabSize }: IdFeature, size: number): void {
  if (vocabSize !== size)
    throw new RangeError(
      `feature ${name} has vocabSize ${vocabSize}, expected ${size} as in the vocabulary ${vocabulary} it shares`,
    );
}

export const isDense = (feature: Feature): feature is DenseFeature => feature.kind === "dense";
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

/** 1 where at least one of the sequences has an id, 0 where all are padded: [batch, slots]. */
export function present(batch: Impressions, ...names: string[]): tf.Tensor2D {
  const mask = presentIn(names.map((name) => batch.columns[name]));
  return tf.tensor2d(mask, [batch.size, mask.length / batch.size]);
}
