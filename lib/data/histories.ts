/**
 * Histories: what a user had clicked by the time of an impression. Only clicks strictly before it count, so an
 * impression never sees itself, its own second, or the future.
 */

import { checkWhole } from "../checks";

export interface Events {
  readonly labels: Float32Array;
  readonly users?: Int32Array | undefined;
  readonly times?: Float64Array | undefined;
}

/**
 * For each row the rows of the same user's earlier clicks, oldest first: [size x maxLength], each as row + 1, filled
 * up with 0. When there are more than maxLength, the newest are kept. Clicks of the same second keep their order.
 *
 * @throws RangeError without users or times, or unless there is one of each per label.
 */
export function earlierClicks({ labels, users, times }: Events, maxLength: number): Int32Array {
  if (!users || !times) throw new RangeError("histories need users and times for every impression, and one is missing");
  if (users.length !== labels.length || times.length !== labels.length)
    throw new RangeError(
      `${labels.length} labels, ${users.length} users and ${times.length} times, expected the same number of each`,
    );
  checkWhole("maxLength", maxLength);
  const order = Uint32Array.from(labels, (_, row) => row).sort(
    (a, b) => users[a] - users[b] || times[a] - times[b] || a - b,
  );
  const history = new Int32Array(labels.length * maxLength);
  let clicks: number[] = []; // of the user at hand, strictly before the second at hand
  let now: number[] = []; // clicks of the second at hand
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    const before = order[i - 1];
    if (i === 0 || users[row] !== users[before]) {
      clicks = [];
      now = [];
    } else if (times[row] !== times[before]) {
      clicks.push(...now);
      now = [];
    }
    const first = Math.max(0, clicks.length - maxLength);
    for (let j = first; j < clicks.length; j++) history[row * maxLength + j - first] = clicks[j] + 1;
    if (labels[row] === 1) now.push(row);
  }
  return history;
}
