/** For the tests of metrics: impressions of all kinds, and AUC by loops over their pairs. */
import { fc } from "../../properties";

/** AUC from its definition: all pairs, a tie counting half. */
export function aucOfPairs(
  scores: readonly number[],
  labels: readonly number[],
  weights = labels.map(() => 1),
): number {
  let won = 0;
  let all = 0;
  for (let i = 0; i < scores.length; i++) {
    for (let j = 0; j < scores.length; j++) {
      if (labels[i] !== 1 || labels[j] !== 0) continue;
      won += weights[i] * weights[j] * (scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0);
      all += weights[i] * weights[j];
    }
  }
  return won / all;
}

/** Few different scores, so that ties are common; both classes present. */
export const impressions = fc
  .array(
    fc.record({
      score: fc.integer({ min: -3, max: 3 }),
      label: fc.integer({ min: 0, max: 1 }),
      user: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .filter((rows) => rows.some(({ label }) => label === 1) && rows.some(({ label }) => label === 0))
  .map((rows) => ({
    scores: rows.map(({ score }) => score / 2),
    labels: rows.map(({ label }) => label),
    users: rows.map(({ user }) => user),
  }));
