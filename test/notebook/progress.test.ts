import { afterEach, expect, test, vi } from "vitest";
import { barBundle, progressBar } from "../../lib/notebook/progress";
import { beginCell } from "./cell";

afterEach(() => void vi.restoreAllMocks());

test("the progress bar is one display, redrawn at most five times a second, and ends as one line of text", () => {
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

test("in a terminal training prints a line per epoch", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const progress = { epoch: 1, epochs: 2, step: 3, steps: 3, loss: 0.5, metric: "auc" as const };
  const bar = progressBar("FM");
  bar.onBatch?.(progress);
  for (const epoch of [1, 2]) bar.onEpoch?.({ ...progress, epoch });
  bar.onEnd?.(progress);
  expect(log.mock.calls).toEqual([1, 2].map((epoch) => [`FM: epoch ${epoch} of 2, training log loss 0.5000`]));
});
