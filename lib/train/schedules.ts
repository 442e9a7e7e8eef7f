/**
 * Schedules: what the learning rate is multiplied by at each step. They remember nothing, so a resumed training goes on
 * as it would have.
 */
import { checkOptionNames, checkWhole } from "../checks";
import { isBetter, type Metric } from "./metric";

/** Where a training is. */
export interface ScheduleState {
  /** The step about to be done, counted from 1 over all epochs, and how many there will be. */
  readonly step: number;
  readonly steps: number;
  /** The metric on the validation data after each epoch so far. */
  readonly validation: readonly number[];
  readonly metric: Metric;
}

export interface Schedule {
  /** The factor for the learning rate at this step, from 0 up. */
  (at: ScheduleState): number;
  /** True if it does nothing without validation data. */
  readonly needsValidation?: boolean | undefined;
}

/** 1 at every step. */
export function constant(): Schedule {
  return () => 1;
}

/** Multiplied by `factor` each time `every` steps are done: 1, factor, factor², ... */
export function stepDecay(options: { every: number; factor: number }): Schedule {
  checkOptionNames("stepDecay", options, { every: true, factor: true });
  const { every, factor } = options;
  checkWhole("every", every);
  checkFactor(factor);
  return ({ step }) => factor ** Math.floor((step - 1) / every);
}

/** Half a cosine from 1 at the first step down to `end` at the last. */
export function cosine(options: { end?: number | undefined } = {}): Schedule {
  checkOptionNames("cosine", options, { end: true });
  const { end = 0 } = options;
  if (!(end >= 0 && end <= 1)) throw new RangeError(`end is ${end}, expected a number from 0 to 1`);
  return ({ step, steps }) => end + ((1 - end) * (1 + Math.cos((Math.PI * (step - 1)) / Math.max(1, steps - 1)))) / 2;
}

/** Multiplied by `factor` whenever `patience` epochs in a row brought no new best on the validation data. */
export function reduceOnPlateau(
  options: { factor?: number | undefined; patience?: number | undefined } = {},
): Schedule {
  checkOptionNames("reduceOnPlateau", options, { factor: true, patience: true });
  const { factor = 0.1, patience = 2 } = options;
  checkWhole("patience", patience);
  checkFactor(factor);
  const schedule: Schedule = ({ validation, metric }) => {
    let rate = 1;
    let best: number | undefined;
    let waited = 0;
    for (const value of validation) {
      if (best === undefined || isBetter(metric, value, best)) {
        best = value;
        waited = 0;
      } else if (++waited === patience) {
        rate *= factor;
        waited = 0;
      }
    }
    return rate;
  };
  return Object.assign(schedule, { needsValidation: true });
}

/** Rises in a straight line to 1 over the first `steps` steps, times another schedule. */
export function warmUp(steps: number, then: Schedule = constant()): Schedule {
  checkWhole("steps", steps);
  const schedule: Schedule = (at) => Math.min(1, at.step / steps) * then(at);
  return Object.assign(schedule, { needsValidation: then.needsValidation });
}

function checkFactor(factor: number): void {
  if (!(factor > 0 && factor <= 1)) throw new RangeError(`factor is ${factor}, expected a number above 0 and up to 1`);
}
