/**
 * Shows how training goes: a bar in a notebook, a line per epoch in a terminal.
 */
import { randomUUID } from "node:crypto";
import { metricNames } from "../train/metric";
import type { Callbacks, Progress } from "../train/options";
import { type Bundle, display, inNotebook } from "./display";
import { format } from "./format";
import { escaped } from "./table";

/** A display is redrawn at most this often (ms): every redraw travels to the browser. */
const redrawInterval = 200;

/**
 * Callbacks for fit that show its progress. What stays in the end depends on the training alone, not on how
 * long it took, because committed outputs are compared.
 *
 * @param name The model's name, put in front of the numbers.
 */
export function progressBar(name = "training"): Callbacks {
  return inNotebook() ? barInNotebook(name) : { onEpoch: (progress) => console.log(summary(name, progress)) };
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
    onEnd: (progress) => draw({ "text/plain": summary(name, progress) }),
  };
}

/** The bar as HTML, with its numbers for screen readers, and as text. */
export function barBundle(name: string, progress: Progress): Bundle {
  const { epoch, epochs, step, steps } = progress;
  const text = summary(name, progress);
  const percent = Math.round((100 * (epoch - 1 + step / steps)) / epochs);
  const bar =
    `<div role="progressbar" aria-label="${escaped(name)}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${percent}" ` +
    `style="width: 320px; height: 12px; border: 1px solid #666666; background: #ffffff">` +
    `<div style="width: ${percent}%; height: 100%; background: #0072b2"></div></div>`;
  return { "text/html": `${bar}\n<div>${escaped(text)}</div>`, "text/plain": text };
}

function summary(name: string, { epoch, epochs, loss, validation, metric }: Progress): string {
  const judged = validation === undefined ? "" : `, validation ${metricNames[metric]} ${format(validation)}`;
  return `${name}: epoch ${epoch} of ${epochs}, training log loss ${format(loss)}${judged}`;
}
