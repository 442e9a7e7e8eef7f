import { expect, test, vi } from "vitest";
import { declaration, showSource } from "../../lib/notebook/source";

const source = `/** About the file. */
import x from "x";

/**
 * Doubles.
 */
export function double(n: number): number {
  return 2 * n;
}

export function doubled(): void {}

/** One line. */
export const two = 2;

function hidden() {
  return 1;
}
`;

test("a declaration comes with the comment above it and ends where it closes at the margin", () => {
  expect(declaration(source, "double")).toBe("/**\n * Doubles.\n */\nexport function double(n: number): number {\n  return 2 * n;\n}");
});

test("a declaration of one line is that line, with its comment", () => {
  expect(declaration(source, "two")).toBe("/** One line. */\nexport const two = 2;");
  expect(declaration(source, "doubled")).toBe("export function doubled(): void {}");
});

test("a declaration without a comment is shown without the one before", () => {
  expect(declaration("/** Of a. */\nexport const a = 1;\n\nexport function b() {\n  return 2;\n}\n", "b")).toBe("export function b() {\n  return 2;\n}");
});

test("a name that only begins like another one is not taken for it", () => {
  expect(declaration(source, "doub")).toBeUndefined();
});

test("what is not exported is not shown", () => {
  expect(declaration(source, "hidden")).toBeUndefined();
});

test("the library is shown as it is on disk", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  showSource("lib/layers/pairs.ts", "sumOfPairs");
  expect(log.mock.calls.join("\n")).toContain("return pairProducts(e, true) as tf.Tensor1D;");
  log.mockRestore();
});

test("a missing declaration is an error that names the file", () => {
  expect(() => showSource("lib/layers/pairs.ts", "nothing")).toThrow(/lib\/layers\/pairs\.ts declares no nothing, expected a top-level/);
});
