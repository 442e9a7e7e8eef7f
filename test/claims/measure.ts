/** Measuring by seed, in processes. */
import { runJobs } from "../../lib/train/jobs";

const known = new Map<string, Promise<unknown[]>>();

/**
 * What the function "file#name" returns for each seed, called with the other arguments before the seed, in
 * processes of their own. Asked twice for the same, it measures once.
 */
export function bySeed<T>(call: string, args: readonly unknown[], seeds: readonly number[]): Promise<T[]> {
  const key = JSON.stringify([call, args, seeds]);
  const results = known.get(key) ?? runJobs(seeds.map((seed) => ({ call, args: [...args, seed] })));
  known.set(key, results);
  return results as Promise<T[]>;
}
