/** The little statistics that comparisons need: intervals and tests, and the two distributions behind them. */
import { checkPositive } from "../checks";

export interface Interval {
  mean: number;
  /** Ends of the 95 % interval of the mean. */
  low: number;
  high: number;
}

/** The arithmetic mean; NaN of no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The one in the middle, or the mean of the two in the middle; NaN if there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return sorted.length === 0 ? NaN : (low + high) / 2;
}

/** Variance of the population, estimated from the values as a sample of it: Σ (x − mean)² / (n − 1). */
export function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

/**
 * Mean of the values with its 95 % interval by Student's t distribution: mean ± t₀.₉₇₅ s / √n.
 *
 * @throws if there are fewer than two values: one says nothing about its spread.
 */
export function meanInterval(values: readonly number[]): Interval {
  if (values.length < 2)
    throw new RangeError(
      `${values.length} value${values.length === 1 ? "" : "s"}, expected at least 2, such as two seeds: one says nothing about its spread`,
    );
  const middle = mean(values);
  const half = studentQuantile(0.975, values.length - 1) * Math.sqrt(variance(values) / values.length);
  return { mean: middle, low: middle - half, high: middle + half };
}

export interface PairedTest extends Interval {
  /** Probability of a t at least this far from 0, either way, if the true mean difference were 0. */
  p: number;
}

/**
 * Student's paired t test of a − b, where a[i] and b[i] belong together: same data, same seed.
 *
 * @throws if the lengths differ or there are fewer than two pairs.
 */
export function pairedTest(a: readonly number[], b: readonly number[]): PairedTest {
  if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} values, expected the same number of both`);
  const differences = a.map((value, i) => value - b[i]);
  const interval = meanInterval(differences);
  const error = Math.sqrt(variance(differences) / differences.length);
  const p = interval.mean === 0 ? 1 : studentTwoSided(interval.mean / error, differences.length - 1);
  return { ...interval, p };
}

/**
 * Holm's correction of p values of several tests made at once (Holm 1979): the smallest times their number n,
 * the next times n − 1, and so on, never falling, at most 1. To reject all null hypotheses whose corrected p is
 * below 0.05 is to reject even one true one with probability 0.05 at most.
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((i, j) => p[i] - p[j]);
  const corrected = new Array<number>(p.length);
  let largest = 0;
  order.forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * p[i]));
    corrected[i] = largest;
  });
  return corrected;
}

/** Probability that a standard normal number is above z ≥ 0. */
export function normalTail(z: number): number {
  const x = z / Math.SQRT2;
  if (x < 2) {
    let term = x; // erf(x) = 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1))
    let sum = x;
    for (let n = 1; n < 60; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 0.5 - sum / Math.sqrt(Math.PI);
  }
  let fraction = x; // erfc(x) = e^−x² / √π · 1/(x + ½/(x + 1/(x + 3/2/(x + ...))))
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (2 * Math.sqrt(Math.PI) * fraction);
}

/**
 * The z that a standard normal number is below with the given probability from 0.5 to below 1.
 *
 * @throws RangeError at any other probability.
 */
export function normalQuantile(probability: number): number {
  checkUpper(probability);
  return bisect((z) => 1 - normalTail(z) >= probability);
}

/** Probability that a number from Student's t distribution is at least as far from 0 as t. */
export function studentTwoSided(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/**
 * The t that a number from Student's t distribution is below with the given probability from 0.5 to below 1.
 *
 * @throws RangeError at any other probability, or if freedom, such as the number of seeds − 1, is not above 0.
 */
export function studentQuantile(probability: number, freedom: number): number {
  checkUpper(probability);
  checkPositive("freedom", freedom);
  return bisect((t) => 1 - studentTwoSided(t, freedom) / 2 >= probability);
}

/** For any other probability the search would never end, or would end at 0. */
function checkUpper(probability: number): void {
  if (!(probability >= 0.5 && probability < 1))
    throw new RangeError(`probability is ${probability}, expected a number from 0.5 to below 1`);
}

/** The smallest number from 0 up at which a rising condition holds. */
function bisect(holds: (x: number) => boolean): number {
  let high = 1;
  while (!holds(high)) high *= 2;
  let low = 0;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Regularised incomplete beta function I_x(a, b), by its continued fraction (Abramowitz & Stegun 26.5.8). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a); // of x close to 1, 200 terms are too few
  let fraction = 1;
  for (let m = 200; m >= 1; m--) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m - 1) * (a + b + m - 1) * x) / ((a + 2 * m - 2) * (a + 2 * m - 1));
    fraction = 1 + odd / (1 + even / fraction);
  }
  const log = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return Math.exp(log) / (a * fraction);
}

/** ln Γ(x) for x > 0: Stirling's series after shifting x above 10. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift -= Math.log(x);
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x;
  return shift + (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
