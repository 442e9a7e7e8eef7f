/**
 * Matrices as coloured tiles: embeddings, attention, pair weights.
 */
import {
  type Axis,
  axisLayout,
  baseLayout,
  type Figure,
  type FigureText,
  hoverLabel,
  show,
  type Slider,
  withSlider,
} from "./figure";
import { round, withMinus } from "./format";

/** Rows of numbers; null is an empty tile: grey, with a cross if no numbers are written into the other tiles. */
export type Matrix = readonly ArrayLike<number | null>[];

export interface HeatmapOptions extends FigureText {
  x: Axis;
  y: Axis;
  /** What the colours mean, with the unit. */
  color: string;
  /** Names of the columns and rows. Default: their numbers, from 0. */
  columns?: readonly (string | number)[];
  rows?: readonly (string | number)[];
  /** The first row is drawn on top. */
  values?: Matrix;
  slider?: Slider<{ values: Matrix }>;
  /** "diverging" has white at 0, for values of both signs; "sequential" runs from light to dark. */
  scale?: Scale;
  /** Ends of the colour scale. Default: the extremes over all steps; if diverging, ± the larger magnitude. */
  range?: readonly [number, number];
  /** Writes each value into its tile, with that many decimals. */
  decimals?: number;
}

// From light to dark, so that the order stays when the colour is lost; diverging: blue and orange, not red and green.
// Without numbers, negative tiles have a minus and empty ones a cross: in grey both look like other values.
const scales = {
  sequential: [[0, "#f7fbff"], [0.25, "#c6dbef"], [0.5, "#6baed6"], [0.75, "#2171b5"], [1, "#08306b"]],
  diverging: [[0, "#084594"], [0.25, "#6baed6"], [0.5, "#ffffff"], [0.75, "#f59d52"], [1, "#a63603"]],
};
type Scale = keyof typeof scales;
const plotWidth = 470;
const plotHeight = 400;
/** Of a lower-case letter in a tick's name, roughly, in pixels. */
const letterWidth = 7;

/** A matrix as coloured tiles, first row on top. */
export function heatmap(options: HeatmapOptions): void {
  show(heatmapFigure(options), options);
}

export function heatmapFigure(options: HeatmapOptions): Figure {
  const { title, x, y, slider, scale = "sequential", color, decimals } = options;
  const matrices = slider ? slider.steps.map((step) => step.values) : [options.values ?? []];
  const { columns = upTo(matrices[0]?.[0]?.length ?? 0), rows = upTo(matrices[0]?.length ?? 0) } = options;
  const [zmin, zmax] = colorRange(
    matrices.flatMap((values) => checked(values, rows.length, columns.length, title)),
    options.range,
    scale,
  );

  const tile = Math.max(22, Math.min(44, plotWidth / columns.length));
  const tilesHeight = Math.max(100, Math.min(plotHeight, tile * rows.length));
  const names = (labels: readonly (string | number)[]) => ({
    tickmode: "array",
    tickvals: thinned(labels).map(([i]) => i),
    ticktext: thinned(labels).map(([, label]) => String(label)),
  });
  const below = names(columns);
  const longest = Math.max(...below.ticktext.map((name) => name.length)) * letterWidth;
  const tilted = longest > plotWidth / below.ticktext.length ? longest / 2 : 0; // plotly turns long names by 30 degrees
  const layout = {
    ...baseLayout(title, tilesHeight + 130 + tilted),
    plot_bgcolor: "#dddddd", // an empty tile is not a white one
    xaxis: { ...axisLayout(x, [0]), ...below, showgrid: false },
    yaxis: { ...axisLayout(y, [0]), ...names(rows), showgrid: false, autorange: "reversed" },
  };
  const written = (value: number | null) => {
    if (value === null) return decimals === undefined ? '<span style="color:#707070">×</span>' : "";
    const minus = scale === "diverging" && value < zmin / 20 ? "−" : ""; // not in tiles that look white
    const text = decimals === undefined ? minus : withMinus(value.toFixed(decimals));
    const share = zmax > zmin ? (value - zmin) / (zmax - zmin) : 0.5; // plotly gives a single value the middle colour
    return text !== "" && isDark(tileColor(scales[scale], share)) ? `<span style="color:#ffffff">${text}</span>` : text;
  };
  const [row, column] = [y.title, x.title];
  const hovertemplate = hoverLabel("", [
    { title: row === column ? `${row} (row)` : row, value: "%{y}" },
    { title: row === column ? `${column} (column)` : column, value: "%{x}" },
    { title: color, value: "%{z}" },
  ]);
  const zhoverformat = decimals === undefined ? ",.4~r" : `.${decimals}f`;
  const trace = (values: Matrix) => ({
    type: "heatmap",
    z: values.map((row) => Array.from(row, (value) => (value === null ? null : round(value)))),
    xgap: 1, // without gaps, tiles are blurred when drawn outside a browser
    ygap: 1,
    zmin,
    zmax,
    colorscale: scales[scale],
    // With few rows, the bar is as high as the tiles, on a sheet too: a longer one would reach into the column names.
    colorbar: {
      title: { text: color, side: "right" },
      thickness: 16,
      ...(tilesHeight < 200 ? { nticks: 4, ypad: 0 } : {}),
    },
    hoverongaps: false,
    ...(decimals === undefined && scale === "sequential" && !values.some((row) => Array.from(row).includes(null))
      ? {}
      : {
          text: values.map((row) => Array.from(row, written)),
          texttemplate: "%{text}",
          textfont: { color: "#000000", size: 12 },
        }),
    zhoverformat,
    hovertemplate,
  });
  if (!slider) return { data: [trace(matrices[0])], layout };
  return withSlider([], slider, (i) => [trace(matrices[i])], layout, tilted);
}

/**
 * The colour that plotly gives a value, as shares of red, green and blue: linear between the colours of the scale.
 */
function tileColor(scale: (typeof scales)[Scale], share: number): number[] {
  const place = 4 * Math.max(0, Math.min(1, share)); // each scale has five colours, equally far apart
  const from = Math.min(3, Math.floor(place));
  const [a, b] = [from, from + 1].map((i) =>
    [1, 3, 5].map((at) => parseInt(String(scale[i][1]).slice(at, at + 2), 16) / 255),
  );
  return a.map((value, i) => value + (place - from) * (b[i] - value));
}

/**
 * Whether white text is easier to read on the colour than black text: plotly's own grey can be hard to read on light
 * and dark alike. The better of the two has a contrast of at least 4.5:1 on every colour.
 */
function isDark(rgb: number[]): boolean {
  const [r, g, b] = rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.179; // as far from white as from black: WCAG 2.2, relative luminance
}

/** All numbers of the matrix. @throws RangeError for a wrong shape or a value that is not finite. */
function checked(values: Matrix, rows: number, columns: number, title: string): number[] {
  const what = `the heatmap "${title}"`;
  if (rows === 0 || columns === 0) throw new RangeError(`${what} is empty, expected at least one row and one column`);
  if (values.length !== rows) throw new RangeError(`${what} has ${values.length} rows, expected ${rows}`);
  return values.flatMap((row, i) => {
    if (row.length !== columns)
      throw new RangeError(`row ${i} of ${what} has ${row.length} values, expected ${columns}`);
    return Array.from(row, (value, j) => {
      if (value !== null && !Number.isFinite(value))
        throw new RangeError(
          `value [${i}][${j}] of ${what} is ${value}, expected a finite number, or null for an empty tile`,
        );
      return value;
    }).filter((value): value is number => value !== null);
  });
}

function colorRange(values: number[], range: readonly [number, number] | undefined, scale: Scale): [number, number] {
  if (range) return [range[0], range[1]];
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) return [0, 1]; // all tiles are empty
  const far = Math.max(Math.abs(low), Math.abs(high));
  const ends = scale === "diverging" ? [-far, far] : [low, high];
  return [round(ends[0]), round(ends[1])];
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Labels with their places, at most about 25 of them. */
function thinned(labels: readonly (string | number)[]): [number, string | number][] {
  const every = Math.ceil(labels.length / 25);
  return labels.map((label, i): [number, string | number] => [i, label]).filter(([i]) => i % every === 0);
}
