import { afterEach, expect, test, vi } from "vitest";
import { display, inNotebook } from "../../lib/notebook/display";
import { show } from "../../lib/notebook/figure";
import { barBundle, progressBar } from "../../lib/notebook/progress";
import { greeting } from "../../lib/notebook/setup";
import { table, tableBundle } from "../../lib/notebook/table";
import { beginCell, endCell } from "./cell";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test("each cell's display goes to its own writer", () => {
  const first = beginCell();
  display({ "text/plain": "a" });
  const second = beginCell();
  display({ "text/plain": "b" }, { id: "x", update: true, metadata: { "image/png": { alt: "b" } } });
  expect(first).toEqual([[{ data: { "text/plain": "a" }, metadata: {}, transient: {} }, false]]);
  expect(second).toEqual([
    [{ data: { "text/plain": "b" }, metadata: { "image/png": { alt: "b" } }, transient: { display_id: "x" } }, true],
  ]);
  expect(inNotebook()).toBe(true);
});

test("outside a notebook the text is printed", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  table({ caption: "Test AUC", columns: ["model", "AUC"], rows: [["FM", 0.75]] });
  expect(inNotebook()).toBe(false);
  expect(log.mock.calls).toEqual([["Test AUC\n\nmodel     AUC\n-----  ------\nFM     0.7500"]]);
});

test("a figure travels as plotly's own JSON, with its text and its alternative text for the picture", () => {
  const calls = beginCell();
  const figure = { data: [{ y: [1] }], layout: {} };
  show(figure, { title: "Loss", alt: "One point, at height one." });
  expect(calls[0][0].data).toEqual({
    "application/vnd.plotly.v1+json": { ...figure, config: { displayModeBar: false } },
    "text/plain": "[Figure] Loss\nOne point, at height one.",
  });
  expect(calls[0][0].metadata).toEqual({ "image/png": { alt: "Loss. One point, at height one.", width: 640 } });
  show({ ...figure, layout: { sliders: [] } }, { title: "Loss", alt: "One point, at height one." });
  expect(calls[1][0].metadata["image/png"].width).toBe(860); // a sheet of all its steps, shown as large as it is drawn
});

test("with CTR_TEXT a figure's text is printed as well, once, for readers with a screen reader", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const text = { title: "Loss", alt: "One point, at height one." };
  const calls = beginCell();
  vi.stubEnv("CTR_TEXT", "");
  show({ data: [], layout: {} }, text);
  expect(log).not.toHaveBeenCalled();
  vi.stubEnv("CTR_TEXT", "1");
  show({ data: [], layout: {} }, text);
  expect(log.mock.calls).toEqual([["[Figure] Loss\nOne point, at height one."]]);
  expect(calls.length).toBe(2);
  endCell(); // outside a notebook the text is there anyway
  show({ data: [], layout: {} }, text);
  expect(log).toHaveBeenCalledTimes(2);
});

test("a figure without a sentence for those who do not see it is refused", () => {
  expect(() => show({ data: [], layout: {} }, { title: "Loss", alt: " ".repeat(30) })).toThrow("expected a sentence");
  expect(() => show({ data: [], layout: {} }, { title: "Loss", alt: "loss" })).toThrow(
    /alt text of "Loss" is "loss", expected a sentence/,
  );
});

test("a table says which of its cells are headings, and hides no character of HTML", () => {
  const html = tableBundle({
    caption: "a < b",
    columns: ["model", "clicks", "best", "note"],
    rows: [
      ["Wide&Deep", 12345, true, "x"],
      ["FM", null, false, undefined],
    ],
  })["text/html"];
  expect(html).toContain("<caption>a &lt; b</caption>");
  expect(html).toContain('<th scope="col" style="text-align: right">clicks</th>');
  expect(html).toContain(
    '<tr><th scope="row" style="text-align: left">Wide&amp;Deep</th><td style="text-align: right">12,345</td><td style="text-align: right">yes</td>',
  );
  expect(html).toContain(
    '<td style="text-align: right"></td><td style="text-align: right">no</td><td style="text-align: left"></td>',
  );
});

test("a table's numbers have as many digits as asked for, and its headings and cells hide no character of HTML", () => {
  const bundle = tableBundle({ caption: "c", columns: ["k", "a<b", "x"], rows: [["i", 0.12345, "<i>"]], digits: 2 });
  expect(bundle["text/html"]).toContain('a&lt;b</th>');
  expect(bundle["text/html"]).toMatch(/0\.12<\/td>.*&lt;i&gt;<\/td>/);
  expect(bundle["text/plain"]).toMatch(/0\.12 {2}<i>$/);
});

test("a table's first column, which names the rows, is read from the left also when it is numbers", () => {
  const html = tableBundle({ caption: "c", columns: ["k", "AUC"], rows: [[1, 0.5], [16, 0.6]] })["text/html"];
  expect(html).toContain('<th scope="row" style="text-align: left">1</th>');
});

test("a column of numbers is read from the right, also if they come as text, and their points stand below each other", () => {
  const rows = [
    ["a", 12, "−0.5", "2.5 %", "1"],
    ["b", -0.031, "12", null, "x"],
    ["c", 1234.5, "", "10 %", "2"],
  ];
  const bundle = tableBundle({ caption: "c", columns: ["k", "n", "text", "share", "words"], rows });
  const cells = Array.from(
    (bundle["text/html"] as string).matchAll(/<td style="text-align: (\w+)">([^<]*)</g),
    ([, side, text]) => `${side} ${text.replace(/\u2007/g, "_").replace(/\u2008/g, ",")}`,
  );
  expect(cells).toEqual(
    [
      ["right 12,_____", "right −0.5", "right 2.5 %", "left 1"],
      ["right −0.03100", "right 12,_", "right ", "left x"],
      ["right 1,235,_____", "right ", "right 10 %", "left 2"],
    ].flat(),
  );
  expect(bundle["text/plain"].split("\n").slice(4)).toEqual([
    "a     12        −0.5  2.5 %  1",
    "b     −0.03100  12           x",
    "c  1,235               10 %  2",
  ]);
});

test("a table has one minus sign, whether its numbers come as numbers or as text", () => {
  const rows = [["mini-batch", -0.5, "-0.6 to 2e-5"]];
  const { "text/html": html, "text/plain": lines } = tableBundle({ caption: "c", columns: ["k", "n", "95 %"], rows });
  expect(html).toMatch(/>mini-batch<.*>−0\.5000<.*>−0\.6 to 2e−5</);
  expect(lines).toMatch(/mini-batch {2}−0\.5000 {2}−0\.6 to 2e−5$/);
});

test("a table's row with a cell too many is refused", () => {
  expect(() => tableBundle({ caption: "c", columns: ["a"], rows: [["x"], ["y", 1]] })).toThrow(
    'row 1 of the table "c" has 2 cells, expected 1',
  );
});

test("the progress bar is one display, redrawn at most five times a second, and ends as one line of text", () => {
  vi.stubEnv("VITEST", undefined);
  const calls = beginCell();
  let now = 1000;
  vi.spyOn(Date, "now").mockImplementation(() => now);
  const bar = progressBar("FM");
  const progress = { epoch: 1, epochs: 2, step: 0, steps: 100, loss: 0.69, metric: "auc" as const };
  for (let step = 1; step <= 100; step++) {
    now += 10;
    bar.onBatch?.({ ...progress, step });
  }
  expect(calls.length).toBe(5);
  bar.onEnd?.({ ...progress, epoch: 2, step: 100, loss: 0.51234, validation: 0.7 });
  expect(calls.map(([, update]) => update)).toEqual([false, ...calls.slice(1).map(() => true)]);
  expect(new Set(calls.map(([content]) => content.transient.display_id)).size).toBe(1);
  expect(calls.at(-1)![0].data).toEqual({
    "text/plain": "FM: epoch 2 of 2, training log loss 0.5123, validation AUC 0.7000",
  });
});

test("two trainings of one name have a bar each, and name the metric that judges them", () => {
  vi.stubEnv("VITEST", undefined);
  const calls = beginCell();
  const progress = { epoch: 1, epochs: 1, step: 1, steps: 1, loss: 0.6, validation: 0.5, metric: "logLoss" as const };
  for (const bar of [progressBar("FM"), progressBar("FM")]) bar.onEnd?.(progress);
  expect(new Set(calls.map(([content]) => content.transient.display_id)).size).toBe(2);
  expect(calls.map(([content]) => content.data["text/plain"])).toEqual(
    Array(2).fill("FM: epoch 1 of 1, training log loss 0.6000, validation log loss 0.5000"),
  );
});

test("the progress bar tells screen readers how far it is", () => {
  const html = barBundle("Wide&Deep", { epoch: 2, epochs: 4, step: 50, steps: 100, loss: 0.5, metric: "auc" })[
    "text/html"
  ];
  expect(html).toMatch(
    /role="progressbar" aria-label="Wide&amp;Deep" aria-valuemin="0" aria-valuemax="100" aria-valuenow="38"/,
  );
  expect(html).toContain("<div>Wide&amp;Deep: epoch 2 of 4, training log loss 0.5000</div>");
  expect(
    barBundle('the "deep" one', { epoch: 1, epochs: 1, step: 1, steps: 1, loss: 0.5, metric: "auc" })["text/html"],
  ).toContain('aria-label="the &quot;deep&quot; one"');
});

test("in a terminal training prints a line per epoch, and in tests nothing", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const progress = { epoch: 1, epochs: 2, step: 3, steps: 3, loss: 0.5, metric: "auc" as const };
  progressBar("FM").onEpoch?.(progress);
  expect(log).not.toHaveBeenCalled();
  vi.stubEnv("VITEST", undefined);
  const bar = progressBar("FM");
  bar.onBatch?.(progress);
  bar.onEpoch?.(progress);
  bar.onEnd?.(progress);
  expect(log.mock.calls).toEqual([["FM: epoch 1 of 2, training log loss 0.5000"]]);
});

test("the greeting names the engine and what it means for the digits, and no file of this machine", () => {
  expect(greeting("wasm", "as asked by CTR_BACKEND")).toBe(
    "Engine: wasm (as asked by CTR_BACKEND). Your numbers will be the ones you see here, digit for digit.",
  );
  expect(greeting("node", "the fastest for large models")).toContain("may differ from the ones you see here");
  const why = "no node: The addon (tfjs_binding.node) can not be found at path: /home/a/node_modules/x.node. ";
  expect(greeting("wasm", why)).toContain("(no node: The addon (tfjs_binding.node) can not be found).");
  expect(
    greeting("wasm", "no node: Cannot find package '@tensorflow/tfjs-node' imported from /home/a/lib/engine.ts"),
  ).toContain("(no node: Cannot find package '@tensorflow/tfjs-node').");
  expect(greeting("wasm", "no node: no such symbol in /home/a/x.node")).toContain("(no node: no such symbol).");
});
