/** A training that failed by its numbers: what it says, and what it keeps. */
import type { History } from "./history";
import { isOptimizer } from "./optimizerchoice";
import type { FitOptions } from "./options";

/**
 * Raised when the loss, or what an epoch's last step left behind, is not finite. The model has its last good weights
 * back.
 */
export class LossError extends Error {
  override name = "LossError";
  constructor(
    message: string,
    /** The step that failed, counted from 1 over all epochs. */
    readonly step: number,
    /** Rows of the training data that were in its batch. */
    readonly rows: Int32Array,
    readonly history: History,
  ) {
    super(message);
  }
}

/**
 * What is not finite at which step, and the likely causes; the caller adds which weights the model has back. rows:
 * those of the batch.
 */
export function explain(what: string, step: number, rows: Int32Array, { optimizer }: FitOptions): string {
  const rate = isOptimizer(optimizer) ? ` (${optimizer.settings.learningRate})` : "";
  const some = Array.from(rows.subarray(0, 8)).join(", ") + (rows.length > 8 ? ", ..." : "");
  return (
    `${what} at step ${step}, in the batch of rows ${some}. Likely causes: the learning rate${rate} is too high: ` +
    `try a tenth of it, or clipNorm; a dense feature has huge values: scale it; the model takes a logarithm or a root of ` +
    `something that can be 0. The model has its last good weights back`
  );
}
