/** The parts that networks are drawn with. Data flows from the bottom of a figure to its top. */
import { faint, fieldColors, grey, type Pen, plain, type Point, type Shape, strong } from "./pen";

/** A figure: its name is the file's. */
export interface Figure {
  name: string;
  title: string;
  /** For those who do not see it: what it shows, not how it looks. */
  description: string;
  /** What to look at, in one or two sentences, below the drawing. */
  caption: string;
  height: number;
  draw(pen: Pen): void;
}

export const width = 720;

const cellSize = 20;

export interface CellStyle {
  size?: number;
  height?: number;
  /** Of the marked cells. */
  color?: string;
  marked?: readonly number[];
  textSize?: number;
}

/** A row of cells centred at x, with the given texts. */
export function cells(pen: Pen, x: number, y: number, texts: readonly string[], style: CellStyle = {}): Shape[] {
  const { size = cellSize, height = size, color = "#ffffff", marked = [], textSize = 12 } = style;
  const left = x - (texts.length * size) / 2;
  return texts.map((text, i) =>
    pen.box(left + i * size, y - height / 2, size, height, text, {
      radius: 0,
      paper: marked.includes(i) ? color : "#ffffff",
      bold: marked.includes(i),
      size: textSize,
    }),
  );
}

/** A one-hot (or multi-hot) field with its name below: cells with ones at the marked places. */
export function oneHot(
  pen: Pen,
  x: number,
  y: number,
  name: string,
  length: number,
  ones: readonly number[],
  color: string,
): Shape[] {
  const drawn = cells(
    pen,
    x,
    y,
    Array.from({ length }, (_, i) => (ones.includes(i) ? "1" : "0")),
    { color, marked: ones },
  );
  pen.text(x, y + 26, name);
  return drawn;
}

/** An embedding: dots in a frame, centred at x, y. */
export function vector(
  pen: Pen,
  x: number,
  y: number,
  length: number,
  color: string,
  { gap = 15, first = "" } = {},
): Shape {
  const frame = pen.box(x - (length * gap + 8) / 2, y - 11, length * gap + 8, 22, "", { radius: 11, paper: color });
  for (let i = 0; i < length; i++) {
    pen.circle(x + (i - (length - 1) / 2) * gap, y, 5, "", { paper: i === 0 && first !== "" ? first : "#ffffff" });
  }
  return frame;
}

/** Where lines leave the numbers of such a vector upwards: each at its circle, from the frame's top. */
export function topsOf({ c: [x], top }: Shape, length: number, gap = 15): Point[] {
  return Array.from({ length }, (_, i) => [x + (i - (length - 1) / 2) * gap, top]);
}

export interface Layer extends Shape {
  units: readonly Shape[];
}

/** A layer of units in a row, with a label at its right. */
export function layer(
  pen: Pen,
  x: number,
  y: number,
  count: number,
  label = "",
  { gap = 30, paper = plain } = {},
): Layer {
  const units = Array.from({ length: count }, (_, i) =>
    pen.circle(x + (i - (count - 1) / 2) * gap, y, 9, "", { paper }),
  );
  if (label !== "") pen.text(units[count - 1].right + 14, y, label, { anchor: "start" });
  const [first, last] = [units[0], units[count - 1]];
  return {
    units,
    left: first.left,
    right: last.right,
    top: first.top,
    bottom: first.bottom,
    n: [x, first.top],
    s: [x, first.bottom],
    w: first.w,
    e: last.e,
    c: [x, y],
  };
}

/** Everything with everything. */
export function connect(pen: Pen, from: readonly Point[], to: Layer): void {
  for (const start of from)
    for (const unit of to.units) pen.line([start, unit.s], { color: faint, width: 0.8, behind: true });
}

/** A stack of hidden layers on top of the given points. Returns the last. */
export function mlp(
  pen: Pen,
  x: number,
  y: number,
  counts: readonly number[],
  from: readonly Point[],
  { gap = 30, distance = 62, label = "hidden layers" } = {},
): Layer {
  let below = from;
  let last: Layer | undefined;
  counts.forEach((count, i) => {
    last = layer(pen, x, y - i * distance, count, i === 0 ? label : "", { gap });
    connect(pen, below, last);
    below = last.units.map((unit) => unit.n);
  });
  return last as Layer;
}

/** The sum of logits and the sigmoid above it. */
export function output(pen: Pen, x: number, y: number): { plus: Shape; sigmoid: Shape } {
  const plus = pen.circle(x, y, 14, "+");
  const sigmoid = pen.circle(x, y - 56, 14, "σ");
  pen.arrow(plus.n, sigmoid.s);
  pen.text(sigmoid.right + 8, y - 56, "p(click)", { anchor: "start" });
  pen.text(plus.right + 8, y, "logit", { anchor: "start" });
  return { plus, sigmoid };
}

/** A single logit and its sigmoid, for networks with one path. */
export function probability(pen: Pen, x: number, y: number, from: readonly Point[]): Shape {
  const unit = layer(pen, x, y, 1, "logit");
  connect(pen, from, unit);
  const sigmoid = pen.circle(x, y - 52, 14, "σ");
  pen.arrow(unit.n, sigmoid.s);
  pen.text(sigmoid.right + 8, y - 52, "p(click)", { anchor: "start" });
  return sigmoid;
}

export const fields = [
  { name: "field 1: user", short: "user", length: 4, one: 1, color: fieldColors[0] },
  { name: "field 2: brand", short: "brand", length: 3, one: 0, color: fieldColors[1] },
  { name: "field 3: site", short: "site", length: 5, one: 3, color: fieldColors[2] },
];

export interface FieldDrawing {
  color: string;
  ones: Shape;
  embedding: Shape;
}

/** Three one-hot fields and, above them, their embeddings of k numbers. The way from 1 to row is drawn. */
export function embeddedFields(
  pen: Pen,
  xs: readonly number[],
  y: number,
  { k = 3, rise = 70, label = "embeddings", first = "" } = {},
): FieldDrawing[] {
  const drawn = fields.map(({ name, length, one, color }, i) => {
    const ones = oneHot(pen, xs[i], y, name, length, [one], color)[one];
    const embedding = vector(pen, xs[i], y - rise, k, color, { first });
    pen.arrow(ones.n, [ones.n[0] + (xs[i] - ones.n[0]) * 0.6, embedding.bottom], { color: strong });
    return { color, ones, embedding };
  });
  if (label !== "") pen.text(drawn[2].embedding.right + 10, y - rise, label, { anchor: "start" });
  return drawn;
}

/** The first-order weights of the ones, below the embeddings and up to where they are added. */
export function firstOrderWays(pen: Pen, drawn: readonly FieldDrawing[], [x, y]: Point): void {
  const bus = drawn[0].ones.top - 14;
  const starts = drawn.map(({ ones, embedding }) => ones.c[0] + (embedding.c[0] < ones.c[0] ? 5 : -5));
  for (const start of starts) pen.line([[start, bus + 14], [start, bus]], { behind: true, dashed: true, color: grey });
  pen.line([[Math.max(...starts), bus], [x, bus], [x, y]], { behind: true, dashed: true, color: grey });
}

/** A frame around a part of the network, with its name in an upper corner. */
export function group(
  pen: Pen,
  left: number,
  top: number,
  right: number,
  bottom: number,
  name: string,
  corner: "left" | "right" = "left",
): Shape {
  const frame = pen.box(left, top, right - left, bottom - top, "", {
    dashed: true,
    paper: "none",
    stroke: "#666666",
    radius: 8,
  });
  if (name !== "")
    pen.text(corner === "left" ? left + 10 : right - 10, top + 14, name, {
      anchor: corner === "left" ? "start" : "end",
      bold: true,
      size: 12,
      halo: true,
    });
  return frame;
}
