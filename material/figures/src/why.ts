/** Why models need crosses. */
import type { Figure } from "../parts";
import { fieldColors, ink, type Pen, plain, warm } from "../pen";

/** [clicks, impressions] of two ads on two devices. */
const counts = {
  phone: { A: [160, 800], B: [50, 200] },
  desktop: { A: [10, 200], B: [64, 800] },
} as const;

function percent([clicks, shown]: readonly [number, number]): number {
  return (100 * clicks) / shown;
}

export const simpson: Figure = {
  name: "simpson",
  title: "Simpson's paradox: the better ad looks worse",
  description:
    "Click rates of ads A and B. On phones A has 20 % and B 25 %; on desktops A has 5 % and B 8 %; together A has 17 % and B 11.4 %.",
  caption:
    "B wins on phones and on desktops, and loses when they are added up, because A was mostly shown where everything is clicked more. A model without the device field learns the wrong ad.",
  height: 330,
  draw(pen) {
    const base = 268;
    const add = (ad: "A" | "B"): readonly [number, number] => [
      counts.phone[ad][0] + counts.desktop[ad][0],
      counts.phone[ad][1] + counts.desktop[ad][1],
    ];
    const groups: [string, readonly [number, number], readonly [number, number]][] = [
      ["on phones", counts.phone.A, counts.phone.B],
      ["on desktops", counts.desktop.A, counts.desktop.B],
      ["together", add("A"), add("B")],
    ];
    pen.line([
      [40, base],
      [690, base],
    ]);
    groups.forEach(([name, a, b], i) => {
      const x = 150 + i * 220;
      [a, b].forEach((pair, j) => {
        const rate = percent(pair);
        const height = rate * 7;
        const left = x - 84 + j * 88;
        pen.box(left, base - height, 80, height, "", { radius: 0, paper: j === 0 ? fieldColors[0] : fieldColors[1] });
        const best = rate === Math.max(percent(a), percent(b));
        pen.text(left + 40, base - height - 14, `${Number(rate.toFixed(1))} %`, { bold: best });
        pen.text(left + 40, base - 12, "AB"[j], { bold: true });
        pen.text(left + 40, base + 14, `${pair[0]} of ${pair[1]}`, { size: 12 });
      });
      pen.text(x, base + 40, name, { bold: true });
    });
    pen.line(
      [
        [475, 60],
        [475, base + 50],
      ],
      { dashed: true, color: "#777777" },
    );
    pen.text(40, 56, "click rate", { anchor: "start", size: 12 });
  },
};

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
