/** Exercises of notebook 07: real data. */
import { checker, functionExercise, valueExercise } from "../check";

export interface Click {
  item: string;
  time: number;
}

/** For each mistake whether checkLeaks reports it. */
export interface Reported {
  lot: boolean;
  allClicks: boolean;
  vocabulary: boolean;
  epoch: boolean;
}

const byTime = (clicks: Click[]) => [...clicks].sort((a, b) => a.time - b.time);
const before = (clicks: Click[], time: number) => clicks.filter((one) => one.time < time);
const names = (clicks: Click[]) => clicks.map(({ item }) => item);
const newest = (clicks: Click[], count: number) => clicks.slice(Math.max(0, clicks.length - count));

/** Letters of the ways that leak, with a question that leads to each. */
const leaks: Record<string, string> = {
  B: "Which number knows the ratings of the test rows? Numbers are fitted on training rows alone, like vocabularies",
  C: "Which step gives a row something that the user did only later, perhaps even the film that is to be judged?",
  E: "Which step makes a choice by the test rows, so that they are no longer a test?",
};
const clean: Record<string, string> = {
  A: "a word that training rows do not have becomes 1, unknown. That costs score, but tells nothing",
  D: "clicks strictly before the impression are known when it is shown, also those made after the end of the training rows",
};

export const exercises = {
  "07.1 which leak": {
    verify(answer: string[]): string | undefined {
      const all = [...Object.keys(leaks), ...Object.keys(clean)].sort();
      if (!Array.isArray(answer)) return `expected a list of letters, such as ["A", "B"]`;
      const stranger = answer.find((letter) => !all.includes(letter));
      if (stranger !== undefined) return `there is no "${stranger}" in the list, expected letters out of ${all.join(", ")}`;
      const wrong = Object.keys(clean).find((letter) => answer.includes(letter));
      if (wrong !== undefined) return `${wrong} is clean: ${clean[wrong]}`;
      const missing = Object.keys(leaks).filter((letter) => !answer.includes(letter));
      if (missing.length > 1) return `there are more leaks than you found. Ask of each: is something used before it is known?`;
      if (missing.length === 1) return `one is missing. ${leaks[missing[0]]}`;
      return undefined;
    },
  },
  "07.2 AUC and GAUC": valueExercise<number[]>({
    right: [0.75, 0.5],
    tolerance: 0.001,
    mistakes: [
      { like: [0.5, 0.75], say: "the two are swapped: AUC compares across users, GAUC only within each" },
      { like: [0.5625, 0], say: "equal scores count as a half, not as lost. Within a user all scores are equal here" },
      { like: [0.9375, 1], say: "equal scores count as a half, not as won. Within a user all scores are equal here" },
      {
        like: [0.75, 0.75],
        say: "AUC is right. GAUC is not the AUC of all rows: take each user's own AUC first, then the mean",
      },
      {
        like: [1, 0.5],
        say: "GAUC is right. For AUC, Ann's film without a click ties with her own clicks, Bob's click ties with his other films, and the pair of these two is lost: count all 4 × 4",
      },
    ],
  }),
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
    ],
    right: (clicks, time, count) => names(newest(byTime(before(clicks, time)), count)),
    mistakes: [
      {
        like: (clicks, time, count) => names(newest(byTime(clicks).filter((one) => one.time <= time), count)),
        say: "you keep clicks of the very same time, and one of them is the answer itself. Strictly before: <",
      },
      {
        like: (clicks, _time, count) => names(newest(byTime(clicks), count)),
        say: "you take the newest clicks of the whole file. Those after the impression are the future",
      },
      {
        like: (clicks, time, count) => names(before(newest(byTime(clicks), count), time)),
        say: "you cut to the newest first and drop the future after. Then too little is left: filter by time first",
      },
      {
        like: (clicks, time, count) => names(byTime(before(clicks, time)).slice(0, count)),
        say: "you keep the oldest clicks. What somebody liked last says more: take them from the end",
      },
      // turned round at the end, and sorted that way: two clicks at the same time tell them apart
      ...[
        (clicks: Click[], time: number, count: number) => names(newest(byTime(before(clicks, time)), count)).reverse(),
        (clicks: Click[], time: number, count: number) =>
          names(before(clicks, time).sort((a, b) => b.time - a.time).slice(0, count)),
      ].map((like) => ({
        like,
        say: "the newest comes first. A history is oldest first, as in lib/data/histories.ts",
      })),
      {
        like: (clicks, time, count) => names(newest(before(clicks, time), count)),
        say: "your clicks are in the order of the file, which is not that of time: sort a copy. (sort() without a comparison leaves clicks as they are: give it (a, b) => a.time - b.time)",
      },
      {
        like: (clicks, time) => names(byTime(before(clicks, time))),
        say: "all earlier clicks are there. Keep the newest `count` only",
      },
      {
        like: (clicks, time, count) =>
          names(newest(before(clicks, time).sort((a, b) => (a.item < b.item ? -1 : 1)), count)),
        say: "you sort by the name of the item. Newest is a question of `time`",
      },
      {
        like: (clicks, time, count) =>
          names(newest(before(clicks, time).sort((a, b) => (String(a.time) < String(b.time) ? -1 : 1)), count)),
        say: "you sort the times as text, and \"100\" comes before \"9\". Sort by the difference a.time - b.time",
      },
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
        say: "of the clicks of one second you keep a single one. A time is no key: two clicks can have the same",
      },
      {
        like: (clicks, time, count) =>
          names(newest(before([...clicks].reverse(), time).sort((a, b) => a.time - b.time), count)),
        say: "right, but for two clicks at the same time, which are to keep the order of the file. Sort oldest first, and do not turn the list round",
      },
      {
        like: (clicks, time, count) => {
          const earlier = byTime(before(clicks, time));
          return names(earlier.slice(earlier.length - count));
        },
        say: "right while there are enough clicks. With fewer than `count` the start of your slice is negative, and slice counts a negative start from the end",
      },
    ],
  }),
  "07.4 what the checker sees": valueExercise<Reported>({
    right: { lot: false, allClicks: true, vocabulary: true, epoch: false },
    mistakes: [
      {
        like: { lot: true, allClicks: true, vocabulary: true, epoch: false },
        say: "three are right. By lot no row is in two parts, and no history sees the future: it flatters, but it is none of the four kinds",
      },
      {
        like: { lot: false, allClicks: true, vocabulary: true, epoch: true },
        say: "three are right. The checker sees data. Which epoch you kept, and by which rows, is not in the data",
      },
      {
        like: { lot: true, allClicks: true, vocabulary: true, epoch: true },
        say: "a checker finds only what it looks for. Two of these are none of its four kinds",
      },
      {
        like: { lot: false, allClicks: true, vocabulary: false, epoch: false },
        say: "three are right. The vocabulary is its fourth kind: it fits the encoding to the training rows again, and compares",
      },
      {
        like: { lot: false, allClicks: false, vocabulary: true, epoch: false },
        say: "three are right. A history from the whole file has clicks of that time or later in it, which is its second kind",
      },
    ],
  }),
};

/** Clicks from item, time, item, time, ... */
function click(...pairs: (string | number)[]): Click[] {
  return pairs.flatMap((item, i) => (i % 2 === 0 ? [{ item: item as string, time: pairs[i + 1] as number }] : []));
}

export const check = checker(exercises);
