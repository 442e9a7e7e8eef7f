import { type Click, exercises } from "../../lib/notebook/exercises/07";
import { newestBefore, solutions } from "../../material/solutions/07";
import { testExercises } from "./harness";

const last = (clicks: Click[], count: number) => clicks.slice(-count).map(({ item }) => item);

testExercises({
  notebook: "07",
  exercises,
  solutions,
  wrong: {
    "07.1 which leak": [
      [["A", "B", "C", "E"], /A is clean: .*unknown/],
      [["B", "C", "D", "E"], /D is clean: .*strictly before/],
      [["C", "E"], /one is missing. Which number/],
      [
        ["B", "E"],
        /^one is missing. Which step gives a row something that the user did only later, perhaps even the film that is to be judged\?$/,
      ],
      [["B", "C"], /one is missing. Which step makes a choice/],
      [["C"], /more leaks than you found/],
      [["F"], /no "F" in the list/],
    ],
    "07.2 AUC and GAUC": [
      [[0.5, 0.75], /swapped/],
      [[0.5625, 0], /not as lost/],
      [[0.9375, 1], /not as won/],
      [[0.75, 0.75], /each user's own AUC/],
      [[1, 0.5], /count all 4 × 4/],
      [[75, 50], /^right, but in percent/],
      [[0.6, 0.6], /is not right/],
      [[0.7, 0.5], /is not right/],
    ],
    "07.3 newest before": [
      [(clicks: Click[], time: number, count: number) => newestBefore(clicks, time + 1, count), /Strictly before/],
      [(clicks: Click[], _time: number, count: number) => newestBefore(clicks, Infinity, count), /are the future/],
      [
        (clicks: Click[], time: number, count: number) => {
          const whole = newestBefore(clicks, Infinity, count);
          const later = clicks.filter((click) => click.time >= time).length;
          return whole.slice(0, Math.max(0, whole.length - later));
        },
        /drop the future after/,
      ],
      [
        (clicks: Click[], time: number, count: number) => newestBefore(clicks, time, count).reverse(),
        /newest comes first/,
      ],
      [
        (clicks: Click[], time: number, count: number) =>
          clicks
            .filter((click) => click.time < time)
            .sort((a, b) => b.time - a.time)
            .slice(0, count)
            .map(({ item }) => item),
        /newest comes first/,
      ],
      [
        (clicks: Click[], time: number, count: number) => newestBefore(clicks, time, 100).slice(0, count),
        /oldest clicks/,
      ],
      [(clicks: Click[], time: number) => newestBefore(clicks, time, 100), /Keep the newest/],
      [
        (clicks: Click[], time: number, count: number) =>
          last(
            clicks.filter((click) => click.time < time).sort((a, b) => a.item.localeCompare(b.item)),
            count,
          ),
        /name of the item/,
      ],
      [
        (clicks: Click[], time: number, count: number) =>
          clicks
            .filter((click) => click.time < time)
            .map((click) => [click.time, click.item])
            .sort()
            .slice(-count)
            .map(([, item]) => item),
        /as text/,
      ],
      [
        (clicks: Click[], time: number, count: number) => [...new Set(newestBefore(clicks, time, 100))].slice(-count),
        /as often as it was clicked/,
      ],
      [
        (clicks: Click[], time: number, count: number) => {
          const all = newestBefore(clicks, time, 100);
          return all.slice(all.length - count);
        },
        /negative start from the end/,
      ],
      [
        (clicks: Click[], time: number, count: number) =>
          last(
            clicks.sort((a, b) => a.time - b.time).filter((click) => click.time < time),
            count,
          ),
        /changed its input/,
      ],
      [
        (clicks: Click[], time: number, count: number) =>
          [...new Map(clicks.filter((click) => click.time < time).map((click) => [click.time, click.item]))]
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item)
            .slice(-count),
        /A time is no key/,
      ],
      [
        (clicks: Click[], time: number, count: number) => {
          const newest = new Map<string, number>();
          for (const click of clicks)
            if (click.time < time) newest.set(click.item, Math.max(click.time, newest.get(click.item) ?? -Infinity));
          return [...newest]
            .sort(([, a], [, b]) => a - b)
            .map(([item]) => item)
            .slice(-count);
        },
        /only the newest click of each item/,
      ],
      [
        (clicks: Click[], time: number, count: number) =>
          last(
            [...clicks].sort().filter((click) => click.time < time),
            count,
          ),
        /without a comparison/,
      ],
      [
        (clicks: Click[], time: number, count: number) =>
          clicks
            .filter((click) => click.time < time)
            .sort((a, b) => b.time - a.time)
            .slice(0, count)
            .map(({ item }) => item)
            .reverse(),
        /two clicks at the same time/,
      ],
      [() => [], /The hint above/],
    ],
    "07.4 what the checker sees": [
      [{ lot: true, allClicks: true, vocabulary: true, epoch: false }, /none of the four kinds/],
      [{ lot: false, allClicks: true, vocabulary: true, epoch: true }, /is not in the data/],
      [{ lot: true, allClicks: true, vocabulary: true, epoch: true }, /only what it looks for/],
      [{ lot: false, allClicks: true, vocabulary: false, epoch: false }, /fourth kind/],
      [{ lot: false, allClicks: false, vocabulary: true, epoch: false }, /second kind/],
      [{ lot: true, allClicks: false, vocabulary: false, epoch: false }, /is not right/],
    ],
  },
});
