/** Small data and models for the tests of the training. */
import { rowRange } from "../../lib/data/blocks";
import { Impressions, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { isTable } from "../../lib/layers/layer";
import { FM } from "../../lib/models/fm";
import type { Model } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { adagrad } from "../../lib/train/optimizers";
import type { FitOptions, Progress } from "../../lib/train/options";
import { copyWeights } from "../../lib/train/weights";

export const features = [sparseFeature("user", 6), sparseFeature("item", 9), sequenceFeature("history", 9, 3, "item")];

/** Impressions whose clicks follow a second-order rule; ids repeat within a row and within a batch. */
export function toyImpressions(size: number, seed = 1): Impressions {
  const random = createRandom(seed);
  const columns = {
    user: Int32Array.from({ length: size }, () => random.integer(6)),
    item: Int32Array.from({ length: size }, () => 1 + random.integer(8)),
    history: Int32Array.from({ length: 3 * size }, () => random.integer(9)),
  };
  const labels = Float32Array.from({ length: size }, (_, i) => {
    const logit = (columns.user[i] % 2 === columns.item[i] % 2 ? 1.5 : -1.5) + 0.3 * random.normal();
    return random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  });
  return new Impressions({ features, columns, labels, users: columns.user });
}

export function toyModel(seed = 1, deviation = 0.1): FM {
  return new FM({ features, embeddingDim: 3, deviation }, createRandom(seed));
}

export const data = toyImpressions(300);

export const [train, validation] = [data.read(rowRange(0, 200)), data.read(rowRange(200, 300))];

/** Validation data with two labels of three turned round: a model that learns gets worse on it. */
export const turned = new Impressions({
  ...validation,
  labels: validation.labels.map((y, i) => (i % 3 === 0 ? y : 1 - y)),
});

export const options: FitOptions = { epochs: 3, batchSize: 32, optimizer: adagrad({ learningRate: 0.3 }), seed: 1 };

/** Weights after each epoch of a training, and what it was told. */
export async function watched(extra: Partial<FitOptions>, model = toyModel()) {
  const weights: ReturnType<typeof copyWeights>[] = [];
  const told: Progress[] = [];
  const history = await fit(model, train, {
    ...options,
    ...extra,
    callbacks: [{ onEpoch: (progress) => (weights.push(copyWeights(model)), told.push({ ...progress })) }],
  });
  return { model, history, weights, told };
}

/** All numbers of the model, tables and variables alike, by name. */
export function numbers(model: Model): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(model.weights).map(([name, weight]) => [
      name,
      Array.from(isTable(weight) ? weight.values : (weight.dataSync() as Float32Array)),
    ]),
  );
}

/** The largest difference between corresponding numbers of two models. */
export function distance(a: Model, b: Model): number {
  const [one, other] = [numbers(a), numbers(b)];
  return Math.max(...Object.keys(one).flatMap((name) => one[name].map((value, i) => Math.abs(value - other[name][i]))));
}
