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
 * Stops JupyterLab from asking about news and updates, and makes a link to a page open the page, not its Markdown. Both
 * are settings of the environment, which a reader's own settings override.
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
 * Makes the pictures of a notebook that has not been run fit in its cells: JupyterLab shows all of their pixels, which
 * for sharpness are more than the figure's, and cuts off the rest. Makes listings of the library look like cells, in
 * size and margin, and scroll: JupyterLab breaks their lines in the middle of words, and printed words as well. Makes a
 * link whose text is code, such as one to a cell, look like a link. And gives comments a contrast of 4.5 or more on
 * cells, light or dark, where JupyterLab's have 4.2 and 3.5.
 */
function fitOutputs(configDir: string): void {
  const file = path.join(configDir, "custom", "custom.css");
  const listing = ".jp-ThemedContainer .jp-OutputArea-output.jp-RenderedMarkdown pre"; // above JupyterLab's own rules
  const rules = [
    `.jp-RenderedPlotly .plot-img { zoom: calc(1 / ${density}); max-width: 100%; height: auto; }`,
    `${listing}, ${listing} code { font-size: var(--jp-code-font-size); white-space: pre; word-break: normal; overflow-wrap: normal; }`,
    `${listing} { overflow-x: auto; margin: 0; }`,
    ".jp-ThemedContainer .jp-RenderedMarkdown a code { color: var(--jp-content-link-color); }",
    'body[data-jp-theme-light="true"] { --jp-mirror-editor-comment-color: #367070; }',
    'body[data-jp-theme-light="false"] { --jp-mirror-editor-comment-color: #66a5a5; }',
    ".jp-OutputArea-output.jp-RenderedText pre { word-break: normal; overflow-wrap: anywhere; }",
  ];
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, rules.join("\n") + "\n");
}

/**
 * Keeps the notebook unchanged when the mouse only moves over a figure: plotly's extension would then replace the
 * picture that we have drawn by one of its own, as wide as the window. Now it draws one only where there is none, and
 * in our density, which the style above is made for.
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
