/** That comments with shapes are assertions in all tests (test/vitest.config.mts), and notice what is wrong. */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { sumOfPairs } from "../../lib/layers/pairs";
import { temporaryFile } from "../temporary";
import { Shapes } from "./check";
import { instrument, rooms } from "./instrument";

const lib = path.resolve("lib");

test("what tests import from lib has its assertions", () => {
  expect(String(sumOfPairs)).toMatch(/shapes\$\d\.is\(/);
});

test("each shape behind a line of code is asked for", () => {
  const files = rooms.flatMap((room) => fs.readdirSync(path.join(lib, room)).map((name) => `${room}/${name}`));
  const unused = files.filter((file) => file.endsWith(".ts")).flatMap((file) =>
    instrument(fs.readFileSync(path.join(lib, file), "utf8"), file).unused.map((line) => `lib/${file}:${line}`),
  );
  expect(unused).toEqual([]);
});

/** What the program does with its assertions. x(2, 3) stands for a tensor with the shape [2, 3]. */
async function run(program: string): Promise<unknown> {
  const given = "const x = (...shape) => ({ shape });";
  const { code } = instrument(`${given} (() => {\n${program}\n})();`, "a.ts");
  return import(temporaryFile("a.ts", code));
}

test.each<[what: string, program: string]>([
  ["a variable", "const e = x(4, 3); // e: [batch, 3]"],
  ["a name that has come", "const e = x(4, 3); // [batch, k]\nconst f = x(4); // [batch, k] → [batch]"],
  ["a name that is a variable's", "const k = 3; const e = x(4, 3); // [batch, k]"],
  ["a name that is a batch's", "const batch = { size: 4 }; const e = x(4, 3); // [batch, k]"],
  ["a term", "const k = 3; const e = x(20, 7); // [batch · 10, 1 + k (k − 1)]"],
  ["a term with one unknown", "const e = x(2, 12), k = 3; const f = x(3); // [k]\nconst g = x(12); // [4k]"],
  ["a choice", "const e = x(1, 3); // [2 or 1, 3]\nconst f = x(5); // [3, 3] or [5]"],
  ["any beginning and any end", "const k = 3; const e = x(7, 8, 3); // [..., k]\nconst f = x(3, 8, 9); // [k, ...]"],
  ["each of several", "const k = 3; const [e, f] = [x(1, 3), x(2, 3)]; // [1 or 2, k] each"],
  ["each in a list", "const es = [x(1, 3), x(2, 3)]; // [n, 3] each"],
  ["one after the other", "const { e, f } = { e: x(1), f: x(2) }; // [1] and [2]"],
  ["an array's length, as a product", "const k = 3; const e = new Float32Array(12); // [4 x k]"],
  ["a loop's own names", "let h; for (const n of [1, 2]) { h = x(n); // [units]\n}"],
  ["a function's own names", "const f = (n) => { const e = x(n); // [units]\n}; f(1); f(2);"],
])("the shape that a comment says is right: %s", async (_what, program) => {
  await expect(run(program)).resolves.toBeDefined();
});

test.each([
  ["a variable", "const e = x(4, 3); // [4, 2]", "a.ts:2 says [4, 2], where no size is known, but it is [4,3]"],
  ["one dimension too many", "const e = x(4, 3); // [batch]", "says [batch], where no size is known, but it is [4,3]"],
  ["a name that has come", "const e = x(4, 3); // [n, n]", "says [n, n], where no size is known, but it is [4,3]"],
  ["a name on another line", "const e = x(4); // [n]\nconst f = x(5); // [n]", "a.ts:3 says [n], where n = 4, but it is [5]"],
  ["a name that is a variable's", "const k = 2; const e = x(3); // [k]", "says [k], where k = 2, but it is [3]"],
  ["a term", "const k = 3; const e = x(7); // [2k]", "says [2k], where k = 3, but it is [7]"],
  ["a term of a choice", "const e = x(6); // [a · b or 1]\nconst f = x(7); // [a · b]", "a.ts:3 says [a · b], where"],
  ["no whole number", "const e = x(7); // [2k]", "says [2k], where no size is known, but it is [7]"],
  ["what comes last", "const e = x(2, 3); // [3] → [3, 2]", "says [3, 2], where no size is known, but it is [2,3]"],
  ["each of several", "const [e, f] = [x(3), x(2)]; // [3] each", "says [3], where no size is known, but it is [2]"],
  ["each in a list", "const es = [x(3), x(2)]; // [3] each", "says [3], where no size is known, but it is [2]"],
  ["an assignment", "let h; h = x(2); // [3]", "says [3], where no size is known, but it is [2]"],
  ["an array", "const k = 3; const e = [1, 2]; // [k]", "says [k], where k = 3, but it is [2]"],
  ["what is returned", "const f = () => { return x(2); // [3]\n}; f();", "says [3], where no size is known, but it is [2]"],
  ["what an arrow returns", "[1].map(\n() => x(2), // [3]\n);", "a.ts:3 says [3], where no size is known, but it is [2]"],
  ["a field", "new (class A { w; // [3]\nconstructor() { this.w = x(2); } })();", "a.ts:2 says [3]"],
  ["a field's first value", "new (class A { w = x(2); // [3]\n})();", "a.ts:2 says [3]"],
  ["a field that is another's size", "new (class A { n = 3; f() { const e = x(2); // [n]\n} })().f();", "where n = 3"],
  ["a parameter", "/** e [n, n] → [n]. */\nfunction f(e) {}\nf(x(2, 3));", "a.ts:3 says [n, n]"],
  ["two parameters", "/** e, f [n] → [n]. */\nfunction f(e, f) {}\nf(x(2), x(3));", "says [n], where n = 2, but it is [3]"],
  ["a result", "/** e [n] → [n]. */\nfunction f(e) { return x(3); }\nf(x(2));", "says [n], where n = 2, but it is [3]"],
])("another shape than a comment says is an error: %s", async (_what, program, message) => {
  await expect(run(program)).rejects.toThrow(message);
});

test("a value without a shape is not looked at", () => {
  for (const value of [{}, undefined, null, ["a"], 3]) expect(new Shapes("a.ts").is(1, ["3"], value)).toBe(value);
});
