import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { lintNotebook } from "../../lib/kernel/lint";
import { type Cell, type Notebook, type Output, serialize } from "../../lib/kernel/nbformat";
import { checksum } from "../../lib/kernel/pictures";
import { sharedFolder } from "../temporary";

const folder = sharedFolder();
beforeAll(() => fs.writeFileSync(path.join(folder, "here.md"), ""));

const introduction = "# Clicks\n\n> Which ad?\n\n**You will** x **Before** x **Time** x **Lib** x **Paper** x";

const figure: Output = {
  output_type: "display_data",
  data: {
    "application/vnd.plotly.v1+json": { data: [] },
    "image/png": "AAAA",
    "text/plain": "AUC rises from 0.6 to 0.7.",
  },
  metadata: { drawnFrom: checksum({ data: [] }) },
};

function text(source: string): Cell {
  return { cell_type: "markdown", id: "some-text", metadata: {}, source };
}
function code(source: string, outputs: Output[] = [], more: Partial<Cell> = {}): Cell {
  return { cell_type: "code", id: "some-code", metadata: {}, source, execution_count: 1, outputs, ...more };
}
function printed(text: string, name = "stdout"): Output {
  return { output_type: "stream", name, text };
}

/** The problems of a notebook with a right first cell and these. */
function problemsOf(cells: Cell[], changes: Partial<Notebook> = {}, name = "00-clicks.ipynb"): string {
  const first: Cell = { cell_type: "markdown", id: "introduction", metadata: {}, source: introduction };
  const file = path.join(folder, name);
  fs.writeFileSync(
    file,
    serialize({
      cells: [first, ...cells],
      metadata: { kernelspec: { name: "tslab" } },
      nbformat: 4,
      nbformat_minor: 5,
      ...changes,
    }),
  );
  return lintNotebook(file).join("\n");
}

test("a good notebook has no problems", () => {
  const good = [
    text(
      "## One\n\n### Two\n\nA [link](here.md), a [site](https://example.org), `await (`.\n\n<details><summary>Hint</summary>\n\nThink.\n\n</details>",
    ),
    code(
      'import { a } from "./lib/data/impressions";\nimport * as tf from "@tensorflow/tfjs";\nimport { display } from "tslab";\nawait a(1);\nconsole.log("from " + "it");',
      [printed("0.5\n"), figure],
    ),
  ];
  expect(problemsOf(good)).toBe("");
});

const full = "word ".repeat(149);
const pathInPicture = { ...figure, data: { ...figure.data, "image/png": "=/tmp/AAA" } };

test.each<[string, Cell]>([
  ["code is no words", text(`${full}\n\n\`\`\`\n${"word ".repeat(50)}\n\`\`\``)],
  ["the text in place of a picture is no words", text(`${full}\n\n![${"word ".repeat(50)}](here.md)`)],
  ["imports are no lines of code", code(`${'import "node:fs";\n'.repeat(5)}${"1;\n".repeat(24)}2;`)],
  ["a line may have 110 columns, and an import more", code(`import "node:fs";${" ".repeat(99)}\n${"2".repeat(109)};`)],
  ["a picture is no text", code("1", [pathInPicture])],
  ["a function may loop with for await", code("async function f() {\n  for await (const x of y) {}\n}")],
])("no problem: %s", (_, cell) => {
  expect(problemsOf([cell])).toBe("");
});

test("a cell may declare a name twice, and one that another cell has within a function or an object", () => {
  const overloads = "function twice(x: number): number;\nfunction twice(x: any) {\n  const inside = x;\n  return 2 * x;\n}";
  const other = code("const other = { twice: 1 }, inside = 2;", [], { id: "other-code", execution_count: 2 });
  expect(problemsOf([code(overloads), other])).toBe("");
});

test("an object may have its function's own names in short, also where an earlier cell has these names", () => {
  const names = code("const a = 1, b = 2, c = 3, d = 4;", [], { id: "first-cell" });
  for (const body of ["(a: number) => ({ a })", "() => {\n  const b = 1;\n  return { b };\n}", "({ c }: any) => ({ c })", "([d]: any) => ({ d })"])
    expect(problemsOf([names, code(`const f = ${body};`, [], { id: "second-cell", execution_count: 2 })]), body).toBe("");
});

test("a formula is a word, and so is a tag of HTML; where a link leads is none", () => {
  const long = "word ".repeat(50);
  const counted = [`$${long}$`, `$$${long.replace(" ", "\n")}$$`, `<img src="here.md" alt="${long}">`];
  for (const markdown of counted) {
    expect(problemsOf([text(`${"word ".repeat(149)}\n\n${markdown}`)]), markdown).toBe("");
    expect(problemsOf([text(`${"word ".repeat(150)}\n\n${markdown}`)]), markdown).toMatch("151 words");
  }
  expect(problemsOf([text(`${"word ".repeat(148)}\n\n[one](here.md "${long}")`)])).toBe("");
});

test.each(["/home", "/root", "/Users", "/work", "/tmp", "/usr", "/var", "/private"])(
  "finds a path below %s, however it is written into the code",
  (folder) => {
    const written = [`"${folder}/a"`, `'${folder}/a'`, `\`${folder}/a\``, `a = ${folder}/a`, `/* (${folder}/a) */`];
    for (const source of written) expect(problemsOf([code(source)]), source).toMatch("an absolute path");
    expect(problemsOf([code(`"there${folder}/a"`)])).toBe("");
  },
);

test.each<[string, Cell[], RegExp]>([
  ["a heading that leaves out a level", [text("### Deep")], /"Deep" is a heading of level 3 below one of level 1/],
  ["a second title", [text("# Again")], /"Again" is a second title/],
  ["too many words", [text("word ".repeat(151))], /151 words, at most 150/],
  ["a link that leads nowhere", [text("[x](nowhere.md)")], /cell "some-text": the link nowhere.md leads nowhere/],
  ["a picture that does not exist", [text("![a picture](nowhere.png)")], /nowhere.png leads nowhere/],
  ["a picture without a text alternative", [text("![](here.md)")], /no text alternative/],
  ["an unclosed hint", [text("<details><summary>Hint</summary>\n\nx")], /<details> and <\/details> do not match/],
  [
    "a hint that is not read as Markdown",
    [text("<details><summary>Hint</summary>\n**x**\n</details>")],
    /no empty line after <\/summary>/,
  ],
  ["an unreadable id", [code("1", [], { id: "0a1b2c3d" })], /the id is not readable/],
  ["an id with other characters", [code("1", [], { id: "someCode" })], /the id is not readable/],
  ["an id made of hexadecimal digits", [code("1", [], { id: "abcdef12" })], /the id is not readable/],
  [
    "an id used twice",
    [code("1"), code("2", [], { execution_count: 2 })],
    /the cell id "some-code" is used more than once/,
  ],
  ["an empty cell", [code(" ")], /the cell is empty/],
  ...[
    ["import { a } from './lib/a';", "const a = 1;"],
    ["import * as a from 'tslab';", "function a() {}"],
    ["const [{ b, c: [a] }] = f();", "class a {}"],
    ["interface a {}", "import { b as a } from './lib/b';"],
    ["import a from './lib/a';", "const a = 1;"],
  ].map(([first, second]): [string, Cell[], RegExp] => [
    `one name declared by two cells: ${first} ${second}`,
    [code(first, [], { id: "first-cell" }), code(second, [], { id: "second-cell", execution_count: 2 })],
    /^cell "second-cell": declares a, as cell "first-cell" does/m,
  ]),
  [
    "the short form of an earlier cell's name",
    [code("const a = 1;", [], { id: "first-cell" }), code("f({ a });", [], { id: "second-cell", execution_count: 2 })],
    /^cell "second-cell": write { a: a }: stock tslab knows no short form/m,
  ],
  ["too many lines of code", [code("1;\n".repeat(25))], /26 lines of code, at most 25/],
  ["lines of code that speak of an import", [code('a("import x");\n'.repeat(25))], /26 lines of code/],
  ["a line that is cut at the right", [code(`1;\n${"2".repeat(110)};`)], /a line of 111 columns, at most 110: 2/],
  ["for await at top level, in any line", [code("const x = 1;\nfor await (const y of z) {}")], /`for await`/],
  ["await before a bracket", [code("const a = await (f());")], /`await \(`/],
  ["await before a bracket without a space", [code("const a = await(f());")], /`await \(`/],
  ["for await at top level", [code("for await (const x of y) {}")], /`for await`/],
  ["an import from elsewhere", [code('import { a } from "../lib/a";')], /imports \.\.\/lib\/a/],
  ["an import over several lines", [code('import {\n  a,\n} from "../lib/a";')], /imports \.\.\/lib\/a/],
  ["an import for its effect alone", [code('import "../lib/a";')], /imports \.\.\/lib\/a/],
  ["an import with its extension, which tslab does not find", [code('import { a } from "./lib/a.ts";')], /imports \.\/lib\/a\.ts/],
  ["a required package", [code('const a = require("plotly.js-dist");')], /imports plotly\.js-dist/],
  ["an import within the code", [code('const a = import("fs-extra");')], /imports fs-extra/],
  ["Math.random", [code("Math.random()")], /Math\.random/],
  ["an absolute path in the code", [code('const a = "/home/me/x.csv";')], /an absolute path/],
  ["an absolute path of a build", [code("1", [printed("at /work/main/lib")])], /an absolute path in its output/],
  ["an absolute path in an output", [code("1", [printed("saved in C:\\Users\\me")])], /an absolute path in its output/],
  ["one with slashes", [code("1", [printed("saved in D:/clicks")])], /an absolute path in its output/],
  [
    "a tag that hides errors",
    [code("1", [], { metadata: { tags: ["raises-exception"] } })],
    /unknown tag raises-exception/,
  ],
  ["a cell that was not run", [code("1", [], { execution_count: null })], /not run in order/],
  [
    "cells that were not run in their order",
    [code("1", [], { execution_count: 2 }), code("2", [], { id: "other-code", execution_count: 1 })],
    /"some-code": not run in order \(execution count 2, expected 1\)[^]*"other-code": not run in order/,
  ],
  [
    "an error as output",
    [code("1", [{ output_type: "error", ename: "E", evalue: "no", traceback: [] }])],
    /its output is an error: E: no/,
  ],
  ["a warning as output", [code("1", [printed("careful\n", "stderr")])], /it printed to stderr: careful/],
  ["a printed tensor", [code("1", [printed("Tensor { dataId: {} }")])], /it printed a tensor/],
  ["a printed object", [code("1", [printed("the model is [object Object]\n")])], /an object without its content/],
  ["a printed promise", [code("1", [printed("a comes from [object Promise]\n")])], /an object without its content/],
  ["a stack trace as output", [code("1", [printed("RangeError: odd\n    at half (lib/a.ts:3:7)\n")])], /a stack trace/],
  [
    "a stack trace of a cell",
    [code("1", [printed("RangeError: odd\n    at half (cell 2, line 2)\n")])],
    /a stack trace/,
  ],
  [
    "a stack trace of places with more digits",
    [code("1", [printed("RangeError: odd\n    at half (lib/a.ts:13:17)\n")])],
    /a stack trace/,
  ],
  [
    "a stack trace of a cell far down",
    [code("1", [printed("RangeError: odd\n    at half (cell 12, line 23)\n")])],
    /a stack trace/,
  ],
  ["a stack trace of Python", [code("1", [printed("Traceback (most recent call last):\n")])], /a stack trace/],
  ["a printed variable", [code("1", [printed("Variable { isDisposedInternal: false }")])], /it printed a tensor/],
  ["a function as output", [code("1", [printed("[Function: half]\n")])], /its output is only \[Function: half\]/],
  ["a promise as output", [code("1", [printed("Promise { <pending> }\n")])], /its output is only Promise/],
  ["a warning that begins a line", [code("1", [printed("(!) Warn, this is slow\n")])], /a warning in its output/],
  ["a warning below other lines", [code("1", [printed("epoch 1\nWarning, slow\n")])], /a warning in its output/],
  [
    "a warning in an output",
    [code("1", [printed("(node:12) ExperimentalWarning: fetch\n")])],
    /a warning in its output/,
  ],
  ["undefined as output", [code("1", [printed("undefined\n")])], /its output is only undefined/],
  [
    "a figure without text",
    [code("1", [{ ...figure, data: { "application/vnd.plotly.v1+json": {}, "image/png": "A" } }])],
    /without text\/plain/,
  ],
  ["a figure with an empty text", [code("1", [{ ...figure, data: { ...figure.data, "text/plain": "" } }])], /without text/],
  [
    "an absolute path in the HTML of an output",
    [code("1", [{ ...figure, data: { ...figure.data, "text/html": "<td>/home/me/x.csv</td>" } }])],
    /an absolute path in its output/,
  ],
  [
    "a figure without its picture",
    [code("1", [{ ...figure, data: { "application/vnd.plotly.v1+json": {}, "text/plain": "x" } }])],
    /a figure without its picture/,
  ],
  [
    "a figure with the picture of another",
    [code("1", [{ ...figure, data: { ...figure.data, "application/vnd.plotly.v1+json": { data: [{}] } } }])],
    /with that of another figure/,
  ],
  ["a file over its size", [code("1", [printed("x".repeat(700_000))])], /the file has \d+ KB, at most 600/],
])("finds %s", (_, cells, message) => {
  expect(problemsOf(cells)).toMatch(message);
});

test("finds a first cell that does not introduce the notebook", () => {
  const first: Cell = {
    cell_type: "markdown",
    id: "introduction",
    metadata: {},
    source: introduction.replace("**Time**", "").replace("> ", ""),
  };
  expect(problemsOf([], { cells: [first] })).toBe("the first cell lacks **Time**, a puzzle (> ...)");
  for (const field of ["**You will**", "**Before**", "**Time**", "**Lib**", "**Paper**"])
    expect(problemsOf([], { cells: [{ ...first, source: introduction.replace(field, "") }] })).toContain(field);
  expect(problemsOf([], { cells: [{ ...first, source: introduction.replace("# ", "") }] })).toContain(
    "the first cell lacks a title (# ...) in its first line",
  );
  expect(problemsOf([], { cells: [] })).toContain("the first cell is not text");
});

test("finds a wrong kernel, format, name and a file that is not JSON", () => {
  expect(problemsOf([], { metadata: { kernelspec: { name: "python3" } } })).toContain('the kernel is "python3"');
  expect(problemsOf([], { nbformat_minor: 4 })).toContain("has nbformat 4.4, expected 4.5");
  for (const name of ["Untitled.ipynb", "100-clicks.ipynb", "00-Clicks.ipynb", "00-clicks.ipynb.txt", "00-clicks-ipynb"])
    expect(problemsOf([], {}, name)).toContain(`the name is ${name}, expected NN-topic.ipynb`);
  expect(problemsOf([], {}, "00-top-10.ipynb")).toBe("");
  const file = path.join(folder, "01-broken.ipynb");
  fs.writeFileSync(file, "{");
  expect(lintNotebook(file).join()).toContain("is not a notebook");
});
