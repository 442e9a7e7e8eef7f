/**
 * Exercises that check themselves. Each notebook has a file lib/notebook/exercises/NN.ts:
 *
 *   export const exercises = { "02.1 pairs": functionExercise({ ... }), ... };
 *   export const check = checker(exercises);
 *
 * and a cell imports that `check`: await check("02.1 pairs", pairs). It prints one line: a tick, a sentence that
 * names the misconception, or a note that nothing is written yet. It never throws. An answer that fits no misconception
 * is referred to the folded hint that the notebook has above each exercise, which does not give the answer away.
 */
import { inspect, isDeepStrictEqual } from "node:util";
import { round } from "./format";
import { recordFile, recordSolved } from "./record";

/** What an exercise expects: `verify` returns nothing if the answer is right, else a sentence that helps. */
export interface Exercise<Answer> {
  verify(answer: Answer): string | undefined | Promise<string | undefined>;
  /** The misconceptions it knows by name. The tests run each of them. */
  readonly mistakes?: readonly Mistake<Answer>[];
}

type AnswerOf<E> = E extends Exercise<infer Answer> ? Answer : never;
type Exercises = Readonly<Record<string, Exercise<any>>>;

/** The state of an exercise: solved, not begun, or wrong with the reason. */
export type Judgement = { state: "solved" } | { state: "open" } | { state: "wrong"; message: string };

/** The `check` of a notebook: prints the verdict on an answer and remembers what is solved. */
export function checker<E extends Exercises>(
  exercises: E,
): <Id extends keyof E & string>(id: Id, answer: AnswerOf<E[Id]> | undefined) => Promise<void> {
  async function checked(id: string, answer: unknown): Promise<void> {
    const verdict = await judge(exercises, id, answer);
    if (verdict.state === "solved") {
      console.log(
        `✓ ${id}: solved${recordSolved(id) ? "" : `. But it is not in your list of solved exercises: ${recordFile()} cannot be written`}`,
      );
    } else if (verdict.state === "wrong") {
      console.log(`✗ ${id}: ${verdict.message}`);
    } else {
      // A function may hold code already, and still the line that throws.
      const first = typeof answer === "function" ? "Replace the throw with your code" : "Change the answer above";
      console.log(`○ ${id}: not written yet. ${first}, then run this cell again`);
    }
  }
  // A cell shows what it ends with. Without await that is the promise, and the verdict comes too late to be shown.
  return (id, answer) =>
    Object.assign(checked(id, answer), {
      [inspect.custom]: () => `write await in front of check("${id}", ...), else you may not see its verdict`,
    });
}

/** Judges without printing. Whatever the answer throws is part of the verdict. */
export async function judge(exercises: Exercises, id: string, answer: unknown): Promise<Judgement> {
  const exercise = exercises[id];
  if (!exercise)
    return {
      state: "wrong",
      message: `there is no such exercise here, expected one of ${Object.keys(exercises).join(", ")}`,
    };
  if (answer === undefined) return { state: "open" };
  try {
    const message = await exercise.verify(answer);
    return message === undefined ? { state: "solved" } : { state: "wrong", message };
  } catch (error) {
    if (notWritten(error)) return { state: "open" };
    return { state: "wrong", message: `your code threw "${messageOf(error)}"` };
  }
}

/** What was thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the error comes from an answer that nobody has written yet. */
export function notWritten(error: unknown): boolean {
  return /not written yet/i.test(messageOf(error));
}

/** A way of going wrong: the answer that somebody with this misconception gives, and what to tell them. */
export interface Mistake<Answer> {
  like: Answer;
  /** What to tell them: what is confused with what, not just that it is wrong. */
  say: string;
}

export interface FunctionExercise<Args extends unknown[], Result> {
  /** Inputs to try, made anew for each run, so that a function that changes its input harms only itself. */
  cases: () => Args[];
  right: (...args: Args) => Result | Promise<Result>;
  /** The first mistake whose results are all the same as the answer's gives the message. */
  mistakes: readonly Mistake<(...args: Args) => Result | Promise<Result>>[];
  /** How far numbers may be off, relative to the larger of 1 and the right number. */
  tolerance?: number;
}

/** What a function made of one input. */
interface Outcome {
  value?: unknown;
  thrown?: string;
  changedInput: boolean;
}

/** Ends the message about a wrong answer that fits no mistake. */
const seeHint = "The hint above the cell may help.";

const remembers =
  "Called again with the same input, your function gives another result. Does it add to a variable that is declared outside it, or draw at random?";

const changed =
  "your function changed its input, which its caller still needs. Work on an array of your own, or on a copy.";

/**
 * An exercise whose answer is a function. Arrays, typed arrays and tensors of the same numbers count as equal.
 * A function that changes its input is reported, because its caller still needs the input.
 */
export function functionExercise<Args extends unknown[], Result>(
  options: FunctionExercise<Args, Result>,
): Exercise<(...args: Args) => Result | Promise<Result>> {
  const { cases, right, mistakes, tolerance = 1e-6 } = options;

  async function outcome(answer: (...args: Args) => unknown, at: number): Promise<Outcome> {
    const args = cases()[at];
    const changedInput = () => !isDeepStrictEqual(args, cases()[at]);
    try {
      return { value: plain(await answer(...args)), changedInput: changedInput() };
    } catch (error) {
      if (notWritten(error)) throw error;
      return { thrown: messageOf(error), changedInput: changedInput() };
    }
  }
  async function outcomes(answer: (...args: Args) => unknown): Promise<Outcome[]> {
    const all: Outcome[] = [];
    for (const at of cases().keys()) all.push(await outcome(answer, at));
    return all;
  }
  const repeated = (a: Outcome, b: Outcome) => a.thrown === b.thrown && close(a.value, b.value, tolerance);
  const same = (a: Outcome, b: Outcome) => a.thrown === undefined && repeated(a, b);
  return {
    mistakes,
    async verify(answer) {
      if (typeof answer !== "function") return `expected a function, got ${shown(answer)}`;
      const got = await outcomes(answer);
      const expected = await outcomes(right);
      const wrong = got.findIndex((each, at) => !same(each, expected[at]));
      const changing = got.findIndex((each) => each.changedInput);
      const input = (at: number) => `for (${cases()[at].map(shown).join(", ")})`;
      if (wrong < 0) return changing < 0 ? undefined : `${input(changing)} the result is right, but ${changed}`;
      for (const mistake of mistakes) {
        const mistaken = await outcomes(mistake.like);
        if (got.every((each, at) => same(each, mistaken[at]))) return mistake.say;
      }
      const { value, thrown } = got[wrong];
      const came = thrown === undefined ? `got ${described(value)}` : `your code threw "${thrown}"`;
      const first = ended(`${input(wrong)} expected ${shown(expected[wrong].value)}, ${came}`);
      const again = repeated(await outcome(answer, wrong), got[wrong]) ? undefined : remembers;
      return [first, again, changing < 0 ? undefined : `Also, ${changed}`, seeHint].filter(Boolean).join(" ");
    },
  };
}

export interface ValueExercise<Value> {
  right: Value;
  mistakes: readonly Mistake<Value>[];
  /** The answer without what does not matter, such as the order of a set. */
  read?: (answer: Value) => Value;
  tolerance?: number;
}

/**
 * An exercise whose answer is a number, a word or an array, worked out by hand or predicted. It does not give the right
 * answer away.
 */
export function valueExercise<Value>({
  right,
  mistakes,
  read = (answer) => answer,
  tolerance = 1e-6,
}: ValueExercise<Value>): Exercise<Value> {
  return {
    mistakes,
    verify(answer) {
      const strange = otherForm(answer, right);
      if (strange) return strange;
      const got = plain(read(answer));
      if (close(got, right, tolerance)) return undefined;
      const mistake = mistakes.find(({ like }) => close(got, like, tolerance));
      if (mistake) return mistake.say;
      if (inPercent(got, right, tolerance)) return "right, but in percent: divide by 100";
      return `${shown(answer)} is not right. ${seeHint}`;
    },
  };
}

export interface PartsExercise<Parts extends object> {
  right: Parts;
  /** Several parts wrong at once, for one reason. They are tried before the single parts. */
  mistakes: readonly Mistake<Parts>[];
  /** What to say to a wrong answer to each part. The first part that is wrong gives the message. */
  about: { readonly [Part in keyof Parts]: (answer: Parts[Part]) => string };
}

/** An exercise that asks several questions at once: an object or a list with an answer to each. */
export function partsExercise<Parts extends object>({ right, mistakes, about }: PartsExercise<Parts>): Exercise<Parts> {
  const parts = Object.keys(right) as (keyof Parts & string)[];
  return {
    mistakes,
    verify(written) {
      const answer = plain(written) as Parts;
      const given = typeof answer === "object" && answer !== null ? Object.keys(answer) : [];
      const missing = parts.filter((part) => !given.includes(part)).length;
      if (missing > 0) return `expected ${parts.length} answers, got ${parts.length - missing}`;
      if (given.length > parts.length) return `expected ${parts.length} answers, got ${given.length}`;
      const mistake = mistakes.find(({ like }) => close(answer, like, 1e-6));
      if (mistake) return mistake.say;
      const wrong = parts.find((part) => !close(answer[part], right[part], 1e-6));
      if (wrong === undefined) return undefined;
      const strange = otherForm(answer[wrong], right[wrong]);
      return strange ? `${wrong}: ${strange}` : about[wrong](answer[wrong]);
    },
  };
}

/**
 * What to say if the answer is not of the kind that is asked for: a number, a word, a list, or an object with these
 * names.
 */
function otherForm(answer: unknown, right: unknown): string | undefined {
  const wanted = formOf(right);
  return formOf(plain(answer)) === wanted ? undefined : `expected ${wanted}, got ${shown(answer)}`;
}

function formOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return "a number";
  if (typeof value === "string") return "a word";
  if (typeof value === "boolean") return "true or false";
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value).map(([name, part]) => `${name}: ${formOf(part)}`);
  return `{ ${parts.sort().join(", ")} }`;
}

/** Whether the answer is the right probability or AUC, or list of them, times 100. */
function inPercent(answer: unknown, right: unknown, tolerance: number): boolean {
  const shares = [right].flat();
  if (!shares.every((share) => typeof share === "number" && share > 0 && share < 1)) return false;
  return close([answer].flat().map((value) => Number(value) / 100), shares, tolerance);
}

/** Typed arrays and tensors as arrays, within lists and objects too. */
export function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("arraySync" in value) return (value as { arraySync(): unknown }).arraySync();
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

/** Equal in shape and words, and in numbers up to the tolerance. */
export function close(a: unknown, b: unknown, tolerance: number): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return Object.is(a, b) || (Number.isFinite(b) && Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)));
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(right).length &&
    keys.every((key) => key in right && close(left[key], right[key], tolerance))
  );
}

/** What came, with the reason where it is a common slip. */
function described(value: unknown): string {
  const parts = [value].flat(Infinity);
  if (parts.includes(undefined))
    return `${shown(value)}: is a return missing, an index outside its array, or a key not in its Map or object?`;
  if (parts.some(Number.isNaN))
    return `${shown(value)}: does it come from 0 / 0, Infinity / Infinity, Infinity - Infinity or 0 * Infinity, from the logarithm or root of a negative number, from an index outside an array, or from adding to a variable that has no value yet?`;
  return shown(value);
}

function shown(value: unknown): string {
  const text = inspect(rounded(value), { breakLength: Infinity, compact: true, depth: 3, maxArrayLength: 12 });
  return text.length > 160 ? `${text.slice(0, 160)}...` : text;
}

function rounded(value: unknown): unknown {
  if (typeof value === "number") return round(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array, (each) => round(each));
  return Array.isArray(value) ? value.map(rounded) : value;
}

function ended(sentence: string): string {
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}
