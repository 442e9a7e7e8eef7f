import { expect, onTestFinished, test, vi } from "vitest";
import { declaration, showSource } from "../../lib/notebook/source";
import { beginCell } from "./cell";

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
  expect(declaration(source, "double")).toBe(
    "/**\n * Doubles.\n */\nexport function double(n: number): number {\n  return 2 * n;\n}",
  );
});

test("a declaration of one line is that line, with its comment", () => {
  expect(declaration(source, "two")).toBe("/** One line. */\nexport const two = 2;");
  expect(declaration(source, "doubled")).toBe("export function doubled(): void {}");
});

test("a declaration may be async, a generator, a list, an interface, or have a wrapped signature", () => {
  const texts = [
    "export async function a() {\n  await 1;\n}",
    "export function* b() {\n  yield 1;\n}",
    "export const c = [\n  1,\n];",
    "export async function* d() {\n  yield 1;\n}",
    "export function e({\n  f = 1,\n}: { f?: number } = {}): void {\n  return;\n}",
    "export function g(\n  h: number,\n): void {\n  return;\n}",
    "export interface I {\n  j: number;\n}",
    "export function k(l: { m: number }): void {\n  if (l) {\n    f([1]);\n  }\n  return;\n}",
  ];
  expect(["a", "b", "c", "d", "e", "g", "I", "k"].map((name) => declaration(texts.join("\n\n"), name))).toEqual(texts);
});

test("a declaration without a comment is shown without the one before", () => {
  expect(declaration("/** Of a. */\nexport const a = 1;\n\nexport function b() {\n  return 2;\n}\n", "b")).toBe(
    "export function b() {\n  return 2;\n}",
  );
});

test("a name that only begins like another one is not taken for it", () => {
  expect(declaration(source, "doub")).toBeUndefined();
});

test("what is not exported is not shown", () => {
  expect(declaration(source, "hidden")).toBeUndefined();
});

test("the library is shown as it is on disk", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  showSource("lib/layers/pairs.ts", "sumOfPairs");
  expect(log.mock.calls.join("\n")).toContain("return sumOfEachRow(bilinearInteraction(e));");
});

test("in a notebook, whose folder is beside the library's, it is shown as code under the file's name", () => {
  const shown = beginCell();
  const before = process.cwd();
  process.chdir("material"); // no lib in it, like notebooks/ where its link is missing
  try {
    showSource("lib/layers/pairs.ts", "sumOfPairs");
  } finally {
    process.chdir(before);
  }
  expect(shown.map(([{ data }]) => data["text/markdown"])).toEqual([
    expect.stringMatching(/^`lib\/layers\/pairs\.ts`\n```typescript\n[^`]*export function sumOfPairs[^]*\n```$/),
  ]);
});

test("a missing declaration, or a missing file, is an error that names the file", () => {
  expect(() => showSource("lib/layer/pairs.ts", "sumOfPairs")).toThrow("there is no file lib/layer/pairs.ts here or one");
  expect(() => showSource("lib/layers/pairs.ts", "nothing")).toThrow(
    /lib\/layers\/pairs\.ts declares no nothing, expected an exported function/,
  );
});
