/** Is the difference of two AUCs more than chance, where each user gave many impressions? */
import { createRandom } from "../../random";
import { countPairs } from "./auc";
import { checkLabels, checkUsers, type Numbers } from "./check";
import type { AucDifference } from "./delong";
import { ascending } from "./order";

/**
 * AUC of a − AUC of b for two models' scores of the same impressions, with the 95 % interval of what it would be had
 * other users come. As many users as there are get drawn with replacement, each with all their impressions, `draws`
 * times over; the interval is from the 2.5 % to the 97.5 % quantile of their differences (Efron's bootstrap, 1979, by
 * clusters).
 *
 * Users are taken as independent, where delong takes impressions as independent. Like delong it speaks of these two
 * trained models, not of training them again. With few users it is too narrow, too: below 30 do not trust its ends.
 *
 * @throws if there are fewer than two users, or one class only.
 */
export function aucDifferenceByUsers(
  a: Numbers,
  b: Numbers,
  labels: Numbers,
  users: Numbers,
  { draws = 1000, seed }: { draws?: number; seed: number | string },
): Omit<AucDifference, "p"> {
  checkUsers(users, a);
  if (!(Number.isInteger(draws) && draws >= 40))
    throw new RangeError(`draws is ${draws}, expected a whole number from 40 up: fewer have no 2.5 % at an end`);
  const numberOf = new Map<number, number>(); // users, from 0 in order of appearance
  const userOf = Int32Array.from(users, (user) => numberOf.get(user) ?? numberOf.set(user, numberOf.size).size - 1);
  const n = numberOf.size;
  if (n < 2) throw new RangeError(`${n} user, expected at least 2, better 30`);
  const models = [a, b].map((scores, i) => {
    checkLabels(`scores of ${"ab"[i]}`, scores, labels);
    return { scores, order: ascending(scores) };
  });
  const difference = (weights?: Numbers): number => {
    const [ofA, ofB] = models.map(({ scores, order }) => {
      const { won, clicked, other } = countPairs(scores, labels, order, weights);
      return won / (clicked * other); // NaN if a class is missing
    });
    return ofA - ofB;
  };
  const measured = difference();
  if (Number.isNaN(measured))
    throw new RangeError("all labels are the same, expected impressions with and without a click");
  const random = createRandom(seed);
  const times = new Int32Array(n); // that each user was drawn
  const weights = new Int32Array(labels.length);
  const drawn: number[] = [];
  while (drawn.length < draws) {
    times.fill(0);
    for (let i = 0; i < n; i++) times[random.integer(n)]++;
    for (let row = 0; row < weights.length; row++) weights[row] = times[userOf[row]];
    const value = difference(weights);
    if (!Number.isNaN(value)) drawn.push(value); // else users of one class alone, who have no AUC
  }
  drawn.sort((x, y) => x - y);
  return { difference: measured, low: drawn[Math.floor(0.025 * draws)], high: drawn[Math.ceil(0.975 * draws) - 1] };
}
