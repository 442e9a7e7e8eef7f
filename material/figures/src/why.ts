/** Why models need crosses. */
import type { Figure } from "../parts";
import { fieldColors, ink, type Pen, plain, warm } from "../pen";

export const xor: Figure = {
  name: "xor",
  title: "A pattern that no sum of single features can show",
  description:
    "A table of click rates: Nike on ESPN 80 %, Nike on Vogue 20 %, Gucci on ESPN 20 %, Gucci on Vogue 80 %. All row and column averages are 50 %. The best sum of brand and site says 50 % everywhere.",
  caption:
    "brand alone says 50 %, site alone says 50 %, and so does the best sum of the two. Only the pair knows. This is the proof that crosses are needed; Simpson's paradox shows a missing field.",
  height: 300,
  draw(pen) {
    drawTable(
      pen,
      120,
      "what happens",
      [
        ["80 %", "20 %"],
        ["20 %", "80 %"],
      ],
      true,
    );
    drawTable(
      pen,
      480,
      "the best sum of brand and site",
      [
        ["50 %", "50 %"],
        ["50 %", "50 %"],
      ],
      false,
    );
    pen.text(400, 158, "≠", { size: 26, fill: warm });
  },
};

function drawTable(pen: Pen, left: number, title: string, rows: string[][], marginals: boolean): void {
  const [top, size, height] = [96, 72, 62];
  pen.text(left + size, 56, title, { bold: true });
  ["ESPN", "Vogue"].forEach((site, j) => pen.text(left + (j + 0.5) * size, 82, site));
  rows.forEach((row, i) => {
    pen.text(left - 10, top + (i + 0.5) * height, ["Nike", "Gucci"][i], { anchor: "end" });
    row.forEach((text, j) =>
      pen.box(left + j * size, top + i * height, size, height, text, {
        radius: 0,
        size: 15,
        bold: marginals,
        paper: text === "80 %" ? fieldColors[1] : text === "20 %" ? "#ffffff" : plain,
      }),
    );
    if (marginals)
      pen.text(left + 2 * size + 12, top + (i + 0.5) * height, "average 50 %", {
        anchor: "start",
        size: 12,
        fill: ink,
      });
  });
  if (marginals)
    [0, 1].forEach((j) => pen.text(left + (j + 0.5) * size, top + 2 * height + 20, "average\n50 %", { size: 12 }));
}
