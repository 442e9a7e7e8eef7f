/**
 * What plotly needs from a browser and jsdom lacks: the sizes of drawn things, and a canvas for heatmaps.
 */
import { ascent, descent, inkBox, textWidth, type Box } from "./svg";

/** Lines of one text are this far apart, in font sizes: plotly's own distance. */
const lineHeight = 1.3;

/** Adds what is lacking to a jsdom window. */
export function completeBrowser(window: any): void {
  const element = window.SVGElement.prototype;
  element.getBBox = function () {
    return asRect(ownBox(this));
  };
  element.getBoundingClientRect = function () {
    return asRect(pageBox(this));
  };
  element.getComputedTextLength = function () {
    return asRect(ownBox(this)).width;
  };
  window.HTMLCanvasElement.prototype.getContext = function () {
    return (this.tiles = new Tiles());
  };
  window.HTMLCanvasElement.prototype.toDataURL = function () {
    return this.tiles.asUrl(this.width, this.height);
  };
  window.URL.createObjectURL = () => "";
  // plotly names clip paths by random numbers: the same numbers each time make the same picture each time.
  let lot = 0;
  window.Math.random = () => (lot = (lot * 16807 + 12345) % 2147483647) / 2147483647;
}

/** Stands for a canvas: rectangles only, kept as an SVG picture, which stays sharp at any size. */
class Tiles {
  fillStyle = "";
  private readonly rectangles: string[] = [];

  fillRect(x: number, y: number, width: number, height: number): void {
    const [left, top] = [Math.min(x, x + width), Math.min(y, y + height)];
    this.rectangles.push(
      `<rect x="${left}" y="${top}" width="${Math.abs(width)}" height="${Math.abs(height)}" fill="${this.fillStyle}"/>`,
    );
  }

  createImageData(): never {
    throw new Error("this heatmap is drawn pixel by pixel, which works in browsers only. Give it xgap and ygap");
  }

  asUrl(width: number, height: number): string {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${this.rectangles.join("")}</svg>`;
    return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  }
}

function asRect(box: Box = { left: 0, top: 0, right: 0, bottom: 0 }) {
  return { ...box, x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
}

/** Where the element is in its own coordinates, before its transform. */
function ownBox(element: any): Box | undefined {
  const tag = element.tagName.toLowerCase();
  if (tag === "text" || tag === "tspan") return textBox(element);
  if (["path", "rect", "circle", "line", "image"].includes(tag)) {
    const bare = element.cloneNode(false);
    for (const name of ["transform", "style", "clip-path", "class"]) bare.removeAttribute(name);
    bare.setAttribute("fill", "black"); // what is not filled has no ink, but a size
    return inkBox(bare.outerHTML);
  }
  if (tag !== "g" && tag !== "svg" && tag !== "a") return undefined; // definitions are not drawn
  const boxes = Array.from(element.children as any[], (child) => transformed(ownBox(child), child)).filter(
    (box): box is Box => box !== undefined,
  );
  if (boxes.length === 0) return undefined;
  return around(boxes.flatMap(({ left, top, right, bottom }) => [[left, top], [right, bottom]]));
}

/** Where the element is on the page. */
function pageBox(element: any): Box | undefined {
  let box = ownBox(element);
  for (let at = element; at?.getAttribute; at = at.parentNode) box = transformed(box, at);
  return box;
}

function textBox(element: any): Box | undefined {
  if (!element.textContent) return undefined;
  const size = parseFloat(inherited(element, "font-size") ?? "12");
  const weight = inherited(element, "font-weight") ?? "normal";
  const lines: any[] = Array.from(element.querySelectorAll("tspan.line"));
  const texts: string[] = lines.length > 0 ? lines.map((line) => line.textContent) : [element.textContent];
  const width = Math.max(...texts.map((text) => textWidth(text, size, weight)));
  const x = parseFloat(element.getAttribute("x") ?? "0");
  const y = parseFloat(element.getAttribute("y") ?? "0");
  const anchor = inherited(element, "text-anchor");
  const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
  return {
    left,
    top: y - ascent * size,
    right: left + width,
    bottom: y + descent * size + (texts.length - 1) * lineHeight * size,
  };
}

function inherited(element: any, property: string): string | undefined {
  for (let at = element; at?.getAttribute; at = at.parentNode) {
    const value = at.style?.getPropertyValue(property) || at.getAttribute(property);
    if (value) return value;
  }
  return undefined;
}

/** The box around the box, moved and turned as the element's transform says. */
function transformed(box: Box | undefined, element: any): Box | undefined {
  if (!box) return undefined;
  let corners = [[box.left, box.top], [box.right, box.top], [box.left, box.bottom], [box.right, box.bottom]];
  const steps = [...(element.getAttribute("transform") ?? "").matchAll(/(translate|rotate|scale)\(([^)]*)\)/g)];
  for (const [, kind, list] of steps.reverse()) {
    const [a, b = kind === "scale" ? a : 0, c = 0] = list.split(/[\s,]+/).map(Number);
    if (kind === "translate") corners = corners.map(([x, y]) => [x + a, y + b]);
    else if (kind === "scale") corners = corners.map(([x, y]) => [x * a, y * b]);
    else corners = corners.map(([x, y]) => turned(x - b, y - c, a)).map(([x, y]) => [x + b, y + c]);
  }
  return around(corners);
}

function turned(x: number, y: number, degrees: number): number[] {
  const angle = (degrees * Math.PI) / 180;
  return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
}

function around(points: number[][]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
