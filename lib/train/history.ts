/** What happened in a training, as plain data. */
import type { Evaluation, Metric } from "./evaluate";

export interface EpochRecord {
  /** Counted from 1. */
  epoch: number;
  /** Steps done at its end, over all epochs. */
  step: number;
  /** Mean log loss of the epoch's batches, each taken before its step, in nats. */
  loss: number;
  /** What the schedule multiplied the learning rate by at the epoch's last step. */
  rateFactor: number;
  validation?: Evaluation;
}

/** A line to draw: one point per epoch. */
export interface Curve {
  name: string;
  x: number[];
  y: number[];
}

export class History {
  readonly epochs: EpochRecord[] = [];
  /** The epoch whose weights the model has now; undefined without validation. */
  bestEpoch?: number;
  /** Why it ended. */
  ended: "all epochs done" | "no improvement" | "stopped by you" = "all epochs done";

  constructor(
    /** What decides which epoch is best. */
    readonly metric: Metric,
  ) {}

  /** The validation of the best epoch. */
  get best(): EpochRecord | undefined {
    return this.epochs.find(({ epoch }) => epoch === this.bestEpoch);
  }

  /** Training loss, and on the validation data log loss, AUC and GAUC, over the epochs. */
  get curves(): { trainingLoss: Curve; logLoss?: Curve; auc?: Curve; gauc?: Curve } {
    const curve = (name: string, value: (record: EpochRecord) => number | undefined): Curve => {
      const records = this.epochs.filter((record) => value(record) !== undefined);
      return { name, x: records.map(({ epoch }) => epoch), y: records.map((record) => value(record) as number) };
    };
    const validated = this.epochs.some(({ validation }) => validation);
    return {
      trainingLoss: curve("training log loss", ({ loss }) => loss),
      ...(validated && {
        logLoss: curve("validation log loss", ({ validation }) => validation?.logLoss),
        auc: curve("validation AUC", ({ validation }) => validation?.auc),
      }),
      ...(this.epochs.some(({ validation }) => validation?.gauc !== undefined) && {
        gauc: curve("validation GAUC", ({ validation }) => validation?.gauc),
      }),
    };
  }
}
