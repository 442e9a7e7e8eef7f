/** A trained model at work: logits for any number of impressions. */
import * as tf from "@tensorflow/tfjs";
import type { Impressions, ImpressionSource } from "../data/impressions";
import { checkNotDisposed, type Model } from "../models/model";
import { sigmoid } from "../sigmoid";
import { batches } from "./batches";
import { checkNotBusy } from "./busy";
import { checkSource } from "./checkdata";

/**
 * Logits of all impressions of the source, in its order: [size]. Pass them to probabilities for click probabilities.
 * Works in batches, so that the engine's memory stays small, and lets other work run between them. batchSize: default
 * 4096, fewer where histories are long.
 *
 * @throws TypeError if the data is not encoded; Error if the model is being trained or was disposed.
 */
export function predict(model: Model, source: ImpressionSource, batchSize?: number): Promise<Float32Array> {
  return predictBy(model, source, batchSize);
}

/**
 * As predict, for candidates that are all for one user, such as a request: a model that can look the user's histories
 * up once for all rows of a batch (DIN's logitsForOneUser) does so. Any other answers as in predict.
 *
 * @throws RangeError if such a model finds another history in a row than in the first of its batch; else as predict.
 */
export function predictForOneUser(
  model: Model & { logitsForOneUser?(batch: Impressions): tf.Tensor1D },
  source: ImpressionSource,
  batchSize?: number,
): Promise<Float32Array> {
  return predictBy(model, source, batchSize, model.logitsForOneUser?.bind(model));
}

async function predictBy(
  model: Model,
  source: ImpressionSource,
  batchSize: number | undefined,
  how?: (batch: Impressions) => tf.Tensor1D,
): Promise<Float32Array> {
  checkSource("the data", source);
  checkNotDisposed(model);
  checkNotBusy(model);
  const logits = new Float32Array(source.size);
  let row = 0;
  for await (const batch of batches(source, batchSize)) {
    logits.set(logitsOf(model, batch, how), row);
    row += batch.size;
  }
  return logits;
}

/**
 * The click probability of each logit, as 32-bit numbers. If the model was trained on down-sampled impressions, apply
 * correctLogits(logits, rate) of lib/data/sampling first.
 *
 * @throws TypeError if the logits are not an array: without await, predict gives a promise.
 */
export function probabilities(logits: ArrayLike<number>): Float32Array {
  if (logits?.length === undefined) {
    const advice = (logits as unknown) instanceof Promise ? ". Is an await missing before predict?" : "";
    throw new TypeError(`logits is ${logits?.constructor.name ?? logits}, expected an array of numbers${advice}`);
  }
  return Float32Array.from(logits, sigmoid);
}

/** Logits of one batch as plain numbers: [batch]. how: the method that computes them. */
export function logitsOf(
  model: Model,
  batch: Impressions,
  how: (batch: Impressions) => tf.Tensor1D = (batch) => model.logits(batch),
): Float32Array {
  let values!: Float32Array;
  tf.tidy(() => { // a model of one's own may leave tensors behind
    const logits = how(batch);
    checkLogits(model, logits, batch);
    values = logits.dataSync() as Float32Array;
  });
  return values;
}

/**
 * Checks that there is one logit per impression: were there too few, impressions would get those of others, or 0.
 *
 * @throws TypeError if the model gave no tensor, as an async function does; RangeError if it gave something else than
 * one logit per impression.
 */
export function checkLogits(model: Model, logits: tf.Tensor, batch: Impressions): void {
  if (!(logits instanceof tf.Tensor)) {
    const got = (logits as object | undefined)?.constructor.name ?? logits;
    throw new TypeError(`${model.constructor.name}.logits gave ${got}, expected a tensor, not a promise of one`);
  }
  if (logits.rank === 1 && logits.shape[0] === batch.size) return;
  throw new RangeError(
    `${model.constructor.name}.logits gave the shape [${logits.shape.join(", ")}], expected [${batch.size}], one logit per impression`,
  );
}
