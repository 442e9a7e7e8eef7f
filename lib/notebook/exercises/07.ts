/** Exercises of notebook 07: real data. */
import { logLossOf, sigmoid } from "../../sigmoid";
import { fitPlatt } from "../../train/platt";
import { mean } from "../../train/statistics";
import { checker, close, type Exercise, functionExercise } from "../check";

export interface Click {
  item: string;
  time: number;
}

/** One row of a log: an item that was shown; `clicked` is 1 or 0. */
export interface Impression {
  item: string;
  time: number;
  clicked: number;
}

const byTime = <Row extends { time: number }>(rows: Row[]) => [...rows].sort((a, b) => a.time - b.time);
const before = (clicks: Click[], time: number) => clicks.filter((one) => one.time < time);
const names = (clicks: Click[]) => clicks.map(({ item }) => item);
const newest = (clicks: Click[], count: number) => clicks.slice(Math.max(0, clicks.length - count));

/** Asks for some letters of a list. To each that is missing leads a question, and of each other one it says why not. */
function lettersExercise(
  asked: Record<string, string>,
  others: Record<string, string>,
  several: string,
): Exercise<string[]> {
  return {
    verify(answer) {
      const all = [...Object.keys(asked), ...Object.keys(others)].sort();
      if (!Array.isArray(answer)) return `expected a list of letters, such as ["A", "B"]`;
      const stranger = answer.find((letter) => !all.includes(letter));
      if (stranger !== undefined) return `there is no "${stranger}" in the list, expected letters from ${all.join(", ")}`;
      const wrong = Object.keys(others).find((letter) => answer.includes(letter));
      if (wrong !== undefined) return others[wrong];
      const missing = Object.keys(asked).filter((letter) => !answer.includes(letter));
      if (missing.length > 1) return several;
      return missing.length === 1 ? `one is missing. ${asked[missing[0]]}` : undefined;
    },
  };
}

/** A rate from c clicks in n impressions; `overall` is the click rate of the whole file. */
type Mix = (c: number, n: number, rate: number, doubt: number, overall: number) => number;
const mixed: Mix = (c, n, rate, doubt) => (c + rate * doubt) / (n + doubt);

/**
 * For each row the rate of those rows of its item that `counts` lets it count; `places` says how far the other stands
 * below it in the file.
 */
function rates(
  counts: (other: Impression, row: Impression, places: number) => boolean,
  { mix = mixed, anyItem = false } = {},
) {
  return (shown: Impression[], rate: number, doubt: number): number[] => {
    const clicks = (rows: Impression[]) => rows.filter(({ clicked }) => clicked === 1).length;
    return shown.map((row, i) => {
      const counted = shown.filter((other, j) => (anyItem || other.item === row.item) && counts(other, row, j - i));
      return mix(clicks(counted), counted.length, rate, doubt, clicks(shown) / shown.length);
    });
  };
}
const earlier = (other: Impression, row: Impression) => other.time < row.time;
const sameTime = (other: Impression, row: Impression) => other.time === row.time;

/** Ids from a list of words that counts as known: each word's place in it, from `first` on, else `unknown`. */
function idsBy(
  known: (training: string[], requests: string[]) => string[],
  { first = 2, unknown = 1, nothing = 0 } = {},
) {
  return (training: string[], requests: string[]): number[] => {
    const list = known(training, requests);
    return requests.map((word) => {
      if (word === "" && !list.includes("")) return nothing;
      return list.includes(word) ? list.indexOf(word) + first : unknown;
    });
  };
}
const asTheyAre = (column: string[]) => [...new Set(column)].sort();
const words = (column: string[]) => [...new Set(column)].filter((word) => word !== "");
const vocabulary = (column: string[]) => words(column).sort();
const zeroIfEmpty = (training: string[], requests: string[]) =>
  idsBy(asTheyAre)(training, requests).map((id, r) => (requests[r] === "" ? 0 : id));
const times = (column: string[], word: string) => column.filter((one) => one === word).length;

/** Logits of a perfect model, with clicks exactly as often as they say. */
const perfect = [
  ...[1, 1, 1, 0].map((y) => ({ s: Math.log(3), y })),
  ...[1, 0].map((y) => ({ s: 0, y })),
  ...[1, 0, 0, 0, 0].map((y) => ({ s: -Math.log(4), y })),
];
const spoilt = (spoil: (s: number) => number): [number[], number[]] => [
  perfect.map(({ s }) => spoil(s)),
  perfect.map(({ y }) => y),
];
const plattCases = (): [number[], number[]][] => [
  spoilt((s) => s + 1),
  spoilt((s) => 2 * s),
  spoilt((s) => (s + 1) / 2),
  [[-3, -2, -1, 0, 1, 2, 3], [0, 1, 0, 1, 0, 1, 1]], // no line makes these perfect
];

/** The t with which the logits from + t · part have the smallest log loss: where its slope, which rises with t, is 0. */
function bestAlong(from: number[], part: number[], labels: number[]): number {
  let [low, high] = [-100, 100];
  while (high - low > 1e-9) {
    const t = (low + high) / 2;
    const slope = mean(from.map((s, i) => (sigmoid(s + t * part[i]) - labels[i]) * part[i]));
    [low, high] = slope > 0 ? [low, t] : [t, high];
  }
  return low;
}

/** Where steps against the mean of `error` end, for b times the logit or, by mistake, not. */
function stepped(
  logits: number[],
  labels: number[],
  { from = [0, 1], error = (p: number, y: number) => p - y, byLogit = true },
): number[] {
  let [a, b] = from;
  for (let step = 0, largest = Infinity; step < 20_000 && largest > 1e-6; step++) {
    let [slopeA, slopeB] = [0, 0];
    for (const [i, s] of logits.entries()) {
      const slope = error(sigmoid(a + b * s), labels[i]) / logits.length;
      slopeA += slope;
      slopeB += slope * (byLogit ? s : 1);
    }
    a -= 0.5 * slopeA;
    b -= 0.5 * slopeB;
    largest = Math.max(Math.abs(slopeA), Math.abs(slopeB));
  }
  return [a, b];
}

/** Labels as the paper has them: (n + 1) / (n + 2) for n clicks, and 1 / (n + 2) for n without one. */
function smoothed(labels: number[]): number[] {
  const count = (label: number) => labels.filter((y) => y === label).length;
  return labels.map((y) => (y === 1 ? (count(1) + 1) / (count(1) + 2) : 1 / (count(0) + 2)));
}

/** The a and b with which a + b s is nearest to the labels, by squares. */
function straight(logits: number[], labels: number[]): number[] {
  const [s, y] = [mean(logits), mean(labels)];
  const b = mean(logits.map((one, i) => (one - s) * labels[i])) / mean(logits.map((one) => (one - s) ** 2));
  return [y - b * s, b];
}

const plattTolerance = 0.01;
const platt = functionExercise<[number[], number[]], number[]>({
  tolerance: plattTolerance,
  cases: plattCases,
  right: fitPlatt,
  mistakes: [
    {
      like: (logits, labels) => [...fitPlatt(logits, labels)].reverse(),
      say: "the two are swapped: first a, which is added, then b, which multiplies the logit",
    },
    {
      like: (logits, labels) => [bestAlong(logits, logits.map(() => 1), labels), 1],
      say: "b is still 1. You only shift the logits, which cannot mend logits that are too extreme",
    },
    {
      like: (logits, labels) => [0, bestAlong(logits.map(() => 0), logits, labels)],
      say: "a is still 0. You only stretch the logits, which cannot mend logits that are too high everywhere",
    },
    {
      like: (logits, labels) => fitPlatt(logits.map(sigmoid), labels),
      say: "you put the probabilities into the line. a + b p runs from a to a + b, however sure the model is: put in the logits",
    },
    // from a = 0, b = 1 and from zeros
    ...[[0, 1], [0, 0]].map((from) => ({
      like: (logits: number[], labels: number[]) => stepped(logits, labels, { from, byLogit: false }),
      say: "a and b take the same steps. The slope for b has one more factor, the number that b is multiplied by: the logit",
    })),
    {
      like: (logits, labels) => stepped(logits, labels, { error: (p, y) => (p - y) * p * (1 - p) }),
      say: "that is the line with the smallest squared error. With log loss the factor p (1 − p) cancels (exercise 0.4)",
    },
    {
      like: (logits, labels) => stepped(logits, smoothed(labels), {}),
      say: "that fits the paper's labels, moved towards ½. The exercise asks for the smallest log loss on the labels as they are",
    },
    {
      like: straight,
      say: "you fit the line to the labels themselves. The sigmoid is missing: it is sigmoid(a + b s) that should be near y",
    },
    {
      like: (logits, labels) => {
        const [a, b] = fitPlatt(logits, labels);
        return [a / b, b];
      },
      say: "you add a before you multiply: b (s + a). The exercise asks for a + b s",
    },
    {
      like: (logits, labels) => {
        const [a, b] = fitPlatt(logits, labels);
        return [a, 1 / b];
      },
      say: "your b is upside down: b multiplies the logit. A number that divides the logit is called a temperature",
    },
    // in the order that is asked for, and in the paper's
    ...[([a, b]: number[]) => [-a, -b], ([a, b]: number[]) => [-b, -a]].map((turned) => ({
      like: (logits: number[], labels: number[]) => turned(fitPlatt(logits, labels)),
      say: "both signs are reversed, so that sigmoid(a + b s) is the probability of no click. If you have it from a text, that is as Platt wrote it: 1 / (1 + exp(A s + B)), where the factor of s comes first",
    })),
  ],
});

/** What to say of numbers that no mistake fits, by what their lines do to the log loss. */
async function wayOff(answer: (logits: number[], labels: number[]) => unknown): Promise<string | undefined> {
  const lossOf = ([logits, labels]: [number[], number[]], [a, b]: readonly number[]) =>
    mean(logits.map((s, i) => logLossOf(a + b * s, labels[i])));
  const gains: number[] = [];
  const left: number[] = [];
  let isRight = true;
  for (const rows of plattCases()) {
    const line = [await answer(...structuredClone(rows))].flat() as number[]; // rows of its own: it may change them
    if (line.length !== 2 || !line.every(Number.isFinite)) return undefined;
    const loss = lossOf(rows, line);
    gains.push(lossOf(rows, [0, 1]) - loss);
    const best = fitPlatt(...rows);
    left.push(loss - lossOf(rows, best));
    isRight &&= close(line, best, plattTolerance);
  }
  if (isRight) return undefined; // and said to be wrong for another reason
  if (left.every((more) => more < 2e-4))
    return `your lines are nearly the best, but a or b is still more than ${plattTolerance} off. Did you take too few steps, try values that are too far apart, or round?`;
  const ask =
    "is p sigmoid(a + b s), computed anew in each step? Do the slopes begin at 0 in each step? Are they means over the rows, not sums? Is there one step for all rows, not one for each?";
  if (gains.some((gain) => gain < 0))
    return `your lines make the log loss of some rows larger than it was. Do you step against the slope, not along it? If so: ${ask} If you begin at zeros: take more steps`;
  if (gains.some((gain) => gain > 0))
    return `your lines lower the log loss, but not as far as possible. Take more steps. If that is not enough: ${ask}`;
  return undefined;
}

export const exercises = {
  "07.1 which leak": lettersExercise(
    {
      B: "Which number knows the ratings of the test rows? Like vocabularies, numbers are fitted on training rows alone; those made of labels also leave out the row itself (7.4)",
      C: "Which step gives a row something that the user did only later, perhaps even the film that is to be judged?",
      E: "Which step makes a choice by the test rows, so that they are no longer a test?",
    },
    {
      A: "A is clean: a word that the training rows do not have becomes 1, unknown. That lowers the score, but gives nothing away",
      D: "D is clean: clicks strictly before the impression are known when it is shown, even those made after the end of the training rows",
    },
    "there are more leaks than you found. Ask of each: is something used before it is known?",
  ),
  "07.2 which sentences": lettersExercise(
    {
      A: "Look at P's differences: how far apart are they, and how far from 0?",
      E: "What do differences of both signs, with a mean of about one standard error, allow you to say?",
    },
    {
      B: "B: take the difference within each world here, too. Q minus P is 50 in the first and −42 in the second: a mean of such numbers says little",
      C: "C: an interval that contains 0 says that these worlds cannot tell. It contains 50 as well, and nobody would write that Q is 50 ahead",
      D: "D: some worlds are harder for both. The difference within each world leaves that out, and for P it is the same to a few thousandths",
      F: "F: out of 20 questions, about one falls below 5 % by luck alone. After Holm's correction a p of 3 % among 20 is far above 5 %",
    },
    "there are more sentences that you may write. Which say no more than the intervals do?",
  ),
  "07.3 newest before": functionExercise<[Click[], number, number], string[]>({
    cases: () => [
      [click("a", 1, "b", 2, "c", 3, "d", 4), 4, 2],
      [click("c", 30, "a", 10, "d", 40, "b", 20), 35, 2],
      [click("a", 1, "b", 2), 5, 3],
      [click("a", 5, "b", 5, "c", 7), 5, 2],
      [click("e", 9, "a", 1, "f", 9, "b", 3), 9, 1],
      [click("b", 9, "z", 10, "a", 100, "b", 101), 102, 3],
      [click("a", 1, "a", 1, "b", 2), 9, 3],
      [click("a", 5, "b", 5, "c", 4), 9, 2],
      [click("d", 5, "c", 5, "a", 7), 7, 2],
      [click("b", 5, "a", 5), 9, 1],
      [click("a", 1, "b", 2, "c", 3, "d", 4), 9, 2],
    ],
    right: (clicks, time, count) => names(newest(byTime(before(clicks, time)), count)),
    mistakes: [
      {
        like: (clicks, time, count) => names(newest(byTime(clicks).filter((one) => one.time <= time), count)),
        say: "you keep clicks at the very same time, and one of them is the answer itself. Strictly before: <",
      },
      // in the order of the file, and sorted
      ...[(clicks: Click[]) => clicks, byTime<Click>].map((ordered) => ({
        like: (clicks: Click[], time: number, count: number) => {
          const end = clicks.findIndex((one) => one.time >= time);
          return names(newest(ordered(end < 0 ? clicks : clicks.slice(0, end)), count));
        },
        say: "you stop at the first click that is not earlier. The file is not in the order of time: an earlier click may come after it",
      })),
      {
        like: (clicks, _time, count) => names(newest(byTime(clicks), count)),
        say: "you take the newest clicks of the whole file. Those after the impression are the future",
      },
      {
        like: (clicks, time, count) => names(before(newest(byTime(clicks), count), time)),
        say: "you cut to the newest first and drop the future afterwards. Then too little is left: filter by time first",
      },
      {
        like: (clicks, time, count) => names(byTime(before(clicks, time)).slice(0, count)),
        say: "you keep the oldest clicks. What somebody liked last says more: take the clicks from the end",
      },
      {
        like: (clicks, time, count) =>
          names(newest(before(clicks, time).sort((a, b) => b.time - a.time), count)),
        say: "you sort the newest first and then take the end, where the oldest are. Sort oldest first: a.time - b.time",
      },
      ...[
        (clicks: Click[], time: number) => clicks.filter((one) => one.time > time),
        (clicks: Click[], time: number) => clicks.filter((one) => one.time >= time),
      ].map((after) => ({
        like: (clicks: Click[], time: number, count: number) => names(newest(byTime(after(clicks, time)), count)),
        say: "you keep the clicks after the impression, which are the future: before is <",
      })),
      // turned round at the end, and sorted that way: two clicks at the same time tell them apart
      ...[
        (clicks: Click[], time: number, count: number) => names(newest(byTime(before(clicks, time)), count)).reverse(),
        (clicks: Click[], time: number, count: number) =>
          names(before(clicks, time).sort((a, b) => b.time - a.time).slice(0, count)),
      ].map((like) => ({
        like,
        say: "in your list the newest comes first. A history is oldest first, as in lib/data/histories.ts",
      })),
      // and the newest first
      ...[(list: string[]) => list, (list: string[]) => list.reverse()].map((turned) => ({
        like: (clicks: Click[], time: number, count: number) => turned(names(newest(before(clicks, time), count))),
        say: "your clicks are in the order of the file, not of time: sort a copy. (sort() without a comparison leaves clicks as they are: give it (a, b) => a.time - b.time)",
      })),
      {
        like: (clicks, time) => names(byTime(before(clicks, time))),
        say: "all earlier clicks are there. Keep only the newest `count`",
      },
      {
        like: (clicks, time, count) => names(newest(byTime(before(clicks, time)), count + 1)),
        say: "your list is one too long: it has a click more than `count`, unless there are fewer clicks",
      },
      {
        like: (clicks, time, count) =>
          names(newest(before(clicks, time).sort((a, b) => (a.item < b.item ? -1 : 1)), count)),
        say: "you sort by the name of the item. Newest is a question of `time`",
      },
      // the times alone, and with the item behind them, which orders equal times by name
      ...[({ time }: Click) => String(time), ({ time, item }: Click) => `${time},${item}`].map((text) => ({
        like: (clicks: Click[], time: number, count: number) =>
          names(newest(before(clicks, time).sort((a, b) => (text(a) < text(b) ? -1 : 1)), count)),
        say: "you sort the times as text, where \"100\" comes before \"9\". Sort by the difference a.time - b.time",
      })),
      {
        like: (clicks, time, count) => [...new Set(names(byTime(before(clicks, time))))].slice(-count),
        say: "you drop an item that was clicked before. A history has an item as often as it was clicked",
      },
      {
        like: (clicks, time, count) => {
          const newestOfEach = new Map(byTime(before(clicks, time)).map((one) => [one.item, one]));
          return names(newest(byTime([...newestOfEach.values()]), count));
        },
        say: "you keep only the newest click of each item. A history has an item as often as it was clicked",
      },
      {
        like: (clicks, time, count) =>
          names(newest([...new Map(byTime(before(clicks, time)).map((one) => [one.time, one])).values()], count)),
        say: "of the clicks in the same second you keep only one. A time is no key: two clicks can share it",
      },
      {
        like: (clicks, time, count) =>
          names(newest(before(clicks, time).sort((a, b) => a.time - b.time || (a.item < b.item ? -1 : 1)), count)),
        say: "right, except for two clicks at the same time: you order them by name. They must keep the order of the file, which sort keeps by itself",
      },
      {
        like: (clicks, time, count) =>
          names(newest(before([...clicks].reverse(), time).sort((a, b) => a.time - b.time), count)),
        say: "right, except for two clicks at the same time: yours change places, but they must keep the order of the file. Sort oldest first by a.time - b.time. (Reversing the list swaps them, and so does a comparison that does not return 0 for equal times)",
      },
      {
        like: (clicks, time, count) =>
          names(byTime(before(clicks, time).sort((a, b) => b.time - a.time).slice(0, count))),
        say: "right, except where the cut falls between two clicks at the same time. The one later in the file is the newer one: sort oldest first, and take the last `count`",
      },
      {
        like: (clicks, time, count) => {
          const earlier = byTime(before(clicks, time));
          return names(earlier.slice(earlier.length - count));
        },
        say: "right as long as there are enough clicks. With fewer than `count`, the start of your slice is negative, and slice counts a negative start from the end",
      },
    ],
  }),
  "07.4 without its own row": functionExercise<[Impression[], number, number], number[]>({
    cases: () => [
      [log("a", 1, 1, "a", 2, 0, "a", 3, 1), 0.2, 5],
      [log("a", 30, 0, "b", 10, 1, "a", 20, 1, "a", 10, 1, "b", 20, 0, "a", 40, 0), 0.1, 2],
      [log("a", 7, 1, "a", 7, 0, "b", 7, 1, "a", 8, 1, "a", 7, 1), 0.3, 4],
      [log("a", 100, 1, "b", 9, 0, "a", 9, 1, "b", 100, 1, "a", 10, 0, "b", 100, 0), 0.05, 20],
    ],
    right: rates(earlier),
    mistakes: [
      {
        like: rates((other, row, places) => earlier(other, row) || places === 0),
        say: "each row counts itself. When an item comes for the first time, its rate gives the label away. Count only strictly earlier rows",
      },
      // all of the time, and those of it that a count in order of time has met
      ...[() => true, (places: number) => places <= 0].map((isMet) => ({
        like: rates((other, row, places) => earlier(other, row) || (sameTime(other, row) && isMet(places))),
        say: "you count rows at the same time, the row itself among them. Their labels are not known yet when it is shown. Count only strictly earlier rows: <",
      })),
      ...[(places: number) => places !== 0, (places: number) => places < 0].map((isMet) => ({
        like: rates((other, row, places) => earlier(other, row) || (sameTime(other, row) && isMet(places))),
        say: "no row counts itself, but each counts others at the same time. When a row is shown, their labels are not known yet",
      })),
      {
        like: rates(() => true),
        say: "you count the whole file: rows that come later, and the row itself. Nobody knows them yet when the row is shown",
      },
      {
        like: rates((other, row) => earlier(row, other)),
        say: "you count the rows that come later, which are the future. Count those with a smaller time",
      },
      {
        like: rates((_other, _row, places) => places !== 0),
        say: "you leave out the row itself, but count later ones, which are the future. And among the rows of one item, those with a click then have the lower rate, which gives the label away once more",
      },
      // without the row itself, and with it
      ...[(places: number) => places < 0, (places: number) => places <= 0].map((isMet) => ({
        like: rates((_other, _row, places) => isMet(places)),
        say: "you count the rows above in the file, which is not in the order of time. Which rows are earlier is a question of `time`",
      })),
      {
        like: rates((other, row, places) => earlier(other, row) && places < 0),
        say: "you look for earlier rows only above in the file. It is not in the order of time: an earlier row may stand below",
      },
      // in order of time, and of the file
      ...[earlier, (_other: Impression, _row: Impression, places: number) => places < 0].map((counts) => ({
        like: rates(counts, { anyItem: true }),
        say: "you count the rows of all items together. Each item has a rate of its own",
      })),
      // strictly earlier, and those that a count in order of time has met, without the row itself and with it
      ...[() => false, (places: number) => places < 0, (places: number) => places <= 0].map((isMet) => ({
        like: (shown: Impression[], rate: number, doubt: number) =>
          rates((other, row, places) => earlier(other, row) || (sameTime(other, row) && isMet(places)))(
            byTime(shown),
            rate,
            doubt,
          ),
        say: "your rates are in the order of time. The first must belong to the first row of the file, and so on",
      })),
      // what an item that was never shown gets: 0 / 0, 0, or the rate
      ...[NaN, 0, undefined].map((unseen) => ({
        like: rates(earlier, { mix: (c, n, rate) => (n === 0 ? (unseen ?? rate) : c / n) }),
        say: "that is c / n. With no rows it is 0 / 0, and after one row it is 0 or 1, which is too sure. Begin with `doubt` imaginary rows",
      })),
      {
        like: rates(earlier, { mix: (c, n, rate, doubt) => (n === 0 ? 0 : mixed(c, n, rate, doubt, 0)) }),
        say: "right, except for a row whose item has no earlier rows. That is no special case: with c = 0 and n = 0 the formula still gives a rate",
      },
      {
        like: rates(earlier, { mix: (c, n, rate, doubt) => (c + rate) / (n + doubt) }),
        say: "you add the rate only once. Each of the `doubt` imaginary rows adds it: rate * doubt clicks",
      },
      {
        like: rates(earlier, { mix: (c, n, _rate, doubt) => (c + doubt) / (n + doubt) }),
        say: "each of your imaginary rows is a click. Only the share `rate` of them is: rate * doubt clicks",
      },
      {
        like: rates(earlier, { mix: (c, n, _rate, doubt) => c / (n + doubt) }),
        say: "your imaginary rows have no clicks, so a new item gets 0. The share `rate` of them is clicked",
      },
      {
        like: rates(earlier, { mix: (c, n, rate, doubt) => (c + rate * doubt) / n }),
        say: "your imaginary rows add clicks, but are not counted as rows: the denominator is n + doubt",
      },
      // above the line, below it, and both
      ...(
        [
          (c, n, rate, doubt) => c + (rate * doubt) / (n + doubt),
          (c, n, rate, doubt) => (c + rate * doubt) / n + doubt,
          (c, n, rate, doubt) => c + (rate * doubt) / n + doubt,
        ] satisfies Mix[]
      ).map((mix) => ({
        like: rates(earlier, { mix }),
        say: "brackets are missing: / comes before +. Both sums need them, the numerator and the denominator",
      })),
      {
        like: rates(earlier, { mix: (c, n) => (c + 1) / (n + 2) }),
        say: "you begin with two imaginary rows, one of them a click. Begin with `doubt` of them, of which the share `rate` is clicked",
      },
      {
        like: rates(earlier, { mix: (c, _n, rate, doubt) => (c + rate * doubt) / (c + doubt) }),
        say: "your n counts the clicks only. It is the number of rows, clicked or not",
      },
      {
        like: rates(earlier, { mix: (c, n, _rate, doubt, overall) => (c + overall * doubt) / (n + doubt) }),
        say: "you take the usual rate from this file, later rows and the row itself included. It is given: `rate`",
      },
    ],
  }),
  "07.5 Platt scaling": {
    ...platt,
    async verify(answer) {
      const said = await platt.verify(answer);
      const isKnown = said === undefined || platt.mistakes?.some(({ say }) => say === said);
      return isKnown || typeof answer !== "function" ? said : ((await wayOff(answer)) ?? said);
    },
  } satisfies typeof platt,
  "07.6 one numbering": functionExercise<[string[], string[]], number[]>({
    cases: () => [
      [["Drama", "War", "Drama"], ["War", "Drama", "Western"]],
      [["b", "a", "b", "c"], ["c", "x", "", "a", "b"]],
      [["u9", "", "u2", "u9"], ["", "u2", "u9", "u1"]],
      [["b", "a", "d", "d"], ["d", "b", "b"]],
      [["b", "7", "b"], ["b", "7", "a"]], // a digit comes before the signs of names such as <unknown>
    ],
    right: idsBy(vocabulary),
    mistakes: [
      // numbered together, and each new word when it comes
      ...[
        (training: string[], requests: string[]) => vocabulary([...training, ...requests]),
        (training: string[], requests: string[]) => words([...training, ...requests]),
        (training: string[], requests: string[]) => words([...vocabulary(training), ...requests]),
      ].map((known) => ({
        like: idsBy(known),
        say: "you gave a number of its own to a word that only the requests have. No row of the table was trained for it: its id is 1, unknown",
      })),
      ...[vocabulary, words].map((list) => ({
        like: idsBy((_training, requests) => list(requests)),
        say: "you number the words anew for the requests. A word then gets the row that was trained for another: nothing crashes, but the scores are wrong",
      })),
      // words from 1 on, and from 2
      ...[1, 2].map((first) => ({
        like: idsBy(vocabulary, { first, unknown: 0 }),
        say: "you give unknown words the id 0, which means no word at all. A film that nobody knows is still a film: 1",
      })),
      {
        like: idsBy(vocabulary, { first: 1 }),
        say: "your first word has the number 1, which is the id for unknown: a new word would get the row of your first word. The words of training begin at 2",
      },
      {
        like: idsBy(vocabulary, { nothing: 1 }),
        say: "you take the empty word for an unknown one. An unknown word is there, but training does not have it; where there is no word, the id is 0",
      },
      // if training has it, and in any case
      ...[[], [""]].map((always) => ({
        like: idsBy((training) => asTheyAre([...always, ...training]), { nothing: 1 }),
        say: "you gave the empty word a number of the vocabulary, which pushed the other words up. It means no word at all: its id is 0, and it takes no number of the vocabulary",
      })),
      // the number that it takes, and 0 in any case
      ...[idsBy(asTheyAre), zeroIfEmpty].map((like) => ({
        like,
        say: "right, until training has the empty word too: then it takes a number of the vocabulary. Leave it out there",
      })),
      {
        like: (training, requests) => {
          const list = [...new Set(["", "?", ...training])].sort();
          return requests.map((word) => list.indexOf(list.includes(word) ? word : "?"));
        },
        say: "you sort your names for no word and for an unknown one together with the words, where a digit may come before them. Sort the words of training alone, and let their ids begin at 2",
      },
      {
        like: idsBy(words),
        say: "your words are numbered in the order in which they came. The exercise asks for alphabetical order, which no new order of the rows can change",
      },
      {
        like: idsBy((training) => vocabulary(training).sort((a, b) => times(training, b) - times(training, a))),
        say: "the most frequent word is first: that is the lib's order. The exercise asks for alphabetical order",
      },
      // the first of the two, and the last, which a Map keeps
      ...[
        (list: string[], word: string) => list.indexOf(word),
        (list: string[], word: string) => list.lastIndexOf(word),
      ].map((place) => ({
        like: (training: string[], requests: string[]) => {
          const list = training.filter((word) => word !== "").sort();
          return requests.map((word) => (word === "" ? 0 : place(list, word) + 2)); // 1 for -1, no place
        },
        say: "a word that comes twice in training takes two numbers, and pushes those after it up. Each word has one",
      })),
    ],
  }),
};

/** Clicks from item, time, item, time, ... */
function click(...pairs: (string | number)[]): Click[] {
  return pairs.flatMap((item, i) => (i % 2 === 0 ? [{ item: item as string, time: pairs[i + 1] as number }] : []));
}

/** Impressions from item, time, clicked, item, time, clicked, ... */
function log(...values: (string | number)[]): Impression[] {
  return values.flatMap((item, i) =>
    i % 3 === 0
      ? [{ item: item as string, time: values[i + 1] as number, clicked: values[i + 2] as number }]
      : [],
  );
}

export const check = checker(exercises);
