/** Runs the trials of a comparison, in this process or in others, and none twice. */
import { runJobs } from "./jobs";
import type { Metric } from "./metric";
import type { Settings } from "./search";
import type { TrialResult } from "./trial";
import { checkFinite, checkUnweighted } from "./verdict";

/** Makes the data, trains a model as the settings say, and judges it: see runTrial. The seed decides all of it. */
export type Trial<S extends object, Seed extends number | string = number> = (
  settings: S,
  seed: Seed,
) => Promise<TrialResult>;

export interface RunnerOptions {
  readonly trial: Trial<Settings, number | string> | string;
  readonly metric: Metric;
  /** Whether the trials' own metric chooses settings, and so must be `metric`. */
  readonly isSearching: boolean;
  /** Whether one seed is to tell models apart, for which there is no test with weights. */
  readonly isOneSeed: boolean;
  readonly workers?: number | undefined;
  readonly onTrial?: ((done: number, all: number) => void) | undefined;
}

/** A trial to be run. Its settings are recognised as this very object: as JSON, any two functions would be the same. */
export interface Wanted {
  readonly name: string;
  readonly settings: Settings;
  readonly seed: number | string;
}

/** Results in the order wanted; in a search, undefined where the training failed with a LossError. */
export type Runner = (wanted: readonly Wanted[], purpose: "search" | "judge") => Promise<(TrialResult | undefined)[]>;

/** Runs trials, and none twice. */
export function runner(options: RunnerOptions): Runner {
  const known = new Map<Settings, Map<number | string, TrialResult>>();
  const find = ({ settings, seed }: Wanted) => known.get(settings)?.get(seed);
  return async (wanted, purpose) => {
    const missing = wanted.filter((one) => !find(one));
    const results = await runAll(missing, purpose, options);
    missing.forEach(({ settings, seed }, i) => {
      if (!known.has(settings)) known.set(settings, new Map());
      const result = results[i];
      if (result) known.get(settings)!.set(seed, result);
    });
    return wanted.map(find);
  };
}

/** The results of these trials, here one after the other or in processes; for undefined see Runner. */
async function runAll(
  wanted: readonly Wanted[],
  purpose: "search" | "judge",
  { trial, metric, isSearching, isOneSeed, workers, onTrial }: RunnerOptions,
): Promise<(TrialResult | undefined)[]> {
  const named = (i: number) => `${wanted[i].name} with seed ${wanted[i].seed}`;
  const onDone = (done: number, all: number, result: TrialResult | undefined, i: number) => {
    if (result) {
      checkMetrics(result, metric, isSearching);
      if (isOneSeed) checkUnweighted(result);
      if (purpose === "judge") checkFinite(result, metric, named(i));
    }
    onTrial?.(done, all);
  };
  const onFailure = (error: unknown, i: number): undefined => {
    const failure = error instanceof Error ? error : new Error(String(error));
    if (purpose === "search" && failure.name === "LossError") return undefined;
    throw new Error(`${named(i)}: ${failure.message}`, { cause: error });
  };
  if (typeof trial === "string") {
    const jobs = wanted.map(({ settings, seed }) => ({ call: trial, args: [settings, seed] }));
    const results = await runJobs(jobs, {
      workers,
      onDone: (done, all, result, i) => onDone(done, all, result as TrialResult | undefined, i),
      onFailure,
    });
    return results as (TrialResult | undefined)[];
  }
  const results: (TrialResult | undefined)[] = [];
  for (const [i, one] of wanted.entries()) {
    results[i] = await call(trial, one).catch((error) => onFailure(error, i));
    onDone(i + 1, wanted.length, results[i], i);
  }
  return results;
}

/** @throws RangeError if the test data does not have the metric, or a search would choose by another one. */
function checkMetrics(result: TrialResult, metric: Metric, isSearching: boolean): void {
  if (metric === "gauc" && result.test.gauc === undefined)
    throw new RangeError(
      "metric is gauc, but the test data has no user with impressions both with and without a click. Set users, or take auc",
    );
  if (isSearching && result.metric !== metric) {
    throw new RangeError(
      `the trials' metric on the validation data is ${result.metric}, expected ${metric}: the search would choose by another metric than the comparison's. Give fit that metric in the trial`,
    );
  }
}

/** Async, so that an error that a trial throws at once becomes a rejection too. */
async function call(trial: Trial<Settings, number | string>, { settings, seed }: Wanted): Promise<TrialResult> {
  return trial(settings, seed);
}
