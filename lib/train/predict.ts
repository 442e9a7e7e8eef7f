/** A trained model at work: logits for any number of impressions. */
import type { ImpressionSource } from "../data/impressions";
import type { Model } from "../models/model";

/**
 * Logits of all impressions of the source, in its order: [size]. Probabilities are sigmoid(logit).
 * Works in batches, so that the engine's memory stays small, and lets other work run between them.
 */
export async function predict(model: Model, source: ImpressionSource, batchSize = 4096): Promise<Float32Array> {
  const logits = new Float32Array(source.size);
  for (let start = 0; start < source.size; start += batchSize) {
    const rows = Int32Array.from({ length: Math.min(batchSize, source.size - start) }, (_, i) => start + i);
    const part = model.logits(source.read(rows));
    logits.set(part.dataSync() as Float32Array, start);
    part.dispose();
    await breathe();
  }
  return logits;
}

/** Lets the event loop turn once: messages get sent, and the stop button works. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
