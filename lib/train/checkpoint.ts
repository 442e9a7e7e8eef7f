/** The state of a training in a file, so that a run that was killed goes on where it was. */
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";
import { differencesOf } from "../differences";
import type { History } from "./history";
import type { Owed } from "./regularizers";
import { replaceFile } from "../replacefile";
import type { WeightCopy } from "./weights";

export interface Checkpoint {
  /** What the run is: data, model and options, as plain JSON. */
  run: Record<string, unknown>;
  /** The epoch it is in, how many impressions of it are done, the sum of their losses, and that of their weights. */
  epoch: number;
  row: number;
  lossSum: number;
  weightSum: number;
  step: number;
  weights: WeightCopy;
  state: Record<string, Float32Array>;
  owed: Record<string, Owed>;
  /** Weights of the best epoch, or without validation data of the last. */
  good: WeightCopy;
  history: Pick<History, "start" | "epochs" | "bestEpoch" | "ended">;
}

const format = "click-models training 6";
const advice = "Name another file, or delete this one if you no longer need it";

/** Writes the file as a whole or not at all. */
export function writeCheckpoint(file: string, checkpoint: Checkpoint): void {
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, [serialize({ format, ...checkpoint })]);
}

/**
 * The checkpoint in the file, or nothing if there is no such file.
 *
 * @throws if it cannot be read, is not a checkpoint, or belongs to another run: other data, model or options.
 */
export function readCheckpoint(file: string, run: Record<string, unknown>): Checkpoint | undefined {
  if (!existsSync(file)) return undefined;
  if (statSync(file).isDirectory()) throw new Error(`${file} is a folder, expected a file. Name one in it`);
  const bytes = readFileSync(file); // not in the try below: what cannot be read may be worth keeping
  let checkpoint: Checkpoint & { format?: unknown };
  try {
    checkpoint = deserialize(bytes);
  } catch {
    throw new Error(`${file} is not a checkpoint of a training. ${advice}`);
  }
  if (checkpoint?.format !== format)
    throw new Error(`${file} is not a checkpoint of this version. ${advice}`);
  const [different] = differencesOf(checkpoint.run, run);
  if (different) {
    const [there, here] = [different.a, different.b].map((value) => JSON.stringify(value) ?? "none");
    throw new Error(`${file} belongs to another run: its ${different.place} is ${there}, here it is ${here}. ${advice}`);
  }
  return checkpoint;
}
