/**
 * The pen that draws every figure of the course in one style: shapes, arrows and text on white, as SVG.
 *
 * It knows how wide its text is, and refuses a figure where text is too small, leaves its box or the paper, meets
 * other text, or is crossed by a line.
 */
import { escaped, fontFamily, textWidth } from "../../lib/kernel/svg";

export type Point = readonly [x: number, y: number];

export interface Shape {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Middle of each side, and the centre. */
  readonly n: Point;
  readonly e: Point;
  readonly s: Point;
  readonly w: Point;
  readonly c: Point;
}

export interface TextStyle {
  size?: number;
  anchor?: "start" | "middle" | "end";
  bold?: boolean;
  italic?: boolean;
  fill?: string;
  /** White around the letters, for text that thin lines may run below. */
  halo?: boolean;
}

export interface LineStyle {
  color?: string;
  width?: number;
  /** Or the lengths of its dashes and gaps, to be told from another dashed line. */
  dashed?: boolean | string;
  /** An arrow head at the end. */
  arrow?: boolean;
  /** Below everything, and allowed to run below text with a halo. */
  behind?: boolean;
}

export interface BoxStyle extends TextStyle {
  dashed?: boolean;
  stroke?: string;
  radius?: number;
  paper?: string;
}

export const ink = "#222222";
export const faint = "#c4c4c4";
export const strong = "#0072b2";
export const warm = "#b34700";
export const grey = "#777777";
/** One per field: told apart by their labels too, because grey print makes them alike. */
export const fieldColors = ["#cfe2f3", "#fbdcb8", "#d3ebd0", "#e4d7ee"];
export const plain = "#f1f1f1";

const lineHeight = 1.35;
/** Font size that can still be read where a figure is shown smaller than it is. */
const smallest = 11;

export class Pen {
  private readonly behind: string[] = [];
  private readonly shapes: string[] = [];
  private readonly lines: string[] = [];
  private readonly texts: { text: string; box: Box; halo: boolean }[] = [];
  private readonly segments: { from: Point; to: Point; behind: boolean }[] = [];
  private readonly written: string[] = [];

  /** The paper reaches from y = top to y = bottom. */
  constructor(
    readonly width: number,
    readonly top: number,
    readonly bottom: number,
  ) {}

  /** Text, centred at y. Line breaks make lines. */
  text(
    x: number,
    y: number,
    text: string,
    { size = 13, anchor = "middle", bold, italic, fill = ink, halo = false }: TextStyle = {},
  ): void {
    if (size < smallest) throw new Error(`"${text}" has size ${size}, expected ${smallest} or more`);
    const rows = text.split("\n");
    rows.forEach((row, i) => {
      const middle = y + (i - (rows.length - 1) / 2) * size * lineHeight;
      const width = textWidth(row, size, bold ? "bold" : "normal");
      const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
      this.texts.push({
        text: row,
        box: { left, right: left + width, top: middle - size * 0.5, bottom: middle + size * 0.5 },
        halo,
      });
      const style = `${bold ? ' font-weight="bold"' : ""}${italic ? ' font-style="italic"' : ""}${halo ? ' paint-order="stroke" stroke="#ffffff" stroke-width="5"' : ""}`;
      this.written.push(
        `<text x="${number(x)}" y="${number(middle + size * 0.36)}" font-size="${size}" text-anchor="${anchor}" fill="${fill}"${style}>${escaped(row)}</text>`,
      );
    });
  }

  /** A rectangle with its top left corner at x, y, and a label that must fit. */
  box(x: number, y: number, width: number, height: number, label = "", style: BoxStyle = {}): Shape {
    const { dashed, stroke = ink, radius = 4, paper = plain, ...text } = style;
    const dash = dashed ? ' stroke-dasharray="5 4"' : "";
    const frame = `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="${radius}" fill="${paper}" stroke="${stroke}"${dash}/>`;
    (dashed ? this.behind : this.shapes).push(frame);
    if (label !== "") {
      const widest = Math.max(
        ...label.split("\n").map((row) => textWidth(row, text.size ?? 13, text.bold ? "bold" : "normal")),
      );
      if (widest > width - 4) throw new Error(`"${label}" is ${Math.ceil(widest)} wide, its box only ${width}`);
      this.text(x + width / 2, y + height / 2, label, text);
    }
    return shape(x, y, width, height);
  }

  /** A circle with a sign in it, such as + or ×. */
  circle(
    x: number,
    y: number,
    radius: number,
    label = "",
    { paper = "#ffffff", stroke = ink, ...text }: BoxStyle = {},
  ): Shape {
    this.shapes.push(`<circle cx="${number(x)}" cy="${number(y)}" r="${radius}" fill="${paper}" stroke="${stroke}"/>`);
    if (label !== "") this.text(x, y, label, { size: Math.min(16, radius * 1.2), ...text });
    return shape(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  /** A line through the points. */
  line(points: readonly Point[], { color = ink, width = 1.4, dashed, arrow, behind = false }: LineStyle = {}): void {
    for (let i = 1; i < points.length; i++) this.segments.push({ from: points[i - 1], to: points[i], behind });
    const list = points.map(([x, y]) => `${number(x)},${number(y)}`).join(" ");
    const extras = `${dashesOf(dashed, "5 4")}${arrow ? ` marker-end="url(#${headOf(color)})"` : ""}`;
    (behind ? this.behind : this.lines).push(
      `<polyline points="${list}" fill="none" stroke="${color}" stroke-width="${width}"${extras}/>`,
    );
  }

  arrow(from: Point, to: Point, style: LineStyle = {}): void {
    this.line([from, to], { ...style, arrow: true });
  }

  /** A smooth curve through many points. */
  curve(points: readonly Point[], { color = ink, width = 2, dashed }: LineStyle = {}): void {
    const list = points.map(([x, y]) => `${number(x)},${number(y)}`).join(" ");
    this.lines.push(
      `<polyline points="${list}" fill="none" stroke="${color}" stroke-width="${width}"${dashesOf(dashed, "7 4")}/>`,
    );
  }

  /** The finished picture. @throws if text is cut off, covered or crossed. */
  finish(title: string, description: string): string {
    this.checkTexts();
    const { width, top, bottom } = this;
    const height = bottom - top;
    const heads = [ink, strong, warm, grey].map(
      (color) =>
        `<marker id="${headOf(color)}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 1 10 5 0 9z" fill="${color}"/></marker>`,
    );
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 ${top} ${width} ${height}" role="img" aria-labelledby="title desc" font-family="${fontFamily}, Verdana, sans-serif">`,
      `<title id="title">${escaped(title)}</title>`,
      `<desc id="desc">${escaped(description)}</desc>`,
      `<defs>${heads.join("")}</defs>`,
      `<rect y="${top}" width="${width}" height="${height}" fill="#ffffff"/>`,
      ...this.behind,
      ...this.shapes,
      ...this.lines,
      ...this.written,
      "</svg>\n",
    ].join("\n");
  }

  private checkTexts(): void {
    this.texts.forEach(({ text, box, halo }, i) => {
      if (box.left < 8 || box.top < this.top + 2 || box.right > this.width - 8 || box.bottom > this.bottom - 2)
        throw new Error(`"${text}" leaves the paper`);
      for (const other of this.texts.slice(i + 1)) {
        if (
          box.left < other.box.right &&
          other.box.left < box.right &&
          box.top < other.box.bottom &&
          other.box.top < box.bottom
        ) {
          throw new Error(`"${text}" and "${other.text}" overlap`);
        }
      }
      const crossing = this.segments.find(({ from, to, behind }) => !(halo && behind) && crosses(from, to, box));
      if (crossing) throw new Error(`"${text}" is crossed by a line from ${crossing.from} to ${crossing.to}`);
    });
  }
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function shape(x: number, y: number, width: number, height: number): Shape {
  const [mx, my] = [x + width / 2, y + height / 2];
  return {
    left: x,
    right: x + width,
    top: y,
    bottom: y + height,
    n: [mx, y],
    e: [x + width, my],
    s: [mx, y + height],
    w: [x, my],
    c: [mx, my],
  };
}

/** Whether the line meets the box, found by cutting off what lies outside each side (Liang and Barsky). */
function crosses([x0, y0]: Point, [x1, y1]: Point, { left, right, top, bottom }: Box): boolean {
  let [start, end] = [0, 1];
  for (const [step, room] of [
    [x0 - x1, x0 - left],
    [x1 - x0, right - x0],
    [y0 - y1, y0 - top],
    [y1 - y0, bottom - y0],
  ]) {
    if (step === 0 && room < 0) return false;
    if (step < 0) start = Math.max(start, room / step);
    if (step > 0) end = Math.min(end, room / step);
  }
  return start < end;
}

function dashesOf(dashed: LineStyle["dashed"], usual: string): string {
  return dashed ? ` stroke-dasharray="${dashed === true ? usual : dashed}"` : "";
}

function headOf(color: string): string {
  return `head-${color.slice(1)}`;
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}
