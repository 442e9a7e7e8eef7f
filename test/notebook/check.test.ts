import * as tf from "@tensorflow/tfjs";
import { inspect } from "node:util";
import { expect, test, vi } from "vitest";
import { checker, close, functionExercise, judge, partsExercise, valueExercise } from "../../lib/notebook/check";
import { readSolved } from "../../lib/notebook/record";
import { ownRecord } from "./ownrecord";

const own = ownRecord();

const exercises = {
  "99.1 double": functionExercise({
    cases: () => [[1], [2], [3]] as [number][],
    right: (x: number) => 2 * x,
    mistakes: [{ like: (x: number) => x * x, say: "That is the square." }],
  }),
  "99.2 sum": functionExercise({
    cases: () => [[[1, 2]], [[3, 4, 5]]] as [number[]][],
    right: (list: number[]) => list.reduce((a, b) => a + b),
    mistakes: [],
  }),
};
const check = checker(exercises);

test("a right answer prints a tick and is remembered", async () => {
  await check("99.1 double", (x) => x + x);
  await check("99.1 double", (x) => x + x);
  expect(own.printed).toEqual(["✓ 99.1 double: solved", "✓ 99.1 double: solved"]);
  expect(readSolved()).toEqual(["99.1 double"]);
});

test("a right answer that cannot be remembered is told so", async () => {
  vi.stubEnv("CTR_PROGRESS", own.folder);
  await check("99.1 double", (x) => x + x);
  expect(own.printed).toEqual([
    `✓ 99.1 double: solved. But it is not in your list of solved exercises: ${own.folder} cannot be written`,
  ]);
});

test("a cell that ends with a check without await shows what is missing", async () => {
  const pending = check("99.1 double", (x) => x + x);
  expect(inspect(pending)).toBe('write await in front of check("99.1 double", ...), else you may not see its verdict');
  await pending;
});

test("a wrong answer prints its misconception, and what was solved before stays solved", async () => {
  await check("99.1 double", (x) => 2 * x);
  await check("99.1 double", (x) => x ** 2);
  expect(own.printed[1]).toBe("✗ 99.1 double: That is the square.");
  expect(readSolved()).toEqual(["99.1 double"]);
});

test("a mistake that fails on some input is no reason to blame the answer", async () => {
  const fails = () => {
    throw new Error("of the mistake");
  };
  const mistakes = [{ like: fails, say: "It fails." }, { like: (x: number) => x * x, say: "That is the square." }];
  const list = {
    double: functionExercise({ cases: () => [[1], [2], [3]] as [number][], right: (x: number) => 2 * x, mistakes }),
  };
  expect(await judge(list, "double", (x: number) => x * x)).toEqual({ state: "wrong", message: "That is the square." });
});

test("where two mistakes give the same, the first names it", async () => {
  const says = ["first", "second"];
  const list = {
    result: functionExercise({
      cases: () => [[3]] as [number][],
      right: (x: number) => 2 * x,
      mistakes: says.map((say) => ({ like: (x: number) => x * x, say })),
    }),
    value: valueExercise({ right: 6, mistakes: says.map((say) => ({ like: 9, say })) }),
    parts: partsExercise({
      right: { p: 6 },
      mistakes: says.map((say) => ({ like: { p: 9 }, say })),
      about: { p: () => "p" },
    }),
  };
  const answers = [["result", () => 9], ["value", 9], ["parts", { p: 9 }]] as const;
  for (const [id, answer] of answers) expect(await judge(list, id, answer), id).toMatchObject({ message: "first" });
});

test("a wrong answer is shown on the first input where it is wrong", async () => {
  const list = {
    double: functionExercise({ cases: () => [[1], [2], [3]] as [number][], right: (x: number) => 2 * x, mistakes: [] }),
  };
  expect(await judge(list, "double", (x: number) => (x === 2 ? 5 : 2 * x))).toEqual({
    state: "wrong",
    message: "for (2) expected 4, got 5. The hint above the cell may help.",
  });
});

test("a misconception is named only if all results are its own", async () => {
  expect(await judge(exercises, "99.1 double", (x: number) => (x === 3 ? 9 : 2 * x))).toEqual({
    state: "wrong",
    message: "for (3) expected 6, got 9. The hint above the cell may help.",
  });
});

test("numbers may be off by a millionth if nothing else is said, not by more", async () => {
  const list = {
    third: valueExercise({ right: 1 / 3, mistakes: [] }),
    half: functionExercise({ cases: () => [[1]] as [number][], right: (x: number) => x / 2, mistakes: [] }),
  };
  const verdicts = [
    await judge(list, "third", 0.33333334),
    await judge(list, "third", 0.3334),
    await judge(list, "half", (x: number) => x / 2 + 1e-7),
    await judge(list, "half", (x: number) => x / 2 + 1e-5),
  ];
  expect(verdicts.map(({ state }) => state)).toEqual(["solved", "wrong", "solved", "wrong"]);
});

test("rounding is forgiven in parts and in misconceptions too, and a tolerance of one's own is that of all results", async () => {
  const say = "a third";
  const list = {
    parts: partsExercise({ right: { p: 0.3 }, mistakes: [{ like: { p: 1 / 3 }, say }], about: { p: () => "p" } }),
    value: valueExercise({ right: 0.25, mistakes: [{ like: 1 / 3, say }], tolerance: 0.01 }),
    rough: functionExercise({ cases: () => [[1]] as [number][], right: (x) => x / 3, mistakes: [], tolerance: 0.01 }),
  };
  const solved = [["parts", { p: 0.1 + 0.2 }], ["rough", () => 0.33]] as const;
  for (const [id, answer] of solved) expect(await judge(list, id, answer), id).toEqual({ state: "solved" });
  const mistaken = [["parts", { p: 0.3333333 }], ["value", 0.33]] as const;
  for (const [id, answer] of mistaken) expect(await judge(list, id, answer), id).toMatchObject({ message: say });
  expect(await judge(list, "parts", { p: 0.301 })).toEqual({ state: "wrong", message: "p" });
});

test("what is not written yet is no failure, and neither is an answer that does not exist", async () => {
  await check("99.1 double", () => {
    throw new Error("not written yet");
  });
  await check("99.1 double", (x) => {
    if (x === 1) return 2 * x;
    throw new Error("not written yet");
  });
  await check("99.1 double", undefined);
  const toWrite = "○ 99.1 double: not written yet. Replace the throw with your code, then run this cell again";
  const toChange = "○ 99.1 double: not written yet. Change the answer above, then run this cell again";
  expect(own.printed).toEqual([toWrite, toWrite, toChange]);
});

test("whatever the answer does, check does not throw", async () => {
  const answers: any[] = [
    null,
    3,
    "x",
    [],
    () => {
      throw null;
    },
    () => {
      throw new RangeError("boom");
    },
    () => Promise.reject(new Error("late")),
    (x: any) => x.y.z,
  ];
  for (const answer of answers) await check("99.1 double", answer);
  await check("99.3 unknown" as any, (x: any) => x);
  expect(own.printed).toHaveLength(answers.length + 1);
  expect(own.printed.every((line) => line.startsWith("✗"))).toBe(true);
  expect(own.printed.at(-1)).toContain("expected one of 99.1 double, 99.2 sum");
});

test("an answer that fails like a mistake does is not taken for it, and is told if it changed its input first", async () => {
  const failing = (list: number[]): number => {
    list.pop();
    throw new Error("the file was not written");
  };
  const sum = {
    sum: functionExercise({
      cases: () => [[[1, 2]]] as [number[]][],
      right: ([a, b]: number[]) => a + b,
      mistakes: [{ like: failing, say: "It fails." }],
    }),
  };
  const changed =
    "your function changed its input, which its caller still needs. Work on an array of your own, or on a copy.";
  expect(await judge(sum, "sum", failing)).toEqual({
    state: "wrong",
    message: `for ([ 1, 2 ]) expected 3, your code threw "the file was not written". Also, ${changed} The hint above the cell may help.`,
  });
});

test("an answer that the exercise itself stumbles over is told what was thrown, and is not taken for one to be written", async () => {
  const read = (list: { id: number }[]) => list.map(({ id }) => ({ id: id.toFixed() }) as unknown as { id: number });
  const list = { ids: valueExercise({ right: [{ id: 1 }], mistakes: [], read }) };
  expect(await judge(list, "ids", [{}])).toEqual({
    state: "wrong",
    message: expect.stringMatching(/^your code threw "Cannot read properties of undefined/),
  });
});

test("an answer that is no function is told so", async () => {
  expect(await judge(exercises, "99.1 double", [1])).toEqual({
    state: "wrong",
    message: "expected a function, got [ 1 ]",
  });
});

test("what came is shown in short, with the reason where it is a common slip", async () => {
  const third = {
    third: functionExercise({
      cases: () => [[Float32Array.of(0.1)]] as [Float32Array][],
      right: (x: Float32Array): unknown => x[0] / 3,
      mistakes: [],
    }),
  };
  const after = async (answer: (x: Float32Array) => unknown) => {
    const verdict = await judge(third, "third", answer);
    return verdict.state === "wrong"
      ? verdict.message
          .replace("for ([ 0.1 ]) expected 0.033333, got ", "")
          .replace(" The hint above the cell may help.", "")
      : verdict.state;
  };
  const lacking = "is a return missing, an index outside its array, or a key not in its Map or object?";
  expect(await after(() => {})).toBe(`undefined: ${lacking}`);
  expect(await after(() => [[5][1], 2])).toBe(`[ undefined, 2 ]: ${lacking}`);
  const nan = "does it come from 0 / 0, Infinity / Infinity, Infinity - Infinity or 0 * Infinity, from the logarithm or root of a negative number, from an index outside an array, or from adding to a variable that has no value yet?";
  expect(await after(() => NaN)).toBe(`NaN: ${nan}`);
  expect(await after(() => [1, NaN])).toBe(`[ 1, NaN ]: ${nan}`);
  expect(await after(() => [[1], Float32Array.of(NaN)])).toBe(`[ [ 1 ], [ NaN ] ]: ${nan}`);
  expect(await after(() => 2 / 3)).toBe("0.66667.");
  expect(await after(() => new Float32Array(14))).toBe(`[ ${"0, ".repeat(12)}... 2 more items ].`);
  expect(await after(() => "x".repeat(500))).toBe(`'${"x".repeat(159)}...`);
});

test("an answer may be async, and may return a tensor or a typed array", async () => {
  const list = {
    list: functionExercise({ cases: () => [[2]] as [number][], right: (n: number): number[] => [n, n], mistakes: [] }),
  };
  for (const answer of [
    async (n: number) => [n, n],
    (n: number) => Float32Array.of(n, n),
    (n: number) => tf.tensor1d([n, n]),
  ]) {
    expect(await judge(list, "list", answer)).toEqual({ state: "solved" });
  }
});

test("typed arrays and tensors count as lists within an answer of several parts too", async () => {
  const right = { p: [0.5, 0.25], free: "twice" };
  const sum = { cases: () => [[]] as [][], right: () => right, mistakes: [] };
  const list = {
    parts: partsExercise({ right, mistakes: [], about: { p: ([first]) => `p: ${first}`, free: () => "free" } }),
    value: valueExercise({ right, mistakes: [] }),
    result: functionExercise(sum),
  };
  for (const p of [Float32Array.of(0.5, 0.25), tf.tensor1d([0.5, 0.25])] as unknown as number[][]) {
    const answer = { p, free: "twice" };
    expect(await judge(list, "parts", answer)).toEqual({ state: "solved" });
    expect(await judge(list, "value", answer)).toEqual({ state: "solved" });
    expect(await judge(list, "result", () => answer)).toEqual({ state: "solved" });
  }
  const wrong = { p: tf.tensor1d([1, 0.25]), free: "twice" };
  expect(await judge(list, "parts", wrong)).toEqual({ state: "wrong", message: "p: 1" });
});

test("an answer that changes its input is told so, beside what is wrong with its result, and harms no other answer", async () => {
  const emptying = (start: number) => (list: number[]) => {
    let sum = start;
    while (list.length > 0) sum += list.pop()!;
    return sum;
  };
  const changed =
    "your function changed its input, which its caller still needs. Work on an array of your own, or on a copy.";
  expect(await judge(exercises, "99.2 sum", emptying(0))).toEqual({
    state: "wrong",
    message: `for ([ 1, 2 ]) the result is right, but ${changed}`,
  });
  expect(await judge(exercises, "99.2 sum", emptying(1))).toEqual({
    state: "wrong",
    message: `for ([ 1, 2 ]) expected 3, got 4. Also, ${changed} The hint above the cell may help.`,
  });
  expect(await judge(exercises, "99.2 sum", (list: number[]) => list.reduce((a, b) => a + b))).toEqual({
    state: "solved",
  });
});

test("an answer that adds to a variable outside it is told so", async () => {
  let total = 0;
  const sum = (list: number[]) => {
    for (const value of list) total += value;
    return total;
  };
  expect(await judge(exercises, "99.2 sum", sum)).toEqual({
    state: "wrong",
    message:
      "for ([ 3, 4, 5 ]) expected 12, got 15. Called again with the same input, your function gives another result. " +
      "Does it add to a variable that is declared outside it, or draw at random? The hint above the cell may help.",
  });
});

test("an answer that throws is told for which input", async () => {
  const short = (list: number[]) => {
    if (list.length > 2) throw new Error("too long");
    return list[0] + list[1];
  };
  expect(await judge(exercises, "99.2 sum", short)).toEqual({
    state: "wrong",
    message: 'for ([ 3, 4, 5 ]) expected 12, your code threw "too long". The hint above the cell may help.',
  });
});

test("an array of more than six numbers is shown in one line", async () => {
  const list = {
    list: functionExercise({
      cases: () => [[8]] as [number][],
      right: (n: number): number[] => Array.from({ length: n }, (_, i) => i),
      mistakes: [],
    }),
  };
  expect(await judge(list, "list", () => [])).toEqual({
    state: "wrong",
    message: "for (8) expected [ 0, 1, 2, 3, 4, 5, 6, 7 ], got []. The hint above the cell may help.",
  });
});

test("a value is read without what does not matter, and shown as it was written", async () => {
  const set = {
    set: valueExercise({
      right: [1, 2],
      mistakes: [{ like: [1], say: "2 is missing" }],
      read: (list) => [...new Set(list)].sort(),
    }),
  };
  expect(await judge(set, "set", [2, 1, 2])).toEqual({ state: "solved" });
  expect(await judge(set, "set", Float32Array.of(2, 1) as any)).toEqual({ state: "solved" });
  expect(
    await judge(
      { rows: valueExercise({ right: [[1], [2]], mistakes: [] as { like: number[][]; say: string }[] }) },
      "rows",
      [Float32Array.of(1), [2]],
    ),
  ).toEqual({ state: "solved" });
  expect(await judge(set, "set", [1, 1])).toEqual({ state: "wrong", message: "2 is missing" });
  expect(await judge(set, "set", [3, 1])).toEqual({
    state: "wrong",
    message: "[ 3, 1 ] is not right. The hint above the cell may help.",
  });
});

test("of several answers the first wrong one gives the message, unless they are wrong together", async () => {
  const several = {
    parts: partsExercise({
      right: { one: 1, two: 2, three: 3 },
      mistakes: [{ like: { one: 2, two: 1, three: 3 }, say: "swapped" }],
      about: { one: () => "one", two: (answer) => (answer < 2 ? "two is more" : "two is less"), three: () => "three" },
    }),
  };
  expect(await judge(several, "parts", { one: 1, two: 2, three: 3 })).toEqual({ state: "solved" });
  expect(await judge(several, "parts", { one: 1, two: 5, three: 5 })).toEqual({
    state: "wrong",
    message: "two is less",
  });
  expect(await judge(several, "parts", { one: 2, two: 1, three: 3 })).toEqual({ state: "wrong", message: "swapped" });
  expect(await judge(several, "parts", { one: 1, two: "2", three: 3 })).toEqual({
    state: "wrong",
    message: "two: expected a number, got '2'",
  });
  expect(await judge(several, "parts", { one: 1, two: 2, three: 3, four: 4 })).toEqual({
    state: "wrong",
    message: "expected 3 answers, got 4",
  });
  expect(await judge(several, "parts", { one: 1, two: 2 })).toEqual({
    state: "wrong",
    message: "expected 3 answers, got 2",
  });
  expect(await judge(several, "parts", null)).toEqual({ state: "wrong", message: "expected 3 answers, got 0" });
});

test.each<[unknown, unknown, string]>([
  [1, null, "expected a number, got null"],
  ["ACB", ["A"], "expected a word, got [ 'A' ]"],
  [[1], 1, "expected a list, got 1"],
  [{ yes: true, p: 1 }, { p: 1 }, "expected { p: a number, yes: true or false }, got { p: 1 }"],
  [{ w: [1], v: [2] }, { v: [2], w: [1], x: 1 }, "expected { v: a list, w: a list }, got { v: [ 2 ], w: [ 1 ], x: 1 }"],
])("of an answer like %j, %j is told what kind is asked for", async (right, answer, message) => {
  expect(await judge({ kind: valueExercise<unknown>({ right, mistakes: [] }) }, "kind", answer)).toEqual({
    state: "wrong",
    message,
  });
});

test("a value exercise never tells the right answer", async () => {
  const value = { v: valueExercise({ right: 41.5, mistakes: [] as { like: number; say: string }[] }) };
  expect(await judge(value, "v", 41.5 + 1e-8)).toEqual({ state: "solved" });
  const verdict = await judge(value, "v", 3);
  expect(verdict).toEqual({ state: "wrong", message: "3 is not right. The hint above the cell may help." });
  expect(await judge(value, "v", NaN)).toEqual({
    state: "wrong",
    message: "NaN is not right. The hint above the cell may help.",
  });
});

test("a probability in percent is told so, unless a mistake is named like that; another number is not", async () => {
  const values = {
    auc: valueExercise({ right: 0.5833, mistakes: [{ like: 0.5, say: "a half" }], tolerance: 0.005 }),
    two: valueExercise({ right: [0.75, 0.5], mistakes: [] as { like: number[]; say: string }[] }),
    named: valueExercise({ right: 0.25, mistakes: [{ like: 25, say: "a count" }] }),
    one: valueExercise({ right: 1, mistakes: [] as { like: number; say: string }[] }),
    mixed: valueExercise({ right: [0.5, 2], mistakes: [] as { like: number[]; say: string }[] }),
  };
  const percent = { state: "wrong", message: "right, but in percent: divide by 100" };
  expect(await judge(values, "auc", 58)).toEqual(percent);
  expect(await judge(values, "auc", 0.58)).toEqual({ state: "solved" });
  expect(await judge(values, "auc", 50)).toMatchObject({ message: expect.stringContaining("50 is not right") });
  expect(await judge(values, "two", [75, 50])).toEqual(percent);
  expect(await judge(values, "two", [75])).toMatchObject({ message: expect.stringContaining("is not right") });
  expect(await judge(values, "named", 25)).toMatchObject({ message: "a count" });
  expect(await judge(values, "one", 100)).toMatchObject({ message: expect.stringContaining("is not right") });
  expect(await judge(values, "mixed", [50, 200])).toMatchObject({ message: expect.stringContaining("is not right") });
});

test.each<[unknown, unknown, boolean]>([
  [1, 1 + 1e-7, true],
  [1, 1.01, false],
  [1e9, 1e9 + 10, true],
  [1e-7, 0, true],
  [NaN, NaN, true],
  [NaN, 0, false],
  [Infinity, Infinity, true],
  [5, Infinity, false],
  [Infinity, 5, false],
  [-Infinity, Infinity, false],
  [NaN, Infinity, false],
  [[1, [2]], [1, [2]], true],
  [[1, 2], [1], false],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: undefined }, { b: undefined }, false],
  [[], {}, false],
  [{}, 5, false],
  [5, {}, false],
  [{}, null, false],
  [null, {}, false],
  [-1e9, -1e9 - 10, true],
  ["a", "a", true],
  [null, 0, false],
  [undefined, undefined, true],
])("close(%j, %j) is %j", (a, b, expected) => {
  expect(close(a, b, 1e-6)).toBe(expected);
});
