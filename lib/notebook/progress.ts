/**
 * Shows how training goes: a bar in a notebook, a line per epoch in a terminal.
 */
import { randomUUID } from "node:crypto";
import type { Callbacks, Progress } from "../train/fit";
import type { History } from "../train/history";
import { type Bundle, display, inNotebook } from "./display";
import { format } from "./format";
import { escaped } from "./table";

/** A display is redrawn at most this often (ms): every redraw travels to the browser. */
const redrawInterval = 200;

/**
 * Callbacks for fit that show its progress. What stays in the end depends on the training alone, not on how
 * long it took, because committed outputs are compared.
 *
 * @param name The model's, in front of the numbers.
 */
export function progressBar(name = "training"): Callbacks {
  if (process.env.VITEST !== undefined) return {}; // tests have nobody to show it to
  return inNotebook() ? barInNotebook(name) : linesInTerminal(name);
}

function linesInTerminal(name: string): Callbacks {
  return {
    onEpoch: (progress) => console.log(epochSummary(name, progress)),
    onEnd: (history) => console.log(endSummary(name, history)),
  };
}

function barInNotebook(name: string): Callbacks {
  const id = randomUUID();
  let shown = false;
  let lastDrawn = 0;
  function draw(bundle: Bundle): void {
    display(bundle, { id, update: shown });
    shown = true;
    lastDrawn = Date.now();
  }
  return {
    onBatch(progress) {
      if (Date.now() - lastDrawn >= redrawInterval) draw(barBundle(name, progress));
    },
    onEnd: (history) => draw({ "text/plain": endSummary(name, history) }),
  };
}

/** The bar as HTML, with its numbers for screen readers, and as text. */
export function barBundle(name: string, progress: Progress): Bundle {
  const text = epochSummary(name, progress);
  const percent = Math.round((100 * progress.step) / progress.steps);
  const bar =
    `<div role="progressbar" aria-label="${escaped(name)}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${percent}" ` +
    `style="width: 320px; height: 12px; border: 1px solid #666666; background: #ffffff">` +
    `<div style="width: ${percent}%; height: 100%; background: #0072b2"></div></div>`;
  return { "text/html": `${bar}\n<div>${escaped(text)}</div>`, "text/plain": text };
}

function epochSummary(name: string, { epoch, epochs, loss, validation }: Progress): string {
  const judged = validation ? `, validation AUC ${format(validation.auc)}` : "";
  return `${name}: epoch ${epoch} of ${epochs}, training loss ${format(loss)}${judged}`;
}

/** What stays when training is over: how many epochs, why no more, and how good the weights are that the model has now. */
export function endSummary(name: string, { epochs, ended, best, metric }: History): string {
  const count = `${epochs.length} ${epochs.length === 1 ? "epoch" : "epochs"}`;
  const parts = [`${name}: ${count}${ended === "all epochs done" ? "" : ` (${ended})`}`];
  const last = epochs.at(-1);
  if (last) parts.push(`training loss ${format(last.loss)}`);
  const judged = best?.validation?.[metric];
  if (best && judged !== undefined) parts.push(`best epoch ${best.epoch}: validation ${metricNames[metric]} ${format(judged)}`);
  return parts.join(", ");
}

const metricNames = { auc: "AUC", gauc: "GAUC", logLoss: "log loss" };
