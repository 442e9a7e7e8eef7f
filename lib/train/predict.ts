/** A trained model at work: logits for any number of impressions. */
import type * as tf from "@tensorflow/tfjs";
import { checkWhole } from "../checks";
import { rowRange } from "../data/blocks";
import type { Impressions, ImpressionSource } from "../data/impressions";
import { checkNotDisposed, type Model } from "../models/model";
import { sigmoid } from "../sigmoid";
import { checkNotBusy } from "./busy";

/**
 * Logits of all impressions of the source, in its order: [size]. See probabilities for those of a click.
 * Works in batches, so that the engine's memory stays small, and lets other work run between them.
 */
export function predict(model: Model, source: ImpressionSource, batchSize = 4096): Promise<Float32Array> {
  return predictBy(model, source, batchSize);
}

/**
 * As predict, for candidates that are all for one user, such as a request: a model that can look the user's histories
 * up once for all rows of a batch (DIN's logitsForOneUser) does so. Any other answers as to predict.
 *
 * @throws RangeError if such a model finds another history in a row than in the first of its batch.
 */
export function predictForOneUser(
  model: Model & { logitsForOneUser?(batch: Impressions): tf.Tensor1D },
  source: ImpressionSource,
  batchSize = 4096,
): Promise<Float32Array> {
  return predictBy(model, source, batchSize, model.logitsForOneUser?.bind(model));
}

async function predictBy(
  model: Model,
  source: ImpressionSource,
  batchSize: number,
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
 * The click probability of each logit, as 32-bit numbers. Of a model that was trained on down-sampled impressions, take
 * correctLogits(logits, rate) of lib/data/sampling first.
 */
export function probabilities(logits: ArrayLike<number>): Float32Array {
  return Float32Array.from(logits, sigmoid);
}

/** @throws TypeError if these are no impressions, such as raw ones, or the numbers of rows. */
export function checkSource(name: string, source: ImpressionSource): void {
  const given: object | undefined | null = source;
  if (typeof source?.read === "function") return;
  const [what, advice] = !given
    ? [String(given), ""]
    : "schema" in given
      ? ["raw", ". Encode it first: encode(raw, rows) or applyEncoding(raw, encoding) of lib/data/encode"]
      : [
          given.constructor.name,
          ArrayBuffer.isView(given) ? ". If these are its rows, give impressions.read(rows)" : "",
        ];
  throw new TypeError(`${name} is ${what}, expected impressions${advice}`);
}

/** Logits of one batch as plain numbers: [batch]. how: the method that computes them. */
export function logitsOf(
  model: Model,
  batch: Impressions,
  how: (batch: Impressions) => tf.Tensor1D = (batch) => model.logits(batch),
): Float32Array {
  const logits = how(batch);
  try {
    checkLogits(model, logits, batch);
    return logits.dataSync() as Float32Array;
  } finally {
    logits.dispose();
  }
}

/**
 * Each logit belongs to the impression at its place: too few would be those of others, or 0.
 *
 * @throws RangeError if the model gave something else than one logit per impression.
 */
export function checkLogits(model: Model, logits: tf.Tensor, batch: Impressions): void {
  if (logits.rank === 1 && logits.shape[0] === batch.size) return;
  throw new RangeError(
    `${model.constructor.name}.logits gave the shape [${logits.shape.join(", ")}], expected [${batch.size}], one logit per impression`,
  );
}

/** The source's impressions in their order, a batch at a time; the event loop turns in between. */
export async function* batches(source: ImpressionSource, batchSize = 4096): AsyncGenerator<Impressions> {
  checkWhole("batchSize", batchSize);
  for (let start = 0; start < source.size; start += batchSize) {
    yield source.read(rowRange(start, Math.min(start + batchSize, source.size)));
    await breathe();
  }
}

/** Lets the event loop turn once: messages get sent, and the stop button works. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
