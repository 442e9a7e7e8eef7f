/** What happened in a training, as plain data. */
import type { Evaluation } from "./evaluate";
import { isBetter, type Metric } from "./metric";

export interface EpochRecord {
  /** Counted from 1. */
  epoch: number;
  /** Steps done at its end, over all epochs. */
  step: number;
  /** Mean log loss over the epoch (with weights, Σ w loss / Σ w), each batch taken before its step, in nats. */
  loss: number;
  /** What the schedule multiplied the learning rate by at the epoch's last step. */
  rateFactor: number;
  validation?: Evaluation | undefined;
}

/** A line to draw, with one point per epoch. */
export interface Curve {
  name: string;
  x: number[];
  y: number[];
}

/** What fit returns: each epoch's loss and scores, which one is best, and why the training ended. */
export class History {
  readonly epochs: EpochRecord[] = [];
  /** The model on the validation data before its first step. */
  start?: Evaluation | undefined;
  /** The epoch whose weights the model has now; undefined without validation. */
  bestEpoch?: number | undefined;
  /** Why it ended. "stopped by you" also if that was after the last batch: see how many epochs there are. */
  ended: "all epochs done" | "no improvement" | "stopped by you" | "loss not finite" = "all epochs done";

  constructor(
    /** What decides which epoch is best. */
    readonly metric: Metric,
  ) {}

  /** The record of the best epoch. */
  get best(): EpochRecord | undefined {
    return this.epochs.find(({ epoch }) => epoch === this.bestEpoch);
  }

  /** Whether even the best epoch is worse than what the training began with: a model that knew more before. */
  get worseThanStart(): boolean {
    const [before, after] = [this.start?.[this.metric], this.best?.validation?.[this.metric]];
    return before !== undefined && after !== undefined && isBetter(this.metric, before, after);
  }

  /** The metric on the validation data after each epoch. */
  get validation(): number[] {
    return this.epochs.flatMap(({ validation }) => validation?.[this.metric] ?? []);
  }

  /** Log loss in training and on the validation data over the epochs, ready to draw. */
  get lossCurves(): Curve[] {
    return [
      this.curve("training", ({ loss }) => loss),
      this.curve("validation", ({ validation }) => validation?.logLoss),
    ].filter(({ x }) => x.length > 0);
  }

  /** AUC, and GAUC if there are users, on the validation data over the epochs. */
  get rankingCurves(): Curve[] {
    return [
      this.curve("validation AUC", ({ validation }) => validation?.auc),
      this.curve("validation GAUC", ({ validation }) => validation?.gauc),
    ].filter(({ x }) => x.length > 0);
  }

  private curve(name: string, value: (record: EpochRecord) => number | undefined): Curve {
    const known = this.epochs.filter((record) => value(record) !== undefined);
    return { name, x: known.map(({ epoch }) => epoch), y: known.map((record) => value(record) as number) };
  }
}
