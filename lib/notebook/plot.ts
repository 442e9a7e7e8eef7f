/**
 * The four plots of the course. Each call shows one figure below its cell; the functions ending in
 * Figure return it as plotly JSON.
 */
import {
  type Axis,
  axisLayout,
  baseLayout,
  commonRange,
  type Figure,
  ink,
  type FigureText,
  finite,
  hoverFormat,
  hoverLabel,
  sameLength,
  show,
  type Slider,
  withSlider,
} from "./figure";
import { format, formatAlike, lowToHigh, round, withMinus } from "./format";
import { type ModelName, modelStyles, isModel, type Style, stylesFor } from "./palette";

export interface Series {
  name: string;
  /** Whose colour and marker it has, if its name is not a model's. */
  model?: ModelName | undefined;
  y: ArrayLike<number>;
  /** Low and high end around each y, such as a 95 % confidence interval. */
  interval?: readonly { readonly low: number; readonly high: number }[];
}

export interface PointSeries extends Series {
  x: ArrayLike<number | string>;
}

export interface LabelledSeries extends PointSeries {
  /** A name per point, shown on hover and, if there are at most 30, also written beside the point. */
  labels?: readonly string[];
}

/** A level to compare with, drawn right across: { name: "Bayes", value: 0.81 }. */
export interface Reference {
  name: string;
  value: number;
}

/** What is drawn at every step of the slider, and what at one of them. */
interface Drawn<S> {
  series?: readonly S[];
  slider?: Slider<{ series: readonly S[] }>;
}

interface Common<S> extends FigureText, Drawn<S> {
  x: Axis;
  y: Axis;
  reference?: Reference | undefined;
}

export type LinesOptions = Common<PointSeries>;
export type ScatterOptions = Common<LabelledSeries>;
export interface BarsOptions extends Common<Series> {
  /** What the bars stand for, one group of bars each. */
  categories: readonly string[];
}

/** Curves: one line with markers per series. */
export function lines(options: LinesOptions): void {
  show(linesFigure(options), options);
}

/** Points, with their names if they have any. */
export function scatter(options: ScatterOptions): void {
  show(scatterFigure(options), options);
}

/**
 * Bars, one group per category and one bar per series in it. In a single series, a bar whose category is a model's name
 * has that model's colour.
 */
export function bars(options: BarsOptions): void {
  show(barsFigure(options), options);
}

export function linesFigure(options: LinesOptions): Figure {
  return pointsFigure(options, ({ y }, { color, dash }) => {
    const line = { color, dash, width: 2 };
    if (y.length <= 40) return { mode: "lines+markers", line };
    return { mode: "lines", line: { ...line, simplify: false } }; // or plotly leaves points out, and a curve has corners
  });
}

export function scatterFigure(options: ScatterOptions): Figure {
  const xs = allSeries(options).flatMap(({ x }) =>
    Array.from(x).filter((value): value is number => typeof value === "number"),
  );
  const [low, high] = xs.length > 0 ? commonRange(xs) : [0, 0];
  // Names go towards the middle, or those of the outermost points would be cut off.
  const side = (x: number | string) =>
    typeof x === "string"
      ? "top center"
      : x < low + (high - low) / 4
        ? "top right"
        : x > high - (high - low) / 4
          ? "top left"
          : "top center";
  return pointsFigure<LabelledSeries>(options, ({ name, x, y, labels }) => {
    if (!labels) return { mode: "markers" };
    sameLength(labels, y, `labels and y of series ${name}`);
    const mode = labels.length <= 30 ? "markers+text" : "markers";
    const legend = labels.length === 1 && labels[0] === name ? { showlegend: false } : {}; // its name is beside it
    return {
      mode,
      text: [...labels],
      textposition: Array.from(x, side),
      cliponaxis: false,
      ...legend,
    };
  });
}

/** The grid's grey on white, but without hiding the reference, which plotly draws below it. */
const clearGrid = "rgba(0, 0, 0, 0.15)";

function pointsFigure<S extends PointSeries>(
  options: Common<S>,
  look: (series: S, style: Style) => Record<string, unknown>,
): Figure {
  const { title, x, y, slider, reference } = options;
  const all = allSeries(options);
  const xs = all.flatMap((series) => Array.from(series.x));
  const ys = [...all.flatMap(extent), ...(reference ? [reference.value] : [])];
  const grid = reference ? { gridcolor: clearGrid } : {};
  const layout = {
    ...baseLayout(title, Math.max(400, 110 + 20 * new Set(all.map(({ name }) => name)).size)),
    showlegend: all.length > 1 && !all.every(isNamedByAxis),
    xaxis: { ...axisLayout(slider ? fixedAxis(x, xs) : x, xs), ...grid },
    yaxis: { ...axisLayout(slider ? fixedAxis(y, ys) : y, ys), ...grid },
    ...referenceLayout(reference, y, "below", reference ? freeEnd(reference, x, y, all) : "left"),
  };
  return assembled(options, layout, (several) =>
    several.map((series, i) => {
      const style = stylesFor(several)[i];
      const x =
        typeof series.x[0] === "string"
          ? Array.from(series.x)
          : finite(series.x as ArrayLike<number>, `x of series ${series.name}`);
      const y = finite(series.y, `y of series ${series.name}`);
      sameLength(x, y, `x and y of series ${series.name}`);
      return {
        type: "scatter",
        name: series.name,
        x,
        y,
        marker: { color: style.color, symbol: style.symbol, size: 8 },
        ...look(series, style),
        ...errorBars(series, style.color),
        ...hover(options, series, x, y),
      };
    }),
  );
}

export function barsFigure(options: BarsOptions): Figure {
  const { title, categories, x, y, slider, reference } = options;
  const all = allSeries(options);
  const ys = [...all.flatMap(extent), ...(reference ? [reference.value] : [])];
  const count = (options.series?.length ?? 0) + (slider?.steps[0]?.series.length ?? 0);
  const digits = categories.length * count < 8 ? 3 : 2; // numbers of neighbours would touch
  const heights = all.flatMap((series) => Array.from(series.y));
  const written = y.log ? (value: number) => format(value, digits) : formatAlike(heights, digits);
  const layout = {
    ...baseLayout(title, 400),
    showlegend: count > 1,
    barmode: "group",
    xaxis: { ...axisLayout(x, categories), showgrid: false },
    yaxis: axisLayout(slider ? fixedAxis(y, y.log ? ys : [0, ...ys]) : y, ys),
    ...referenceLayout(reference, y, "above"),
  };
  return assembled(options, layout, (several) =>
    several.map((series, i) => {
      const values = finite(series.y, `y of series ${series.name}`);
      sameLength(categories, values, `categories and y of series ${series.name}`);
      const style = stylesFor(several)[i];
      const styles = categories.map((category) => (count === 1 && isModel(category) ? modelStyles[category] : style));
      const pattern = {
        shape: same(styles.map((each) => each.pattern)),
        fillmode: "overlay",
        fgcolor: "#ffffff",
        solidity: 0.25,
      };
      const look = {
        marker: { color: same(styles.map((each) => each.color)), pattern, line: { color: ink, width: 1 } },
      };
      // A number above its bar would cross the error bar.
      const numbers = series.interval ? {} : { text: values.map(written), textposition: "outside", cliponaxis: false };
      return {
        type: "bar",
        name: series.name,
        x: [...categories],
        y: values,
        ...look,
        ...numbers,
        ...errorBars(series, ink),
        ...hover(options, series, categories, values),
      };
    }),
  );
}

/** One value for all, where there is only one: the legend shows lists badly. */
function same(values: string[]): string | string[] {
  return values.every((value) => value === values[0]) ? values[0] : values;
}

function assembled<S>(
  { series = [], slider }: Drawn<S>,
  layout: Figure["layout"],
  traces: (series: readonly S[]) => Figure["data"],
): Figure {
  if (!slider) return { data: traces(series), layout };
  // Styled together with the fixed ones, so that no two look the same.
  return withSlider(
    traces(series),
    slider,
    (i) => traces([...series, ...slider.steps[i].series]).slice(series.length),
    layout,
  );
}

function allSeries<S>({ title, series = [], slider }: Common<S>): S[] {
  const all = [...series, ...(slider?.steps.flatMap((step) => [...step.series]) ?? [])];
  if (all.length === 0)
    throw new RangeError(
      `the figure "${title}" has no series, expected at least one in "series" or in the slider's steps`,
    );
  return all;
}

/** Whether the series is one point above its own name, so that a legend would say nothing. */
function isNamedByAxis({ name, x }: PointSeries): boolean {
  return x.length === 1 && x[0] === name;
}

/** All heights a series reaches. */
function extent({ y, interval = [] }: Series): number[] {
  return [...Array.from(y), ...interval.flatMap(({ low, high }) => [low, high])];
}

function fixedAxis(axis: Axis, values: readonly (string | number)[]): Axis {
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  return axis.range || numbers.length === 0 ? axis : { ...axis, range: commonRange(numbers, axis.log) };
}

function errorBars({ name, y, interval }: Series, color: string): Record<string, unknown> {
  if (!interval) return {};
  sameLength(interval, y, `interval and y of series ${name}`);
  const above = finite(interval.map(({ high }, i) => high - y[i]), `interval of series ${name}`);
  const below = finite(interval.map(({ low }, i) => y[i] - low), `interval of series ${name}`);
  const outside = [...above, ...below].find((distance) => distance < 0);
  if (outside !== undefined)
    throw new RangeError(
      `interval of series ${name}: y lies ${-outside} outside its interval, expected low and high around y`,
    );
  return {
    error_y: { type: "data", symmetric: false, array: above, arrayminus: below, color, thickness: 1.5, width: 4 },
  };
}

/**
 * The label of a point or a bar: its series, its own name if it has another, x, and y with its interval, which is a
 * text of ours: behind a y with an error bar, plotly writes two differences.
 */
function hover(
  axes: { x: Axis; y: Axis },
  { name, interval, labels }: Series & { labels?: readonly string[] },
  x: readonly (number | string)[],
  y: readonly number[],
): Record<string, unknown> {
  const own = labels?.some((label) => label !== name) ? ", %{text}" : "";
  const withEnds = interval?.map((ends, i) => withMinus(`${format(y[i])} (${lowToHigh(ends, 4)})`));
  const variables = [
    { axis: axes.x, value: "%{x}" },
    { axis: axes.y, value: withEnds ? "%{customdata}" : "%{y}" },
  ];
  const said = variables.filter(({ axis }) => !axis.moved).map(({ axis: { title }, value }) => ({ title, value }));
  return {
    ...(typeof x[0] === "string" ? {} : { xhoverformat: hoverFormat(x as readonly number[]) }),
    ...(withEnds ? { customdata: withEnds } : { yhoverformat: hoverFormat(y) }),
    hovertemplate: hoverLabel(name + own, said),
  };
}

/**
 * Which end a reference's name stands at: the left, since scores rise to the right, unless a point or its interval
 * would strike through the name there and none would at the right. The room that the name takes is estimated, as
 * shares of the plot's width and height.
 */
function freeEnd(reference: Reference, x: Axis, y: Axis, all: readonly PointSeries[]): "left" | "right" {
  const categories = [...new Set(all.flatMap((series) => Array.from(series.x)))];
  const isOfWords = typeof categories[0] === "string";
  const along = (value: number | string) =>
    isOfWords ? categories.indexOf(value) : x.log ? Math.log10(Number(value)) : Number(value);
  const up = (value: number) => (y.log ? Math.log10(value) : value);
  if (categories.length === 0) return "left";
  const [left, right] = isOfWords ? [-0.5, categories.length - 0.5] : commonRange(categories.map(along));
  const [bottom, top] = commonRange([reference.value, ...all.flatMap(extent)].map(up));
  const width = (7 * referenceText(reference).length + 8) / 430; // letters are about 7 pixels wide, markers 8
  const floor = up(reference.value) - 0.02 * (top - bottom); // a marker reaches beyond its point
  const ceiling = up(reference.value) + 0.06 * (top - bottom);
  const isFree = (from: number, to: number) =>
    !all.some((series) =>
      Array.from(series.x).some((value, i) => {
        const share = (along(value) - left) / (right - left);
        const { low, high } = series.interval?.[i] ?? { low: series.y[i], high: series.y[i] };
        return share >= from && share <= to && up(high) >= floor && up(low) <= ceiling;
      }),
    );
  return !isFree(0, width) && isFree(1 - width, 1) ? "right" : "left";
}

function referenceText({ name, value }: Reference): string {
  return `${name} ${format(value)}`;
}

/**
 * A line across, with its name at one end: in its model's look, or in ink if it is no model's. It is above bars, which
 * would hide it, and below markers, whose shapes it would strike through.
 */
function referenceLayout(
  reference: Reference | undefined,
  axis: Axis,
  layer: "above" | "below",
  end: "left" | "right" = "left",
): Record<string, unknown> {
  if (!reference) return {};
  const [y] = finite([reference.value], `the reference ${reference.name}`);
  const { color, dash } = isModel(reference.name) ? modelStyles[reference.name] : { color: ink, dash: "dash" };
  return {
    shapes: [
      {
        type: "line",
        layer,
        xref: "paper",
        x0: 0,
        x1: 1,
        yref: "y",
        y0: y,
        y1: y,
        line: { color, dash, width: 1.5 },
      },
    ],
    // On a logarithmic axis, plotly places lines by the value, but texts by its logarithm.
    annotations: [
      {
        xref: "paper",
        x: end === "left" ? 0 : 1,
        xanchor: end,
        yref: "y",
        y: axis.log ? round(Math.log10(y)) : y,
        yanchor: "bottom",
        text: referenceText(reference),
        showarrow: false,
      },
    ],
  };
}
