import { type Click, exercises, type Impression } from "../../lib/notebook/exercises/07";
import { sigmoid } from "../../lib/sigmoid";
import { earlierRates, newestBefore, platt, solutions } from "../../material/solutions/07";
import { testExercises } from "./harness";

const last = (clicks: Click[], count: number) => clicks.slice(-count).map(({ item }) => item);
const sortedBy = (compare: (a: Click, b: Click) => number) => (clicks: Click[], time: number, count: number) =>
  last(clicks.filter((click) => click.time < time).sort(compare), count);

/** Gradient descent as a learner writes it, with what may go wrong in it. */
function descent({
  from = [0, 1],
  rate = 0.5,
  steps = 3000,
  error = (s: number, y: number) => sigmoid(s) - y,
  a: moves = true,
  b: stretches = true,
  byLogit = true,
}) {
  return (logits: number[], labels: number[]) => {
    let [a, b] = from;
    for (let step = 0; step < steps; step++) {
      let [slopeA, slopeB] = [0, 0];
      logits.forEach((s, i) => {
        slopeA += error(a + b * s, labels[i]) / logits.length;
        slopeB += (error(a + b * s, labels[i]) * (byLogit ? s : 1)) / logits.length;
      });
      if (moves) a -= rate * slopeA;
      if (stretches) b -= rate * slopeB;
    }
    return [a, b];
  };
}

/** Numbers words as a learner does, with what may go wrong in it. */
function numbered({
  known = (training: string[], _requests: string[]) => training,
  sorted = true,
  first = 2,
  unknown = 1,
  empty = 0,
}) {
  return (training: string[], requests: string[]) => {
    const list: string[] = [];
    for (const word of known(training, requests)) if (word !== "" && !list.includes(word)) list.push(word);
    if (sorted) list.sort();
    const ids = new Map(list.map((word, i) => [word, i + first]));
    return requests.map((word) => (word === "" ? empty : (ids.get(word) ?? unknown)));
  };
}

/** Steps that end where both slopes are small, but not small enough. */
function endsEarly(logits: number[], labels: number[]) {
  let [a, b] = [0, 1];
  while (true) {
    const errors = logits.map((s, i) => (sigmoid(a + b * s) - labels[i]) / logits.length);
    const slopeA = errors.reduce((sum, error) => sum + error, 0);
    const slopeB = errors.reduce((sum, error, i) => sum + error * logits[i], 0);
    if (Math.max(Math.abs(slopeA), Math.abs(slopeB)) < 1e-3) return [a, b];
    a -= 0.5 * slopeA;
    b -= 0.5 * slopeB;
  }
}

/** The best of all a and b in steps of 0.1. */
function onGrid(logits: number[], labels: number[]) {
  let best = { loss: Infinity, line: [0, 1] };
  for (let i = -30; i <= 30; i++)
    for (let j = -30; j <= 30; j++) {
      const loss = logits.reduce((sum, s, r) => {
        const p = sigmoid((i + j * s) / 10);
        return sum - Math.log(labels[r] ? p : 1 - p);
      }, 0);
      if (loss < best.loss) best = { loss, line: [i / 10, j / 10] };
    }
  return best.line;
}

/** The sum of the slopes, at the rate that suits their mean. */
function summed(logits: number[], labels: number[]) {
  return descent({ rate: 0.5 * logits.length })(logits, labels);
}

/** The probabilities of the logits as they are, in every step. */
function fixed(steps: number) {
  return (logits: number[], labels: number[]) => {
    let [a, b] = [0, 1];
    for (let step = 0; step < steps; step++) {
      const errors = logits.map((s, i) => sigmoid(s) - labels[i]);
      errors.forEach((error, i) => {
        a -= (0.5 * error) / logits.length;
        b -= (0.5 * error * logits[i]) / logits.length;
      });
    }
    return [a, b];
  };
}

/** Slopes that begin at 0 once, before the first step. */
function neverReset(steps: number) {
  return (logits: number[], labels: number[]) => {
    let [a, b] = [0, 1];
    let [slopeA, slopeB] = [0, 0];
    for (let step = 0; step < steps; step++) {
      const errors = logits.map((s, i) => (sigmoid(a + b * s) - labels[i]) / logits.length);
      errors.forEach((error, i) => {
        slopeA += error;
        slopeB += error * logits[i];
      });
      a -= 0.5 * slopeA;
      b -= 0.5 * slopeB;
    }
    return [a, b];
  };
}

/** A row's share of clicks among the rows that it may count, in two loops, as a learner writes it. */
function sharesOf(
  mayCount: (other: Impression, row: Impression, j: number, i: number) => boolean,
  share = (clicks: number, n: number, rate: number, doubt: number) => (clicks + doubt * rate) / (n + doubt),
) {
  return (shown: Impression[], rate: number, doubt: number) => {
    const shares: number[] = [];
    for (let i = 0; i < shown.length; i++) {
      let [clicks, n] = [0, 0];
      for (let j = 0; j < shown.length; j++) {
        if (!mayCount(shown[j], shown[i], j, i)) continue;
        clicks += shown[j].clicked;
        n++;
      }
      shares.push(share(clicks, n, rate, doubt));
    }
    return shares;
  };
}
const past = (other: Impression, row: Impression) => other.item === row.item && other.time < row.time;

/** Counts that grow from row to row, as a learner keeps them, with what may go wrong in it. */
function growing({
  order = (shown: Impression[]) => [...shown].sort((a, b) => a.time - b.time),
  key = (row: Impression) => row.item,
  ownFirst = false,
  asFile = true,
}) {
  return (shown: Impression[], rate: number, doubt: number) => {
    const counts = new Map<string, { clicks: number; n: number }>();
    const shares: number[] = [];
    const rateOf = new Map<Impression, number>();
    for (const row of order(shown)) {
      const count = counts.get(key(row)) ?? { clicks: 0, n: 0 };
      counts.set(key(row), count);
      const add = () => {
        count.clicks += row.clicked;
        count.n++;
      };
      if (ownFirst) add();
      shares.push((count.clicks + rate * doubt) / (count.n + doubt));
      rateOf.set(row, shares.at(-1)!);
      if (!ownFirst) add();
    }
    return asFile ? shown.map((row) => rateOf.get(row)!) : shares;
  };
}

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
    "07.2 which sentences": [
      [["A", "B", "E"], /^B: .*50 in the first and −42 in the second/],
      [["A", "C"], /^C: .*cannot tell/],
      [["D", "E"], /^D: .*harder for both/],
      [["E", "A", "F"], /^F: .*Holm's correction/],
      [["E"], /^one is missing. Look at P's differences/],
      [["A"], /^one is missing. What do differences of both signs/],
      [[], /^there are more sentences/],
      [["A", "E", "G"], /no "G" in the list/],
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
      [sortedBy((a, b) => b.time - a.time), /^you sort the newest first and then take the end/],
      [
        (clicks: Click[], time: number, count: number) => {
          const earlier: string[] = [];
          for (let i = clicks.length - 1; i >= 0 && earlier.length < count; i--)
            if (clicks[i].time < time) earlier.push(clicks[i].item);
          return earlier;
        },
        /in the order of the file/,
      ],
      ...[true, false].map((orNow): [typeof newestBefore, RegExp] => [
        (clicks, time, count) =>
          last(
            clicks.filter((one) => one.time > time || (orNow && one.time === time)).sort((a, b) => a.time - b.time),
            count,
          ),
        /^you keep the clicks after the impression/,
      ]),
      [(clicks: Click[], time: number) => newestBefore(clicks, time, 100), /Keep only the newest/],
      [
        (clicks: Click[], time: number, count: number) => newestBefore(clicks, time, 100).slice(-count - 1),
        /one too long/,
      ],
      [
        (clicks: Click[], time: number, count: number) => {
          const earlier: string[] = [];
          for (const click of clicks) {
            if (click.time >= time) break;
            earlier.push(click.item);
          }
          return earlier.slice(-count);
        },
        /stop at the first click that is not earlier/,
      ],
      [
        (clicks: Click[], time: number, count: number) => {
          let end = 0;
          while (end < clicks.length && clicks[end].time < time) end++;
          return newestBefore(clicks.slice(0, end), time, count);
        },
        /stop at the first click that is not earlier/,
      ],
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
        (clicks: Click[], time: number, count: number) =>
          last(
            clicks
              .filter((click) => click.time < time)
              .sort((a, b) => `${a.time}`.localeCompare(`${b.time}`)),
            count,
          ),
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
        /Reversing the list swaps/,
      ],
      [sortedBy((a, b) => (a.time > b.time ? 1 : -1)), /a comparison that does not return 0 for equal times/],
      [sortedBy((a, b) => (a.time <= b.time ? -1 : 1)), /a comparison that does not return 0 for equal times/],
      [
        (clicks: Click[], time: number, count: number) => {
          const sorted: Click[] = [];
          for (const click of clicks) {
            if (click.time >= time) continue;
            const at = sorted.findIndex((other) => other.time >= click.time);
            sorted.splice(at < 0 ? sorted.length : at, 0, click);
          }
          return last(sorted, count);
        },
        /yours change places/,
      ],
      [
        (clicks: Click[], time: number, count: number) =>
          clicks
            .filter((click) => click.time < time)
            .sort((a, b) => b.time - a.time)
            .slice(0, count)
            .sort((a, b) => a.time - b.time)
            .map(({ item }) => item),
        /where the cut falls between two clicks at the same time/,
      ],
      [
        (clicks: Click[], time: number, count: number) =>
          last(
            clicks
              .filter((click) => click.time < time)
              .sort((a, b) => a.time - b.time || a.item.localeCompare(b.item)),
            count,
          ),
        /you order them by name/,
      ],
      [() => [], /The hint above/],
    ],
    "07.4 without its own row": [
      [sharesOf((other, row) => past(other, row) || other === row), /^each row counts itself/],
      [sharesOf((other, row) => other.item === row.item && other.time <= row.time), /same time, the row itself/],
      [growing({ ownFirst: true }), /same time, the row itself/],
      [
        sharesOf((other, row) => other !== row && other.item === row.item && other.time <= row.time),
        /^no row counts itself, but each counts others at the same time/,
      ],
      [growing({}), /^no row counts itself, but each counts others at the same time/],
      [sharesOf((other, row) => other.item === row.item), /count the whole file/],
      [
        (shown: Impression[], rate: number, doubt: number) => {
          const counts: Record<string, number[]> = {};
          for (const { item, clicked } of shown) (counts[item] ??= []).push(clicked);
          const clicks = (item: string) => counts[item].reduce((sum, one) => sum + one, 0);
          return shown.map(({ item }) => (clicks(item) + rate * doubt) / (counts[item].length + doubt));
        },
        /count the whole file/,
      ],
      [sharesOf((other, row) => other.item === row.item && other.time > row.time), /the rows that come later/],
      [sharesOf((other, row) => other !== row && other.item === row.item), /have the lower rate/],
      [growing({ order: (shown) => shown }), /count the rows above in the file/],
      [growing({ order: (shown) => shown, ownFirst: true }), /count the rows above in the file/],
      [growing({ order: (shown) => [...shown].sort(), asFile: false }), /count the rows above in the file/],
      [sharesOf((other, row, j, i) => j < i && past(other, row)), /earlier rows only above/],
      [sharesOf((other, row) => other.time < row.time), /all items together/],
      [growing({ order: (shown) => shown, key: () => "all" }), /all items together/],
      [growing({ asFile: false }), /in the order of time/],
      [growing({ asFile: false, ownFirst: true }), /in the order of time/],
      [
        (shown: Impression[], rate: number, doubt: number) =>
          earlierRates([...shown].sort((a, b) => a.time - b.time), rate, doubt),
        /in the order of time/,
      ],
      [
        (shown: Impression[], rate: number, doubt: number) =>
          earlierRates(shown.sort((a, b) => a.time - b.time), rate, doubt),
        /in the order of time/,
      ],
      [sharesOf(past, (clicks, n) => clicks / n), /that is c \/ n/],
      [sharesOf(past, (clicks, n) => clicks / Math.max(1, n)), /that is c \/ n/],
      [sharesOf(past, (clicks, n, rate) => (n === 0 ? rate : clicks / n)), /that is c \/ n/],
      [
        sharesOf(past, (clicks, n, rate, doubt) => (n ? (clicks + doubt * rate) / (n + doubt) : 0)),
        /whose item has no earlier rows\. That is no special case/,
      ],
      [sharesOf(past, (clicks, n, rate, doubt) => (clicks + rate) / (n + doubt)), /add the rate only once/],
      [sharesOf(past, (clicks, n, _rate, doubt) => (clicks + doubt) / (n + doubt)), /imaginary rows is a click/],
      [sharesOf(past, (clicks, n, _rate, doubt) => clicks / (n + doubt)), /imaginary rows have no clicks/],
      [sharesOf(past, (clicks, n, rate, doubt) => (clicks + doubt * rate) / n), /not counted as rows/],
      [sharesOf(past, (clicks, n, rate, doubt) => clicks + (doubt * rate) / (n + doubt)), /brackets are missing/],
      [sharesOf(past, (clicks, n, rate, doubt) => (clicks + doubt * rate) / n + doubt), /brackets are missing/],
      [sharesOf(past, (clicks, n, rate, doubt) => clicks + (doubt * rate) / n + doubt), /brackets are missing/],
      [sharesOf(past, (clicks, n) => (clicks + 1) / (n + 2)), /two imaginary rows/],
      [
        sharesOf((other, row) => past(other, row) && other.clicked === 1),
        /counts the clicks only/,
      ],
      [
        (shown: Impression[], _rate: number, doubt: number) =>
          earlierRates(shown, shown.filter(({ clicked }) => clicked).length / shown.length, doubt),
        /usual rate from this file/,
      ],
      [
        (shown: Impression[], rate: number, doubt: number) => {
          const right = earlierRates(shown, rate, doubt);
          shown.reverse();
          return right;
        },
        /changed its input/,
      ],
      [sharesOf((other, row) => other.item === row.item && `${other.time}` < `${row.time}`), /The hint above/],
      [(shown: Impression[]) => shown.map(() => 0), /The hint above/],
      [(shown: Impression[]) => shown.forEach(() => 0), /a return missing/],
    ],
    "07.5 Platt scaling": [
      [(logits: number[], labels: number[]) => [...platt(logits, labels)].reverse(), /are swapped/],
      [descent({ b: false }), /b is still 1/],
      [descent({ a: false }), /a is still 0/],
      [
        (logits: number[], labels: number[]) =>
          descent({ steps: 10_000 })(
            logits.map((s) => sigmoid(s)),
            labels,
          ),
        /probabilities into the line/,
      ],
      [descent({ byLogit: false }), /one more factor/],
      [descent({ byLogit: false, from: [0, 0] }), /one more factor/],
      [
        descent({
          steps: 10_000,
          error: (s, y) => {
            const p = sigmoid(s);
            return 2 * (p - y) * p * (1 - p);
          },
        }),
        /smallest squared error/,
      ],
      [descent({ error: (s, y) => s - y, rate: 0.1 }), /The sigmoid is missing/],
      [
        (logits: number[], labels: number[]) => {
          const [a, b] = platt(logits, labels);
          return [a / b, b];
        },
        /add a before you multiply/,
      ],
      [
        (logits: number[], labels: number[]) => {
          const [a, b] = platt(logits, labels);
          return [a, 1 / b];
        },
        /upside down/,
      ],
      [(logits: number[], labels: number[]) => platt(logits, labels).map((value) => -value), /as Platt wrote it/],
      [
        (logits: number[], labels: number[]) => platt(logits, labels).map((value) => -value).reverse(),
        /as Platt wrote it/,
      ],
      [
        (logits: number[], labels: number[]) => platt(logits, labels.map((y) => 1 - y)),
        /^both signs are reversed, .* the probability of no click/,
      ],
      [descent({ steps: 20, rate: 0.1 }), /^your lines lower the log loss, .* Take more steps\. If that/],
      [descent({ steps: 100, rate: -0.5 }), /^your lines make the log loss of some rows larger .* not along it/],
      [endsEarly, /^your lines are nearly the best, but a or b is still more than 0\.01 off/],
      [onGrid, /^your lines are nearly the best, but a or b is still more than 0\.01 off/],
      [
        (logits: number[], labels: number[]) => platt(logits, labels).map((value) => Number(value.toFixed(1))),
        /nearly the best, .* or round/,
      ],
      [descent({ rate: 50 }), /means over the rows, not sums/],
      [summed, /^your lines make the log loss of some rows larger .* means over the rows, not sums/],
      [fixed(100), /^your lines make the log loss of some rows larger .* sigmoid\(a \+ b s\), computed anew in each step/],
      [fixed(3000), /^your lines make the log loss of some rows larger .* sigmoid\(a \+ b s\), computed anew in each step/],
      [
        (logits: number[], labels: number[]) => {
          let [a, b] = [0, 1];
          for (let pass = 0; pass < 3000; pass++)
            logits.forEach((s, i) => {
              const error = sigmoid(a + b * s) - labels[i];
              a -= 0.5 * error;
              b -= 0.5 * error * s;
            });
          return [a, b];
        },
        /one step for all rows, not one for each/,
      ],
      [neverReset(3000), /begin at 0 in each step/],
      [neverReset(1000), /begin at 0 in each step/],
      [
        (logits: number[], labels: number[]) => {
          const clicks = labels.filter(Boolean).length;
          const high = (clicks + 1) / (clicks + 2);
          const low = 1 / (labels.length - clicks + 2);
          return descent({ steps: 5000 })(
            logits,
            labels.map((y) => (y ? high : low)),
          );
        },
        /the paper's labels, moved towards ½/,
      ],
      [
        (logits: number[], labels: number[]) => {
          const line = platt(logits, labels);
          logits.reverse();
          return line;
        },
        /changed its input/,
      ],
      [() => [0, 1], /expected \[ -1, 1 \], got \[ 0, 1 \]/],
      [() => undefined, /a return missing/],
    ],
    "07.6 one numbering": [
      [numbered({ known: (training, requests) => [...training, ...requests] }), /only the requests have/],
      [numbered({ known: (training, requests) => [...training, ...requests], sorted: false }), /only the requests have/],
      [
        (training: string[], requests: string[]) => {
          const known = [...new Set(training)].filter(Boolean).sort();
          return requests.map((word) => {
            if (word !== "" && !known.includes(word)) known.push(word);
            return word === "" ? 0 : known.indexOf(word) + 2;
          });
        },
        /only the requests have/,
      ],
      [numbered({ known: (_training, requests) => requests }), /number the words anew/],
      [numbered({ known: (_training, requests) => requests, sorted: false }), /number the words anew/],
      [numbered({ first: 1, unknown: 0 }), /still a film/],
      [numbered({ unknown: 0 }), /still a film/],
      [numbered({ first: 1 }), /begin at 2/],
      [numbered({ empty: 1 }), /you take the empty word for an unknown one/],
      [numbered({ sorted: false }), /in which they came/],
      [
        (training: string[], requests: string[]) => {
          const known = [...new Set(training)].sort();
          return requests.map((word) => (known.indexOf(word) < 0 ? 1 : known.indexOf(word) + 2));
        },
        /pushed the other words up/,
      ],
      [
        (training: string[], requests: string[]) => {
          const known = [...new Set(["", ...training])].sort();
          return requests.map((word) => (known.indexOf(word) < 0 ? 1 : known.indexOf(word) + 2));
        },
        /pushed the other words up/,
      ],
      [
        (training: string[], requests: string[]) => {
          const ids = new Map([...new Set(training)].sort().map((word, i) => [word, i + 2]));
          return requests.map((word) => ids.get(word) ?? (word === "" ? 0 : 1));
        },
        /until training has the empty word too/,
      ],
      [
        (training: string[], requests: string[]) => {
          const ids = new Map([...new Set(training)].sort().map((word, i) => [word, i + 2]));
          return requests.map((word) => (word === "" ? 0 : (ids.get(word) ?? 1)));
        },
        /until training has the empty word too/,
      ],
      [
        (training: string[], requests: string[]) => {
          const counts = new Map<string, number>();
          for (const word of training.filter(Boolean)) counts.set(word, (counts.get(word) ?? 0) + 1);
          const known = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
          return requests.map((word) => (word ? (counts.has(word) ? known.indexOf(word) + 2 : 1) : 0));
        },
        /the lib's order/,
      ],
      [
        (training: string[], requests: string[]) => {
          const known = training.filter(Boolean).sort();
          return requests.map((word) => (word ? Math.max(1, known.indexOf(word) + 2) : 0));
        },
        /takes two numbers/,
      ],
      [
        (training: string[], requests: string[]) => {
          const ids = new Map(training.filter(Boolean).sort().map((word, i) => [word, i + 2]));
          return requests.map((word) => (word ? (ids.get(word) ?? 1) : 0));
        },
        /takes two numbers/,
      ],
      [
        (training: string[], requests: string[]) => {
          const known = [...new Set(training.sort())].filter(Boolean);
          return requests.map((word) => (word ? Math.max(1, known.indexOf(word) + 2) : 0));
        },
        /changed its input/,
      ],
      // names for no word and for an unknown one, sorted with the words
      ...["?", "<unknown>"].map((unknown): [(training: string[], requests: string[]) => number[], RegExp] => [
        (training, requests) => {
          const list = [...new Set(["", unknown, ...training])].sort();
          return requests.map((word) => list.indexOf(list.includes(word) ? word : unknown));
        },
        /together with the words, where a digit may come before them/,
      ]),
      [
        (training: string[], requests: string[]) => {
          const ids = new Map([["", 0]]);
          for (const word of [...training].sort()) if (!ids.has(word)) ids.set(word, ids.size + 1);
          return requests.map((word) => ids.get(word));
        },
        /got \[ 3, 2, undefined \]: .* a key not in its Map/,
      ],
      [() => [], /The hint above/],
    ],
  },
});
