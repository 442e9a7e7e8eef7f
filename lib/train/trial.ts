/** One trial of a comparison: a model trained with one seed and judged on test data. */
import type { ImpressionSource } from "../data/impressions";
import { dispose, type Model, numParameters } from "../models/model";
import { answers, type Answers, type Evaluation, judge } from "./evaluate";
import { fit } from "./fit";
import type { Metric } from "./metric";
import type { FitOptions } from "./options";
import { median } from "./statistics";

/** What the three parts of the data are for: training, choosing the epoch and the settings, judging. */
export interface TrialData {
  readonly train: ImpressionSource;
  readonly validation: ImpressionSource;
  readonly test: ImpressionSource;
}

export interface TrialResult {
  /** The metric on the validation data at the best epoch. */
  readonly validation: number;
  readonly metric: Metric;
  /** The epoch whose weights were judged. */
  readonly bestEpoch: number;
  /** Metrics on the test data, and what they were computed from. */
  readonly test: Evaluation;
  readonly answers: Answers;
  /** How many numbers training decides. */
  readonly parameters: number;
  /**
   * Median time of a training step, with reading its batch. Differs from run to run; NaN if a checkpoint left no step
   * to do.
   */
  readonly millisecondsPerStep: number;
}

/**
 * Trains the model, with validation, and judges its best weights on the test data. Frees the model at the end, also
 * when it fails.
 *
 * @throws if training fails, or somebody stops it: a half-trained model says nothing about its kind.
 */
export async function runTrial(
  model: Model,
  { train, validation, test }: TrialData,
  options: Omit<FitOptions, "validation">,
): Promise<TrialResult> {
  const times: number[] = [];
  let last = performance.now();
  const clock = {
    onBatch() {
      const now = performance.now();
      times.push(now - last);
      last = now;
    },
    onEpoch: () => void (last = performance.now()),
  };
  try {
    const history = await fit(model, train, {
      ...options,
      validation,
      callbacks: [...(options.callbacks ?? []), clock],
    });
    if (history.ended === "stopped by you")
      throw new Error("stopped by you in the middle of a trial, so it has no result. Run it again to have one");
    const answered = await answers(model, test);
    return {
      validation: history.best?.validation?.[history.metric] as number,
      metric: history.metric,
      bestEpoch: history.bestEpoch as number,
      test: judge(answered),
      answers: answered,
      parameters: numParameters(model),
      millisecondsPerStep: median(times),
    };
  } finally {
    dispose(model);
  }
}
