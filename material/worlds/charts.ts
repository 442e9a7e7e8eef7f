/** What the pictures of the worlds are drawn with: grids of dots, and axes for lines and points. */
import type { PlantedWorld } from "../../lib/data/planted/world";
import { sigmoid } from "../../lib/sigmoid";
import { grey, ink, type Pen, type Point } from "../figures/pen";

/** Mean true click probability of the impressions with id a in one column and b in the other: [a - 1][b - 1]. */
export function rates(
  world: PlantedWorld,
  a: string,
  b: string,
  where: (row: number) => boolean = () => true,
): number[][] {
  const { columns, size } = world.impressions;
  const sums: { n: number; p: number }[][] = [];
  for (let row = 0; row < size; row++) {
    if (!where(row)) continue;
    const cell = ((sums[columns[a][row] - 1] ??= [])[columns[b][row] - 1] ??= { n: 0, p: 0 });
    cell.n++;
    cell.p += sigmoid(world.bayesLogits[row]);
  }
  return sums.map((cells) => cells.map(({ n, p }) => p / n));
}

export const cell = 18;

/** Click rates as dots: their area is the rate, the whole cell for `full`. Rows are ids of the first field. */
export function dots(
  pen: Pen,
  left: number,
  top: number,
  title: string,
  values: number[][],
  full: number,
  [rows, columns]: readonly [string, string],
): void {
  const width = values[0].length * cell;
  const height = values.length * cell;
  pen.text(left + width / 2, top - 30, title, { bold: true });
  pen.text(left + width / 2, top - 11, `${columns} →`, { size: 11 });
  pen.text(left - 8, top + height / 2, `${rows} ↓`.replace(" ↓", "\n↓"), { size: 11, anchor: "end" });
  pen.box(left, top, width, height, "", { radius: 0, paper: "#ffffff", stroke: grey });
  values.forEach((row, i) =>
    row.forEach((rate, j) => {
      const radius = Math.min(1, Math.sqrt(rate / full)) * (cell / 2 - 0.5);
      pen.circle(left + (j + 0.5) * cell, top + (i + 0.5) * cell, Math.round(radius * 10) / 10, "", { paper: ink });
    }),
  );
}

export interface Axes {
  readonly x: { readonly label: string; readonly ticks: readonly (readonly [at: number, text: string])[] };
  readonly y: { readonly label: string; readonly ticks: readonly (readonly [at: number, text: string])[] };
}

/** Axes around a frame, from the first to the last tick. Returns where a value is on the paper. */
export function axes(
  pen: Pen,
  left: number,
  top: number,
  width: number,
  height: number,
  { x, y }: Axes,
): (a: number, b: number) => Point {
  const range = (ticks: Axes["x"]["ticks"]) => [ticks[0][0], ticks[ticks.length - 1][0]] as const;
  const [[x0, x1], [y0, y1]] = [range(x.ticks), range(y.ticks)];
  const place = (a: number, b: number): Point => [
    left + ((a - x0) / (x1 - x0)) * width,
    top + height - ((b - y0) / (y1 - y0)) * height,
  ];
  pen.line(
    [
      [left, top],
      [left, top + height],
      [left + width, top + height],
    ],
    { color: grey, width: 1 },
  );
  for (const [at, text] of x.ticks) pen.text(place(at, y0)[0], top + height + 14, text, { size: 11 });
  for (const [at, text] of y.ticks) pen.text(left - 8, place(x0, at)[1], text, { size: 11, anchor: "end" });
  pen.text(left + width / 2, top + height + 34, x.label, { size: 12 });
  pen.text(left - 34, top - 18, y.label, { size: 12, anchor: "start" });
  return place;
}
