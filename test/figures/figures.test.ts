import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { textWidth } from "../../lib/kernel/svg";
import { files, figures, svgOf } from "../../material/figures/draw";
import { ink, Pen } from "../../material/figures/pen";

const folder = path.resolve(import.meta.dirname, "../../material/figures");
const fresh = files();

/** What the source text has a figure of, and the figure that takes its place. */
const counterparts = [
  "field-subnetworks",
  "embedding",
  "fnn",
  "pnn",
  "wide-deep",
  "dcn",
  "nfm",
  "afm",
  "deepfm",
  "deepfm-fm",
  "deepfm-deep",
  "feature-groups",
  "multi-hot",
  "base",
  "din",
  "mini-batch-aware",
  "dice",
  "poly2",
  "fm",
  "ffm",
  "xor",
];

test("every figure of the source text has its counterpart", () => {
  const names = figures.map(({ name }) => name);
  expect(counterparts.filter((name) => !names.includes(name)), "not in the list of draw.ts").toEqual([]);
});

test("the folder has what npm run figures draws, and no other file", () => {
  const drawn = fs.readdirSync(folder).filter((name) => /\.(svg|png|md)$/.test(name));
  const message = "npm run figures draws what is missing; what is too many has no Figure in the list of draw.ts";
  expect(drawn.sort(), message).toEqual([...fresh.keys()].sort());
});

test("the committed files are what npm run figures draws, byte for byte", () => {
  for (const [name, content] of fresh) {
    expect(
      Buffer.compare(fs.readFileSync(path.join(folder, name)), Buffer.from(content)),
      `${name} is not up to date: npm run figures`,
    ).toBe(0);
  }
});

describe.each(figures.map((figure) => [figure.name, figure] as const))("%s", (name, { description, caption }) => {
  const svg = fs.readFileSync(path.join(folder, `${name}.svg`), "utf8");

  test("says what it shows to those who do not see it", () => {
    expect(svg).toMatch(/role="img" aria-labelledby="title desc"/);
    expect(svg).toMatch(/<title id="title">.+<\/title>\n<desc id="desc">.{80,}<\/desc>/);
    expect(description).toMatch(/^[A-Z].+\.$/);
    expect(caption).toMatch(/\.$/);
  });

  test("stands on white, needs nothing from outside, and has only the course's colours", () => {
    expect(svg).toMatch(/<rect y="-?\d+" width="720" height="\d+" fill="#ffffff"\/>/);
    expect(svg.replace("http://www.w3.org/2000/svg", "")).not.toMatch(/http|<image|<script|href/);
    const colors = new Set(svg.match(/#[0-9a-f]{6}\b/g));
    expect([...colors].filter((color) => !allowed.has(color))).toEqual([]);
  });
});

const allowed = new Set([
  "#ffffff", "#222222", "#555555", "#666666", "#777777", "#bbbbbb", "#c4c4c4", "#f1f1f1", // ink, greys
  "#0072b2", "#b34700", "#f0a35e", "#cfe2f3", "#fbdcb8", "#d3ebd0", "#e4d7ee", // strong, warm, fields
]);

describe("the pen", () => {
  const draw = (how: (pen: Pen) => void) => {
    const pen = new Pen(200, 0, 100);
    how(pen);
    return pen.finish("A title", "A description.");
  };

  test("refuses text that leaves the paper", () => {
    expect(() => draw((pen) => pen.text(10, 50, "half of it is outside"))).toThrow(
      '"half of it is outside" leaves the paper',
    );
    for (const [x, y, word] of [[100, 98, "low"], [100, 6, "high"], [190, 50, "right"], [10, 50, "left"]] as const)
      expect(() => draw((pen) => pen.text(x, y, word)), word).toThrow(`"${word}" leaves the paper`);
  });

  test("refuses text that is too small to read", () => {
    expect(() => draw((pen) => pen.text(100, 50, "tiny", { size: 10 }))).toThrow(
      '"tiny" has size 10, expected 11 or more',
    );
  });

  test("refuses text on text", () => {
    expect(() =>
      draw((pen) => {
        pen.text(100, 50, "one");
        pen.text(110, 55, "two");
      }),
    ).toThrow('"one" and "two" overlap');
  });

  test("refuses text wider than its box", () => {
    expect(() => draw((pen) => pen.box(20, 20, 40, 20, "much too long"))).toThrow(
      /"much too long" is \d+ wide, its box only 40/,
    );
    const room = Math.ceil(textWidth("much too long", 13));
    expect(() => draw((pen) => pen.box(20, 20, room + 2, 20, "much too long"))).toThrow("wide, its box only"); // tight
    expect(() => draw((pen) => pen.box(20, 20, room + 4, 20, "much too long"))).not.toThrow();
  });

  test("refuses a line through text, unless it runs below text with a halo", () => {
    expect(() =>
      draw((pen) => {
        pen.text(100, 50, "crossed");
        pen.line([
          [20, 20],
          [180, 80],
        ]);
      }),
    ).toThrow('"crossed" is crossed by a line');
    expect(() =>
      draw((pen) => {
        pen.text(100, 50, "crossed", { halo: true });
        pen.line(
          [
            [20, 20],
            [180, 80],
          ],
          { behind: true },
        );
      }),
    ).not.toThrow();
    expect(() => draw((pen) => { pen.text(100, 50, "free"); pen.line([[20, 20], [180, 30]]); })).not.toThrow();
  });

  test("refuses a line over letters with a halo, one below letters without, and the second part of a bent one", () => {
    const crossed = (halo: boolean, behind: boolean, ...points: [number, number][]) => () =>
      draw((pen) => {
        pen.text(100, 50, "crossed", { halo });
        pen.line(points, { behind });
      });
    expect(crossed(true, false, [20, 20], [180, 80])).toThrow('"crossed" is crossed by a line');
    expect(crossed(false, true, [20, 20], [180, 80])).toThrow('"crossed" is crossed by a line');
    expect(crossed(false, false, [20, 20], [100, 20], [100, 80])).toThrow("a line from 100,20 to 100,80");
  });

  test("says which figure it refuses", () => {
    const figure = { ...figures[0], name: "tiny", draw: (pen: Pen) => pen.text(100, 50, "tiny", { size: 10 }) };
    expect(() => svgOf(figure)).toThrow('figure tiny: "tiny" has size 10, expected 11 or more');
  });

  test("hides no sign that SVG reads as its own", () => {
    expect(draw((pen) => pen.text(100, 50, "i < j & k", { fill: ink }))).toContain(">i &lt; j &amp; k</text>");
  });
});
