import { describe, expect, test } from "vitest";
import { heatmapFigure } from "../../lib/notebook/heatmap";
import { channels, contrast } from "./colour";
import { text } from "./figuretext";

describe("a heatmap", () => {
  const options = { ...text, color: "weight", values: [[1, -2], [null, 0.123456]] };
  const white = (number: string) => `<span style="color:#ffffff">${number}</span>`;

  test("draws its first row on top, with round numbers and gaps", () => {
    const { data, layout } = heatmapFigure({ ...options, decimals: 1, rows: ["a", "b"] });
    expect(data[0]).toMatchObject({
      z: [
        [1, -2],
        [null, 0.12346],
      ],
      xgap: 1,
      ygap: 1,
      text: [
        [white("1.0"), "−2.0"],
        ["", "0.1"],
      ],
      zmin: -2,
      zmax: 1,
    });
    expect(layout.yaxis).toMatchObject({ autorange: "reversed", tickvals: [0, 1], ticktext: ["a", "b"] });
  });

  test("has words for row, column and colour where the mouse is, and tells two axes of one name apart", () => {
    const label = (more: object) => {
      const [{ hovertemplate, zhoverformat }] = heatmapFigure({ ...options, ...more }).data;
      return [hovertemplate, zhoverformat];
    };
    expect(label({ decimals: 1 })).toEqual(["AUC: %{y}<br>epoch: %{x}<br>weight: %{z}<extra></extra>", ".1f"]);
    expect(label({ y: text.x })).toEqual([
      "epoch (row): %{y}<br>epoch (column): %{x}<br>weight: %{z}<extra></extra>",
      ",.4~r",
    ]);
  });

  test("has black numbers if it is diverging and all are 0: its tiles are white", () => {
    const zeros = { ...text, color: "w", scale: "diverging", decimals: 1, values: [[0]] } as const;
    expect(heatmapFigure(zeros).data[0].text).toEqual([["0.0"]]);
  });

  test.each(["sequential", "diverging"] as const)("has numbers that stand out from their tiles: %s", (scale) => {
    const values = Array.from({ length: 201 }, (_, i) => i / 100 - 1);
    const [{ text: numbers, textfont, colorscale }] = heatmapFigure({
      ...text,
      color: "weight",
      scale,
      decimals: 1,
      values: [values],
    }).data as any[];
    const used = new Set<string>();
    numbers[0].forEach((number: string, i: number) => {
      const letters = /color:(#\w{6})/.exec(number)?.[1] ?? textfont.color;
      used.add(letters);
      const ratio = contrast(colourAt(colorscale, i / 200), channels(letters));
      expect(ratio, `${number} of ${values[i]}`).toBeGreaterThanOrEqual(4.5); // WCAG 2.2, 1.4.3
    });
    expect([...used].sort()).toEqual(["#000000", "#ffffff"]);
  });

  test("has a minus in its negative tiles when it diverges without numbers: grey print makes both signs alike", () => {
    const signs = (more: object) =>
      heatmapFigure({ ...options, values: [[-2, -0.05, 0, 1, 2, -1]], ...more }).data[0].text;
    expect(signs({ scale: "diverging" })).toEqual([[white("−"), "", "", "", "", "−"]]);
    expect(signs({})).toBeUndefined();
  });

  test("has a cross in its empty tiles when it has no numbers: grey print makes their grey a value's", () => {
    const cross = '<span style="color:#707070">×</span>';
    const written = (more: object) =>
      heatmapFigure({ ...options, ...more }).data.map(({ text, texttemplate }) => [text, texttemplate]);
    const expected = [[["", ""], [cross, ""]], "%{text}"];
    expect(written({})).toEqual([expected]);
    expect(written({ values: [[1, 2], [null, 3]], scale: "diverging" })).toEqual([expected]);
    expect(written({ decimals: 0 })[0][0]).toEqual([[white("1"), "−2"], ["", "0"]]);
    const steps = [{ label: 1, values: [[1, 2]] }, { label: 2, values: [[null, 2]] }];
    expect(written({ values: undefined, slider: { name: "epoch", steps } })).toEqual([
      [undefined, undefined],
      [[[cross, ""]], "%{text}"],
    ]);
  });

  test("has white at 0 when it diverges", () => {
    const [{ zmin, zmax, colorscale }] = heatmapFigure({ ...options, scale: "diverging" }).data;
    expect([zmin, zmax]).toEqual([-2, 2]);
    expect(heatmapFigure({ ...options, values: [[-1, 3]], scale: "diverging" }).data[0]).toMatchObject({
      zmin: -3,
      zmax: 3,
    });
    expect(colorscale).toContainEqual([0.5, "#ffffff"]);
    expect(heatmapFigure({ ...options, range: [-5, 3] }).data[0]).toMatchObject({ zmin: -5, zmax: 3 });
  });

  test("is lightest where it is lowest, unless it diverges", () => {
    expect((heatmapFigure(options).data[0].colorscale as string[][]).map(([, color]) => color)).toEqual([
      "#f7fbff",
      "#c6dbef",
      "#6baed6",
      "#2171b5",
      "#08306b",
    ]);
  });

  test("has tiles about as high as they are wide, within limits", () => {
    const height = (rows: number, columns: number) =>
      (heatmapFigure({ ...options, values: Array(rows).fill(new Float32Array(columns)) }).layout.height as number) -
      130; // the rest is title and axes
    expect([height(10, 20), height(5, 3), height(10, 100), height(1, 20), height(50, 20)]).toEqual([
      235, 220, 220, 100, 400,
    ]); // 23.5, at most 44, at least 22 a row
  });

  test("says what its colours mean, however high it is", () => {
    for (const count of [2, 20])
      expect(heatmapFigure({ ...options, values: Array(count).fill([1, 2]) }).data[0].colorbar).toMatchObject({
        title: { text: "weight" },
      });
  });

  test("has a colour bar that is not longer than its tiles: below them are the names of columns", () => {
    for (const count of [1, 3, 20]) {
      const bar = heatmapFigure({ ...options, values: Array(count).fill([1, 2]) }).data[0].colorbar as any;
      expect([bar.lenmode ?? "fraction", bar.len ?? 1, bar.title.side]).toEqual(["fraction", 1, "right"]);
    }
  });

  test("keeps one colour scale for all steps of a slider", () => {
    const steps = [{ label: 1, values: [[1, 2]] }, { label: 2, values: [[5, 9]] }];
    const { data } = heatmapFigure({ ...text, color: "weight", slider: { name: "epoch", steps } });
    expect(data.map(({ z, zmin, zmax, visible }) => [z, zmin, zmax, visible])).toEqual([
      [[[1, 2]], 1, 9, true],
      [[[5, 9]], 1, 9, false],
    ]);
  });

  test("can be nothing but gaps, or one value", () => {
    expect(heatmapFigure({ ...options, values: [[null, null]] }).data[0]).toMatchObject({ zmin: 0, zmax: 1 });
    expect(heatmapFigure({ ...options, values: [[3, 3]] }).data[0]).toMatchObject({ zmin: 3, zmax: 3 });
  });

  test("names some of its many columns", () => {
    const { layout } = heatmapFigure({ ...text, color: "weight", values: [new Float32Array(100)] });
    expect((layout.xaxis as any).ticktext).toEqual(Array.from({ length: 25 }, (_, i) => String(4 * i)));
    expect((layout.xaxis as any).tickvals).toEqual(Array.from({ length: 25 }, (_, i) => 4 * i));
    const named = (count: number) =>
      (heatmapFigure({ ...text, color: "weight", values: [new Float32Array(count)] }).layout.xaxis as any).ticktext
        .length;
    expect([25, 26, 49, 51].map(named)).toEqual([25, 13, 25, 17]);
  });

  test.each([
    [{ values: [] }, /is empty/],
    [{ values: [[]] }, /is empty/],
    [{ values: [[1, 2], [3]] }, /row 1 of the heatmap "AUC by epoch" has 1 values, expected 2/],
    [{ values: [[1], [2, 3]] }, /row 1 of the heatmap "AUC by epoch" has 2 values, expected 1/],
    [
      { values: [[1], [NaN]] },
      /value \[1\]\[0\] of the heatmap "AUC by epoch" is NaN, expected a finite number, or null/,
    ],
    [{ values: [[1]], rows: ["a", "b"] }, /has 1 rows, expected 2/],
  ])("refuses %j", (bad, message) => {
    expect(() => heatmapFigure({ ...text, color: "weight", ...bad })).toThrow(message);
  });
});

/** What plotly makes of a share of the scale. */
function colourAt(scale: [number, string][], share: number): number[] {
  const upper = Math.max(1, scale.findIndex(([at]) => at >= share));
  const [[low, from], [high, to]] = [scale[upper - 1], scale[upper]];
  const [a, b] = [from, to].map(channels);
  return a.map((value, i) => value + ((share - low) / (high - low)) * (b[i] - value));
}
