/**
 * Draws a plotly figure without a browser: the same figure that the reader can move becomes the picture that
 * GitHub, paper and every other viewer show. The same figure gives the same bytes on every machine.
 */
import { JSDOM, VirtualConsole } from "jsdom";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import { retitled, sheetTitleLength, sheetWidth } from "../notebook/figure";
import { completeBrowser } from "./browser";
import { density } from "./pictures";
import { fontFamily, rasterize, textWidth } from "./svg";

export interface PlotlyFigure {
  data: any[];
  layout: any;
}

const background = "#ffffff";

/** The figure as PNG. One with a slider becomes a sheet with a panel for each of its steps. */
export async function renderPng(figure: PlotlyFigure): Promise<Uint8Array> {
  const { svg, width } = figure.layout.sliders ? await renderSheet(figure) : await renderSvg(figure);
  return rasterize(svg, Math.round(width * density));
}

interface Drawing {
  svg: string;
  width: number;
  height: number;
}

/** The figure as plotly draws it. */
export async function renderSvg({ data, layout }: PlotlyFigure): Promise<Drawing> {
  const { width = 640, height = 400 } = layout;
  const plotly = loadPlotly();
  const copy = structuredClone({ data, layout: { ...layout, font: { ...layout.font, family: fontFamily } } });
  const svg = await plotly.toImage({ ...copy, config: {} }, { format: "svg", width, height, imageDataOnly: true });
  return { svg, width, height };
}

/** Steps of a slider that are drawn, at most. */
const maxPanels = 6;
const legendLeft = 14;

/** A figure with a slider, on paper: its steps side by side, under the common title. */
export async function renderSheet({ data, layout: onScreen }: PlotlyFigure): Promise<Drawing> {
  const layout: any = retitled(onScreen, sheetTitleLength);
  const { sliders: [slider], title, ...rest } = layout;
  const all: any[] = slider.steps;
  const count = Math.min(all.length, maxPanels);
  const chosen = Array.from(
    { length: count },
    (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(1, count - 1))],
  );

  const tracesOf = (step: any): any[] =>
    data.filter((_, j) => step.args[1][j]).map((trace) => ({ ...trace, visible: true }));
  const panelWidth = sheetWidth / 2;
  const panelHeight = Math.max(220, Math.round((layout.height - 90) * 0.72));
  const head = await renderHead(layout, chosen.flatMap(tracesOf));
  const panels: string[] = [];
  for (const [i, step] of chosen.entries()) {
    const panelTitle = { ...title, text: `${slider.currentvalue.prefix}${step.label}`, font: { size: 14 } };
    const panel = {
      ...rest,
      showlegend: false,
      title: panelTitle,
      width: panelWidth,
      height: panelHeight,
      margin: { ...layout.margin, t: 44 },
    };
    const { svg } = await renderSvg({ data: tracesOf(step), layout: panel });
    panels.push(
      svg.replace("<svg ", `<svg x="${(i % 2) * panelWidth}" y="${head.height + Math.floor(i / 2) * panelHeight}" `),
    );
  }
  const height = head.height + Math.ceil(count / 2) * panelHeight;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${sheetWidth}" height="${height}">` +
    `<rect width="100%" height="100%" fill="${background}"/>${head.svg}${panels.join("")}</svg>`;
  return { svg, width: sheetWidth, height };
}

/**
 * What all panels of a sheet share: the title and, if there is one, the legend. In each panel it would take half of the
 * room.
 */
function renderHead({ title, margin, font, showlegend }: any, traces: any[]): Promise<Drawing> {
  const named = showlegend ? [...new Map(traces.map((trace) => [trace.name, trace])).values()] : [];
  const entries = named.map(({ text: _, error_y: __, ...look }) => ({
    ...look,
    ...(look.mode && { mode: look.mode.replace("+text", "") }),
    x: [null],
    y: [null],
  }));
  const columns = Math.floor(
    (sheetWidth - 2 * legendLeft) / (Math.max(0, ...entries.map(({ name }) => textWidth(name, font.size))) + 60),
  );
  const height = margin.t + 20 * Math.ceil(entries.length / columns);
  const legend = { orientation: "h", x: 0, y: 0, yanchor: "bottom" };
  const hidden = { visible: false };
  const layout = {
    title,
    font,
    showlegend,
    legend,
    width: sheetWidth,
    height,
    margin: { t: 0, r: legendLeft, b: 0, l: legendLeft },
    xaxis: hidden,
    yaxis: hidden,
  };
  return renderSvg({ data: entries, layout });
}

let loaded: any;

/** plotly in a stand-in for a browser. Loading takes a second, so it is done once. */
function loadPlotly(): any {
  if (!loaded) {
    const complaints = new VirtualConsole();
    complaints.on("error", (...words) => console.error("plotly:", ...words));
    complaints.on("warn", (...words) => console.error("plotly:", ...words));
    const { window } = new JSDOM("<!doctype html>", {
      runScripts: "outside-only",
      pretendToBeVisual: true,
      virtualConsole: complaints,
    });
    completeBrowser(window);
    window.eval(fs.readFileSync(createRequire(import.meta.url).resolve("plotly.js-dist/plotly.js"), "utf8"));
    loaded = window.Plotly;
  }
  return loaded;
}
