/** Solutions of notebook 07. test/solutions runs each through the same check as the notebook. */
import type { Click, Impression } from "../../lib/notebook/exercises/07";

/** B fits on test rows, C looks into the future, E chooses by the test. A and D use nothing that is not known yet. */
export const leaking = ["B", "C", "E"];

/** The interval of P is 8 to 12. That of Q is −32 to 72, so nothing is known of Q, and F is one of 20 questions. */
export const allowed = ["A", "E"];

export function newestBefore(clicks: Click[], time: number, count: number): string[] {
  const earlier = clicks.filter((click) => click.time < time).sort((a, b) => a.time - b.time);
  // not slice(-count), which of count 0 gives all
  return earlier.slice(Math.max(0, earlier.length - count)).map(({ item }) => item);
}

/** Each row goes through all others: a count that grows in order of time would hold some rows of the same time. */
export function earlierRates(shown: Impression[], rate: number, doubt: number): number[] {
  return shown.map((row) => {
    const before = shown.filter((other) => other.item === row.item && other.time < row.time);
    const clicks = before.filter((other) => other.clicked === 1).length;
    return (clicks + rate * doubt) / (before.length + doubt);
  });
}

/** The slopes of exercise 0.4: a is multiplied by 1, b by the logit. */
export function platt(logits: number[], labels: number[]): [number, number] {
  let [a, b] = [0, 1];
  for (let step = 0; step < 3000; step++) {
    const errors = logits.map((s, i) => 1 / (1 + Math.exp(-a - b * s)) - labels[i]);
    const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [slopeA, slopeB] = [meanOf(errors), meanOf(errors.map((error, i) => error * logits[i]))];
    a -= 0.5 * slopeA;
    b -= 0.5 * slopeB;
  }
  return [a, b];
}

/** The training words alone decide. */
export function idsOf(training: string[], requests: string[]): number[] {
  const known = [...new Set(training)].filter((word) => word !== "").sort();
  const ids = new Map(known.map((word, i) => [word, i + 2]));
  return requests.map((word) => (word === "" ? 0 : (ids.get(word) ?? 1)));
}

export const solutions = {
  "07.1 which leak": leaking,
  "07.2 which sentences": allowed,
  "07.3 newest before": newestBefore,
  "07.4 without its own row": earlierRates,
  "07.5 Platt scaling": platt,
  "07.6 one numbering": idsOf,
};
