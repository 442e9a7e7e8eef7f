/** Measures that models can be told apart by everyone: colours by contrast and distance, looks by their parts. */
import { expect, test } from "vitest";
import { modelOf, modelStyles, type ModelName, stylesFor } from "../../lib/notebook/palette";
import { channels, contrast, linear, paper } from "./colour";

type Rgb = [number, number, number];

/** CIE L*a*b* of linear light. */
function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const [x, y, z] = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ].map(f);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** What is seen without green and without red cones: Machado, Oliveira and Fernandes (2009), severity 1. */
const visions: Record<string, (rgb: Rgb) => Rgb> = {
  full: (rgb) => rgb,
  "without green": (rgb) =>
    times(
      [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
      ],
      rgb,
    ),
  "without red": (rgb) =>
    times(
      [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ],
      rgb,
    ),
};

function times(matrix: number[][], rgb: Rgb): Rgb {
  return matrix.map((row) => Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]))) as Rgb;
}

function distance(a: string, b: string, vision: (rgb: Rgb) => Rgb): number {
  const [p, q] = [a, b].map((color) => lab(vision(linear(channels(color)) as Rgb)));
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

/** Models that share a plot. */
const together: ModelName[][] = [
  ["LR", "POLY2", "FM", "FFM", "Bayes"],
  ["FM", "FFM", "FNN", "IPNN", "OPNN", "Wide & Deep", "DCN", "DCN-v2", "NFM", "AFM"],
  ["LR", "FM", "DNN", "Wide & Deep", "DeepFM", "Bayes"],
  ["DNN", "base", "DIN", "Bayes"],
  ["LR", "POLY2", "FM", "DNN", "DeepFM", "base", "DIN"],
  ["LR", "FM", "FFM", "FNN", "IPNN", "OPNN", "Wide & Deep", "DCN", "DCN-v2", "NFM", "AFM", "Bayes"],
];

/** The looks of series that are no model's. */
const others = stylesFor(Array.from({ length: 6 }, (_, i) => ({ name: `series ${i}` })));

test.each([
  ...Object.entries(modelStyles),
  ...others.map((style, i) => [`series ${i} of no model`, style] as const),
])("%s stands out from white paper", (_, { color }) => {
  const message = `contrast of ${color} with white: take a darker colour`;
  expect(contrast(channels(color), paper), message).toBeGreaterThanOrEqual(3); // WCAG 2.2, 1.4.11
});

test.each(Object.entries(visions))("what shares a plot differs in colour, seen with %s", (_, vision) => {
  const plots = [
    ...together.map((models) => models.map((name) => ({ name, color: modelStyles[name].color }))),
    others.map(({ color }, i) => ({ name: `series ${i}`, color })),
  ];
  for (const plot of plots) {
    plot.forEach((a, i) => plot.slice(i + 1).forEach((b) => {
      expect(distance(a.color, b.color, vision), `${a.name} and ${b.name}`).toBeGreaterThan(14); // ΔE of 1976; the closest are 14.4 apart
    }));
  }
});

test("no two models have the same marker, so that no colour is needed", () => {
  const symbols = Object.values(modelStyles).map(({ symbol }) => symbol);
  const twice = symbols.filter((symbol, i) => symbols.indexOf(symbol) !== i);
  expect(twice, "markers that two models have: take another plotly symbol, such as diamond-tall").toEqual([]);
});

test("a name with more words after a model's is that model's", () => {
  expect(["DeepFM 2V", "FM", "DCN-v2", "Wide & Deep", "FMs", "two FM"].map(modelOf)).toEqual([
    "DeepFM",
    "FM",
    "DCN-v2",
    "Wide & Deep",
    undefined,
    undefined,
  ]);
});

test("two series of no model differ in colour, marker and dash", () => {
  for (const part of ["color", "symbol", "dash"] as const)
    expect(new Set(others.map((style) => style[part])).size).toBe(6);
});

test("styles begin anew where there are more series than styles, and a series is the model's that it says", () => {
  const styles = stylesFor(Array.from({ length: 7 }, (_, i) => ({ name: `series ${i}` })));
  expect(styles[6]).toEqual(styles[0]);
  const [, second, third] = stylesFor(Array.from({ length: 3 }, () => ({ name: "FM" })));
  expect([second.symbol, third]).toEqual(["diamond-open", modelStyles.FM]);
  expect(stylesFor([{ name: "FM", model: "LR" }])[0]).toEqual(modelStyles.LR);
  expect(stylesFor([{ name: "constructor" }])).toEqual([styles[0]]); // which every object has
});

test("a model's second series has its colour, its marker opened or filled, and another dash and pattern", () => {
  for (const name of Object.keys(modelStyles) as ModelName[]) {
    const [first, second] = stylesFor([{ name }, { name: "another", model: name }]);
    const other = first.symbol.endsWith("-open") ? first.symbol.slice(0, -5) : `${first.symbol}-open`;
    expect([second.color, second.symbol], name).toEqual([first.color, other]);
    expect(["solid", "dot"], name).toContain(second.dash);
    expect([second.dash === first.dash, second.pattern === first.pattern], name).toEqual([false, false]);
    expect(["", "."], name).toContain(second.pattern); // plotly knows these
  }
});

test("the contrast of black and white is 21, of a grey that is just too light for text below 4.5", () => {
  expect(contrast(channels("#000000"), paper)).toBeCloseTo(21, 10);
  expect(contrast(paper, channels("#777777"))).toBeCloseTo(4.48, 2); // of WCAG's own examples
  expect(contrast(paper, channels("#767676"))).toBeCloseTo(4.54, 2);
});
