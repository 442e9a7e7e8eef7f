/**
 * Tests the exercises of one notebook: the solution passes, nothing yet is no mistake, and wrong answers, at
 * least three for each exercise, get the message that helps.
 *
 * A notebook's test is one call:
 *
 *   testExercises({ notebook: "02", exercises, solutions, wrong: { "02.1 pairs": [[myWrongAnswer, /the message/], ...] } });
 */
import * as fs from "node:fs";
import { describe, expect, test } from "vitest";
import { readNotebook } from "../../lib/kernel/nbformat";
import { type Exercise, judge } from "../../lib/notebook/check";

export interface ExercisesUnderTest {
  notebook: string;
  exercises: Readonly<Record<string, Exercise<any>>>;
  /** From material/solutions/NN.ts. */
  solutions: Readonly<Record<string, unknown>>;
  /** Answers that learners give, written independently of the exercise's own list, each with what it must be told. */
  wrong: Readonly<Record<string, readonly (readonly [answer: unknown, message: RegExp])[]>>;
}

export function testExercises({ notebook, exercises, solutions, wrong }: ExercisesUnderTest): void {
  test(`notebook ${notebook} has a solution for every exercise and no other`, () => {
    expect(Object.keys(solutions).sort()).toEqual(Object.keys(exercises).sort());
    expect(Object.keys(wrong).sort()).toEqual(Object.keys(exercises).sort());
    for (const id of Object.keys(exercises)) expect(id).toMatch(new RegExp(`^${notebook}\\.\\d+ \\S`));
  });

  const isExample = notebook === "99"; // of harness.test.ts, without a notebook
  test.skipIf(isExample)(`notebook ${notebook} has a folded hint above each exercise, to which a wrong answer leads`, () => {
    const file = fs.readdirSync("notebooks").find((name) => name.startsWith(`${notebook}-`));
    const { cells } = readNotebook(`notebooks/${file}`);
    for (const id of Object.keys(exercises)) {
      const at = cells.findIndex(({ source }) => source.includes(`await check("${id}", `));
      expect(cells[at - 1].source).toContain("<details><summary>Hint</summary>");
    }
  });

  describe.each(Object.entries(exercises))("exercise %s", (id, { mistakes = [] }) => {
    test("is passed by its solution", async () => {
      expect(await judge(exercises, id, solutions[id])).toEqual({ state: "solved" });
    });

    test("counts no answer, and a stub, as not begun", async () => {
      expect(await judge(exercises, id, undefined)).toEqual({ state: "open" });
      if (typeof solutions[id] !== "function") return;
      const stub = () => {
        throw new Error("not written yet");
      };
      expect(await judge(exercises, id, stub)).toEqual({ state: "open" });
    });

    test("names the misconception in each of at least three wrong answers", async () => {
      expect(wrong[id].length).toBeGreaterThanOrEqual(3);
      for (const [answer, message] of wrong[id]) {
        expect(await judge(exercises, id, answer)).toEqual({ state: "wrong", message: expect.stringMatching(message) });
      }
    });

    test("tells its own mistakes apart, from each other and from the right answer", async () => {
      for (const { like, say } of mistakes) {
        expect(await judge(exercises, id, like)).toEqual({ state: "wrong", message: say });
      }
    });
  });
}
