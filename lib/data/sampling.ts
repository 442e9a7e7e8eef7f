/**
 * Drawing what was not clicked: negatives where only clicks are known, fewer of them where there are too many,
 * and what that does to predicted probabilities.
 */
import { checkOneOf, checkOptionNames, checkWhole } from "../checks";
import { createRandom, type Random } from "../random";
import { rowRange } from "./blocks";
import { checkRows } from "./impressions";

/** Clicks of users on items, one per index. */
export interface Clicks {
  readonly users: Int32Array;
  /** Ids from 1. */
  readonly items: Int32Array;
  readonly times: Float64Array;
}

export interface NegativeOptions {
  /** Negatives per click. */
  perClick: number;
  /**
   * How likely each id is to be drawn, by id, in any unit; 0 for never. See popularity. Id 0, which means nothing, must
   * have 0. With a fitted vocabulary id 1 is every unknown item: give it 0 too, unless it may be a negative.
   */
  weights: ArrayLike<number>;
  /**
   * Items that are never drawn. "all": whatever the user clicks in `clicks`, before or after. Common, but it looks into
   * the future: what is never drawn for a user is what the user will click. "past": only what the user has clicked by
   * the time of the click that the negative is for. Such a negative may be clicked later: checkLeaks wants to be told.
   */
  avoid: "all" | "past";
  seed: number | string;
}

/**
 * Items the users did not click: [clicks x perClick], those for click i from i · perClick on. Drawn with
 * replacement, so two of them can be the same.
 *
 * @throws if id 0 could be drawn, a user has clicked all items that could be, or users, items and times differ in
 * length.
 */
export function sampleNegatives({ users, items, times }: Clicks, options: NegativeOptions): Int32Array {
  const { perClick, weights, avoid, seed } = options;
  checkOptionNames("sampleNegatives", options, { perClick: true, weights: true, avoid: true, seed: true });
  checkWhole("perClick", perClick);
  checkOneOf("avoid", avoid, ["all", "past"]);
  if (items.length !== users.length || times.length !== users.length)
    throw new RangeError(
      `${users.length} users, ${items.length} items and ${times.length} times, expected the same number of each: one per click`,
    );
  if (weights[0] > 0)
    throw new RangeError(`weights[0] is ${weights[0]}, expected 0: id 0 means nothing and cannot be a negative`);
  const random = createRandom(seed);
  const draw = weightedSampler(weights, random);
  const firstClick = new Map<number, Map<number, number>>(); // user → item → time
  for (let i = 0; i < users.length; i++) {
    const clicked = firstClick.get(users[i]) ?? new Map<number, number>();
    clicked.set(items[i], Math.min(times[i], clicked.get(items[i]) ?? Infinity));
    firstClick.set(users[i], clicked);
  }
  const negatives = new Int32Array(users.length * perClick);
  for (let i = 0; i < users.length; i++) {
    const clicked = firstClick.get(users[i]) as Map<number, number>;
    const until = avoid === "all" ? Infinity : times[i];
    const avoided = (item: number) => clicked.has(item) && (clicked.get(item) as number) <= until;
    for (let j = 0; j < perClick; j++)
      negatives[i * perClick + j] = drawOther(draw, avoided, weights, random, users[i]);
  }
  return negatives;
}

/** Draws until an item is not avoided; when that takes too long, draws among those that are left. */
function drawOther(
  draw: () => number,
  avoided: (item: number) => boolean,
  weights: ArrayLike<number>,
  random: Random,
  user: number,
): number {
  for (let attempt = 0; attempt < 50; attempt++) {
    const item = draw();
    if (!avoided(item)) return item;
  }
  const left = Array.from(weights, (weight, item) => (avoided(item) ? 0 : weight));
  if (!left.some((weight) => weight > 0))
    throw new RangeError(`user ${user} has clicked every item that could be drawn: no negative is left`);
  return weightedSampler(left, random)();
}

/**
 * Weights by popularity, countᵅ: [vocabSize]. alpha 0: all clicked items alike; 1: as often as they are clicked;
 * 0.75: between, as in word2vec. Items without a click are never drawn. Count training clicks only.
 *
 * @throws RangeError if an item is not in the vocabulary.
 */
export function popularity(items: Int32Array, vocabSize: number, alpha: number): Float64Array {
  const counts = new Float64Array(vocabSize);
  for (const item of items) {
    if (!(item >= 0 && item < vocabSize))
      throw new RangeError(`an item is ${item}, expected an id from 0 to ${vocabSize - 1}: give the vocabSize of these items`);
    counts[item]++;
  }
  counts[0] = 0; // nothing
  return counts.map((count) => (count === 0 ? 0 : count ** alpha));
}

/**
 * The rows of all clicks and, with probability `rate`, of each impression without a click, in order. Training is
 * faster, and the model's probabilities are too high: see correctProbability.
 *
 * rows: only these are drawn from, such as split.train; the result has their numbers in the whole table. Default: all.
 */
export function downSample(
  labels: Float32Array,
  rate: number,
  seed: number | string,
  rows: Int32Array = rowRange(0, labels.length),
): Int32Array {
  checkRate(rate);
  checkRows(rows, labels.length);
  const random = createRandom(seed);
  return rows.filter((row) => labels[row] === 1 || random.uniform() < rate);
}

/**
 * Click probability among all impressions, from the one among down-sampled impressions:
 *
 *   q = p / (p + (1 − p) / w)                                             He et al. (2014), section 6.3
 *
 * w: the rate at which impressions without a click were kept.
 */
export function correctProbability(p: number, rate: number): number {
  checkRate(rate);
  return p / (p + (1 - p) / rate);
}

/**
 * Logits among all impressions, from those among down-sampled ones: s + ln w, as down-sampling multiplies the odds
 * p / (1 − p) by 1 / w. w: the rate at which impressions without a click were kept. The AUC stays the same.
 */
export function correctLogits(logits: Float32Array, rate: number): Float32Array {
  checkRate(rate);
  return logits.map((s) => s + Math.log(rate));
}

function checkRate(rate: number): void {
  if (!(rate > 0 && rate <= 1)) throw new RangeError(`rate is ${rate}, expected a probability above 0; 1 keeps all`);
}

/**
 * A function that draws index i with a probability proportional to weights[i], in O(log n).
 *
 * @throws if a weight is negative or not finite, or all are 0.
 */
export function weightedSampler(weights: ArrayLike<number>, random: Random): () => number {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0 && Number.isFinite(weights[i]))) {
      throw new RangeError(`weights[${i}] is ${weights[i]}, expected a finite number from 0 up`);
    }
    cumulative[i] = sum += weights[i];
  }
  if (!(sum > 0)) throw new RangeError(`the ${weights.length} weights sum to 0, expected at least one above 0`);
  return () => {
    const target = random.uniform() * sum;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
