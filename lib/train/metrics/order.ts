/** Sorting a million scores in a blink, which every ranking metric begins with. */
import type { Numbers } from "./check";

/** Each 32-bit half of a number is sorted by 11, 11 and 10 of its bits. */
const shifts = [0, 11, 22];

interface Keys {
  low: Uint32Array;
  high: Uint32Array;
  order: Uint32Array;
}

/**
 * Indices of the numbers in ascending order, equal numbers in the order they stand: [n].
 *
 * A radix sort: the bits of a double, read as a whole number with the sign handled, are in the order of the
 * doubles. It sorts by 11 bits at a time from the lowest, and skips a pass in which all numbers agree: two
 * of six for probabilities that came from 32-bit floats, none for logits of both signs.
 */
export function ascending(numbers: Numbers): Uint32Array {
  const n = numbers.length;
  let from = sortableBits(numbers);
  let to: Keys = { low: new Uint32Array(n), high: new Uint32Array(n), order: new Uint32Array(n) };
  for (const half of ["low", "high"] as const) {
    for (const shift of shifts) {
      const starts = new Uint32Array(2048);
      if (!countBuckets(from[half], shift, starts)) continue;
      scatter(from, to, from[half], shift, starts);
      [from, to] = [to, from];
    }
  }
  return from.order;
}

/** The indices of each user's impressions, user after user, within a user in the given order. */
export function* byUser(order: Uint32Array, users: Numbers): Generator<Uint32Array> {
  const grouped = ascending(Array.from(order, (i) => users[i])).map((at) => order[at]); // stable
  for (let start = 0, end = 0; start < grouped.length; start = end) {
    while (end < grouped.length && users[grouped[end]] === users[grouped[start]]) end++;
    yield grouped.subarray(start, end);
  }
}

/** Fills in where each bucket starts; false if all keys are in one bucket. */
function countBuckets(keys: Uint32Array, shift: number, starts: Uint32Array): boolean {
  for (let i = 0; i < keys.length; i++) starts[(keys[i] >>> shift) & 2047]++;
  if (keys.length === 0 || starts[(keys[0] >>> shift) & 2047] === keys.length) return false;
  let start = 0;
  for (let bucket = 0; bucket < 2048; bucket++) {
    const count = starts[bucket];
    starts[bucket] = start;
    start += count;
  }
  return true;
}

function scatter(from: Keys, to: Keys, keys: Uint32Array, shift: number, starts: Uint32Array): void {
  const { low, high, order } = from;
  const { low: toLow, high: toHigh, order: toOrder } = to;
  for (let i = 0; i < keys.length; i++) {
    const place = starts[(keys[i] >>> shift) & 2047]++;
    toLow[place] = low[i];
    toHigh[place] = high[i];
    toOrder[place] = order[i];
  }
}

/** Two unsigned 32-bit halves per number, ordered like the numbers; −0 counts as 0. */
function sortableBits(numbers: Numbers): Keys {
  const n = numbers.length;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  const order = new Uint32Array(n);
  const double = new Float64Array(1);
  const bits = new Uint32Array(double.buffer);
  const lowFirst = new Uint8Array(Uint32Array.of(1).buffer)[0]; // 1 on little-endian machines
  for (let i = 0; i < n; i++) {
    double[0] = numbers[i] + 0;
    const h = bits[lowFirst];
    const l = bits[1 - lowFirst];
    const negative = h >>> 31 === 1;
    low[i] = negative ? ~l : l;
    high[i] = negative ? ~h : h | 0x80000000;
    order[i] = i;
  }
  return { low, high, order };
}
