import { expect, test } from "vitest";
import { differences } from "../../lib/kernel/differences";
import type { DisplayData, Json, Output } from "../../lib/kernel/nbformat";
import { checksum, drawingVersion, drawPictures, isDrawn, keepPictures } from "../../lib/kernel/pictures";

const printed = (text: string, name = "stdout"): Output => ({ output_type: "stream", name, text });
const shown = (data: Record<string, Json>, metadata: Record<string, Json> = {}): Output => ({
  output_type: "display_data",
  data,
  metadata,
});
const failed = (ename: string): Output => ({ output_type: "error", ename, evalue: "no", traceback: [`${ename}: no`] });
const plotly = "application/vnd.plotly.v1+json";

test("nothing differs but the order of keys and the picture", () => {
  const committed = [
    printed("a\n"),
    shown({ [plotly]: { a: 1, b: [null] }, "image/png": "AAAA" }, { drawnFrom: "x" }),
    failed("E"),
  ];
  const fresh = [printed("a\n"), shown({ [plotly]: { b: [null], a: 1 } }), failed("E")];
  expect(differences(committed, fresh)).toEqual([]);
});

test("committed outputs are the same as themselves, pictures and all: a cell without its real data keeps them", () => {
  const committed = () => [
    shown({ [plotly]: { data: [] }, "image/png": "AAAA" }, { drawnFrom: "x", "image/png": { alt: "a" } }),
  ];
  expect(differences(committed(), committed())).toEqual([]);
});

test("an empty list is no empty object, and a key more is a difference, wherever it stands", () => {
  const layout = (value: Json) => [shown({ [plotly]: { layout: value } })];
  expect(differences(layout([]), layout({}))).toEqual([`${plotly}:`, "layout", "- []", "+ {}"]);
  expect(differences(layout([1]), layout({ 0: 1 }))).toEqual([`${plotly}:`, "layout", "- [1]", '+ {"0":1}']);
  expect(differences(layout({ a: 1 }), layout({ a: 1, b: 2 }))).toEqual([`${plotly}:`, "layout.b", "- nothing", "+ 2"]);
  expect(differences([shown({}, {})], [shown({}, { width: 1 })])).toEqual(["metadata:", "width", "- nothing", "+ 1"]);
});

test("what the fresh outputs have lost is a difference as what they have more is, wherever it stands", () => {
  const layout = (value: Json) => [shown({ [plotly]: { layout: value } })];
  expect(differences(layout({ a: 1, b: 2 }), layout({ a: 1 }))).toEqual([`${plotly}:`, "layout.b", "- 2", "+ nothing"]);
  expect(differences(layout([1, 2]), layout([1]))).toEqual([`${plotly}:`, "layout[1]", "- 2", "+ nothing"]);
  const both = shown({ "text/html": "h", "text/plain": "t" });
  const lost = ["text/html:", "the value", '- "h"', "+ nothing"];
  expect(differences([both], [shown({ "text/plain": "t" })])).toEqual(lost);
  expect(differences([shown({}, { width: 1 })], [shown({})])).toEqual(["metadata:", "width", "- 1", "+ nothing"]);
});

test("an output that is missing or new is named with its number", () => {
  expect(differences([printed("a\n"), printed("b\n", "stderr")], [printed("a\n")])).toEqual([
    "output 2 is missing:",
    "- (stderr) b",
  ]);
  expect(differences([], [shown({ "text/plain": "t", "text/html": "h" })])).toEqual([
    "output 1 is new:",
    "+ (display) text/plain, text/html",
    "+ t",
  ]);
});

test("texts are shown without the lines they begin and end with in common, each line once", () => {
  expect(differences([printed("a\nb\nc\nd")], [printed("a\nx\ny\nd")])).toEqual(["- b", "- c", "+ x", "+ y"]);
  expect(differences([printed("a\na")], [printed("a")])).toEqual(["- a"]);
  expect(differences([printed("a")], [printed("a\na")])).toEqual(["+ a"]);
});

test("outputs of different kinds are shown whole", () => {
  expect(differences([printed("a")], [printed("a", "stderr")])).toEqual(["- (stdout) a", "+ (stderr) a"]);
  expect(differences([failed("A")], [failed("B")])).toEqual(["- A: no", "+ B: no"]);
});

test("of a display each place that differs is named, and its metadata too", () => {
  const before = shown({ [plotly]: { data: [{ y: [1, 2] }], layout: {} } }, { "image/png": { alt: "a" } });
  const after = shown(
    { [plotly]: { data: [{ y: [1, 3] }], layout: { x: null } }, "text/html": "h" },
    { "image/png": { alt: "b" } },
  );
  expect(differences([before], [after])).toEqual([
    `${plotly}:`, "data[0].y[1]", "- 2", "+ 3", "layout.x", "- nothing", "+ null",
    "text/html:", "the value", "- nothing", '+ "h"',
    "metadata:", "image/png.alt", '- "a"', '+ "b"',
  ]);
});

test("of a long difference the beginning is shown, and how much more there is", () => {
  const lines = (word: string) => Array.from({ length: 15 }, (_, i) => `${word} ${i}`).join("\n");
  const found = differences([printed(lines("a"))], [printed(lines("b"))]);
  expect(found.length).toBe(21);
  expect(found.slice(-2)).toEqual(["+ b 4", "... and 10 more lines"]);
  const ten = (word: string) => [printed(lines(word).split("\n", 10).join("\n"))];
  expect(differences(ten("a"), ten("b")).at(-1)).toBe("+ b 9"); // 20 lines are all shown
});

test("of a long value the beginning is shown", () => {
  const long = (length: number) => [shown({ [plotly]: { y: "x".repeat(length) } })];
  const [, , , got] = differences([shown({ [plotly]: {} })], long(98)); // with its quotation marks 100 characters
  expect(got).toBe(`+ "${"x".repeat(98)}"`);
  expect(differences([shown({ [plotly]: {} })], long(99))[3]).toBe(`+ "${"x".repeat(99)}...`);
});

test("a picture is kept for the same figure, and not for another one", () => {
  const figure = { data: [{ y: [1] }], layout: {} };
  const notebook = (output: Output) => ({
    cells: [{ cell_type: "code" as const, id: "a", metadata: {}, source: "", outputs: [output] }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
  const committed = notebook(
    shown({ [plotly]: figure, "image/png": "AAAA" }, { drawnFrom: checksum({ layout: {}, data: [{ y: [1] }] }) }),
  );
  const drawnAfter = (fresh: Json, before = committed) => {
    const output = shown({ [plotly]: fresh });
    keepPictures(notebook(output), before);
    return output.output_type === "display_data" && isDrawn(output);
  };
  expect([drawnAfter(figure), drawnAfter({ data: [{ y: [2] }], layout: {} })]).toEqual([true, false]);
  const drawnFrom = checksum(figure);
  // Somebody took the picture out.
  expect(drawnAfter(figure, notebook(shown({ [plotly]: figure }, { drawnFrom })))).toBe(false);
  expect(isDrawn({ output_type: "display_data", data: { [plotly]: figure }, metadata: { drawnFrom } })).toBe(false);
  const edited = { data: [{ y: [9] }], layout: {} }; // in the file, beside the picture of the old one
  expect(drawnAfter(edited, notebook(shown({ [plotly]: edited, "image/png": "AAAA" }, { drawnFrom })))).toBe(false);
  committed.cells[0].outputs = [
    shown({ [plotly]: figure, "image/png": "AAAA" }, { drawnFrom: checksum(figure, drawingVersion - 1) }),
  ];
  expect(drawnAfter(figure)).toBe(false); // drawn in a way that is no more
});

test("a picture of another figure, or drawn in a way that is no more, is drawn again", async () => {
  const figure = { data: [], layout: {} };
  const drawnFrom = checksum(figure, drawingVersion - 1); // in a cell without its real data, which keeps its outputs
  const output = shown({ [plotly]: figure, "image/png": "AAAA" }, { drawnFrom }) as DisplayData;
  const cell = { cell_type: "code" as const, id: "a", metadata: {}, source: "", outputs: [output] };
  await drawPictures({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 });
  expect([isDrawn(output), output.data["image/png"] === "AAAA"]).toEqual([true, false]);
});
