import { type Fault, notebook } from "../fault";

export const faults: readonly Fault[] = [
  {
    name: "a comparison is shown without the level to compare with",
    file: "lib/notebook/comparison.ts",
    find: "scatter(comparisonPlot(comparison, title, reference)",
    replace: "scatter(comparisonPlot(comparison, title)",
    tests: [notebook("comparison")],
  },
  {
    name: "a diverging scale reaches as far as its lowest value",
    file: "lib/notebook/heatmap.ts",
    find: "Math.max(Math.abs(low), Math.abs(high))",
    replace: "Math.abs(low)",
    tests: [notebook("heatmap")],
  },
  {
    name: "an empty tile has no cross",
    file: "lib/notebook/heatmap.ts",
    find: '<span style="color:#707070">×</span>',
    replace: "",
    tests: [notebook("heatmap")],
  },
  {
    name: "the words of a training end with its second epoch",
    file: "lib/notebook/history.ts",
    find: "format(y[y.length - 1])",
    replace: "format(y[1])",
    tests: [notebook("history")],
  },
  {
    name: "the name of a reference stands where points strike it through",
    file: "lib/notebook/plot.ts",
    find: "!isFree(0, width) && isFree(1 - width, 1)",
    replace: "false",
    tests: [notebook("plot")],
  },
  {
    name: "a solved exercise makes the record forget the others",
    file: "lib/notebook/record.ts",
    find: "[...new Set([...(solved ?? []), id])].sort()",
    replace: "[id].sort()",
    tests: [notebook("record")],
  },
  {
    name: "a table writes the numbers that come as text with a hyphen",
    file: "lib/notebook/table.ts",
    find: "withMinus(typeof cell === \"number\" ? format(cell, digits) : cell)",
    replace: "typeof cell === \"number\" ? withMinus(format(cell, digits)) : cell",
    tests: [notebook("table")],
  },
];
