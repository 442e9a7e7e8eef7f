import { afterEach, expect, test, vi } from "vitest";
import { milliseconds } from "../../lib/notebook/stopwatch";

afterEach(() => void vi.restoreAllMocks());

test("milliseconds is the least time of so many goes, but not that of the first", () => {
  let clock = 100;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  const takes = [1, 7, 5, 6];
  const work = vi.fn(() => void (clock += takes.shift() ?? 99));
  expect(milliseconds(work, 3)).toBe(5);
  expect(work).toHaveBeenCalledTimes(4);
  expect(milliseconds(work)).toBe(99);
  expect(work).toHaveBeenCalledTimes(4 + 10);
});
