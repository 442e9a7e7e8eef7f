/** Checks of the data before a training or a prediction, so that its faults do not show only after an epoch. */
import type { Impressions, ImpressionSource } from "../data/impressions";
import { batches } from "./batches";
import type { Metric } from "./metric";
import { hasMixedUser } from "./metrics/gauc";

/** @throws TypeError if the source is not encoded impressions but, say, raw ones or the numbers of rows. */
export function checkSource(name: string, source: ImpressionSource): void {
  const given: object | undefined | null = source;
  if (typeof source?.read === "function") return;
  const [what, advice] = !given
    ? [String(given), ""]
    : "schema" in given
      ? ["raw", ". Encode it first: encode(raw, rows) or applyEncoding(raw, encoding) of lib/data/encode"]
      : [
          given.constructor.name,
          ArrayBuffer.isView(given) ? ". If these are its rows, give impressions.read(rows)" : "",
        ];
  throw new TypeError(`${name} is ${what}, expected impressions${advice}`);
}

/**
 * Reads until it has seen both classes, which most often takes one batch. A single impression passes: it is a step to
 * look at, not data to learn from.
 *
 * @throws if all of the source is of one class.
 */
export async function checkLearnable(source: ImpressionSource): Promise<void> {
  let clicks = 0;
  let seen = 0;
  for await (const batch of batches(source)) {
    const counted = countClasses(batch);
    clicks += counted.clicks;
    seen += counted.seen;
    if (clicks > 0 && clicks < seen) return;
  }
  if (seen === 1) return;
  throw new RangeError(
    `the training data has ${clicks} clicks in ${seen} impressions${counting(seen, source)}, expected both classes. Was it read with unlabelled: true, or does it hold one class only?`,
  );
}

/** @throws if the metrics are not defined on the source, so that a training need not find out after an epoch. */
export async function checkJudgeable(source: ImpressionSource, metric: Metric): Promise<void> {
  let clicks = 0;
  let seen = 0;
  let mixed = metric !== "gauc"; // a user with both classes, which GAUC alone needs
  const first = new Map<number, number>();
  for await (const batch of batches(source)) {
    const counted = countClasses(batch);
    clicks += counted.clicks;
    seen += counted.seen;
    if (!mixed && batch.users) mixed = hasMixedUser(batch.labels, batch.users, batch.weights, first);
    if (mixed && clicks > 0 && clicks < seen) return;
  }
  if (clicks === 0 || clicks === seen) {
    throw new RangeError(
      `the validation data has ${clicks} clicks in ${seen} impressions${counting(seen, source)}: AUC needs both classes. Take a larger or a different part`,
    );
  }
  if (!mixed) {
    throw new RangeError(
      "metric is gauc, but the validation data has no user with impressions both with and without a click. Set users, or take auc",
    );
  }
}

/** Clicks and impressions of weight above 0: the others are as good as absent. */
function countClasses({ labels, weights }: Impressions): { clicks: number; seen: number } {
  let clicks = 0;
  let seen = 0;
  for (let i = 0; i < labels.length; i++) {
    if (weights?.[i] === 0) continue;
    clicks += labels[i];
    seen++;
  }
  return { clicks, seen };
}

function counting(seen: number, { size }: ImpressionSource): string {
  return seen < size ? ` of ${size} whose weight is above 0` : "";
}
