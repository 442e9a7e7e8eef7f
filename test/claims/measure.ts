/** Measuring by seed, in processes; and what all seeds say together. */
import { runJobs } from "../../lib/train/jobs";

const known = new Map<string, Promise<unknown>>();

/**
 * What the function "file#name" returns for each seed, called with the other arguments before the seed, in
 * processes of their own. Asked twice for the same seed, it measures once.
 */
export function bySeed<T>(call: string, args: readonly unknown[], seeds: readonly number[]): Promise<T[]> {
  const keyOf = (seed: number) => JSON.stringify([call, args, seed]);
  const fresh = seeds.filter((seed) => !known.has(keyOf(seed)));
  const results = runJobs(fresh.map((seed) => ({ call, args: [...args, seed] })));
  fresh.forEach((seed, i) => known.set(keyOf(seed), results.then((all) => all[i])));
  return Promise.all(seeds.map((seed) => known.get(keyOf(seed)) as Promise<T>));
}

/** A number of all effects, such as their mean, as the effect of each seed: for sentences about all of them together. */
export function together(effects: readonly number[], of: (all: readonly number[]) => number): number[] {
  const one = of(effects);
  return effects.map(() => one);
}
