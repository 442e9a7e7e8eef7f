import { afterEach, expect, test, vi } from "vitest";
import { display, inNotebook } from "../../lib/notebook/display";
import { show } from "../../lib/notebook/figure";
import { table } from "../../lib/notebook/table";
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
