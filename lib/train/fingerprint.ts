/** Tells data apart, whatever kind of source it comes from, and weights. */
import { createHash } from "node:crypto";
import type { ImpressionSource } from "../data/impressions";
import { batches } from "./batches";
import type { WeightCopy } from "./weights";

const atOnce = 4096; // rows: another number gives other checksums, and old checkpoints are refused

/**
 * A checksum of all rows: labels, users, weights and columns. Reads the source once: a second for a million rows of 20
 * columns in memory.
 */
export async function fingerprint(source: ImpressionSource): Promise<string> {
  const hash = createHash("sha256");
  for await (const { features, labels, users, weights, columns } of batches(source, atOnce)) {
    hash.update(labels);
    if (users) hash.update(users);
    if (weights) hash.update("weights").update(weights);
    for (const { name } of features) hash.update(name).update(columns[name]);
  }
  return hash.digest("hex").slice(0, 16);
}

/** A checksum of all weights and their names. */
export function fingerprintOfWeights(weights: WeightCopy): string {
  const hash = createHash("sha256");
  for (const [name, values] of Object.entries(weights)) hash.update(name).update(values);
  return hash.digest("hex").slice(0, 16);
}
