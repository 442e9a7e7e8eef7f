import { describe, expect, test } from "vitest";
import { catalogue, kinds, outcomes } from "../../lib/notebook/museum/catalogue";

describe.each(Object.entries(catalogue))("exhibit %s", (name, { right, properties }) => {
  test("has a right version that keeps every property", () => {
    for (const kind of kinds) expect(properties[kind]?.(right) ?? true, kind).toBe(true);
  });

  test("has a bug that at least one kind of property catches", () => {
    expect(outcomes()[name]).toContain("caught");
  });
});

test("no single kind of property catches every bug", () => {
  for (const [i, kind] of kinds.entries()) expect(Object.values(outcomes()).every((row) => row[i] === "caught"), kind).toBe(false);
});
