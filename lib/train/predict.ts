/** A trained model at work: logits for any number of impressions. */
import { rowRange } from "../data/blocks";
import type { Impressions, ImpressionSource } from "../data/impressions";
import type { Model } from "../models/model";

/**
 * Logits of all impressions of the source, in its order: [size]. Probabilities are 1 / (1 + e^−logit).
 * Works in batches, so that the engine's memory stays small, and lets other work run between them.
 */
export async function predict(model: Model, source: ImpressionSource, batchSize = 4096): Promise<Float32Array> {
  const logits = new Float32Array(source.size);
  let row = 0;
  for await (const batch of batches(source, batchSize)) {
    logits.set(logitsOf(model, batch), row);
    row += batch.size;
  }
  return logits;
}

/** Logits of one batch as plain numbers: [batch]. */
export function logitsOf(model: Model, batch: Impressions): Float32Array {
  const logits = model.logits(batch);
  const values = logits.dataSync() as Float32Array;
  logits.dispose();
  return values;
}

/** The source's impressions in their order, a batch at a time; the event loop turns in between. */
export async function* batches(source: ImpressionSource, batchSize = 4096): AsyncGenerator<Impressions> {
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) throw new RangeError(`batchSize is ${batchSize}, expected a whole number from 1 up`);
  for (let start = 0; start < source.size; start += batchSize) {
    yield source.read(rowRange(start, Math.min(start + batchSize, source.size)));
    await breathe();
  }
}

/** Lets the event loop turn once: messages get sent, and the stop button works. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
