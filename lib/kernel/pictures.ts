/**
 * The pictures of the figures, for viewers that run no scripts: drawn from the plotly JSON beside them. Each has a
 * checksum of that JSON in its metadata, so that a figure that somebody changed in the file cannot keep its old
 * picture.
 */
import { createHash } from "node:crypto";
import { type DisplayData, type Json, type Notebook, type Output, sorted } from "./nbformat";
import type { PlotlyFigure } from "./render";

/** Pixels of the picture per pixel of the figure: sharp on a fine screen, and still small. */
export const density = 1.5;

const plotly = "application/vnd.plotly.v1+json";
const picture = "image/png";

export function isFigure(output: Output): output is DisplayData {
  return output.output_type === "display_data" && plotly in output.data;
}

/** Whether the figure has a picture, and it was drawn from this figure. */
export function isDrawn({ data, metadata }: DisplayData): boolean {
  return picture in data && metadata.drawnFrom === checksum(data[plotly]);
}

/** The output as the kernel gives it, without its picture. */
export function withoutPicture(output: Output): Output {
  if (output.output_type !== "display_data") return output;
  const { [picture]: _, ...data } = output.data;
  const { drawnFrom: __, ...metadata } = output.metadata;
  return { ...output, data, metadata };
}

/** Gives each figure the picture that it had, if it is still the same figure. */
export function keepPictures(fresh: Notebook, committed: Notebook): void {
  fresh.cells.forEach((cell, i) =>
    cell.outputs?.forEach((output, j) => {
      const before = committed.cells[i].outputs?.[j];
      if (!isFigure(output) || !before || !isFigure(before) || !(picture in before.data)) return;
      if (before.metadata.drawnFrom === checksum(output.data[plotly])) withPicture(output, before.data[picture]);
    }),
  );
}

/** Draws the pictures that are missing. */
export async function drawPictures(notebook: Notebook): Promise<void> {
  const figures = notebook.cells
    .flatMap((cell) => cell.outputs ?? [])
    .filter(isFigure)
    .filter((figure) => !isDrawn(figure));
  if (figures.length === 0) return;
  const { renderPng } = await import("./render"); // takes a second to load: only when there is something to draw
  for (const figure of figures) {
    const png = await renderPng(figure.data[plotly] as unknown as PlotlyFigure);
    withPicture(figure, Buffer.from(png).toString("base64"));
  }
}

function withPicture(figure: DisplayData, png: Json): void {
  figure.data[picture] = png;
  figure.metadata.drawnFrom = checksum(figure.data[plotly]);
}

/**
 * To be raised when the same figure is drawn differently from before: then all pictures are out of date, and
 * `npm run notebooks` draws them anew. test/kernel/render.test.ts notices when this is due.
 */
export const drawingVersion = 2;

/** The `drawnFrom` in the metadata of this figure's picture. */
export function checksum(figure: Json, version = drawingVersion): string {
  return createHash("sha256").update(JSON.stringify([version, sorted(figure)])).digest("hex").slice(0, 16);
}
