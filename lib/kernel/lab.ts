/** JupyterLab as the course wants it, all within the environment of venv.ts. */
import * as fs from "node:fs";
import * as path from "node:path";
import { density } from "./pictures";
import { configDirOf, dataDirOf } from "./venv";

/** Writes settings and style anew, and mends how figures are kept. Done at each start: it takes no time. */
export function setUpLab(venv: string): void {
  calmDown(dataDirOf(venv));
  fitOutputs(configDirOf(venv));
  keepPictures(dataDirOf(venv));
}

/**
 * JupyterLab shall not ask about news and updates, and a link to a page shall open the page, not its Markdown: settings
 * of the environment, which a reader's own override.
 */
function calmDown(dataDir: string): void {
  const overrides = {
    "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
    "@jupyterlab/docmanager-extension:plugin": { defaultViewers: { markdown: "Markdown Preview" } },
  };
  const file = path.join(dataDir, "lab", "settings", "overrides.json");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(overrides, null, 2) + "\n");
}

/**
 * Pictures of a notebook that was not run yet shall fit in its cells: JupyterLab shows them in all their pixels,
 * which are more than the figure has so that they are sharp, and cuts off the rest. And listings of the library shall
 * be as cells are, in size and margin, and scroll: JupyterLab breaks their lines in the middle of words, and words of
 * what was printed as well. A link whose words are code, as to a cell, shall look like a link.
 */
function fitOutputs(configDir: string): void {
  const file = path.join(configDir, "custom", "custom.css");
  const listing = ".jp-ThemedContainer .jp-OutputArea-output.jp-RenderedMarkdown pre"; // above JupyterLab's own rules
  const rules = [
    `.jp-RenderedPlotly .plot-img { zoom: calc(1 / ${density}); max-width: 100%; height: auto; }`,
    `${listing}, ${listing} code { font-size: var(--jp-code-font-size); white-space: pre; word-break: normal; overflow-wrap: normal; }`,
    `${listing} { overflow-x: auto; margin: 0; }`,
    ".jp-ThemedContainer .jp-RenderedMarkdown a code { color: var(--jp-content-link-color); }",
    ".jp-OutputArea-output.jp-RenderedText pre { word-break: normal; overflow-wrap: anywhere; }",
  ];
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, rules.join("\n") + "\n");
}

/**
 * Whoever only moves the mouse over a figure shall not change the notebook: plotly's extension then puts a picture of
 * its own, as wide as the window, in place of the one that we have drawn. It shall draw one only where there is none,
 * and of our density, because the style above is for that.
 */
function keepPictures(dataDir: string): void {
  const replaced = [
    ['r.data["image/png"]!==i&&r.setData(', 'r.data["image/png"]||r.setData('],
    ['toImage(i,{format:"png",width:', `toImage(i,{format:"png",scale:${density},width:`],
  ];
  const folder = path.join(dataDir, "labextensions", "jupyterlab-plotly", "static");
  if (!fs.existsSync(folder)) return; // somebody has changed what is installed
  for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".js"))) {
    const file = path.join(folder, name);
    const text = fs.readFileSync(file, "utf8");
    const mended = replaced.reduce((text, [old, now]) => text.replace(old, now), text);
    if (mended !== text) fs.writeFileSync(file, mended);
  }
}
