import { createHash } from "node:crypto";
import UPNG from "upng-js";
import { describe, expect, test } from "vitest";
import { drawingVersion } from "../../lib/kernel/pictures";
import { renderPng, renderSheet, renderSvg, type PlotlyFigure } from "../../lib/kernel/render";
import { inkBox, rasterize, textWidth } from "../../lib/kernel/svg";
import { heatmapFigure } from "../../lib/notebook/heatmap";
import { modelStyles } from "../../lib/notebook/palette";
import { barsFigure, linesFigure, scatterFigure } from "../../lib/notebook/plot";

const text = { alt: "A figure that a test draws.", x: { title: "epoch" }, y: { title: "test AUC" } };
const x = [1, 2, 3];
const figures: Record<string, PlotlyFigure> = {
  lines: linesFigure({
    ...text,
    title: "Does FM pass POLY2 on pairs that training never showed, or does it stay below",
    reference: { name: "Bayes", value: 0.9 },
    series: [
      { name: "Wide&Deep", x, y: [0.5, 0.6, 0.7] },
      {
        name: "FM, pairs never seen",
        model: "FM",
        x,
        y: [0.6, 0.7, 0.8],
        interval: [
          { low: 0.5, high: 0.65 },
          { low: 0.6, high: 0.75 },
          { low: 0.7, high: 0.85 },
        ],
      },
    ],
  }),
  bars: barsFigure({
    ...text,
    title: "Log loss",
    categories: ["never", "once", "often"],
    series: [
      { name: "POLY2", y: [0.7, 0.6, 0.5] },
      {
        name: "DeepFM",
        y: [0.6, 0.55, 0.5],
        interval: [
          { low: 0.5, high: 0.7 },
          { low: 0.5, high: 0.6 },
          { low: 0.4, high: 0.6 },
        ],
      },
    ],
  }),
  heatmap: heatmapFigure({
    ...text,
    title: "Attention",
    color: "weight",
    decimals: 1,
    rows: ["keyboard", "face wash"],
    columns: ["mouse", "cosmetics", "skin care"],
    values: [
      [0.9, 0, 0.1],
      [0, 0.7, null],
    ],
  }),
  scatter: scatterFigure({
    ...text,
    title: "Items",
    series: [
      { name: "sport", x: [1, 2], y: [1, 2], labels: ["Nike", "football boots"] },
      { name: "fashion", x: [-1], y: [-2], labels: ["Vogue"] },
    ],
  }),
  slider: linesFigure({
    ...text,
    title: "Which k is enough?",
    slider: {
      name: "k",
      steps: [1, 2, 4].map((k) => ({ label: k, series: [{ name: "FM", x, y: x.map((e) => 0.8 - 0.2 / k / e) }] })),
    },
  }),
};

interface Pixels {
  width: number;
  height: number;
  rgba: Uint8Array;
}

function pixelsOf(png: Uint8Array): Pixels {
  const image = UPNG.decode(png.slice().buffer);
  return { width: image.width, height: image.height, rgba: new Uint8Array(UPNG.toRGBA8(image)[0]) };
}

const drawn = new Map<string, Promise<Uint8Array>>();

/** The picture of the figure, drawn once for all tests. */
function png(name: string): Promise<Uint8Array> {
  drawn.set(name, drawn.get(name) ?? renderPng(figures[name]));
  return drawn.get(name)!;
}

/** Share of pixels that are not white, in a part of the picture given by fractions. */
function ink({ width, height, rgba }: Pixels, [left, top, right, bottom] = [0, 0, 1, 1]): number {
  let count = 0;
  let all = 0;
  for (let y = Math.floor(top * height); y < bottom * height; y++) {
    for (let x = Math.floor(left * width); x < right * width; x++) {
      all++;
      const at = 4 * (y * width + x);
      if (rgba[at] < 200 || rgba[at + 1] < 200 || rgba[at + 2] < 200) count++;
    }
  }
  return count / all;
}

describe.each(Object.keys(figures))("a figure with %s", (name) => {
  test("is drawn whole: something everywhere it should be, nothing at the edges", async () => {
    const pixels = pixelsOf(await png(name));
    expect(ink(pixels)).toBeGreaterThan(0.01);
    expect(ink(pixels, [0, 0, 0.5, 0.15])).toBeGreaterThan(0.005); // the title
    const [dx, dy] = [3 / pixels.width, 3 / pixels.height];
    const edges: [number, number, number, number][] = [
      [0, 0, 1, dy],
      [0, 1 - dy, 1, 1],
      [0, 0, dx, 1],
      [1 - dx, 0, 1, 1],
    ];
    for (const edge of edges) expect(ink(pixels, edge), `edge ${edge}`).toBe(0);
  });

  test("has the same bytes when drawn again, after others", async () => {
    expect(Buffer.from(await renderPng(figures[name])).equals(await png(name))).toBe(true);
  });
});

test("the legend keeps its names whole, inside the picture", async () => {
  const { svg, width } = await renderSvg(figures.lines);
  const legend = /<g class="legend"[^>]* transform="translate\(([\d.]+),/.exec(svg)!;
  const clip = Number(/<clipPath id="legend[^"]*"><rect width="([\d.]+)"/.exec(svg)![1]);
  const names = [...svg.matchAll(/class="legendtext"[^>]*x="([\d.]+)"[^>]*>([^<]*)</g)];
  expect(names.map(([, , name]) => name)).toEqual(["Wide&amp;Deep", "FM, pairs never seen"]);
  for (const [, left, name] of names) {
    const right = inkBox(`<text x="${left}" y="50" font-size="12">${name}</text>`, "DejaVuSans.ttf")!.right;
    expect(right).toBeLessThanOrEqual(clip);
    expect(Number(legend[1]) + right).toBeLessThanOrEqual(width);
  }
});

test("numbers stand in the tiles of a heatmap, and its colour bar is coloured", async () => {
  const { svg } = await renderSvg(figures.heatmap);
  expect(svg).toContain(">0.0</text>");
  // On dark tiles.
  for (const number of ["0.9", "0.7"]) expect(svg).toContain(`<tspan style=" fill:#ffffff">${number}</tspan>`);
  const { width, height, rgba } = pixelsOf(await png("heatmap"));
  const dark = [8, 48, 107]; // the end of the scale
  const found = (from: number, to: number) => {
    for (let y = 0; y < height; y++)
      for (let x = Math.floor(from * width); x < to * width; x++) {
        if (dark.every((value, i) => Math.abs(rgba[4 * (y * width + x) + i] - value) < 12)) return true;
      }
    return false;
  };
  expect([found(0, 0.8), found(0.8, 1)]).toEqual([true, true]);
});

test("the crosses of empty tiles are drawn, though plotly has no value there", async () => {
  const { svg } = await renderSvg(heatmapFigure({ ...text, title: "Holes", color: "weight", values: [[1, null, 2]] }));
  expect(Array.from(svg.matchAll(/<tspan style=" fill:#707070">(.)<\/tspan>/g), ([, sign]) => sign)).toEqual(["×"]);
});

test("a slider becomes a panel per step", async () => {
  const sheet = pixelsOf(await png("slider"));
  expect(sheet.height).toBeGreaterThan(pixelsOf(await png("scatter")).height);
  expect(sheet.width).toBe(1290); // 860, sharp on a fine screen
  const blue = [0x00, 0x72, 0xb2]; // FM's colour
  for (const [left, top, right, bottom] of [[0, 0.1, 0.5, 0.5], [0.5, 0.1, 1, 0.5], [0, 0.6, 0.5, 1]]) {
    let found = 0;
    for (let y = Math.floor(top * sheet.height); y < bottom * sheet.height; y++)
      for (let x = Math.floor(left * sheet.width); x < right * sheet.width; x++) {
        if (blue.every((value, i) => Math.abs(sheet.rgba[4 * (y * sheet.width + x) + i] - value) < 12)) found++;
      }
    expect(found).toBeGreaterThan(200); // a line with three markers
  }
  expect(ink(sheet, [0.5, 0.6, 1, 1])).toBe(0); // there is no fourth
});

test("of a slider with many steps six are drawn, the first and the last among them, each without the others", async () => {
  const names = ["DeepFM", "FM", "FM", "FM", "FM", "FM", "AFM"] as const;
  const steps = names.map((name, i) => ({ label: i, series: [{ name, x, y: [0.5, 0.6, 0.7] }] }));
  const { svg } = await renderSheet(linesFigure({ ...text, title: "Many steps", slider: { name: "k", steps } }));
  const panels = svg.split('<svg x="').slice(1);
  const panelsWith = (color: string) => {
    const written = `rgb(${[1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)).join(", ")})`;
    return panels.flatMap((panel, i) => (panel.includes(written) ? [i] : []));
  };
  expect(panels.length).toBe(6);
  expect([modelStyles.DeepFM, modelStyles.FM, modelStyles.AFM].map(({ color }) => panelsWith(color))).toEqual([
    [0],
    [1, 2, 3, 4],
    [5],
  ]);
});

test("a sheet has one legend, not one in each panel", async () => {
  const steps = [1, 2].map((k) => ({
    label: k,
    series: ["FM", "DeepFM"].map((name, i) => ({ name, x, y: x.map((e) => 0.8 - 0.2 / k / e - i / 10) })),
  }));
  const figure = linesFigure({ ...text, title: "Which k is enough?", slider: { name: "k", steps } });
  const { svg, width } = await renderSheet(figure);
  expect(Array.from(svg.matchAll(/class="legendtext"[^>]*>([^<]*)</g), ([, name]) => name)).toEqual(["FM", "DeepFM"]);
  const plots = Array.from(
    svg.matchAll(/<rect class="nsewdrag drag"|<clipPath id="clip[^"]*xyplot"[^>]*><rect width="([\d.]+)"/g),
    ([, room]) => Number(room),
  );
  for (const room of plots.slice(-2)) expect(room).toBeGreaterThan(0.75 * (width / 2)); // the rest is the axis
});

test("the title of a sheet is as long in a line as the sheet has room for, and takes no room above the panels", async () => {
  const sheet = (title: string) =>
    renderSheet(
      linesFigure({
        ...text,
        title,
        slider: { name: "k", steps: [{ label: 1, series: [{ name: "FM", x, y: [0.5, 0.6, 0.7] }] }] },
      }),
    );
  const long = "With one table the FM part dips while the deep part finds the triple";
  const [one, two, still] = await Promise.all([sheet("Short"), sheet(long), sheet(`${long}, and two tables do not`)]);
  expect(two.svg).toContain(`>${long}<`);
  expect(two.height).toBe(one.height);
  expect(still.height).toBeGreaterThan(one.height);
});

test("pictures are drawn as this version of the drawing draws them: if not, raise drawingVersion in pictures.ts", async () => {
  const data = [
    { type: "scatter", mode: "lines+markers", name: "FM", x, y: [1, 2, 3], visible: true },
    { type: "bar", name: "LR", x, y: [3, 2, 1], text: ["3", "2", "1"], visible: true },
  ];
  const margin = { l: 70, r: 20, t: 50, b: 56 };
  const layout = { title: { text: "T", x: 0 }, width: 640, height: 490, margin, font: { size: 12 }, showlegend: true };
  const slider = {
    currentvalue: { prefix: "k: " },
    steps: [1, 2].map((label) => ({ label, args: ["visible", [true, label === 1]] })),
  };
  const pictures = [
    await renderPng({ data, layout }),
    await renderPng({ data, layout: { ...layout, sliders: [slider] } }),
  ];
  const digests = pictures.map((picture) => createHash("sha256").update(picture).digest("hex").slice(0, 16));
  expect([drawingVersion, ...digests]).toEqual([2, "7c1d0b6870339aae", "9685244ea874eec7"]);
});

test("a figure that only a browser could draw says what to change", async () => {
  await expect(
    renderPng({
      data: [
        {
          type: "heatmap",
          z: [
            [1, 2],
            [3, 4],
          ],
          zsmooth: "best",
        },
      ],
      layout: {},
    }),
  ).rejects.toThrow("Give it xgap and ygap");
});

test("the font is the project's own: text is as wide as its design says", () => {
  // Advance widths of DejaVu Sans, per 2048 units: "A" 1401, "i" 569.
  expect(Math.abs(textWidth("A", 2048) - 1401)).toBeLessThan(16);
  expect(Math.abs(textWidth("iiii", 2048) - 4 * 569)).toBeLessThan(16);
  expect(textWidth("a b", 100)).toBeGreaterThan(textWidth("ab", 100) + 25);
  // "A" of DejaVu Sans Bold 1585.
  for (const weight of ["bold", "600"]) expect(textWidth("A", 2048, weight)).toBeCloseTo(1585, -1.5);
  expect(textWidth("<A&", 100)).toBeGreaterThan(textWidth("A", 100) + 100);
  const svg = (family: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text x="5" y="20" font-family="${family}">Agj</text></svg>`;
  expect(Buffer.from(rasterize(svg("Arial, Helvetica"), 90)).equals(rasterize(svg("DejaVu Sans"), 90))).toBe(true);
});
