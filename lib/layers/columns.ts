/** What models read from a batch's columns besides ids, and the check that they were built for these columns. */
import * as tf from "@tensorflow/tfjs";
import type { DenseFeature, Feature, Impressions, SequenceFeature, SparseFeature } from "../data/impressions";
import { presentIn } from "./pooling";

/**
 * The numbers of dense features side by side: [batch, features].
 *
 * @throws RangeError if the batch does not have these features.
 */
export function numbers(batch: Impressions, features: readonly DenseFeature[]): tf.Tensor2D {
  checkFeatures(batch, features);
  const values = new Float32Array(batch.size * features.length);
  features.forEach(({ name }, f) => {
    const column = batch.columns[name];
    for (let row = 0; row < batch.size; row++) values[row * features.length + f] = column[row];
  });
  return tf.tensor2d(values, [batch.size, features.length]);
}

/** 1 where at least one of the sequences has an id, 0 where all are padded: [batch, slots]. */
export function present(batch: Impressions, ...names: string[]): tf.Tensor2D {
  const mask = presentIn(names.map((name) => batch.columns[name]));
  return tf.tensor2d(mask, [batch.size, mask.length / batch.size]);
}

/** For a model's features, those of the batch that they were last compared with. */
const compared = new WeakMap<readonly Feature[], readonly Feature[]>();

/**
 * Checks that the batch has a model's features, or ids would be rows of other words. The batch may have more features,
 * and histories of another length. All parts of a data set share one array of features, so a training run compares them
 * once.
 *
 * @throws RangeError if a feature is missing, is of another kind, has another vocabSize or was fitted on other rows, or
 * if the batch is empty.
 */
export function checkFeatures(batch: Impressions, features: readonly Feature[]): void {
  if (batch.size === 0) throw new RangeError("the batch has 0 impressions, expected at least 1");
  if (compared.get(features) === batch.features) return;
  for (const feature of features) {
    const given = batch.features.find(({ name }) => name === feature.name);
    checkSame(feature, given, "in the data", "Encode the data with the encoding that the model was saved with");
  }
  compared.set(features, batch.features);
}

/** @throws RangeError if the feature that is given is not the one that a model was built for. */
export function checkSame(feature: Feature, given: Feature | undefined, where: string, advice: string): void {
  // A feature made by hand has no checksum to compare.
  const fitted = feature.fitted !== undefined && given?.fitted !== undefined;
  const [wanted, came] = [describe(feature, fitted), given ? describe(given, fitted) : "missing"];
  if (came !== wanted)
    throw new RangeError(
      `${feature.name} is ${came} ${where}, expected ${wanted}, which the model was built for. ${advice}`,
    );
}

function describe(feature: Feature, fitted: boolean): string {
  if (feature.kind === "dense") return fitted ? `dense with a mean and deviation of checksum ${feature.fitted}` : "dense";
  return `${feature.kind} with vocabSize ${feature.vocabSize}${fitted ? ` and a vocabulary of checksum ${feature.fitted}` : ""}`;
}

/** @throws RangeError if the feature's vocabSize is not `size`, that of the vocabulary it shares. */
export function checkSharedSize({ name, vocabulary, vocabSize }: SparseFeature | SequenceFeature, size: number): void {
  if (vocabSize !== size)
    throw new RangeError(
      `feature ${name} has vocabSize ${vocabSize}, expected ${size} as in the vocabulary ${vocabulary} it shares`,
    );
}
