/**
 * npx tsx material/worlds/pictures.ts draws one picture of each planted world into this folder, from impressions
 * that are drawn for it.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { additiveWorld } from "../../lib/data/planted/additive";
import { expectedScores } from "../../lib/data/planted/bayes";
import { driftWorld } from "../../lib/data/planted/drift";
import { fieldAwareWorld } from "../../lib/data/planted/fieldaware";
import { intensityWorld } from "../../lib/data/planted/intensity";
import { interestsWorld } from "../../lib/data/planted/interests";
import { longTailWorld } from "../../lib/data/planted/longtail";
import { mixedWorld } from "../../lib/data/planted/mixed";
import { secondOrderWorld } from "../../lib/data/planted/secondorder";
import { thirdOrderWorld } from "../../lib/data/planted/thirdorder";
import type { PlantedWorld } from "../../lib/data/planted/world";
import { xorWorld } from "../../lib/data/planted/xor";
import { sigmoid } from "../../lib/sigmoid";
import { svgOf } from "../figures/draw";
import type { Figure } from "../figures/parts";
import { fieldColors, ink, strong, warm } from "../figures/pen";
import { axes, cell, dots, rates } from "./charts";

const fieldSizes = [10, 10, 10];
const rows = 20_000;
const side = 10 * cell;
const top = 92;
const dotHeight = top + side + 16;
const fields = ["field 1", "field 2"] as const;
const scale = "Area of a dot: click rate.";

const additive: Figure = {
  name: "additive",
  title: "Additive: every id does its own",
  description:
    "Click rate by ids of field 1 and field 2, as dots. Whole rows and whole columns are larger or smaller than others.",
  caption: `rows and columns: an id of field 1 is good or bad with every id of field 2. ${scale}`,
  height: dotHeight,
  draw(pen) {
    const world = additiveWorld({ rows, fieldSizes });
    dots(pen, 90, top, "fields 1 and 2", rates(world, "field1", "field2"), 0.85, fields);
    dots(pen, 430, top, "fields 1 and 3", rates(world, "field1", "field3"), 0.85, ["field 1", "field 3"]);
  },
};

const xor: Figure = {
  name: "xor",
  title: "XOR: what counts is whether the kinds agree",
  description:
    "Click rate by brand and site, as dots: a chess board. The mean over each row and each column is the same.",
  caption: `a chess board, with the same mean in every row and in every column: one number per brand and one per site cannot draw it. ${scale}`,
  height: dotHeight,
  draw(pen) {
    dots(pen, 260, top, "brands and sites", rates(xorWorld({ rows }), "brand", "site"), 0.5, ["brand", "site"]);
  },
};

const secondOrder: Figure = {
  name: "second-order",
  title: "Second order: which ids meet",
  description:
    "Click rate by the ids of two fields, as dots. Ids that are good with some ids of the other field are bad with others, in patterns that repeat between rows.",
  caption: `drawn without first-order weights. No row is good throughout, but patterns return, straight or reversed: two hidden numbers per id draw all of it, so a pair never seen can be guessed. ${scale}`,
  height: dotHeight,
  draw(pen) {
    const world = secondOrderWorld({ rows, fieldSizes, embeddingDim: 2, linearShare: 0 });
    dots(pen, 90, top, "fields 1 and 2", rates(world, "field1", "field2"), 0.9, fields);
    dots(pen, 430, top, "fields 1 and 3", rates(world, "field1", "field3"), 0.9, ["field 1", "field 3"]);
  },
};

const fieldAware: Figure = {
  name: "field-aware",
  title: "Field-aware: alike here says nothing about there",
  description:
    "Two clouds of points, one point per two ids of field 1: how alike they are towards field 2, and towards field 3. In the second-order world the cloud rises, in the field-aware world it has no direction.",
  caption:
    "one point per two ids of field 1, placed by the correlation of their logits towards field 2 and towards field 3. With one vector per id, alike towards one field is alike towards another; with one vector per id and field it is not.",
  height: 344,
  draw(pen) {
    const sizes = [24, 24, 24];
    const second = secondOrderWorld({ rows: 1_000, fieldSizes: sizes, embeddingDim: 2 });
    const aware = fieldAwareWorld({ rows: 1_000, fieldSizes: sizes, embeddingDim: 2 });
    const vectorOf = {
      second: (id: number) => second.factors.subarray(id * 2, id * 2 + 2),
      aware: (id: number, field: number) => aware.factors.subarray((id * 3 + field) * 2, (id * 3 + field) * 2 + 2),
    };
    const ticks = [
      [-1, "−1"],
      [0, "0"],
      [1, "1"],
    ] as const;
    for (const [left, title, vector] of [
      [70, "second order", vectorOf.second],
      [420, "field-aware", vectorOf.aware],
    ] as const) {
      pen.text(left + 120, 40, title, { bold: true });
      const place = axes(pen, left, 90, 240, 200, {
        x: { label: "alike towards field 2", ticks },
        y: { label: "alike towards field 3", ticks },
      });
      const ofIds = (id: number, field: number) =>
        Array.from({ length: 24 }, (_, j) => dot(vector(id, field), vector(1 + 24 * field + j, 0)));
      for (let a = 1; a <= 24; a++) {
        for (let b = 1; b < a; b++) {
          const [x, y] = [1, 2].map((field) => correlation(ofIds(a, field), ofIds(b, field)));
          pen.circle(...place(x, y), 2, "", { paper: strong, stroke: strong });
        }
      }
    }
  },
};

const thirdOrder: Figure = {
  name: "third-order",
  title: "Third order: two ids say nothing, three say all",
  description:
    "Click rate by the ids of fields 1 and 2, as dots: all alike over all impressions; a chess board where the id of field 3 is odd; its opposite where it is even.",
  caption: `over all impressions no pair is better than another. Field 3 decides which of two opposite chess boards holds. ${scale}`,
  height: dotHeight,
  draw(pen) {
    threePanels(pen, thirdOrderWorld({ rows }), 0.5);
  },
};

const mixed: Figure = {
  name: "mixed",
  title: "Mixed: pairs, and three together",
  description:
    "Click rate by the ids of fields 1 and 2, as dots: a pattern of pairs over all impressions, and on top of it a chess board where the id of field 3 is odd, and the opposite one where it is even.",
  caption: `left, what a model of pairs can know. Field 3 adds the chess board of the third-order world. ${scale}`,
  height: dotHeight,
  draw(pen) {
    threePanels(pen, mixedWorld({ rows, fieldSizes }), 0.8);
  },
};

function threePanels(pen: Parameters<Figure["draw"]>[0], world: PlantedWorld, full: number): void {
  const third = world.impressions.columns.field3;
  const titles = ["all impressions", "id of field 3 odd", "id of field 3 even"];
  const wheres = [() => true, (row: number) => third[row] % 2 === 1, (row: number) => third[row] % 2 === 0];
  titles.forEach((title, i) =>
    dots(pen, 64 + i * 230, top, title, rates(world, "field1", "field2", wheres[i]), full, fields),
  );
}

const longTail: Figure = {
  name: "long-tail",
  title: "Long tail: few items are shown often, most hardly ever",
  description:
    "How often each item is shown, by rank, on logarithmic axes: a falling line from about 2,500 impressions down to 1.",
  caption:
    "about a thousand of 50,000 items are shown more than ten times (dashed). Below, an item's clicks are luck more than anything, and over half of all impressions show such an item.",
  height: 300,
  draw(pen) {
    const { columns } = longTailWorld().impressions;
    const counts = new Float64Array(50_001);
    for (const item of columns.item) counts[item]++;
    const sorted = Array.from(counts)
      .filter((count) => count > 0)
      .sort((a, b) => b - a);
    const ticks = [0, 1, 2, 3, 4, 5].map((power) => [power, (10 ** power).toLocaleString("en")] as const);
    const place = axes(pen, 90, 60, 540, 190, {
      x: { label: "rank of the item", ticks },
      y: { label: "impressions", ticks: ticks.slice(0, 5) },
    });
    const ranks = Array.from({ length: 100 }, (_, i) => Math.round(sorted.length ** (i / 99))); // evenly along the axis
    pen.curve(
      ranks.map((rank) => place(Math.log10(rank), Math.log10(sorted[rank - 1]))),
      { color: strong },
    );
    pen.curve([place(0, 1), place(5, 1)], { color: warm, dashed: true });
    pen.text(place(5, 1)[0], place(5, 1)[1] - 12, "ten impressions", { anchor: "end", fill: warm });
  },
};

const interests: Figure = {
  name: "interests",
  title: "Interests: the candidate decides which behaviours matter",
  description:
    "A user's history as categories with the brand bought in each, what is left of it after pooling, and two candidates of the same brand: one matches and one does not.",
  caption:
    "both candidates are of brand A. The history says which of them this user will like; the pooled counts say the same about both.",
  height: 262,
  draw(pen) {
    const { intercept, scale: weight } = interestsWorld({ rows });
    const percent = (p: number) => `${(100 * p).toFixed(0)} %`;
    const history = [
      ["mouse", "A"],
      ["skin care", "B"],
      ["lipstick", "B"],
      ["keyboard", "A"],
    ];
    pen.text(40, 50, "the history", { bold: true, anchor: "start" });
    history.forEach(([category, brand], i) => {
      pen.box(40, 70 + i * 44, 150, 32, `${category}, brand ${brand}`, { paper: fieldColors[brand === "A" ? 0 : 1] });
    });
    pen.text(240, 50, "pooled", { bold: true, anchor: "start" });
    pen.box(240, 70, 160, 164, "mouse 1\nskin care 1\nlipstick 1\nkeyboard 1\nbrand A 2\nbrand B 2");
    pen.text(450, 50, "candidates", { bold: true, anchor: "start" });
    const share = 0.5; // of the history is of brand A
    const [no, yes] = [sigmoid(intercept), sigmoid(intercept + weight)];
    const pooled = share * yes + (1 - share) * no;
    for (const [i, category, p] of [
      [0, "keyboard", yes],
      [1, "skin care", no],
    ] as const) {
      const y = 70 + i * 88;
      pen.box(450, y, 150, 32, `${category}, brand A`, { paper: fieldColors[0] });
      pen.text(450, y + 48, `by the history: ${percent(p)}`, { anchor: "start" });
      pen.text(450, y + 66, `by the pooled counts: ${percent(pooled)}`, { anchor: "start" });
    }
  },
};

const intensity: Figure = {
  name: "intensity",
  title: "Intensity: how often, not only whether",
  description:
    "Click rate by the number of behaviours in the candidate's category, rising from 0 to 6, and what can be known without counting: two levels.",
  caption:
    "the click rate rises with every behaviour (line). Weights that sum to 1 cannot count: they know zero from some (dashed).",
  height: 300,
  draw(pen) {
    const { intercept, scale: weight, ceilingLogits, counts } = intensityWorld({ rows });
    const ticks = Array.from({ length: 7 }, (_, n) => [n, String(n)] as const);
    const y = {
      label: "click rate",
      ticks: [
        [0, "0"],
        [0.25, "25 %"],
        [0.5, "50 %"],
        [0.75, "75 %"],
      ] as const,
    };
    const place = axes(pen, 90, 60, 540, 190, { x: { label: "behaviours of the candidate's category", ticks }, y });
    const at = (n: number) => place(n, sigmoid(intercept + weight * n));
    pen.curve(
      ticks.map(([n]) => at(n)),
      { color: strong },
    );
    for (const [n] of ticks) pen.circle(...at(n), 4, "", { paper: strong, stroke: strong });
    const known = (n: number) => sigmoid(ceilingLogits[counts.indexOf(n)]);
    pen.curve([place(0, known(0)), place(0.5, known(0)), place(0.5, known(1)), place(6, known(1))], {
      color: warm,
      dashed: true,
    });
    pen.text(at(6)[0], at(6)[1] - 14, "the click rate", { anchor: "end", fill: strong });
    pen.text(place(6, 0)[0], place(6, known(1))[1] + 14, "known without counting", { anchor: "end", fill: warm });
  },
};

const drift: Figure = {
  name: "drift",
  title: "Drift: what was true on the first day wears off",
  description:
    "AUC in fifteen spells of time: the best possible, with the weights of the day, stays at about 0.82; the weights of the first day start there and fall to 0.5.",
  caption:
    "the weights of the day (line) stay good. The weights of the first day (dashed) are perfect in the beginning and worthless in the end. A random split trains on all days at once and does not see this.",
  height: 300,
  draw(pen) {
    const world = driftWorld({ rows });
    const { columns, size } = world.impressions;
    const first = Float32Array.from({ length: size }, (_, row) =>
      [1, 2, 3, 4, 5].reduce((sum, f) => sum + world.first[20 * (f - 1) + columns[`field${f}`][row]], 0),
    );
    const ticks = [0, 10, 20, 30].map((day) => [day, String(day)] as const);
    const y = {
      label: "AUC",
      ticks: [
        [0.5, "0.5"],
        [0.6, "0.6"],
        [0.7, "0.7"],
        [0.8, "0.8"],
        [0.9, "0.9"],
      ] as const,
    };
    const place = axes(pen, 90, 60, 540, 190, { x: { label: "day", ticks }, y });
    const [best, old] = [world.bayesLogits, first].map((logits) =>
      Array.from({ length: 15 }, (_, i) => {
        const [from, to] = [(i * size) / 15, ((i + 1) * size) / 15];
        return place(2 * i + 1, expectedScores(logits.slice(from, to), world.bayesLogits.slice(from, to)).auc);
      }),
    );
    pen.curve(best, { color: ink });
    pen.curve(old, { color: warm, dashed: true });
    pen.text(place(29, 0)[0], place(0, 0.82)[1] - 18, "the best possible: the weights of the day", { anchor: "end" });
    pen.text(old[9][0], old[9][1] - 24, "the weights of the first day", { anchor: "start", fill: warm });
  },
};

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
}

function correlation(a: number[], b: number[]): number {
  const centred = (values: number[]) =>
    values.map((value) => value - values.reduce((sum, v) => sum + v, 0) / values.length);
  const [x, y] = [centred(a), centred(b)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

/** In the order of worlds.md. */
export const pictures: readonly Figure[] = [
  additive,
  xor,
  secondOrder,
  fieldAware,
  thirdOrder,
  mixed,
  longTail,
  interests,
  intensity,
  drift,
];

if (process.argv[1]?.endsWith("pictures.ts")) {
  for (const picture of pictures)
    fs.writeFileSync(path.resolve("material/worlds", `${picture.name}.svg`), svgOf(picture));
  console.log(`${pictures.length} pictures drawn`);
}
