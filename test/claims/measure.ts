/** Measuring by seed, in processes; and what all seeds say together. */
import { availableParallelism } from "node:os";
import { inCache } from "../../lib/data/cache";
import { type Job, runJobs } from "../../lib/train/jobs";

/** Gives what the function returns that the job names. */
export type Answer = (job: Job) => Promise<unknown>;

const known = new Map<string, Promise<unknown>>();

let free = Math.min(4, availableParallelism());
const queue: (() => void)[] = [];

/** What the function returns, once a core is free: however much is measured at once, the processes are few. */
export async function measured(job: Job): Promise<unknown> {
  if (free > 0) free--;
  else await new Promise<void>((begin) => queue.push(begin));
  try {
    return (await runJobs([job]))[0];
  } finally {
    const next = queue.shift();
    if (next) next();
    else free++;
  }
}

let answer: Answer = measured;

/** From now on this one answers what `bySeed` asks; by default it is measured. */
export function answerBy(other: Answer): void {
  answer = other;
  known.clear();
}

/**
 * What the function "file#name" returns for each seed, called with the other arguments before the seed. Asked twice for
 * the same seed, it is answered once.
 */
export function bySeed<T>(call: string, args: readonly unknown[], seeds: readonly number[]): Promise<T[]> {
  return Promise.all(
    seeds.map((seed) => {
      const job = { call, args: [...args, seed] };
      const key = JSON.stringify(job);
      if (!known.has(key)) known.set(key, answer(job));
      return known.get(key) as Promise<T>;
    }),
  );
}

/** The first effect − the second, seed by seed. */
export async function minus(a: Promise<readonly number[]>, b: Promise<readonly number[]>): Promise<number[]> {
  const [first, second] = await Promise.all([a, b]);
  return first.map((effect, i) => effect - second[i]);
}

/** @throws where MovieLens-100K is not in the cache, before a claim about it is measured on the stand-in. */
export function checkFilmsHere(): void {
  if (!inCache("ml-100k"))
    throw new Error("this claim is about MovieLens-100K, which is not on this machine. Run: npm run data -- ml-100k");
}

/** A number of all effects, such as their mean, as the effect of each seed: for sentences about all of them together. */
export function together(effects: readonly number[], of: (all: readonly number[]) => number): number[] {
  const one = of(effects);
  return effects.map(() => one);
}
