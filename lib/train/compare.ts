/** Compares models as they should be: several seeds, one budget, intervals and a test. */
import { checkOptionNames } from "../checks";
import type { Evaluation } from "./evaluate";
import { byName } from "./jobs";
import { checkMetric, type Metric } from "./metric";
import { type Runner, runner, type Trial } from "./runner";
import { candidates, type Search, type Settings } from "./search";
import { type Interval, mean, meanInterval, median } from "./statistics";
import type { TrialResult } from "./trial";
import { checkTestable, isSameTest, type Verdict, verdicts } from "./verdict";

/** S, but inferred from the trial alone, so that a slip in a model's settings is an error where it was made. */
type OfTrial<S extends object> = [S][S extends unknown ? 0 : never];

/** S: the settings of one trial, Seed: its seed, as the trial's parameters have them. Q: the search, if there is one. */
export interface CompareOptions<
  S extends object = Settings,
  Seed extends number | string = number | string,
  Q extends Search<OfTrial<S>> | undefined = Search<OfTrial<S>> | undefined,
> {
  /**
   * What is done for each model and seed. A function is called in this process, one trial after the other. What a text
   * "file#function" names, as seen from the project's folder, is called in processes of their own, several at a time:
   * these can be sent no functions among the settings, and the compiler cannot check the settings. The results are the
   * same.
   */
  trial: Trial<S, Seed> | string;
  /**
   * The settings of each model, by the name it has in tables and plots. They are handed to the trial: all that it needs
   * or, with a search, those that are not searched for.
   */
  models: Readonly<Record<string, [Q] extends [undefined] ? OfTrial<S> : Partial<OfTrial<S>>>>;
  seeds: readonly Seed[];
  /** What decides the verdicts; AUC by default. */
  metric?: Metric | undefined;
  /**
   * Chooses settings by the validation data of one seed, with the same number of trials for each model. The trials'
   * metric must be the comparison's. Settings with which the training fails with a LossError count as the worst.
   */
  search?: Q | undefined;
  /**
   * The seed that chooses; the first by default. Where seeds are parts of the same data, take one whose validation
   * data is not the test data of another.
   */
  searchSeed?: Seed | undefined;
  /** Processes at a time, if the trial is named by its file. */
  workers?: number | undefined;
  /** Called after each trial. */
  onTrial?: ((done: number, all: number) => void) | undefined;
}

const optionNames: Record<keyof CompareOptions, true> = {
  trial: true, models: true, seeds: true, metric: true, search: true, searchSeed: true, workers: true, onTrial: true,
};

export interface ModelSummary<S extends object = Settings> {
  readonly name: string;
  /** Including those that the search has chosen. */
  readonly settings: S;
  /** On the test data, by seed. */
  readonly tests: readonly Evaluation[];
  /** The metric: its mean over the seeds, with the 95 % interval if there are several. */
  readonly score: Interval;
  readonly meanLogLoss: number;
  readonly parameters: number;
}

export interface Comparison<S extends object = Settings> {
  readonly metric: Metric;
  readonly seeds: readonly (number | string)[];
  /** How many settings each model tried. */
  readonly tried: number;
  readonly models: readonly ModelSummary<S>[];
  /** One per pair of models. */
  readonly verdicts: readonly Verdict[];
  /** All trials with the chosen settings, by model and then in the order of the seeds. */
  readonly trials: Readonly<Record<string, readonly TrialResult[]>>;
  /**
   * Milliseconds per training step: the median over the seeds, NaN if checkpoints left no step to do. Never the same
   * twice, so not for committed outputs.
   */
  readonly millisecondsPerStep: Readonly<Record<string, number>>;
}

/**
 * Trains each model with each seed and says which differ. Every model gets the same seeds, and the same number
 * of trials if there is a search. Leave the type arguments to the compiler: with a search there are three.
 *
 * @throws before any training if there are no models or no seeds, or several models but only one seed and a metric that
 * is not AUC (see verdicts); after the first trial if the metric is GAUC and the test data has no GAUC, several models
 * have only one seed and the test data has weights, or a search would choose by another metric than the comparison's;
 * naming the model and the seed if a trial fails or its metric is not finite; at the end if the models of a seed were
 * judged on different test data.
 */
export function compare<
  S extends object = Settings,
  Seed extends number | string = number | string,
  Q extends Search<OfTrial<S>> | undefined = undefined,
>(options: CompareOptions<S, Seed, Q>): Promise<Comparison<S>>;
export async function compare(options: CompareOptions): Promise<Comparison> {
  checkOptionNames("compare", options, optionNames);
  if (options.search) checkOptionNames("search", options.search, { space: true, trials: true, seed: true });
  const { models, seeds, metric = "auc", search, searchSeed = seeds[0] } = options;
  if (Object.keys(models).length === 0) throw new RangeError("0 models, expected at least 1");
  if (seeds.length === 0 || new Set(seeds.map(String)).size < seeds.length)
    throw new RangeError(`seeds are ${JSON.stringify(seeds)}, expected at least one, and all different`);
  checkMetric(metric);
  checkTestable(Object.keys(models).length, seeds.length, metric);
  const isOneSeed = Object.keys(models).length > 1 && seeds.length === 1;
  const run = runner({ ...options, metric, isSearching: Boolean(search), isOneSeed });
  const tried = search
    ? candidates(models, search)
    : Object.fromEntries(Object.entries(models).map(([name, settings]) => [name, [settings]]));
  const chosen = search ? await choose(tried, searchSeed, run) : models;
  const wanted = Object.entries(chosen).flatMap(([name, settings]) => seeds.map((seed) => ({ name, settings, seed })));
  const results = (await run(wanted, "judge")) as TrialResult[];
  const trials = byName(Object.keys(models), results, seeds.length);
  checkSameTest(trials, seeds);
  return {
    metric,
    seeds,
    trials,
    tried: Object.values(tried)[0].length,
    models: Object.entries(trials).map(([name, own]) => summary(name, chosen[name], own, metric)),
    verdicts: verdicts(trials, metric),
    millisecondsPerStep: Object.fromEntries(Object.entries(trials).map(([name, own]) => [name, timePerStep(own)])),
  };
}

/** The settings of each model that are best on the validation data. */
async function choose(
  tried: Record<string, Settings[]>,
  seed: number | string,
  run: Runner,
): Promise<Record<string, Settings>> {
  const results = await run(
    Object.entries(tried).flatMap(([name, all]) => all.map((settings) => ({ name, settings, seed }))),
    "search",
  );
  const chosen: Record<string, Settings> = {};
  let start = 0;
  for (const [name, all] of Object.entries(tried)) {
    const own = results.slice(start, (start += all.length));
    const score = (result: TrialResult | undefined) =>
      result && !Number.isNaN(result.validation) ? (result.metric === "logLoss" ? -1 : 1) * result.validation : -Infinity;
    const best = own.reduce((best, result, i) => (score(result) > score(own[best]) ? i : best), 0);
    if (!own[best])
      throw new Error(
        `none of ${all.length} settings that ${name} tried with seed ${seed} has a loss that stays finite. Try smaller learning rates`,
      );
    chosen[name] = all[best];
  }
  return chosen;
}

function summary(name: string, settings: Settings, trials: readonly TrialResult[], metric: Metric): ModelSummary {
  const tests = trials.map(({ test }) => test);
  const scores = tests.map((test) => test[metric] as number);
  const score = scores.length > 1 ? meanInterval(scores) : { mean: scores[0], low: scores[0], high: scores[0] };
  return {
    name,
    settings,
    tests,
    score,
    meanLogLoss: mean(tests.map(({ logLoss }) => logLoss)),
    parameters: trials[0].parameters,
  };
}

function timePerStep(trials: readonly TrialResult[]): number {
  return median(trials.map(({ millisecondsPerStep }) => millisecondsPerStep).filter((time) => !Number.isNaN(time)));
}

function checkSameTest(trials: Record<string, TrialResult[]>, seeds: readonly (number | string)[]): void {
  const [first, ...others] = Object.entries(trials);
  for (const [name, own] of others) {
    for (const [i, trial] of own.entries()) {
      if (!isSameTest(trial, first[1][i])) {
        throw new Error(
          `with seed ${seeds[i]} ${name} was judged on other test data than ${first[0]}. Let the seed alone decide the data`,
        );
      }
    }
  }
}
