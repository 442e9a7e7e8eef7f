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
  const solutionsFile = `material/solutions/${notebook}.ts`;
  const lists = { [`solutions of ${solutionsFile}`]: solutions, [`wrong of test/solutions/${notebook}.test.ts`]: wrong };

  test(`notebook ${notebook} has a solution and wrong answers for every exercise, and no others`, () => {
    for (const [name, list] of Object.entries(lists)) {
      const lacking = Object.keys(exercises).filter((id) => !(id in list));
      expect(lacking, `exercises that are missing in ${name}`).toEqual([]);
      const others = Object.keys(list).filter((id) => !(id in exercises));
      expect(others, `in ${name}, but no exercise of lib/notebook/exercises/${notebook}.ts`).toEqual([]);
    }
    for (const id of Object.keys(exercises)) expect(id).toMatch(new RegExp(`^${notebook}\\.\\d+ \\S`));
  });

  const isExample = notebook === "99"; // of harness.test.ts, without a notebook
  describe.skipIf(isExample)(`notebook ${notebook}`, () => {
    const file = fs.readdirSync("notebooks").find((name) => name.startsWith(`${notebook}-`));
    const cells = isExample ? [] : readNotebook(`notebooks/${file}`).cells;
    const find = (id: string) => {
      const at = cells.findIndex(({ source }) => source.includes(`await check("${id}", `));
      expect(at, `the cell of ${file} that has await check("${id}", ...)`).toBeGreaterThan(0);
      return at;
    };

    test.for(Object.keys(exercises))("has a folded hint above %s, to which a wrong answer leads", (id) => {
      const { id: above, source } = cells[find(id) - 1];
      expect(source, `cell ${above} of ${file}`).toContain("<details><summary>Hint</summary>");
    });

    test.for(Object.keys(exercises))("declares for %s what the solution declares, so that it can be pasted", (id) => {
      const { id: cell, source } = cells[find(id)];
      const name = /^await check\("[^"]+", (\w+)\);$/m.exec(source)?.[1];
      expect(name, `the name that cell ${cell} of ${file} gives to check, in a line of its own`).toBeDefined();
      const declares = (text: string, before = "") =>
        new RegExp(String.raw`^${before}(?:const|(?:async )?function) ${name}\b`, "m").test(text);
      expect(declares(source), `cell ${cell} of ${file} declares ${name}`).toBe(true);
      const solution = fs.readFileSync(solutionsFile, "utf8");
      expect(declares(solution, "export "), `${solutionsFile} exports ${name}, as cell ${cell} calls it`).toBe(true);
    });
  });

  describe.each(Object.entries(exercises))("exercise %s", (id, { mistakes = [] }) => {
    test("is passed by its solution", async () => {
      expect(solutions, `${solutionsFile} has no solution of it`).toHaveProperty([id]);
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
      const answers = wrong[id] ?? [];
      expect(answers.length, `wrong answers in test/solutions/${notebook}.test.ts`).toBeGreaterThanOrEqual(3);
      for (const [answer, message] of answers) {
        expect(await judge(exercises, id, answer)).toEqual({ state: "wrong", message: expect.stringMatching(message) });
      }
    });

    test("has no misconception that none of these answers has", async () => {
      const verdicts = await Promise.all((wrong[id] ?? []).map(([answer]) => judge(exercises, id, answer)));
      const told = verdicts.map((verdict) => (verdict.state === "wrong" ? verdict.message : ""));
      expect(mistakes.map(({ say }) => say).filter((say) => !told.includes(say))).toEqual([]);
    });

    test("tells its own mistakes apart, from each other and from the right answer", async () => {
      for (const { like, say } of mistakes) {
        expect(await judge(exercises, id, like)).toEqual({ state: "wrong", message: say });
      }
    });
  });
}
