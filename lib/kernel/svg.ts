/**
 * SVG to PNG, with one font that comes with the project, so that a picture has the same bytes on every machine.
 */
import { Resvg } from "@resvg/resvg-js";
import { createRequire } from "node:module";
import * as path from "node:path";
import UPNG from "upng-js";

const fonts = path.dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"));
export const fontFamily = "DejaVu Sans";
/** Share of the font size that lies above and below the base line. */
export const ascent = 0.93;
export const descent = 0.24;

/** The project's font alone, in the given styles: each is read from its file every time. */
function font(...files: string[]) {
  return {
    loadSystemFonts: false,
    fontFiles: files.map((file) => path.join(fonts, file)),
    defaultFontFamily: fontFamily,
  };
}
const [regular, bold, oblique] = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"];

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The picture, `width` pixels wide, with at most 256 colours: a third of the size, and no visible difference. */
export function rasterize(svg: string, width: number): Uint8Array {
  // resvg understands url(#id) only without quotes; with them it would paint black.
  const plain = svg.replace(/url\((?:'|&quot;|")(#[^'"&)]+)(?:'|&quot;|")\)/g, "url($1)");
  const image = new Resvg(plain, {
    font: font(regular, bold, oblique),
    fitTo: { mode: "width", value: width },
  }).render();
  const pixels = new Uint8Array(image.pixels).buffer;
  return new Uint8Array(UPNG.encode([pixels], image.width, image.height, 256));
}

/** Where the ink of SVG shapes is, or of text in one of the fonts. Undefined if there is none. */
export function inkBox(elements: string, ...fontFiles: string[]): Box | undefined {
  const box = new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" width="9999" height="9999">${elements}</svg>`, {
    font: font(...fontFiles),
  }).getBBox();
  return box && { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
}

const widths = new Map<string, number>();

/** How wide the text is in pixels, at that font size. */
export function textWidth(text: string, size: number, weight = "normal"): number {
  const key = `${weight} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    // Spaces at the ends have no ink. Bars around the text have, and their width is taken off again.
    const inked = (inner: string) => {
      const box = inkBox(
        `<text x="100" y="200" font-size="100" font-weight="${weight}" font-family="${fontFamily}" xml:space="preserve">${escaped(inner)}</text>`,
        weight === "bold" || Number(weight) >= 600 ? bold : regular,
      );
      return box ? box.right - box.left : 0;
    };
    width = (inked(`|${text}|`) - inked("||")) / 100;
    widths.set(key, width);
  }
  return width * size;
}

/** The text without the characters that SVG reads as its own. */
export function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
