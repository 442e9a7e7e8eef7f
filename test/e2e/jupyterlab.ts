/**
 * End to end, in a browser: npm start, open a notebook in JupyterLab, see its pictures whole, follow links to a
 * page and to a cell, run all cells, see the interactive figure, and stop a training with the stop button. Leaves
 * screenshots in .cache/e2e.
 *
 * tsx test/e2e/jupyterlab.ts [00]   CHROMIUM names the browser, default /usr/bin/chromium
 */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { type Cell, readNotebook, serialize } from "../../lib/kernel/nbformat";
import { isFigure } from "../../lib/kernel/pictures";
import { contrast } from "../notebook/colour";
import { askedNotebook, root, runScript, startCourse } from "./course";

const screenshots = path.join(root, ".cache", "e2e");
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** For a whole notebook, ms. */
const runLimit = 600_000;

async function main(): Promise<void> {
  const name = askedNotebook("00");
  fs.mkdirSync(screenshots, { recursive: true });
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "chromium-"));
  const [copy, scratch, linking] = ["scratch-copy.ipynb", "scratch-training.ipynb", "scratch-linking.ipynb"].map(
    (file) => path.join(root, "notebooks", file),
  ); // JupyterLab saves into them
  let browser: BrowserContext | undefined;
  const course = await startCourse();
  try {
    fs.copyFileSync(path.join(root, "notebooks", name), copy);
    fs.writeFileSync(scratch, JSON.stringify(trainingNotebook()));
    fs.writeFileSync(linking, JSON.stringify(linkingNotebook()));
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: flags,
      viewport: { width: 1280, height: 900 },
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await step("the pictures are whole before the run", page, () => seePictures(page, course.address, copy));
    await step("listings and pages are readable", page, () => readPages(page, course.address, linking));
    await step("the study guide leads to its cells", page, () => followToCell(page, course.address));
    await step(`run all cells of ${name}`, page, () => runAll(page, course.address, copy));
    await step("the figure is interactive", page, () => seeFigure(page));
    await step("the stop button ends a training", page, () => stopTraining(page, course.address, scratch));
  } finally {
    await browser?.close();
    await course.end();
    for (const leftOver of [copy, scratch, linking, profile]) fs.rmSync(leftOver, { recursive: true, force: true });
  }
}

async function step(what: string, page: Page, work: () => Promise<void>): Promise<void> {
  const start = Date.now();
  try {
    await work();
  } finally {
    await page.screenshot({ path: path.join(screenshots, `${what.replaceAll(" ", "-")}.png`) });
  }
  console.log(`ok  ${what}  ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

async function visit(page: Page, address: URL, place: string): Promise<void> {
  // "reset" forgets what an earlier page had open.
  await page.goto(`${address.origin}/lab/tree/${place}?reset&token=${address.searchParams.get("token")}`);
}

async function open(page: Page, address: URL, file: string): Promise<void> {
  await visit(page, address, `notebooks/${path.basename(file)}`);
  await page.locator(".jp-NotebookPanel:visible .jp-Notebook").waitFor();
  await kernelIs(page, "Idle");
}

/** The status bar's words. The notebook's own indicator says "idle" before there is a kernel. */
async function kernelIs(page: Page, status: "Idle" | "Busy"): Promise<void> {
  await page.locator("#jp-bottom-panel", { hasText: `TypeScript | ${status}` }).waitFor();
}

/**
 * Scrolls through the notebook as it is opened: each picture of a figure fits in its cell, and is not taller than it
 * should be. The figure that the mouse then makes of it changes nothing in the notebook.
 */
async function seePictures(page: Page, address: URL, file: string): Promise<void> {
  await open(page, address, file);
  await page.locator(".jp-NotebookPanel:visible .jp-Notebook").hover();
  const seen = new Set<string>();
  const pictures = page.locator(".jp-NotebookPanel:visible .jp-RenderedPlotly:has(.plot-img)");
  const figures = readNotebook(file).cells.flatMap((cell) => cell.outputs ?? []).filter(isFigure).length;
  for (let i = 0; i < 200 && seen.size < figures; i++) {
    const sizes = await pictures.evaluateAll((cells) => {
      // JupyterLab keeps cells out of sight without a size.
      const drawn = cells.filter((cell) => cell.querySelector("img").offsetWidth > 0);
      return drawn.map((cell) => {
        const image = cell.querySelector("img");
        const { width, height } = image.getBoundingClientRect();
        return {
          source: image.src,
          room: cell.clientWidth,
          width,
          content: cell.scrollWidth,
          ratio: (width / height) * (image.naturalHeight / image.naturalWidth),
        };
      });
    });
    for (const { source, room, width, content, ratio } of sizes) {
      seen.add(source);
      assert.ok(content <= room, `a picture needs ${content} pixels of the ${room} of its cell`);
      assert.ok(width > 600, `a picture is only ${width} pixels wide`);
      assert.ok(Math.abs(ratio - 1) < 0.02, `a picture is stretched by ${ratio}`);
    }
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(50);
  }
  assert.equal(seen.size, figures, "pictures seen");
  await pictures.last().hover();
  await page.locator(".jp-NotebookPanel:visible .js-plotly-plot .main-svg").last().waitFor();
  await page.waitForTimeout(1000); // the extension takes its time to draw
  assert.equal(await page.locator(".jp-mod-dirty").count(), 0, "the notebook was changed by the mouse over its figures");
}

function styleOf(at: Locator, name: string): Promise<string> {
  return at.evaluate(
    (found, name) => found.ownerDocument.defaultView.getComputedStyle(found).getPropertyValue(name),
    name,
  );
}

/**
 * A listing has a cell's letters and all of its room, scrolls and keeps its lines; a comment is easy to see; a link to
 * a page shows the page, not its Markdown.
 */
async function readPages(page: Page, address: URL, file: string): Promise<void> {
  await open(page, address, file);
  const listing = page.locator(".jp-NotebookPanel:visible .jp-OutputArea-output pre");
  const { content, room } = await listing.evaluate((pre) => ({ content: pre.scrollWidth, room: pre.clientWidth }));
  assert.ok(content > room, `a long line was broken to fit in ${room} pixels`);
  const cell = page.locator(".jp-NotebookPanel:visible .jp-CodeCell .cm-content").first();
  assert.equal(await styleOf(listing.locator("code"), "font-size"), await styleOf(cell, "font-size"), "letters of a listing");
  assert.equal(await styleOf(listing, "margin"), "0px", "the room around a listing");
  const comment = await styleOf(cell.locator("span", { hasText: "// one" }), "color");
  const editor = page.locator(".jp-NotebookPanel:visible .jp-CodeCell .jp-InputArea-editor");
  const ground = await styleOf(editor, "background-color");
  const seen = contrast(shares(comment), shares(ground));
  assert.ok(seen >= 4.5, `the contrast of a comment, ${comment} on ${ground}, is ${seen}, expected at least 4.5`);
  await page.locator(".jp-NotebookPanel:visible a", { hasText: "the worlds" }).click();
  await page.locator(".jp-MarkdownViewer:visible table").first().waitFor();
}

/** rgb(12, 34, 56) as shares of red, green and blue. */
function shares(color: string): number[] {
  return (color.match(/\d+/g) as string[]).slice(0, 3).map((value) => Number(value) / 255);
}

/**
 * A cell's id in the study guide is a link to this cell. JupyterLab follows it in a notebook that is open and drawn:
 * the first click opens the notebook.
 */
async function followToCell(page: Page, address: URL): Promise<void> {
  await visit(page, address, "material/study-guide.md");
  const link = page.locator(".jp-MarkdownViewer:visible a", { hasText: "which-table" }).first();
  assert.equal(await styleOf(link.locator("code"), "color"), await styleOf(link, "color"), "the colour of a link's code");
  await link.click();
  const cells = readNotebook(path.join(root, "notebooks", "08-bug-museum.ipynb")).cells;
  const [line] = cells.find(({ id }) => id === "which-table")!.source.split("\n");
  const cell = page.locator(".jp-NotebookPanel:visible .jp-CodeCell", { hasText: line });
  await cell.waitFor();
  const place = async () => {
    const { y, height } = (await cell.boundingBox())!;
    return y + height > 0 && y < 900 ? "in sight" : `at ${y} of the window's 900 pixels`;
  };
  for (let i = 0; i < 20 && (await place()) !== "in sight"; i++) {
    await page.locator(".lm-TabBar-tabLabel", { hasText: "study-guide.md" }).click();
    await link.click();
    await page.waitForTimeout(2000);
  }
  assert.equal(await place(), "in sight", "where the cell is");
}

/**
 * Takes away what the notebook came with, runs all cells, saves, and looks into the file: every code cell ran, in order
 * and without an error.
 */
async function runAll(page: Page, address: URL, file: string): Promise<void> {
  const bare = readNotebook(file);
  for (const cell of bare.cells)
    if (cell.cell_type === "code") Object.assign(cell, { execution_count: null, outputs: [] });
  fs.writeFileSync(file, serialize(bare));
  await open(page, address, file);
  await menu(page, "Run", "Run All Cells");
  // The indicator knows of the waiting cells; the status bar is idle for a moment between any two.
  const indicator = (status: string) =>
    page.locator(`.jp-NotebookPanel:visible .jp-Notebook-ExecutionIndicator[data-status="${status}"]`);
  await indicator("busy").waitFor();
  await indicator("idle").waitFor({ timeout: runLimit });
  await menu(page, "File", "Save Notebook");
  const code = () => readNotebook(file).cells.filter((cell) => cell.cell_type === "code");
  const errors = (cell: Cell) => (cell.outputs ?? []).filter((output) => output.output_type === "error");
  const saved = () => {
    try {
      return code().every((cell) => cell.execution_count != null) || code().some((cell) => errors(cell).length > 0);
    } catch {
      return false; // half written
    }
  };
  await until(saved, "the file has all cells executed");
  code().forEach((cell, i) => {
    assert.equal(cell.execution_count, i + 1, `cell "${cell.id}" ran as number ${cell.execution_count}`);
    assert.deepEqual(errors(cell), [], `cell "${cell.id}" failed`);
  });
}

/** Scrolls from the top until a figure is on the page: JupyterLab draws only the cells in sight. */
async function seeFigure(page: Page): Promise<void> {
  const figure = page.locator(".jp-NotebookPanel:visible .js-plotly-plot .main-svg").first();
  await page.locator(".jp-NotebookPanel:visible .jp-Notebook").hover();
  await page.mouse.wheel(0, -1_000_000);
  for (let i = 0; i < 300 && !(await figure.isVisible()); i++) {
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(100);
  }
  await figure.waitFor({ state: "visible", timeout: 5000 });
  await figure.scrollIntoViewIfNeeded();
  await page.waitForTimeout(1000); // plotly draws in steps
  const marks = page
    .locator(".jp-NotebookPanel:visible .js-plotly-plot")
    .first()
    .locator(".trace, .heatmaplayer image, .point");
  assert.ok((await marks.count()) > 0, "the figure has axes but nothing in them");
}

async function stopTraining(page: Page, address: URL, file: string): Promise<void> {
  await open(page, address, file);
  await menu(page, "Run", "Run All Cells");
  const text = page.locator(".jp-NotebookPanel:visible .jp-OutputArea-output");
  await text.filter({ hasText: "training begins" }).waitFor();
  await page.waitForTimeout(1500);
  await page.locator('.jp-NotebookPanel:visible [data-command="notebook:interrupt-kernel"]').first().click();
  await text.filter({ hasText: "Interrupted: the cell was stopped" }).waitFor({ timeout: 20_000 });
  await kernelIs(page, "Idle");
}

async function menu(page: Page, name: string, item: string): Promise<void> {
  await page.locator(".lm-MenuBar-itemLabel", { hasText: new RegExp(`^${name}$`) }).click();
  await page.locator(".lm-Menu-itemLabel", { hasText: new RegExp(`^${item}$`) }).click();
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 100 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(holds(), `expected that ${what}`);
}

/** One cell that would train for hours. */
function trainingNotebook(): object {
  const source = [
    'import { setup } from "./lib/notebook/setup";',
    'import { secondOrderWorld } from "./lib/data/planted/secondorder";',
    'import { FM } from "./lib/models/fm";',
    'import { fit } from "./lib/train/fit";',
    'import { adagrad } from "./lib/train/optimizers";',
    'import { createRandom } from "./lib/random";',
    "await setup();",
    "const { impressions } = secondOrderWorld({ rows: 50_000, fieldSizes: [40, 40, 40], embeddingDim: 4, seed: 1 });",
    "const model = new FM({ features: impressions.features as any, embeddingDim: 4 }, createRandom(1));",
    'console.log("training begins");',
    "await fit(model, impressions, { epochs: 100_000, batchSize: 256, seed: 1, optimizer: adagrad({ learningRate: 0.1 }) });",
  ].join("\n");
  return notebookOf([
    { cell_type: "code", id: "training", metadata: {}, source, execution_count: null, outputs: [] },
  ]);
}

/** A link to a page of the course, and a listing like those of showSource with a line that has no room. */
function linkingNotebook(): object {
  const data = { "text/markdown": `\`\`\`typescript\n${"letters ".repeat(112)}\n\`\`\``, "text/plain": "letters" };
  const outputs = [{ output_type: "display_data", data, metadata: {} }];
  return notebookOf([
    { cell_type: "markdown", id: "link", metadata: {}, source: "See [the worlds](../material/worlds.md)." },
    { cell_type: "code", id: "listing", metadata: {}, source: "1; // one", execution_count: 1, outputs },
  ]);
}

function notebookOf(cells: object[]): object {
  return {
    cells,
    metadata: { kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

runScript(main);
