/**
 * What all figures have in common: size, fonts, axes, checks, and the slider.
 *
 * A figure is plain plotly JSON with attributes that plotly.js 2, 3 and 4 know alike, because JupyterLab,
 * VS Code and our own pictures each draw it with another version.
 */
import { type Bundle, display, inNotebook } from "./display";
import { round, withMinus } from "./format";

/**
 * Pixels across a sheet, which has the steps of a slider side by side on paper. GitHub and JupyterLab have room for it.
 */
export const sheetWidth = 860;

export interface Figure {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
}

export interface Axis {
  /** With the unit, such as "time (ms)". */
  title: string;
  log?: boolean;
  range?: readonly [number, number];
  /** Marks were moved along it, so that they do not hide each other: no label states where they are. */
  moved?: boolean;
}

export interface FigureText {
  title: string;
  /** What the figure shows, in a sentence for those who do not see it. */
  alt: string;
}

/** Lets the reader move through versions of a figure, such as one per k. */
export interface Slider<Step> {
  /** What the slider changes, such as "k". */
  name: string;
  steps: readonly (Step & { label: string | number })[];
  /** Index of the step that is shown first. */
  start?: number;
}

const width = 640;
const grid = "#d9d9d9";
export const ink = "#222222";
/** Numbers of an axis as in tables: 1,000 and 10,000, where plotly writes 1000 and 10k. */
const writtenOut = { exponentformat: "none", separatethousands: true };
/** Characters of a title that fit in one line. */
const titleLength = 66;
/** Characters of a line of a hover label that fits on one side of any point. */
const hoverLength = 36;
/** Characters of a title that fit in one line of a sheet. */
export const sheetTitleLength = 90;

/**
 * Shows the figure below the cell: interactive where plotly is available, as text elsewhere. With CTR_TEXT in the
 * environment, the text is also printed in a notebook, for readers who do not see the figure: JupyterLab gives it none.
 */
export function show(figure: Figure, { title, alt }: FigureText): void {
  if (alt.trim().length < 20)
    throw new RangeError(
      `the alt text of "${title}" is ${JSON.stringify(alt)}, expected a sentence that says what the figure shows`,
    );
  const config = { displayModeBar: false }; // its buttons would cover the title
  const bundle: Bundle = {
    "application/vnd.plotly.v1+json": { ...figure, config },
    "text/plain": `[Figure] ${title}\n${alt}`,
  };
  const shown = figure.layout.sliders ? sheetWidth : width; // as wide as it is drawn, or its letters are small
  display(bundle, { metadata: { "image/png": { alt: `${title}. ${alt}`, width: shown } } });
  if (process.env.CTR_TEXT && inNotebook()) console.log(bundle["text/plain"]);
}

/** Layout with the title, in lines that fit. */
export function baseLayout(title: string, height: number): Record<string, unknown> {
  const lines = wrapped(title, titleLength);
  return {
    title: titleLayout(lines),
    width,
    height: height + 20 * (lines.length - 1),
    margin: { l: 70, r: 20, t: 30 + 20 * lines.length, b: 56 },
    font: { family: "DejaVu Sans, Verdana, sans-serif", size: 12, color: ink },
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
  };
}

/** The layout with its title over lines of `length` characters, and the plot as high as it was. */
export function retitled(layout: Figure["layout"], length: number): Figure["layout"] {
  const { title, height, margin } = layout as { title: { text: string }; height: number; margin: { t: number } };
  const before = title.text.split("<br>");
  const lines = wrapped(before.join(" "), length);
  const saved = 20 * (before.length - lines.length);
  if (saved === 0) return layout;
  return { ...layout, title: titleLayout(lines), height: height - saved, margin: { ...margin, t: margin.t - saved } };
}

function titleLayout(lines: readonly string[]): Record<string, unknown> {
  const top = lines.length > 1 ? 26 : 14; // plotly draws a title of several lines higher than one of one line
  return {
    text: lines.join("<br>"),
    x: 0,
    xanchor: "left",
    y: 1,
    yanchor: "top",
    pad: { l: 14, t: top },
    font: { size: 16 },
  };
}

/** The axis with a visible line and grid. `values` are drawn along it: words make it a category axis. */
export function axisLayout({ title, log, range }: Axis, values: readonly (string | number)[]): Record<string, unknown> {
  const none = log ? [...values, ...(range ?? [])].find((value) => typeof value === "number" && value <= 0) : undefined;
  if (none !== undefined)
    throw new RangeError(`the logarithmic axis "${title}" has the value ${none}, expected values above 0`);
  const shown = range && (log ? range.map((end) => round(Math.log10(end))) : [...range]);
  return {
    title: { text: title, standoff: 10 },
    type: typeof values[0] === "string" ? "category" : log ? "log" : "linear",
    ...(log ? logTicks(values) : linearTicks([...values, ...(range ?? [])])),
    ...(shown ? { range: shown } : {}),
    gridcolor: grid,
    linecolor: ink,
    ticks: "outside",
    zeroline: false,
    automargin: true,
  };
}

/** Empty if the axis, with the room at its ends, stays below 1,000: plotly writes such numbers as we do. */
function linearTicks(values: readonly (string | number)[]): Record<string, unknown> {
  return values.some((value) => typeof value === "number" && Math.abs(value) >= 900) ? writtenOut : {};
}

/**
 * Ticks at the powers of ten, written as powers if the values reach a billion or a ten-thousandth, otherwise in full.
 * If the values span less than two powers, ticks at 1, 2 and 5 times each power, with texts of our own: plotly would
 * shorten them to their first digit.
 */
function logTicks(values: readonly (string | number)[]): Record<string, unknown> {
  const powers = values.filter((value): value is number => typeof value === "number").map(Math.log10);
  const low = powers.reduce((a, b) => Math.min(a, b), Infinity);
  const high = powers.reduce((a, b) => Math.max(a, b), -Infinity);
  if (high - low >= 2) return { dtick: 1, ...(high >= 9 || low <= -4 ? { exponentformat: "power" } : writtenOut) };
  const tickvals: number[] = [];
  for (let power = Math.floor(low); power <= high; power++)
    tickvals.push(...[1, 2, 5].map((digit) => round(digit * 10 ** power)));
  return { tickvals, ticktext: tickvals.map((value) => value.toLocaleString("en", { maximumSignificantDigits: 3 })) };
}

/** The range that holds all values, with some room, so that a slider does not move the axis. */
export function commonRange(values: readonly number[], log = false): [number, number] {
  const positions = log ? values.map(Math.log10) : values;
  const low = positions.reduce((a, b) => Math.min(a, b));
  const high = positions.reduce((a, b) => Math.max(a, b));
  const room = 0.06 * (high - low || 1);
  const ends = [low - room, high + room].map((end) => round(log ? 10 ** end : end));
  return [ends[0], ends[1]];
}

/**
 * Puts the traces of all steps into one figure, whose slider shows those of one step. It only switches traces on and
 * off, which every viewer can do; some viewers lose plotly's animation frames. `lower`: by how many pixels the names
 * along the axis are taller than one line.
 *
 * @throws RangeError if there is no step `start`, or if plotly would leave out names of steps for want of room.
 */
export function withSlider(
  fixed: Figure["data"],
  slider: Slider<unknown>,
  tracesOf: (step: number) => Figure["data"],
  layout: Figure["layout"],
  lower = 0,
): Figure {
  const { name, steps, start = 0 } = slider;
  if (!(start in steps))
    throw new RangeError(`the slider ${name} starts at step ${start}, expected 0..${steps.length - 1}`);
  const longest = Math.floor(width / steps.length / 7); // letters are about 7 pixels wide
  const long = steps.find(({ label }) => String(label).length > longest);
  if (long)
    throw new RangeError(
      `the slider ${name} has a step "${long.label}", expected at most ${longest} letters where there are ${steps.length} steps`,
    );
  const traces = steps.map((_, i) => tracesOf(i));
  const visible = (step: number) => [
    ...fixed.map(() => true),
    ...traces.flatMap((those, i) => those.map(() => i === step)),
  ];
  const data = [...fixed, ...traces.flat()].map((trace, i) => ({ ...trace, visible: visible(start)[i] }));
  const control = {
    active: start,
    currentvalue: { prefix: `${name}: ` },
    pad: { t: 56 + lower }, // below ticks and title
    bordercolor: ink, // of handle and rail: plotly's own grey is hardly seen on white
    steps: steps.map(({ label }, i) => ({
      label: withMinus(String(label)), // as plotly writes the numbers of an axis
      method: "restyle",
      args: ["visible", visible(i)],
    })),
  };
  return { data, layout: { ...layout, height: (layout.height as number) + 90, sliders: [control] } };
}

/**
 * What plotly writes where the mouse is over a point or a tile: a line for its name and one per variable. Plotly's own
 * label calls them x, y and z, and gives an interval as two differences.
 */
export function hoverLabel(name: string, variables: readonly { title: string; value: string }[]): string {
  const lines = variables.map(({ title, value }) => `${wrapped(title, hoverLength).join("<br>")}: ${value}`);
  if (name) lines.unshift(`<b>${name}</b>`);
  return lines.join("<br>") + "<extra></extra>";
}

/**
 * The xhoverformat or yhoverformat of these values: four digits as in tables; if all are whole, all that `round` left.
 * A format within the label, such as %{y:.4r}, would give negative numbers a hyphen.
 */
export function hoverFormat(values: readonly number[]): string {
  return `,.${values.every(Number.isInteger) ? 5 : 4}~r`;
}

/** The numbers, rounded so that the JSON stays short. @throws RangeError if there are none or one is not finite. */
export function finite(values: ArrayLike<number>, what: string): number[] {
  if (values.length === 0) throw new RangeError(`${what} is empty, expected at least one value`);
  return Array.from(values, (value, i) => {
    if (!Number.isFinite(value))
      throw new RangeError(
        `${what}[${i}] is ${value}, expected a finite number. Did training diverge, or was 0 divided by 0?`,
      );
    return round(value);
  });
}

/** @throws RangeError if the lengths differ. */
export function sameLength(a: ArrayLike<unknown>, b: ArrayLike<unknown>, what: string): void {
  if (a.length !== b.length)
    throw new RangeError(`${what} have ${a.length} and ${b.length} values, expected the same number`);
}

/** The text in lines of at most `length` characters, broken between words. */
export function wrapped(text: string, length: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < length) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
