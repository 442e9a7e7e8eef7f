import type { RowSums } from "./rowsums";

/** A regularizer at work on one model. */
export interface RunningRegularizer {
  /** Adds the penalty's gradient to the summed gradients of the table's rows that are in the batch. */
  addPenalty(table: string, sums: RowSums, batchSize: number, rate: number): void;
}
