/** How well the top of each user's list is chosen. */
import { checkWhole } from "../../checks";
import { checkLabels, checkUsers, type Numbers } from "./check";
import { ascending, byUser } from "./order";

export interface NDCG {
  /** The metric itself. */
  ndcg: number;
  /** Users that count. */
  users: number;
  /** Users left out because they clicked nothing: any order of theirs is as good as any other. */
  skippedUsers: number;
}

/**
 * Normalised discounted cumulative gain of the first k of each user's impressions, by falling score:
 *
 *   DCG@k = Σ_{r=1..k} y_r / log₂(r + 1),  NDCG@k = DCG@k / DCG@k of the best order
 *
 * averaged over the users who clicked something. y_r: 1 if the impression at rank r was clicked. 1 is perfect.
 * The idea is of Järvelin & Kekäläinen (2002), who divide by log₂ r from rank 2 on, so that ranks 1 and 2 count alike;
 * the discount here, which sets them apart, is the one that has been usual since Burges et al. (2005).
 * Equal scores share the mean of their y, as if they were shuffled for ever.
 * Knows no weights: every impression counts 1.
 *
 * @throws if no user clicked anything.
 */
export function ndcg(scores: Numbers, labels: Numbers, users: Numbers, k: number): NDCG {
  checkLabels("scores", scores, labels);
  checkUsers(users, scores);
  checkWhole("k", k);
  let sum = 0;
  let counted = 0;
  let skippedUsers = 0;
  for (const list of byUser(ascending(scores).reverse(), users)) {
    const clicks = list.reduce((n, i) => n + labels[i], 0);
    if (clicks === 0) {
      skippedUsers++;
      continue;
    }
    sum += gain(list, scores, labels, k) / bestGain(clicks, k);
    counted++;
  }
  if (counted === 0) throw new RangeError(`none of ${skippedUsers} users clicked anything: NDCG needs one who did`);
  return { ndcg: sum / counted, users: counted, skippedUsers };
}

function gain(list: Uint32Array, scores: Numbers, labels: Numbers, k: number): number {
  let sum = 0;
  for (let start = 0, end = 0; start < Math.min(k, list.length); start = end) {
    let clicks = 0;
    for (; end < list.length && scores[list[end]] === scores[list[start]]; end++) clicks += labels[list[end]];
    for (let rank = start + 1; rank <= Math.min(end, k); rank++) sum += clicks / (end - start) / Math.log2(rank + 1);
  }
  return sum;
}

function bestGain(clicks: number, k: number): number {
  let sum = 0;
  for (let rank = 1; rank <= Math.min(clicks, k); rank++) sum += 1 / Math.log2(rank + 1);
  return sum;
}
