import { describe, expect, test } from "vitest";
import type { Axis, Figure } from "../../lib/notebook/figure";
import { heatmapFigure } from "../../lib/notebook/heatmap";
import { modelStyles, stylesFor } from "../../lib/notebook/palette";
import { barsFigure, linesFigure, scatterFigure } from "../../lib/notebook/plot";
import { channels, contrast, paper } from "./colour";
import { text } from "./figuretext";

test("lines have the look of their model, values of five digits, and error bars from their intervals", () => {
  const { data } = linesFigure({
    ...text,
    series: [
      {
        name: "FM",
        x: [1, 2],
        y: Float32Array.of(1 / 3, 0.5),
        interval: [
          { low: 0.3, high: 0.4 },
          { low: 0.5, high: 0.75 },
        ],
      },
    ],
  });
  expect(data[0]).toMatchObject({
    name: "FM",
    x: [1, 2],
    y: [0.33333, 0.5],
    line: { color: modelStyles.FM.color, dash: "solid" },
    marker: { symbol: "diamond" },
  });
  expect(data[0].error_y).toMatchObject({ symmetric: false, array: [0.066667, 0.25], arrayminus: [0.033333, 0] });
});

test("a line of many points has no markers, and all its points", () => {
  const look = (n: number) => {
    const series = [{ name: "FM", x: Array.from({ length: n }, (_, i) => i), y: new Float32Array(n) }];
    const { mode, line } = linesFigure({ ...text, series }).data[0] as any;
    return [mode, line.simplify];
  };
  expect([look(40), look(41)]).toEqual([["lines+markers", undefined], ["lines", false]]);
});

test("a model's second curve shares its colour and differs in marker and dash; others differ in colour", () => {
  const styles = stylesFor([
    { name: "FM" },
    { name: "FM, unseen pairs", model: "FM" },
    { name: "rows" },
    { name: "dense" },
  ]);
  expect(styles[1].color).toBe(styles[0].color);
  expect(styles[1].symbol).toBe("diamond-open");
  expect(styles[1].dash).not.toBe(styles[0].dash);
  expect(styles[2].color).not.toBe(styles[3].color);
});

test("a legend is there when there is something to tell apart", () => {
  const one = { name: "FM", x: [1], y: [1] };
  expect(linesFigure({ ...text, series: [one] }).layout.showlegend).toBe(false);
  expect(linesFigure({ ...text, series: [one, { ...one, name: "LR" }] }).layout.showlegend).toBe(true);
});

test("a legend does not repeat the names that stand below or beside the points", () => {
  const point = (name: string, x: string | number, label?: string) => ({
    ...{ name, x: [x], y: [1] },
    ...(label === undefined ? {} : { labels: [label] }),
  });
  const legend = (...series: ReturnType<typeof point>[]) => scatterFigure({ ...text, series }).layout.showlegend;
  expect(legend(point("FM", "FM"), point("LR", "LR"))).toBe(false);
  expect(legend(point("FM", "FM"), point("LR", "others"))).toBe(true);
  const series = [point("FM", 1, "FM"), point("LR", 2, "k = 8"), point("DNN", 3)];
  const { data } = scatterFigure({ ...text, series });
  expect(data.map(({ showlegend }) => showlegend)).toEqual([false, undefined, undefined]);
});

test("a reference is a line across with its name and value", () => {
  const { layout } = linesFigure({
    ...text,
    series: [{ name: "FM", x: [1], y: [0.7] }],
    reference: { name: "Bayes", value: 0.8 },
  });
  const across = { xref: "paper", yref: "y" }; // x in shares of the plot, y on its axis
  expect(layout.shapes).toMatchObject([{ ...across, type: "line", x0: 0, x1: 1, y0: 0.8, y1: 0.8 }]);
  const name = { text: "Bayes 0.8000", y: 0.8, yanchor: "bottom", x: 0, xanchor: "left", showarrow: false };
  expect(layout.annotations).toMatchObject([{ ...across, ...name }]);
});

test("a reference does not strike markers through, and no bar hides it", () => {
  const reference = { name: "Bayes", value: 0.8 };
  const series = [{ name: "FM", x: [1], y: [0.8] }];
  const layers = [
    linesFigure({ ...text, series, reference }),
    scatterFigure({ ...text, series, reference }),
    barsFigure({ ...text, categories: ["a"], series, reference }),
  ].map(({ layout }) => (layout.shapes as any)[0].layer);
  expect(layers).toEqual(["below", "below", "above"]);
});

test("the grid shows a reference that is drawn below it, and looks as it does elsewhere", () => {
  const grid = (axis: "xaxis" | "yaxis", more: object) =>
    (linesFigure({ ...text, series: [{ name: "FM", x: [1], y: [0.7] }], ...more }).layout[axis] as any).gridcolor;
  for (const axis of ["xaxis", "yaxis"] as const) {
    const clear = grid(axis, { reference: { name: "a coin", value: 0.5 } });
    const ink = Number(/^rgba\(0, 0, 0, (0\.\d+)\)$/.exec(clear)?.[1]);
    expect(channels(grid(axis, {}))).toEqual(Array(3).fill(expect.closeTo(1 - ink, 2)));
  }
});

test("a reference looks as its model, and like no model if it is none", () => {
  const look = (name: string) => {
    const series = [{ name: "FM", x: [1], y: [0.7] }];
    const { shapes } = linesFigure({ ...text, series, reference: { name, value: 0.8 } }).layout as any;
    const { color, dash } = shapes[0].line;
    return { color, dash };
  };
  expect(look("Bayes")).toEqual({ color: "#000000", dash: "longdashdot" });
  expect(look("LR")).toEqual({ color: "#666666", dash: "dot" });
  expect(look("none")).toEqual({ color: "#222222", dash: "dash" });
});

test("the name of a reference goes to the right where it would be struck through at the left, and only there", () => {
  const end = (y: number[], x: (number | string)[] = [1, 2, 3, 4, 5], more: object = {}) => {
    const series = [{ name: "FM", x, y, ...more }];
    const { annotations } = linesFigure({ ...text, series, reference: { name: "LR", value: 0.8 } }).layout as any;
    expect(annotations[0].x).toBe(annotations[0].xanchor === "left" ? 0 : 1);
    return annotations[0].xanchor;
  };
  expect(end([0.81, 0.7, 0.6, 0.5, 0.4])).toBe("right");
  expect(end([0.8, 0.7, 0.6, 0.5, 0.4], [..."abcde"])).toBe("right");
  expect(end([0.4, 0.5, 0.6, 0.7, 0.81])).toBe("left");
  expect(end([0.9, 0.7, 0.6, 0.5, 0.4])).toBe("left"); // well above the line
  expect(end([0.795, 0.7, 0.6, 0.5, 0.4])).toBe("right"); // below it, but its marker is not
  expect(end([0.785, 0.7, 0.6, 0.5, 0.4])).toBe("left");
  expect(end([0.81, 0.7, 0.6, 0.5, 0.81])).toBe("left"); // no end is free
  const interval = [0.9, 0.7, 0.6, 0.5, 0.4].map((y) => ({ low: y - 0.15, high: y + 0.01 }));
  expect(end([0.9, 0.7, 0.6, 0.5, 0.4], undefined, { interval })).toBe("right");
});

test("the longer the name of a reference is, the farther right may be the point that strikes it through", () => {
  const end = (x: (number | string)[], letters: number) => {
    const series = [{ name: "FM", x, y: [0.6, 0.8, 0.6, 0.6, 0.6] }];
    const reference = { name: "a".repeat(letters - " 0.8000".length), value: 0.8 };
    return (linesFigure({ ...text, series, reference }).layout.annotations as any)[0].xanchor;
  };
  // The second point is 119 of 430 pixels from the left: 15 letters take 113 with their marker, 16 take 120.
  expect([end([1, 2, 3, 4, 5], 15), end([1, 2, 3, 4, 5], 16)]).toEqual(["left", "right"]);
  // The second of five words is 129 pixels from the left.
  expect([end([..."abcde"], 17), end([..."abcde"], 18)]).toEqual(["left", "right"]);
});

test("on a logarithmic axis the first point of a sweep strikes the name of a reference through where it is drawn", () => {
  const series = [{ name: "FM", x: [1, 10, 100, 1000, 10_000], y: [0.4, 0.8, 0.8, 0.8, 0.4] }];
  const end = (log: boolean) =>
    (
      linesFigure({ ...text, x: { title: "B", log }, series, reference: { name: "LR", value: 0.8 } }).layout
        .annotations as any
    )[0].xanchor;
  expect([end(false), end(true)]).toEqual(["right", "left"]);
});

test("on a logarithmic axis a point is as far above a reference as it is drawn", () => {
  const series = [{ name: "FM", x: [1, 2, 3, 4, 5], y: [50, 1000, 1000, 1000, 1000] }];
  const end = (log: boolean) =>
    (
      linesFigure({ ...text, y: { title: "ms", log }, series, reference: { name: "LR", value: 10 } }).layout
        .annotations as any
    )[0].xanchor;
  expect([end(false), end(true)]).toEqual(["right", "left"]);
});

test("axes carry their titles; a logarithmic range is in powers, and words make categories", () => {
  const series = [{ name: "FM", x: ["once", "often"], y: [10, 1000] }];
  const { layout } = linesFigure({ ...text, y: { title: "time (ms)", log: true, range: [1, 1000] }, series });
  expect(layout.xaxis).toMatchObject({ type: "category", title: { text: "epoch" } });
  expect(layout.yaxis).toMatchObject({ type: "log", title: { text: "time (ms)" }, range: [0, 3], dtick: 1 });
});

test("a logarithmic axis of less than two powers of ten has 1, 2 and 5 of each, written out", () => {
  const { layout } = linesFigure({
    ...text,
    x: { title: "parameters", log: true },
    series: [{ name: "FM", x: [18_000, 300_000], y: [1, 2] }],
  });
  const { tickvals, ticktext } = layout.xaxis as { tickvals: number[]; ticktext: string[] };
  expect(tickvals).toEqual([10_000, 20_000, 50_000, 100_000, 200_000, 500_000]);
  expect(ticktext.slice(1, 4)).toEqual(["20,000", "50,000", "100,000"]);
  const upTo = (end: number) =>
    linesFigure({ ...text, x: { title: "n", log: true }, series: [{ name: "FM", x: [20, end], y: [1, 2] }] }).layout.xaxis;
  expect(upTo(100)).toMatchObject({ tickvals: [10, 20, 50, 100, 200, 500] }); // the power that ends it is among them
});

test("a longer logarithmic axis has powers of ten, written as such where they reach a billion", () => {
  const axis = (x: number[]) =>
    linesFigure({ ...text, x: { title: "n", log: true }, series: [{ name: "FM", x, y: [1, 2] }] }).layout.xaxis as any;
  expect(axis([100, 100_000])).toMatchObject({ dtick: 1, exponentformat: "none", separatethousands: true });
  for (const values of [[100, 1e9], [1e-4, 1]]) expect(axis(values)).toMatchObject({ dtick: 1, exponentformat: "power" });
  expect(axis([0.001, 1])).toMatchObject({ exponentformat: "none" });
});

test("thousands of a linear axis are written as in tables, also where only its end or its range reaches them", () => {
  const axis = (x: (number | string)[], more: Partial<Axis> = {}) =>
    linesFigure({ ...text, x: { title: "n", ...more }, series: [{ name: "FM", x, y: [1, 2] }] }).layout.xaxis as any;
  const written = { type: "linear", exponentformat: "none", separatethousands: true };
  for (const x of [[1, 20_000], [-1000, 1], [1, 960]]) expect(axis(x)).toMatchObject(written);
  expect(axis([1, 2], { range: [0, 1000] })).toMatchObject(written);
  for (const x of [[0.00001, 100], ["1024", "2048"]]) expect(axis(x)).not.toHaveProperty("separatethousands");
});

test("on a logarithmic axis a reference's name stands at its line: plotly takes the value for the line, the power of ten for the name", () => {
  const reference = { name: "dense", value: 1000 };
  for (const figure of [
    linesFigure({ ...text, y: { title: "ms", log: true }, series: [{ name: "FM", x: [1], y: [10] }], reference }),
    barsFigure({
      ...text,
      y: { title: "ms", log: true },
      categories: ["a"],
      series: [{ name: "FM", y: [10] }],
      reference,
    }),
  ]) {
    expect(figure.layout.shapes).toMatchObject([{ y0: 1000, y1: 1000 }]);
    expect(figure.layout.annotations).toMatchObject([{ text: "dense 1,000", y: 3 }]);
  }
});

test("a logarithmic axis of bars under a slider holds their ends: there is no 0 on it", () => {
  const steps = [1, 2].map((k) => ({ label: k, series: [{ name: "FM", y: [100 ** k] }] }));
  const [low, high] = (
    barsFigure({ ...text, y: { title: "ms", log: true }, categories: ["a"], slider: { name: "k", steps } }).layout
      .yaxis as any
  ).range;
  expect([low, high]).toEqual([expect.closeTo(1.88, 3), expect.closeTo(4.12, 3)]); // powers of ten, with 6 % room
});

test("a single series of bars takes its colours from models that are its categories", () => {
  const bars = { ...text, categories: ["LR", "FM"], series: [{ name: "AUC", y: [0.6, 0.7] }] };
  expect(barsFigure(bars).data[0].marker).toMatchObject({ color: [modelStyles.LR.color, modelStyles.FM.color] });
  expect(barsFigure(bars).data[0].text).toEqual(["0.600", "0.700"]);
  const two = barsFigure({ ...bars, series: [{ name: "FM", y: [1, 2] }, { name: "LR", y: [1, 2] }] });
  expect(two.data.map(({ marker }: any) => marker.color)).toEqual([modelStyles.FM.color, modelStyles.LR.color]);
});

test("lines are dashed and bars hatched as their model is, so that they are told apart without colours", () => {
  const line = linesFigure({ ...text, series: [{ name: "POLY2", x: [1], y: [1] }] }).data[0].line;
  expect(line).toMatchObject({ dash: modelStyles.POLY2.dash });
  const patterns = (names: string[], series: string[]) =>
    barsFigure({ ...text, categories: names, series: series.map((name) => ({ name, y: names.map(() => 1) })) }).data
      .map(({ marker }: any) => marker.pattern.shape);
  expect(patterns(["once"], ["POLY2", "FM"])).toEqual([modelStyles.POLY2.pattern, modelStyles.FM.pattern]);
  expect(patterns(["POLY2", "FM"], ["AUC"])).toEqual([[modelStyles.POLY2.pattern, modelStyles.FM.pattern]]);
});

test("the numbers of eight bars or more are short: they stand side by side", () => {
  const eight = ["a", "b", "c", "d"].map((name) => ({ name, y: [0.1234, 0.2] }));
  const numbers = (series: typeof eight) => barsFigure({ ...text, categories: ["x", "y"], series }).data[0].text;
  expect([numbers(eight), numbers(eight.slice(1))]).toEqual([["0.12", "0.20"], ["0.123", "0.200"]]);
});

test("the numbers over bars have the decimals of the largest of all, at every step of a slider", () => {
  const bars = (more: object, ...steps: number[][]) => {
    const slider = { name: "k", steps: steps.map((y, label) => ({ label, series: [{ name: "FM", y }] })) };
    return barsFigure({ ...text, categories: ["a", "b"], slider, ...more }).data.map((trace) => trace.text);
  };
  expect(bars({}, [0.05, 0.3], [0, 0.0981])).toEqual([["0.050", "0.300"], ["0", "0.098"]]);
  expect(bars({}, [-0.05, 0.04], [12.34, 1])).toEqual([["-0.1", "0.0"], ["12.3", "1"]]);
  expect(bars({ y: { title: "ms", log: true } }, [0.05, 30.5])).toEqual([["0.0500", "30.5"]]);
});

test("bars with intervals have no numbers over them, and a legend where a slider shows several series", () => {
  const series = [{ name: "FM", y: [0.5], interval: [{ low: 0.4, high: 0.6 }] }];
  const { data, layout } = barsFigure({ ...text, categories: ["a"], series });
  expect([data[0].text, layout.showlegend]).toEqual([undefined, false]);
  expect(data[0].error_y).toMatchObject({ symmetric: false, array: [0.1], arrayminus: [0.1] });
  const slider = { name: "k", steps: [{ label: 1, series: [...series, { name: "LR", y: [0.4] }] }] };
  expect(barsFigure({ ...text, categories: ["a"], slider }).layout.showlegend).toBe(true);
});

describe("the label where the mouse is", () => {
  const label = ({ data }: Figure) => data[0].hovertemplate;

  test("has words for x and y, four digits, and whole numbers in full", () => {
    const series = [{ name: "FM", x: [1, 10], y: [0.5, 1 / 3] }];
    const hovertemplate = "<b>FM</b><br>epoch: %{x}<br>AUC: %{y}<extra></extra>";
    const ofLines = { hovertemplate, xhoverformat: ",.5~r", yhoverformat: ",.4~r" };
    expect(linesFigure({ ...text, series }).data[0]).toMatchObject(ofLines);
    const [ofBars] = barsFigure({ ...text, categories: ["new", "old"], series }).data;
    expect(ofBars).toMatchObject({ hovertemplate, yhoverformat: ",.4~r" });
    expect(ofBars).not.toHaveProperty("xhoverformat");
  });

  test("has the ends of an interval", () => {
    const series = [{ name: "FM", x: ["a"], y: [-0.5], interval: [{ low: -0.6, high: 2 / 3 }] }];
    const { data } = linesFigure({ ...text, series });
    expect(data[0].customdata).toEqual(["−0.5000 (−0.6000 to 0.6667)"]);
    expect(data[0].hovertemplate).toContain("AUC: %{customdata}<");
  });

  test("has a point's own name, but no name twice", () => {
    const of = (labels: string[]) => {
      const series = [{ name: "FM", x: labels.map((_, i) => i), y: labels.map(() => 1), labels }];
      return label(scatterFigure({ ...text, series }));
    };
    expect(of(["Nike", "Vogue"])).toMatch(/^<b>FM, %\{text\}<\/b><br>/);
    expect(of(["FM"])).toMatch(/^<b>FM<\/b><br>/);
  });

  test("leaves out where marks were moved, and breaks a long title", () => {
    const series = [{ name: "FM", x: [0.96], y: [0.5] }];
    const x = { title: "unseen pairs", moved: true };
    const y = { title: "AUC, mean of five worlds, with its 95 % interval" };
    expect(label(linesFigure({ ...text, x, y, series }))).toBe(
      "<b>FM</b><br>AUC, mean of five worlds, with its<br>95 % interval: %{y}<extra></extra>",
    );
  });
});

test("a figure has room for all names in its legend, each counted once", () => {
  const many = Array.from({ length: 20 }, (_, i) => ({ name: `series ${i}`, x: [1], y: [1] }));
  expect(linesFigure({ ...text, series: many }).layout.height).toBe(510); // 20 each, and the axes
  const steps = Array.from({ length: 20 }, (_, k) => ({ label: k, series: [{ name: "FM", x: [1], y: [1] }] }));
  expect(linesFigure({ ...text, slider: { name: "k", steps } }).layout.height).toBe(490); // 400 and the slider's 90
});

test("each plot draws what it is called, and a point has its own name", () => {
  const series = [{ name: "items", x: [1, 2], y: [1, 2], labels: ["Nike", "Vogue"] }];
  expect(scatterFigure({ ...text, series }).data[0]).toMatchObject({ type: "scatter", text: ["Nike", "Vogue"] });
  const unnamed = series.map(({ labels: _, ...rest }) => rest);
  expect(scatterFigure({ ...text, series: unnamed }).data[0].mode).toBe("markers"); // without it plotly joins them
  expect(linesFigure({ ...text, series }).data[0].type).toBe("scatter");
  const { data } = barsFigure({ ...text, categories: ["a", "b"], series });
  expect(data[0]).toMatchObject({ type: "bar", name: "items", x: ["a", "b"], textposition: "outside" });
  expect(heatmapFigure({ ...text, color: "w", values: [[1]] }).data[0].type).toBe("heatmap");
});

test("names of points lean towards the middle, and only a few are written out", () => {
  const points = (count: number) => ({
    name: "items",
    x: Array.from({ length: count }, (_, i) => 10 + i),
    y: new Float32Array(count),
    labels: Array(count).fill("a"),
  });
  expect(scatterFigure({ ...text, series: [points(5)] }).data[0].textposition).toEqual([
    "top right",
    "top center",
    "top center",
    "top center",
    "top left",
  ]);
  expect(scatterFigure({ ...text, series: [points(5)] }).data[0].mode).toBe("markers+text");
  expect([30, 31].map((count) => scatterFigure({ ...text, series: [points(count)] }).data[0].mode)).toEqual([
    "markers+text",
    "markers",
  ]);
});

describe("a slider", () => {
  const steps = [1, 2, 4].map((k) => ({ label: k, series: [{ name: "FM", x: [1, 2], y: [0.5, 0.5 + k / 10] }] }));
  const figure = linesFigure({
    ...text,
    series: [{ name: "Bayes", x: [1, 2], y: [0.95, 0.95] }],
    slider: { name: "k", steps, start: 1 },
  });
  const [slider] = figure.layout.sliders as any[];

  test("shows the fixed series and those of one step", () => {
    expect(figure.data.map(({ visible }) => visible)).toEqual([true, false, true, false]);
    expect(slider.active).toBe(1);
    expect(slider.steps.map((step: any) => step.label)).toEqual(["1", "2", "4"]);
    expect(slider.steps[2]).toMatchObject({ method: "restyle", args: ["visible", [true, false, false, true]] });
  });

  test("has a handle and a rail that stand out from white", () => {
    expect(contrast(channels(slider.bordercolor), paper)).toBeGreaterThanOrEqual(3); // WCAG 2.2, 1.4.11
  });

  test("does not move the axes", () => {
    const [low, high] = (figure.layout.yaxis as any).range;
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.95);
    const wider = [1, 9].map((end) => ({ label: end, series: [{ name: "FM", x: [-end, end], y: [0, 1] }] }));
    const [left, right] = (linesFigure({ ...text, slider: { name: "k", steps: wider } }).layout.xaxis as any).range;
    expect([left < -9, right > 9]).toEqual([true, true]);
    const words = [1, 2].map((k) => ({ label: k, series: [{ name: "FM", x: ["once", "often"], y: [0, k] }] }));
    expect((linesFigure({ ...text, slider: { name: "k", steps: words } }).layout.xaxis as any).range).toBeUndefined();
  });

  test("keeps the ends of intervals in sight, and the 0 of bars", () => {
    const series = [{ name: "FM", x: [1], y: [0.5], interval: [{ low: 0.1, high: 0.9 }] }];
    const [low, high] = (
      linesFigure({ ...text, slider: { name: "k", steps: [{ label: 1, series }] } }).layout.yaxis as any
    ).range;
    expect([low < 0.1, high > 0.9]).toEqual([true, true]);
    const bars = [5, 6].map((y) => ({ label: y, series: [{ name: "FM", y: [y] }] }));
    expect(
      (barsFigure({ ...text, categories: ["a"], slider: { name: "k", steps: bars } }).layout.yaxis as any).range[0],
    ).toBeLessThanOrEqual(0);
  });

  test("keeps the range that its axis has, and powers of ten on a logarithmic one", () => {
    const range = (y: object) =>
      (
        linesFigure({
          ...text,
          y: { title: "ms", ...y },
          slider: { name: "k", steps: [{ label: 1, series: [{ name: "FM", x: [1, 2], y: [1, 1000] }] }] },
        }).layout.yaxis as any
      ).range;
    expect(range({ range: [0, 2000] })).toEqual([0, 2000]);
    expect(range({ log: true })).toEqual([expect.closeTo(-0.18, 3), expect.closeTo(3.18, 3)]);
  });

  test("keeps its reference in sight", () => {
    const { layout } = linesFigure({ ...text, slider: { name: "k", steps }, reference: { name: "Bayes", value: 5 } });
    expect((layout.yaxis as any).range[1]).toBeGreaterThan(5);
    const bars = barsFigure({
      ...text,
      categories: ["a"],
      slider: { name: "k", steps: [{ label: 1, series: [{ name: "FM", y: [1] }] }] },
      reference: { name: "Bayes", value: 5 },
    });
    expect((bars.layout.yaxis as any).range[1]).toBeGreaterThan(5);
  });

  test("keeps the colour of a series in all steps", () => {
    expect(new Set(figure.data.slice(1).map(({ marker }: any) => marker.color)).size).toBe(1);
  });

  test("has series that look other than the fixed ones", () => {
    const one = { x: [1], y: [1] };
    const slider = { name: "k", steps: [{ label: 1, series: [{ ...one, name: "second" }] }] };
    const { data } = linesFigure({ ...text, series: [{ ...one, name: "first" }], slider });
    expect((data[0].marker as any).color).not.toBe((data[1].marker as any).color);
  });

  test("has room for the names of its steps, or says that they are too long", () => {
    const labelled = (label: string) =>
      linesFigure({ ...text, slider: { name: "k", steps: [...steps, { ...steps[0], label }] } });
    expect(() => labelled("a".repeat(22))).not.toThrow();
    expect(() => labelled("a".repeat(23))).toThrow(
      /the slider k has a step "a{23}", expected at most 22 letters where there are 4 steps/,
    );
  });

  test("stands below the names of columns, also where plotly turns them", () => {
    const below = (columns: string[]) => {
      const { sliders, height } = heatmapFigure({
        ...text,
        color: "weight",
        columns,
        slider: { name: "k", steps: [{ label: 1, values: [[1, 2, 3, 4, 5, 6]] }] },
      }).layout as any;
      return [sliders[0].pad.t, height];
    };
    const [top, height] = below([..."abcdef"]);
    // 13 letters of 7 pixels, turned by 30 degrees.
    expect(below([..."abcde", "4 cosmetics C"])).toEqual([top + 45.5, height + 45.5]);
  });

  test("writes a minus as the axes do", () => {
    const labels = (linesFigure({ ...text, slider: { name: "E", steps: [{ ...steps[0], label: -2 }] } }).layout as any)
      .sliders[0].steps[0].label;
    expect(labels).toBe("−2");
  });

  test("cannot start outside its steps", () => {
    expect(() => linesFigure({ ...text, slider: { name: "k", steps, start: 3 } })).toThrow(
      "the slider k starts at step 3, expected 0..2",
    );
  });
});

test.each<[string, object, RegExp]>([
  ["no series", {}, /has no series/],
  [
    "NaN",
    { series: [{ name: "FM", x: [1, 2], y: [1, NaN] }] },
    /y of series FM\[1\] is NaN, expected a finite number\. Did training diverge/,
  ],
  ["nothing", { series: [{ name: "FM", x: [], y: [] }] }, /x of series FM is empty/],
  [
    "nothing with a reference",
    { series: [{ name: "FM", x: [], y: [] }], reference: { name: "Bayes", value: 1 } },
    /x of series FM is empty/,
  ],
  ["different lengths", { series: [{ name: "FM", x: [1, 2], y: [1] }] }, /x and y of series FM have 2 and 1 values/],
  [
    "fewer intervals than values",
    { series: [{ name: "FM", x: [1, 2], y: [1, 2], interval: [{ low: 0, high: 2 }] }] },
    /interval and y of series FM have 1 and 2 values/,
  ],
  [
    "an interval that does not hold its value",
    { series: [{ name: "FM", x: [1], y: [1], interval: [{ low: 2, high: 3 }] }] },
    /interval of series FM: y lies 1 outside/,
  ],
  [
    "an interval that ends below its value",
    { series: [{ name: "FM", x: [1], y: [1], interval: [{ low: 0, high: 0.5 }] }] },
    /interval of series FM: y lies 0\.5 outside/,
  ],
  [
    "0 on a logarithmic axis",
    { y: { title: "time (ms)", log: true }, series: [{ name: "FM", x: [1, 2], y: [1, 0] }] },
    /the logarithmic axis "time \(ms\)" has the value 0, expected values above 0/,
  ],
  [
    "a logarithmic range from below 0",
    { x: { title: "ids", log: true, range: [-1, 10] }, series: [{ name: "FM", x: [1, 2], y: [1, 0] }] },
    /the logarithmic axis "ids" has the value -1/,
  ],
  [
    "a reference that is no number",
    { series: [{ name: "FM", x: [1], y: [1] }], reference: { name: "Bayes", value: Infinity } },
    /the reference Bayes\[0\] is Infinity/,
  ],
])("%s is refused with what was expected", (_, options, message) => {
  expect(() => linesFigure({ ...text, ...options })).toThrow(message);
});

test("bars must be as many as categories, and labels as many as points", () => {
  expect(() => barsFigure({ ...text, categories: ["a"], series: [{ name: "FM", y: [1, 2] }] })).toThrow(
    "categories and y of series FM have 1 and 2 values",
  );
  expect(() => scatterFigure({ ...text, series: [{ name: "FM", x: [1], y: [1], labels: [] }] })).toThrow(
    "labels and y of series FM have 0 and 1 values",
  );
});

test("the same figure is the same JSON, and JSON loses nothing of it", () => {
  const make = () => linesFigure({ ...text, series: [{ name: "FM", x: [1, 2], y: [0.1, 0.2] }] });
  expect(JSON.stringify(make())).toBe(JSON.stringify(make()));
  expect(JSON.parse(JSON.stringify(make()))).toEqual(make());
});

test("a title of several lines has room above the plot, which stays as high", () => {
  const size = (title: string) => {
    const { height, margin } = linesFigure({ ...text, title, series: [{ name: "FM", x: [1], y: [1] }] }).layout as any;
    return [margin.t, height - margin.t];
  };
  const [top, plot] = size("short");
  expect(size("word ".repeat(20).trim())).toEqual([top + 20, plot]); // 99 characters, two lines
});
