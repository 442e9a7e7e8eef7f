/** AUC within users: does the model order what one user saw? */
import { countPairs } from "./auc";
import { checkLabels, checkUsers, type Numbers } from "./check";
import { ascending, byUser } from "./order";

export interface GAUC {
  /** The metric itself. */
  gauc: number;
  /** Users that count. */
  users: number;
  /** Users left out because they clicked all or nothing of what counts: no pair, no AUC. */
  skippedUsers: number;
  /** Impressions of the users left out. */
  skippedImpressions: number;
}

/**
 * Mean of the users' AUCs, weighted by their impressions:
 *
 *   GAUC = Σᵤ nᵤ AUCᵤ / Σᵤ nᵤ                                             Zhou et al. (2018), eq. 10
 *
 * A model that knows who clicks much, but not on what, has a high AUC and a GAUC of 0.5.
 * Users with clicks only or none have no AUC and are left out of both sums. The paper does not say
 * what it does with them; here they are counted and returned. weights: how much each impression counts, 1 by default;
 * then nᵤ is the sum of the user's weights.
 *
 * @throws if no user is left.
 */
export function gauc(scores: Numbers, labels: Numbers, users: Numbers, weights?: Numbers): GAUC {
  checkLabels("scores", scores, labels, weights);
  checkUsers(users, scores);
  let weighted = 0;
  let impressions = 0;
  let counted = 0;
  let skippedUsers = 0;
  let skippedImpressions = 0;
  for (const list of byUser(ascending(scores), users)) {
    const { won, clicked, other } = countPairs(scores, labels, list, weights);
    if (clicked === 0 || other === 0) {
      skippedUsers++;
      skippedImpressions += list.length;
      continue;
    }
    weighted += (clicked + other) * (won / (clicked * other));
    impressions += clicked + other;
    counted++;
  }
  if (counted === 0)
    throw new RangeError(
      `none of ${skippedUsers} users has impressions both with and without a click: GAUC needs one such user`,
    );
  return { gauc: weighted / impressions, users: counted, skippedUsers, skippedImpressions };
}

/**
 * Whether some user has impressions both with and without a click, so that GAUC is defined. first: each user's first
 * label so far.
 */
export function hasMixedUser(
  labels: Numbers,
  users: Numbers,
  weights?: Numbers,
  first = new Map<number, number>(),
): boolean {
  for (let i = 0; i < labels.length; i++) {
    if (weights?.[i] === 0) continue;
    const label = first.get(users[i]);
    if (label === undefined) first.set(users[i], labels[i]);
    else if (label !== labels[i]) return true;
  }
  return false;
}
