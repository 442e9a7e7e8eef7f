/** A source's impressions batch by batch, in their order or shuffled, with room for other work in between. */
import { checkWhole } from "../checks";
import { rowRange } from "../data/blocks";
import { type Impressions, type ImpressionSource, width } from "../data/impressions";
import { createRandom } from "../random";

/** The source's impressions in their order, a batch at a time; the event loop turns in between. */
export async function* batches(
  source: ImpressionSource,
  batchSize = usualBatch(source),
): AsyncGenerator<Impressions> {
  checkWhole("batchSize", batchSize);
  for (let start = 0; start < source.size; start += batchSize) {
    yield source.read(rowRange(start, Math.min(start + batchSize, source.size)));
    await breathe();
  }
}

/** 4096, or fewer where long histories make impressions large: a model keeps several tensors of all their steps. */
function usualBatch({ features }: ImpressionSource): number {
  const values = features.reduce((sum, feature) => sum + width(feature), 0);
  return Math.max(1, Math.min(4096, Math.floor(2 ** 19 / values)));
}

/** Lets the event loop turn once: messages get sent, and the stop button works. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * All rows of the source in the order in which fit trains on them in this epoch, counted from 1: [size]. The seed and
 * the epoch alone decide it. If the source has a random order of its own that is quick to read in, it is that one.
 */
export function shuffledRows(
  source: Pick<ImpressionSource, "size" | "shuffled">,
  seed: number | string,
  epoch: number,
): Int32Array {
  const random = createRandom(seed).child(`epoch ${epoch}`);
  return source.shuffled?.(random) ?? random.shuffle(rowRange(0, source.size));
}
