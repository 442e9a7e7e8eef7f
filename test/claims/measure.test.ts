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
