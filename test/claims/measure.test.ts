import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { bySeed } from "./measure";

test("effects belong to their seeds and arguments, and are measured once", async () => {
  const measured = (argument: number, seeds: number[]) =>
    bySeed<{ i: number }>("test/train/jobfunctions#afterWait", [argument], seeds);
  const first = await measured(1, [3, 1]);
  const more = await measured(1, [1, 2, 3]);
  expect([first, more].map((all) => all.map(({ i }) => i))).toEqual([[3, 1], [1, 2, 3]]);
  expect(more[0]).toBe(first[1]);
  expect((await measured(2, [1]))[0]).not.toBe(first[1]);
});

test("few processes run at once, also after measurements that failed", async () => {
  const fail = (seed: number) => bySeed("test/train/jobfunctions#fails", [], [seed]);
  const failed = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(fail));
  expect(failed.map(({ status }) => status)).toEqual(Array(6).fill("rejected"));
  const measured = await bySeed<{ pid: number }>("test/train/jobfunctions#afterWait", [100], [1, 2, 3, 4, 5, 6]);
  expect(new Set(measured.map(({ pid }) => pid)).size).toBeLessThanOrEqual(Math.min(4, availableParallelism()));
});
