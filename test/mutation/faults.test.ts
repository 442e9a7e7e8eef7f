import { expect, test } from "vitest";
import { faults, rooms } from "./all";
import { misfit } from "./fault";

test.each(faults)("the line that \"$name\" changes is still there, once", (fault) => {
  expect(misfit(fault, process.cwd())).toBeUndefined();
});

test("each fault has its own name", () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
});

test.each(Object.entries(rooms))("the faults of %s are in that room, in the order of its files", (room, own) => {
  const files = own.map(({ file }) => file);
  expect(files).toEqual([...files].sort());
  const folder = room === "lib" ? /^lib\/[^/]+$/ : new RegExp(`^lib/${room}/`);
  expect(files.filter((file) => !folder.test(file))).toEqual([]);
});
