/** Is the difference of two AUCs more than chance, where each user gave many impressions? */
import { checkOptionNames } from "../../checks";
import { createRandom } from "../../random";
import { countPairs } from "./auc";
import { checkLabels, checkUsers, type Numbers } from "./check";
import type { AucDifference } from "./delong";
import { ascending } from "./order";

/**
 * AUC of a − AUC of b for two models' scores of the same impressions, with the 95 % interval of what it would be with
 * other users. One draw takes as many users as there are, with replacement, each with all their impressions. The
 * interval runs from the 2.5 % to the 97.5 % quantile of the differences over `draws` such draws, by default 1000
 * (Efron's bootstrap, 1979, by clusters).
 *
 * Users are taken as independent, where delong takes impressions as independent. Like delong it speaks of these two
 * trained models, not of training them again. With few users it is too narrow, too: below 30 do not trust its ends.
 * weights: how much each impression counts, 1 by default; a user without any above 0 is as good as absent.
 *
 * @throws if there are fewer than two such users, or one class only.
 */
export function aucDifferenceByUsers(
  a: Numbers,
  b: Numbers,
  labels: Numbers,
  users: Numbers,
  options: { draws?: number | undefined; seed: number | string; weights?: Numbers | undefined },
): Omit<AucDifference, "p"> {
  checkOptionNames("aucDifferenceByUsers", options, { draws: true, seed: true, weights: true });
  const { draws = 1000, seed, weights } = options;
  checkUsers(users, a);
  if (!(Number.isInteger(draws) && draws >= 40))
    throw new RangeError(`draws is ${draws}, expected a whole number from 40 up: fewer have no 2.5 % at an end`);
  const models = [a, b].map((scores, i) => {
    checkLabels(`scores of ${"ab"[i]}`, scores, labels, weights);
    return { scores, order: ascending(scores) };
  });
  const numberOf = new Map<number, number>(); // users with weight, from 0 in order of appearance
  const userOf = new Int32Array(users.length); // the number of each impression's user; 0 where the weight is 0
  for (let row = 0; row < users.length; row++) {
    if (weights?.[row] === 0) continue;
    const number = numberOf.get(users[row]) ?? numberOf.size;
    numberOf.set(users[row], number);
    userOf[row] = number;
  }
  const n = numberOf.size;
  if (n < 2)
    throw new RangeError(`${n} user${weights ? " with a weight above 0" : ""}, expected at least 2, better 30`);
  const difference = (counts?: Numbers): number => {
    const [ofA, ofB] = models.map(({ scores, order }) => {
      const { won, clicked, other } = countPairs(scores, labels, order, counts);
      return won / (clicked * other); // NaN if a class is missing
    });
    return ofA - ofB;
  };
  const measured = difference(weights);
  if (Number.isNaN(measured))
    throw new RangeError("all labels are the same, expected impressions with and without a click");
  const random = createRandom(seed);
  const times = new Int32Array(n); // that each user was drawn
  const counts = new Float64Array(labels.length);
  const drawn: number[] = [];
  while (drawn.length < draws) {
    times.fill(0);
    for (let i = 0; i < n; i++) times[random.integer(n)]++;
    for (let row = 0; row < counts.length; row++) counts[row] = times[userOf[row]] * (weights ? weights[row] : 1);
    const value = difference(counts);
    if (!Number.isNaN(value)) drawn.push(value); // else users of one class alone, who have no AUC
  }
  drawn.sort((x, y) => x - y);
  return { difference: measured, low: drawn[Math.floor(0.025 * draws)], high: drawn[Math.ceil(0.975 * draws) - 1] };
}
