/** Trains a model: epochs, shuffled batches, validation, and the best weights at the end. */
import type { ImpressionSource } from "../data/impressions";
import { checkNotDisposed, type Model } from "../models/model";
import { whileBusy } from "./busy";
import { checkJudgeable, checkLearnable, checkSource } from "./checkdata";
import type { History } from "./history";
import { checkOptions, type FitOptions } from "./options";
import { Run } from "./run";
import { listenForStop, type StopSignal } from "./stop";
import { findNotFinite } from "./weights";

/**
 * Trains the model on the source and returns what happened. The model ends with the weights of its best
 * epoch on the validation data, whether training ended early or not; without validation data with its last
 * weights.
 *
 * The stop button and Ctrl-C end training after the current batch, and the rule for the weights still holds; before the
 * first epoch is over there is no best one, and the model keeps its last weights. A script goes on after a stop, so
 * check before it saves the model or trains another: if (history.ended === "stopped by you") process.exit(130).
 *
 * A model that was trained before can be trained further, say on newer data: the optimizer begins anew, and the weights
 * that the model came with are not among those it may end with. To have those back if history.worseThanStart, take a
 * copy before, copyWeights(model), and call restoreWeights(model, copy) after (weights.ts).
 *
 * @throws LossError if the loss, or what an epoch leaves behind, is not finite; RangeError or TypeError if the options
 * or the data make no sense, or the model's weights are not finite to begin with; Error if the model is being trained
 * already. Until the promise is settled, predict, evaluate and save refuse the model too, except in fit's callbacks (to
 * save, see onBatch).
 */
export function fit(model: Model, source: ImpressionSource, options: FitOptions): Promise<History> {
  return whileBusy(model, () => fitAlone(model, source, options));
}

async function fitAlone(model: Model, source: ImpressionSource, options: FitOptions): Promise<History> {
  checkSource("the training data", source);
  if (options.validation) checkSource("the validation data", options.validation);
  checkOptions(source, options);
  checkNotDisposed(model);
  checkFinite(model);
  await checkLearnable(source);
  if (options.validation) await checkJudgeable(options.validation, options.metric ?? "auc");
  const run = new Run(model, source, options);
  const stop = await listenForStop();
  try {
    await train(run, stop);
    await run.tellEnd();
    // Also after the last batch, or a script would hear nothing of it.
    if (stop.asked) run.history.ended = "stopped by you";
    return run.history;
  } finally {
    run.end();
    stop.end();
  }
}

async function train(run: Run, stop: StopSignal): Promise<void> {
  try {
    await run.start();
    while (!run.over) await run.doEpoch(stop);
    run.finish();
  } catch (error) {
    await run.tellEnd().catch(() => {}); // a second failure would hide the first
    throw error;
  }
}

function checkFinite(model: Model): void {
  const weight = findNotFinite(model);
  if (weight)
    throw new RangeError(
      `the weight ${weight} before training, expected finite numbers. Build the model again, or restore weights from before it was broken`,
    );
}
