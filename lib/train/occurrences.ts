/** How often each row of a model's tables occurs in the data: n_j of mini-batch aware regularization. */
import * as tf from "@tensorflow/tfjs";
import type { ImpressionSource } from "../data/impressions";
import type { EmbeddingTable } from "../layers/embedding";
import { isTable } from "../layers/layer";
import type { Model } from "../models/model";
import { batches } from "./batches";
import { checkLogits } from "./predict";

/**
 * For each table of the model, by name, how many impressions of the source look up each of its rows: [rows].
 * An id that an impression has twice, say in its history and as candidate, counts once for that impression.
 *
 * The model itself says which rows an impression needs: it is run on the data while its lookups are watched.
 */
export async function countOccurrences(model: Model, source: ImpressionSource): Promise<Record<string, Int32Array>> {
  const watched = Object.entries(model.weights).flatMap(([name, weight]) =>
    isTable(weight) ? [new Watched(name, weight)] : [],
  );
  try {
    for await (const batch of batches(source)) {
      tf.tidy(() => checkLogits(model, model.logits(batch), batch));
      for (const table of watched) table.count(batch.size);
    }
  } finally {
    for (const table of watched) table.end();
  }
  return Object.fromEntries(watched.map(({ name, counts }) => [name, counts]));
}

/** A table whose lookups are being counted. */
class Watched {
  readonly counts: Int32Array;
  private readonly lastSeen: Int32Array;
  private readonly before: EmbeddingTable["onLookup"];
  private lookups: Int32Array[] = [];
  private impression = 0;

  constructor(
    readonly name: string,
    private readonly table: EmbeddingTable,
  ) {
    this.counts = new Int32Array(table.rows);
    this.lastSeen = new Int32Array(table.rows); // the last impression that had the row, counted from 1
    this.before = table.onLookup;
    table.onLookup = (ids) => {
      this.before?.(ids);
      this.lookups.push(ids);
    };
  }

  /** Counts the lookups of one batch: each [size x any], one stretch per impression. */
  count(size: number): void {
    const { counts, lastSeen, lookups, name } = this;
    const odd = lookups.find((ids) => ids.length % size !== 0);
    if (odd)
      throw new Error(
        `table ${name}: ${odd.length} ids looked up for ${size} impressions, expected the same number for each of them`,
      );
    for (let i = 0; i < size; i++) {
      this.impression++;
      for (const ids of lookups) {
        const width = ids.length / size;
        for (let j = i * width; j < (i + 1) * width; j++) {
          const row = ids[j];
          if (row === 0 || lastSeen[row] === this.impression) continue;
          lastSeen[row] = this.impression;
          counts[row]++;
        }
      }
    }
    this.lookups = [];
  }

  end(): void {
    this.table.onLookup = this.before;
  }
}
