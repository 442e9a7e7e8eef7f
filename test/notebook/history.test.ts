import { describe, expect, it, onTestFinished, vi } from "vitest";
import { historyLines, plotHistory } from "../../lib/notebook/history";
import { linesFigure } from "../../lib/notebook/plot";
import { History } from "../../lib/train/history";
import { figuresOf } from "./cell";

describe("a history", () => {
  const history = new History("auc");
  history.epochs.push(
    { epoch: 1, step: 5, loss: 0.6, rateFactor: 1, validation: { auc: 0.7, logLoss: 0.58 } },
    { epoch: 2, step: 10, loss: 0.5, rateFactor: 1, validation: { auc: 0.68, logLoss: 0.59 } },
    { epoch: 3, step: 15, loss: 0.4, rateFactor: 1, validation: { auc: 0.66, logLoss: 0.61 } },
  );
  history.bestEpoch = 1;

  it("plots the losses, or the AUC, over the epochs", () => {
    expect(linesFigure(historyLines(history, "Training")).data.map(({ name, x, y }) => [name, x, y])).toEqual([
      ["training", [1, 2, 3], [0.6, 0.5, 0.4]],
      ["validation", [1, 2, 3], [0.58, 0.59, 0.61]],
    ]);
    expect(
      [historyLines(history, "Training"), historyLines(history, "Training", "ranking")].map(
        ({ x, y }) => [x.title, y.title],
      ),
    ).toEqual([["epoch", "log loss (nats)"], ["epoch", "AUC"]]);
    expect(linesFigure(historyLines(history, "Training", "ranking")).data.map(({ name, y }) => [name, y])).toEqual([
      ["validation AUC", [0.7, 0.68, 0.66]],
    ]);
  });

  it("shows the curves that were asked for", () => {
    const shown = figuresOf(() => (plotHistory(history, "Training"), plotHistory(history, "Training", "ranking")));
    expect(shown.map(({ data }) => data.map(({ name }) => name))).toEqual([
      ["training", "validation"],
      ["validation AUC"],
    ]);
  });

  it("says the curves and the best epoch in words", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    plotHistory(history, "Training");
    const shown = log.mock.calls.flat().join("\n");
    log.mockClear();
    plotHistory(history, "Training", "ranking");
    const ranking = log.mock.calls.flat().join("\n");
    expect(ranking).toContain("Over 3 epochs: validation AUC from 0.7000 to 0.6600. The best epoch by auc is 1.");
    expect(shown).toContain(
      "Over 3 epochs: training from 0.6000 to 0.4000; validation from 0.5800 to 0.6100. The best epoch by auc is 1.",
    );
  });

  it("refuses to plot what is not there", () => {
    expect(() => historyLines(new History("auc"), "Training")).toThrow("no epoch was finished");
    const plain = new History("auc");
    plain.epochs.push({ epoch: 1, step: 5, loss: 0.6, rateFactor: 1 });
    expect(() => historyLines(plain, "Training", "ranking")).toThrow("there was no validation data");
    expect(historyLines(plain, "Training").alt).toBe("Over 1 epoch: training from 0.6000 to 0.6000.");
  });
});
