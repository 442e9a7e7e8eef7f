import { describe, expect, it, onTestFinished, vi } from "vitest";
import { comparisonPlot, comparisonTable, showComparison } from "../../lib/notebook/comparison";
import { modelStyles } from "../../lib/notebook/palette";
import { scatterFigure } from "../../lib/notebook/plot";
import type { Comparison } from "../../lib/train/compare";
import { figuresOf } from "./cell";

const comparison = {
  metric: "auc",
  seeds: [1, 2, 3],
  tried: 2,
  models: [
    { name: "LR", score: { mean: 0.7, low: 0.69, high: 0.71 }, meanLogLoss: 0.5, parameters: 10 },
    { name: "FM", score: { mean: 0.75, low: 0.74, high: 0.76 }, meanLogLoss: 0.45, parameters: 50 },
  ],
  verdicts: [
    {
      words: "FM is better than LR: AUC +0.0500 (t test)",
      test: "t test",
      finding: "FM is better than LR: AUC +0.0500",
    },
  ],
} as unknown as Comparison;

describe("a comparison", () => {
  it("is a table with the interval, the log loss and the parameters, and says the budget", () => {
    expect(comparisonTable(comparison, "On new rows")).toEqual({
      caption: "On new rows (mean of 3 seeds, settings chosen among 2 for each model)",
      columns: ["model", "AUC", "95 % interval", "log loss (nats)", "parameters"],
      rows: [
        ["LR", 0.7, "0.6900 to 0.7100", 0.5, 10],
        ["FM", 0.75, "0.7400 to 0.7600", 0.45, 50],
      ],
    });
    expect(comparisonTable({ ...comparison, seeds: [1, 2] }, "On new rows").columns[2]).toBe("95 % interval");
    const single = comparisonTable({ ...comparison, seeds: [1], tried: 1, metric: "logLoss" }, "Once");
    expect(single.caption).toBe("Once (one seed, settings as given)");
    expect(single.columns).toEqual(["model", "log loss (nats)", "parameters"]);
    expect(single.rows[0]).toHaveLength(3);
  });

  it("is a point per model with its interval", () => {
    const { data } = scatterFigure(comparisonPlot(comparison, "On new rows", { name: "Bayes", value: 0.8 }));
    expect(data.map(({ name, x, y }) => [name, x, y])).toEqual([["LR", ["LR"], [0.7]], ["FM", ["FM"], [0.75]]]);
    expect(data[0].error_y).toMatchObject({ array: [0.01], arrayminus: [0.01] });
    expect(scatterFigure(comparisonPlot({ ...comparison, seeds: [1] }, "Once")).data[0].error_y).toBeUndefined();
  });

  it("names its metric, its seeds and the level to compare with in the figure", () => {
    const reference = { name: "Bayes", value: 0.4 };
    const plot = comparisonPlot({ ...comparison, metric: "logLoss" }, "On new rows", reference);
    expect([plot.x.title, plot.y.title, plot.reference]).toEqual([
      "model, with the 95 % interval over 3 seeds",
      "log loss (nats) on test data",
      reference,
    ]);
    expect(comparisonPlot({ ...comparison, seeds: [1] }, "Once").x.title).toBe("model");
  });

  it("shows the level to compare with", () => {
    const [{ layout }] = figuresOf(() => showComparison(comparison, "On new rows", { name: "Bayes", value: 0.8 }));
    expect(layout.annotations).toMatchObject([{ text: "Bayes 0.8000" }]);
  });

  it("gives several settings of a model its colour", () => {
    const models = ["DeepFM", "DeepFM 8"].map((name) => ({ ...comparison.models[0], name }));
    const { data } = scatterFigure(comparisonPlot({ ...comparison, models }, "Sizes"));
    const colors = data.map(({ marker }: any) => marker.color);
    expect(colors).toEqual([modelStyles.DeepFM.color, modelStyles.DeepFM.color]);
  });

  it("of one seed has no interval in the words that stand for its figure, as the figure has none", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    showComparison({ ...comparison, seeds: [1], verdicts: [] }, "Once");
    const shown = log.mock.calls.flat().join("\n");
    expect(shown).toContain("AUC on test data, one seed: LR 0.7000, FM 0.7500.");
    expect(shown).not.toContain("interval");
  });

  it("is shown as table, figure and verdicts", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    showComparison({ ...comparison, metric: "gauc" }, "By user");
    const byUser = log.mock.calls.flat().join("\n");
    expect(byUser).toContain("Mean GAUC on test data with its 95 % interval: LR 0.7000, FM 0.7500.");
    showComparison({ ...comparison, verdicts: [], models: comparison.models.slice(0, 1) }, "One model");
    expect(log).toHaveBeenCalledTimes(3 + 2); // nothing to say of a single model
    log.mockClear();
    showComparison(comparison, "On new rows");
    showComparison({ ...comparison, verdicts: [comparison.verdicts[0], comparison.verdicts[0]] }, "Two pairs");
    const shown = log.mock.calls.flat().join("\n");
    expect(shown).toContain("LR     0.7000");
    expect(shown).toContain("LR 0.7000, FM 0.7500");
    expect(shown).toContain("FM is better than LR: AUC +0.0500 (t test)");
    const line = "FM is better than LR: AUC +0.0500";
    expect(shown).toContain(`T test; each interval is that of its pair alone:\n${line}\n${line}`);
  });
});
