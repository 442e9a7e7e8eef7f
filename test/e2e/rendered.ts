/**
 * End to end: the committed notebooks as a page without scripts, by plain nbconvert, which stands for GitHub's
 * static view. Each output must show something, each figure as a picture, and no text may be one that only a
 * programmer should see. Uses the .venv that npm start has made.
 *
 * tsx test/e2e/rendered.ts [00 08]   default: all, a second or two each
 */
import { JSDOM } from "jsdom";
import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import UPNG from "upng-js";
import { shownProblems } from "../../lib/kernel/lint";
import { type Cell, type Output, readNotebook } from "../../lib/kernel/nbformat";
import { isComplete, jupyterEnv, pythonOf } from "../../lib/kernel/venv";
import { askedNotebooks, root, runScript } from "./course";

const venv = path.join(root, ".venv");
const notebooks = path.join(root, "notebooks");
/** What nbconvert says when nothing is wrong. It looks for text alternatives where Jupyter does not keep them. */
const usualWords =
  /^(\[NbConvertApp\] (Converting notebook|Writing \d+ bytes|WARNING \| Alternative text is missing)|$)/;
/** Markdown that was not understood as such. Formulas stay as they are: drawing them takes a script. */
const markdownLeft = /\*\*|\]\(|^#+ |^\|.*\|$|```/m;
/** Of a picture, in pixels. */
const leastWidth = 300;

async function main(): Promise<void> {
  assert.ok(isComplete(venv), "there is no .venv yet: npm start makes it");
  const names = askedNotebooks();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rendered-"));
  try {
    render(names, folder);
    const problems = names.flatMap((name) => pageProblems(name, folder).map((problem) => `${name}: ${problem}`));
    assert.deepEqual(problems, []);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes NN-topic.html of each NN-topic.ipynb. */
function render(names: string[], folder: string): void {
  const files = names.map((name) => path.join(notebooks, name));
  const { status, stderr } = spawnSync(
    pythonOf(venv),
    ["-m", "nbconvert", "--to", "html", "--output-dir", folder, ...files],
    { env: jupyterEnv(venv), encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  assert.deepEqual(stderr.split("\n").filter((line) => !usualWords.test(line)), [], "nbconvert has something to say");
}

function pageProblems(name: string, folder: string): string[] {
  const { document } = new JSDOM(fs.readFileSync(path.join(folder, name.replace(/ipynb$/, "html")), "utf8")).window;
  for (const script of document.querySelectorAll("script, style")) script.remove();
  const problems: string[] = [];
  let pictures = 0;
  for (const cell of readNotebook(path.join(notebooks, name)).cells) {
    const shown = document.getElementById(`cell-id=${cell.id}`);
    const found = shown ? cellProblems(cell, shown) : ["the cell is not on the page"];
    pictures += shown?.querySelectorAll("img").length ?? 0;
    problems.push(...found.map((problem) => `cell "${cell.id}": ${problem}`));
  }
  console.log(`${problems.length === 0 ? "ok " : "BAD"} ${name} on a page without scripts, ${pictures} pictures`);
  return problems;
}

function cellProblems(cell: Cell, shown: any): string[] {
  const problems = [...shown.querySelectorAll("img")].flatMap(pictureProblems);
  if (cell.cell_type === "markdown") {
    for (const code of shown.querySelectorAll("code, pre")) code.remove();
    const left = markdownLeft.exec(shown.textContent)?.[0];
    return left === undefined ? problems : [...problems, `Markdown that was not understood: ${left}`];
  }
  const children = [...shown.querySelectorAll(".jp-OutputArea-child")];
  const outputs = cell.outputs ?? [];
  if (children.length !== outputs.length)
    return [...problems, `${outputs.length} outputs, but ${children.length} on the page`];
  return [...problems, ...outputs.flatMap((output, i) => outputProblems(output, children[i]))];
}

function outputProblems(output: Output, shown: any): string[] {
  const figure = output.output_type === "display_data" && "application/vnd.plotly.v1+json" in output.data;
  if (figure) return shown.querySelector("img") ? [] : ["a figure that needs a script"];
  const text: string = shown.textContent;
  return text.trim() === "" ? ["an output that shows nothing"] : shownProblems(text);
}

function pictureProblems(image: any): string[] {
  const source: string = image.getAttribute("src") ?? "";
  const name = source.slice(0, 40);
  if (image.closest("[hidden], details, [style*='display']")) return [`the picture ${name} is hidden at first`];
  const data = /^data:image\/png;base64,(.*)$/s.exec(source)?.[1];
  if (data !== undefined) return pngProblems(Buffer.from(data, "base64"));
  const file = path.join(notebooks, source);
  if (!fs.existsSync(file)) return [`the picture ${name} is not there`];
  return /^<svg[^>]*\sviewBox=/.test(fs.readFileSync(file, "utf8"))
    ? []
    : [`${name} is not an SVG picture with a viewBox`];
}

/** Whether the picture can be read, has a size to look at, and is not blank. */
function pngProblems(png: Buffer): string[] {
  const image = UPNG.decode(new Uint8Array(png).buffer);
  if (image.width < leastWidth) return [`a picture ${image.width} pixels wide, expected at least ${leastWidth}`];
  const pixels = new Uint32Array(UPNG.toRGBA8(image)[0]);
  return pixels.every((pixel) => pixel === pixels[0]) ? ["a picture that is blank"] : [];
}

runScript(main);
