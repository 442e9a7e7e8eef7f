/**
 * Planted worlds: impressions whose clicks are drawn from a known model, so that the best possible
 * prediction of every click is known, and with it the best AUC and log loss any model can reach.
 *
 *   P(click) = sigmoid(s),  s = intercept + scale · signal
 *
 * signal: what the world plants, one file per world. scale and intercept: chosen so that the logits of
 * the drawn impressions have the wanted standard deviation, and their clicks the wanted rate.
 *
 * What a new world needs: material/contributing.md.
 */
import { checkOptionNames, checkPositive, checkShare, checkWhole } from "../../checks";
import type { Random } from "../../random";
import { sigmoid } from "../../sigmoid";
import type { Feature, Impressions } from "../impressions";

export interface PlantedWorld<F extends Feature = Feature> {
  readonly impressions: Impressions<F>;
  /** Logit of the true click probability of each impression: the best prediction there is. [rows] */
  readonly bayesLogits: Float32Array;
  readonly intercept: number;
}

export interface WorldOptions {
  /** Impressions to draw. */
  rows?: number | undefined;
  /** Mean true click probability of the drawn impressions. */
  baseRate?: number | undefined;
  /** Standard deviation of the planted logits: the larger, the more can be known. */
  strength?: number | undefined;
  /** Share of impressions whose click ignores everything and happens with probability baseRate: accidents, robots. */
  noise?: number | undefined;
  seed?: number | string | undefined;
}

/** Options once the defaults are filled in: none is left out, none is undefined. */
export type Filled<O> = { [K in keyof O]-?: Exclude<O[K], undefined> };

const defaults = { rows: 100_000, baseRate: 0.2, strength: 1.5, noise: 0, seed: 1 };

/**
 * Fills in the defaults, the world's own and the common ones, and checks what all worlds have in common.
 *
 * @throws RangeError if there is an option without a default, or one makes no sense.
 */
export function withDefaults<O extends WorldOptions, D extends object>(
  world: string,
  options: O,
  own: D,
): Filled<O> & Filled<WorldOptions> & D {
  checkOptionNames(world, options, { ...defaults, ...own });
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const all = { ...defaults, ...own, ...given } as Filled<O> & Filled<WorldOptions> & D;
  checkWhole("rows", all.rows);
  if (!(all.baseRate > 0 && all.baseRate < 1))
    throw new RangeError(`baseRate is ${all.baseRate}, expected a probability between 0 and 1`);
  checkPositive("strength", all.strength);
  checkShare("noise", all.noise);
  return all;
}

export interface DrawnClicks {
  readonly labels: Float32Array;
  readonly bayesLogits: Float32Array;
  /** What the signal was multiplied by: planted parameters take their share of it. */
  readonly scale: number;
  readonly intercept: number;
}

/** Turns the planted signal of each impression into a logit and draws the click. */
export function drawClicks(signal: Float64Array, options: Filled<WorldOptions>, random: Random): DrawnClicks {
  const { baseRate, strength, noise } = options;
  const scale = strength / deviation(signal);
  const logits = signal.map((value) => scale * value);
  const intercept = solveIntercept(logits, baseRate);
  const labels = new Float32Array(signal.length);
  const bayesLogits = new Float32Array(signal.length);
  for (let row = 0; row < signal.length; row++) {
    const logit = withNoise(intercept + logits[row], noise, baseRate);
    bayesLogits[row] = logit;
    labels[row] = random.uniform() < sigmoid(logit) ? 1 : 0;
  }
  return { labels, bayesLogits, scale, intercept };
}

/** Logit of (1 − noise) · sigmoid(s) + noise · baseRate. */
export function withNoise(s: number, noise: number, baseRate: number): number {
  return noise === 0 ? s : logit((1 - noise) * sigmoid(s) + noise * baseRate);
}

/** The intercept b at which the mean of sigmoid(b + logit) is the rate, by bisection. */
function solveIntercept(logits: Float64Array, rate: number): number {
  let low = -1;
  let high = 1;
  while (meanSigmoid(logits, low) > rate) low *= 2;
  while (meanSigmoid(logits, high) < rate) high *= 2;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (meanSigmoid(logits, middle) < rate) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function meanSigmoid(logits: Float64Array, intercept: number): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += sigmoid(intercept + logits[i]);
  return sum / logits.length;
}

/** ln( p / (1 − p) ), the s of which p is the sigmoid. */
export function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function deviation(signal: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < signal.length; i++) sum += signal[i];
  const mean = sum / signal.length;
  for (let i = 0; i < signal.length; i++) squares += (signal[i] - mean) ** 2;
  if (squares === 0) {
    throw new RangeError(
      `all ${signal.length} impressions have the same planted signal, expected differences to learn from. Draw more rows`,
    );
  }
  return Math.sqrt(squares / signal.length);
}
