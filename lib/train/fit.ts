/** Trains a model: epochs, shuffled batches, validation, and the best weights at the end. */
import type { ImpressionSource } from "../data/impressions";
import type { Model } from "../models/model";
import { checkJudgeable } from "./evaluate";
import type { History } from "./history";
import { checkOptions, type FitOptions } from "./options";
import { Run } from "./run";
import { listenForStop } from "./stop";

/**
 * Trains the model on the source and returns what happened. The model ends with the weights of its best
 * epoch on the validation data, whether training ended early or not; without validation data with its last
 * weights. The stop button and Ctrl-C end it after the current batch, with the same promise; before the first
 * epoch is over there is no best one, and the model keeps its last weights.
 *
 * @throws LossError if the loss, or what an epoch leaves behind, is not finite; RangeError if the options or the
 * validation data make no sense.
 */
export async function fit(model: Model, source: ImpressionSource, options: FitOptions): Promise<History> {
  checkOptions(source, options);
  if (options.validation) await checkJudgeable(options.validation, options.metric ?? "auc");
  const run = new Run(model, source, options);
  const stop = await listenForStop();
  try {
    await run.start();
    while (!run.over) await run.doEpoch(stop);
    return await run.finish();
  } finally {
    run.training.regularizer?.end();
    stop.end();
  }
}
