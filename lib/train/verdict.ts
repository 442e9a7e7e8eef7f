/** Which of two models is better, in words that say how sure that is. */
import { type Metric, metricNames } from "./metric";
import { delong } from "./metrics/delong";
import { holm, pairedTest } from "./statistics";
import type { TrialResult } from "./trial";

export interface Verdict {
  readonly a: string;
  readonly b: string;
  /** Metric of a − metric of b, with its 95 % interval: that of this pair alone, however many are compared. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** After Holm's correction for all pairs of the comparison. */
  readonly p: number;
  /** The better one, if p < 0.05. */
  readonly better?: string | undefined;
  /** What was done: the same words for all pairs of a comparison. */
  readonly test: string;
  /** What came out. */
  readonly finding: string;
  /** Both in one sentence. With several pairs it also says that the interval is not corrected for their number. */
  readonly words: string;
}

/**
 * A verdict on each pair of models, from their trials with the same seeds in the same order.
 *
 * With several seeds: Student's paired t test of the metric over the seeds. It speaks of training again, on
 * worlds and splits that vary as the trials' did. If the test data did not vary, a model of pure noise that happens to
 * fit it wins with every seed, so the words then speak of these test impressions alone. With one seed: DeLong's test of
 * the two AUCs. It speaks of other impressions, and of these two trained models only.
 *
 * @throws if there are several models, but one seed, and the metric is not AUC or the test data has weights; if a
 * trial's metric is not finite.
 */
export function verdicts(trials: Readonly<Record<string, readonly TrialResult[]>>, metric: Metric): Verdict[] {
  const models = Object.keys(trials);
  checkTestable(models.length, Object.values(trials)[0].length, metric);
  for (const [name, own] of Object.entries(trials))
    own.forEach((trial, i) => checkFinite(trial, metric, `${name} in trial ${i + 1} of ${own.length}`));
  const pairs = models.flatMap((a, i) => models.slice(i + 1).map((b) => ({ a, b })));
  const tests = pairs.map(({ a, b }) => testOf(trials[a], trials[b], metric));
  const corrected = holm(tests.map(({ p }) => p));
  const [first, ...others] = Object.values(trials)[0];
  const seeds = 1 + others.length;
  const sameTest = seeds > 1 && others.every((trial) => isSameTest(trial, first));
  const kind = seeds > 1 ? `paired t test over ${seeds} seeds` : "DeLong's test, one seed";
  const test =
    kind +
    (sameTest ? " with the same test impressions, which says nothing of others" : "") +
    (pairs.length > 1 ? `, Holm's correction for ${pairs.length} pairs` : "");
  return pairs.map((pair, i) => {
    const { difference, low, high } = tests[i];
    const p = corrected[i];
    const better = p >= 0.05 ? undefined : difference > 0 === (metric !== "logLoss") ? pair.a : pair.b;
    const verdict = { ...pair, difference, low, high, p, better, test };
    const where = sameTest ? " on these test impressions" : "";
    return {
      ...verdict,
      finding: inWords(verdict, metric, where),
      words: inWords(verdict, metric, where, pairs.length > 1 ? " of this pair alone" : "", `${test}; `),
    };
  });
}

/** @throws if there are models to tell apart, but one seed only and a metric that is not AUC. */
export function checkTestable(models: number, seeds: number, metric: Metric): void {
  if (models > 1 && seeds === 1 && metric !== "auc") {
    throw new RangeError(
      `one seed and the metric ${metric}: with one seed there is a test for AUC only. Give two seeds or more`,
    );
  }
}

/** @throws RangeError if the test data has weights: there is no test for one seed then. */
export function checkUnweighted({ answers: { weights } }: TrialResult): void {
  if (weights)
    throw new RangeError(
      "one seed and weighted test data: DeLong's test knows no weights. Give two seeds or more, or test data without weights",
    );
}

/** @throws RangeError if the metric on the test data is not finite: one NaN would spoil the p values of all pairs. */
export function checkFinite({ test }: TrialResult, metric: Metric, whose: string): void {
  if (!Number.isFinite(test[metric]))
    throw new RangeError(
      `the test ${metricNames[metric]} of ${whose} is ${test[metric]}, expected a finite number. Look for test values far outside the range of the training values`,
    );
}

/** Whether both trials were judged on the same test data, as far as its labels tell. */
export function isSameTest(
  { answers: { labels } }: TrialResult,
  { answers: { labels: others } }: TrialResult,
): boolean {
  return labels.length === others.length && labels.every((label, row) => label === others[row]);
}

function testOf(
  a: readonly TrialResult[],
  b: readonly TrialResult[],
  metric: Metric,
): { difference: number; low: number; high: number; p: number } {
  if (a.length > 1) {
    const test = pairedTest(
      a.map(({ test }) => test[metric] as number),
      b.map(({ test }) => test[metric] as number),
    );
    return { ...test, difference: test.mean };
  }
  checkUnweighted(a[0]);
  return delong(a[0].answers.logits, b[0].answers.logits, a[0].answers.labels);
}

function inWords(
  { a, b, difference, low, high, p, better }: Omit<Verdict, "finding" | "words">,
  metric: Metric,
  where: string,
  alone = "",
  test = "",
): string {
  // The sentence begins with the better model, and its difference is that model's.
  const [first, second] = better === b ? [b, a] : [a, b];
  const [gain, from, to] = better === b ? [-difference, -high, -low] : [difference, low, high];
  const relation = better ? `${first} is better than ${second}` : `${first} and ${second} are not distinguishable`;
  const interval = `95 % interval${alone} ${signed(from)} to ${signed(to)}`;
  const evidence = `(${interval}; ${test}p ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`})`;
  return `${relation}${where}: ${metricNames[metric]} ${signed(gain)} ${evidence}`;
}

/** With two more decimals where four would hide which side of 0 the value is on. */
function signed(value: number): string {
  const size = Math.abs(value);
  return (value < 0 ? "−" : "+") + size.toFixed(size > 0 && size < 0.00005 ? 6 : 4);
}
