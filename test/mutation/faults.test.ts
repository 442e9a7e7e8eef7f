import { expect, test } from "vitest";
import { faults, misfit } from "./faults";

test.each(faults)("the line that \"$name\" changes is still there, once", (fault) => {
  expect(misfit(fault, process.cwd())).toBeUndefined();
});

test("each fault has its own name", () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
});
