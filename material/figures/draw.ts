/**
 * npm run figures: draws every figure of the course into this folder, as SVG and as PNG, and lists them in README.md.
 * A new figure is a Figure in src/ and its place in the list below.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../../lib/command";
import { rasterize, textWidth } from "../../lib/kernel/svg";
import { type Figure, width } from "./parts";
import { Pen } from "./pen";
import { afm, dcn, nfm } from "./src/crossing";
import { deepFM, deepFMDeepPart, deepFMPart, wideAndDeep } from "./src/deepfm";
import { base, din } from "./src/din";
import { dice, miniBatchAware } from "./src/dintraining";
import { embedding, fieldSubnetworks } from "./src/embedding";
import { featureGroups, multiHot } from "./src/features";
import { ffm, fm, poly2 } from "./src/pairs";
import { fnn, pnn } from "./src/pnn";
import { xor } from "./src/why";

/** In the order of the course. */
export const figures: readonly Figure[] = [
  featureGroups, multiHot, embedding, xor,
  poly2, fm, ffm,
  fieldSubnetworks, fnn, pnn, wideAndDeep, dcn, nfm, afm,
  deepFM, deepFMPart, deepFMDeepPart,
  base, din, miniBatchAware, dice,
];

const captionSize = 13;
const captionLine = 19;
/** Drawings begin at about y = 40; the title is above. */
const titleRoom = 16;

/** The sentences below a figure, and the end of its text alternative. */
function notice({ caption }: Figure): string {
  return `What to see: ${caption}`;
}

/** The figure as SVG: its drawing between title and caption. */
export function svgOf(figure: Figure): string {
  const lines = balanced(notice(figure), width - 40);
  const pen = new Pen(width, -titleRoom, figure.height + lines.length * captionLine + 24);
  try {
    pen.text(20, 10, figure.title, { anchor: "start", bold: true, size: 17 });
    figure.draw(pen);
    lines.forEach((line, i) =>
      pen.text(20, figure.height + 16 + i * captionLine, line, { anchor: "start", size: captionSize, italic: true }),
    );
    return pen.finish(figure.title, `${figure.description} ${notice(figure)}`);
  } catch (error) {
    throw new Error(`figure ${figure.name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** The list of figures with their text alternatives. */
export function readme(): string {
  const entries = figures.map((figure) => {
    const { name, title, description } = figure;
    return `## ${title}\n\n![${description}](${name}.svg)\n\n\`${name}.svg\`, \`${name}.png\`. ${description} ${notice(figure)}\n`;
  });
  return [
    "# Figures\n",
    "Made by `npm run figures` from `src/`. Free to use like the rest of the course.\n",
    ...entries,
  ].join("\n");
}

/** The text in as few lines as fit, about equally long. */
function balanced(text: string, room: number): string[] {
  const count = inLines(text, room).length;
  while (room > 100 && inLines(text, room - 10).length === count) room -= 10;
  return inLines(text, room);
}

function inLines(text: string, room: number): string[] {
  const lines: string[] = [];
  const space = textWidth(" ", captionSize);
  let end = Infinity;
  for (const word of text.split(" ")) {
    const width = textWidth(word, captionSize);
    if (end + space + width <= room) {
      lines[lines.length - 1] += ` ${word}`;
      end += space + width;
    } else {
      lines.push(word);
      end = width;
    }
  }
  return lines;
}

/** Every file this folder should hold, by name. */
export function files(): Map<string, string | Uint8Array> {
  const all = new Map<string, string | Uint8Array>([["README.md", readme()]]);
  for (const figure of figures) {
    const svg = svgOf(figure);
    all.set(`${figure.name}.svg`, svg).set(`${figure.name}.png`, rasterize(svg, 1.5 * width));
  }
  return all;
}

if (process.argv[1]?.endsWith("draw.ts")) {
  void runCommand(() => {
    parseArgs({}); // refuses words that it does not know
    for (const [name, content] of files()) fs.writeFileSync(path.resolve("material/figures", name), content);
    console.log(`${figures.length} figures drawn`);
  });
}
