/**
 * The experiment of notebook 04, as compare runs it in processes of their own: one model, one planted world,
 * one seed. All models have the same data, embedding length, MLP and optimizer.
 */
import { rowRange } from "../../data/blocks";
import type { SparseFeature } from "../../data/impressions";
import { expectedScores } from "../../data/planted/bayes";
import { type MixedWorld, mixedWorld } from "../../data/planted/mixed";
import { secondOrderWorld } from "../../data/planted/secondorder";
import { thirdOrderWorld } from "../../data/planted/thirdorder";
import type { PlantedWorld } from "../../data/planted/world";
import { DeepFM } from "../../models/deepfm";
import { DNN } from "../../models/dnn";
import { FM } from "../../models/fm";
import { dispose, type Model } from "../../models/model";
import { WideDeep } from "../../models/widedeep";
import { createRandom, type Random } from "../../random";
import { fit } from "../../train/fit";
import { adam } from "../../train/optimizers";
import { predict } from "../../train/predict";
import { mean } from "../../train/statistics";
import { runTrial, type TrialResult } from "../../train/trial";
import { named } from "./named";

export type WorldName = keyof typeof worlds;
export type ModelName = keyof typeof makers;

export interface Settings {
  world: WorldName;
  model: ModelName;
  /** 0.02 by default. A smaller one gets more epochs. */
  learningRate?: number;
}

/** Epochs of a training, at most, with the usual learning rate. */
export const mostEpochs = 20;
/** Hash buckets for the pairs that Wide & Deep crosses. */
export const buckets = 10_007;

/** The test impressions of a world. */
export const testRows: Int32Array = rowRange(9500, 12_500);

const worlds = { pairs: secondOrderWorld, triples: thirdOrderWorld, both: mixedWorld };

/**
 * The world with that seed: 12,500 impressions with four fields of 8 ids. Half of them are clicked.
 *
 * @throws if there is no such world.
 */
export function makeWorld(world: WorldName, seed: number): PlantedWorld<SparseFeature> {
  const make = named(worlds, world, "world");
  return make({ rows: 12_500, fieldSizes: [8, 8, 8, 8], baseRate: 0.5, seed });
}

/** Trains one of the models on the world with that seed. */
export function trial({ world, model, learningRate }: Settings, seed: number): Promise<TrialResult> {
  const planted = makeWorld(world, seed);
  return train(makeModel(model, planted.impressions.features, createRandom(seed)), planted, seed, learningRate);
}

/**
 * Trains the model on 8,000 impressions of the world, chooses the epoch by 1,500 others, and judges it on the rest: not
 * on the clicks that were drawn, but on average over all that could have been.
 */
export async function train(
  model: Model,
  { impressions, bayesLogits }: PlantedWorld,
  seed: number,
  learningRate = 0.02,
): Promise<TrialResult> {
  const data = {
    train: impressions.read(rowRange(0, 8000)),
    validation: impressions.read(rowRange(8000, 9500)),
    test: impressions.read(testRows),
  };
  const epochs = Math.round(mostEpochs * (0.02 / learningRate));
  const result = await runTrial(model, data, {
    epochs,
    patience: 4,
    batchSize: 512,
    seed,
    optimizer: adam({ learningRate }),
  });
  return { ...result, test: expectedScores(result.answers.logits, bayesLogits.slice(testRows[0])) };
}

type Make = (features: readonly SparseFeature[], random: Random) => Model;

const shape = { embeddingDim: 8 };
const mlp = { units: [32, 16] };

/** The models, as they are before training. */
const makers = {
  FM: (features, random) => new FM({ features, ...shape }, random),
  DNN: (features, random) => new DNN({ features, mlp, ...shape }, random),
  "Wide & Deep": (features, random) => {
    const crosses = features.flatMap((a, i) => features.slice(i + 1).map((b) => [a, b]));
    return new WideDeep(
      { wideFeatures: features, crosses, buckets, deepFeatures: features, mlp, ...shape },
      random,
    );
  },
  DeepFM: (features, random) => new DeepFM({ deepFeatures: features, fmFeatures: features, mlp, ...shape }, random),
  "DeepFM 2V": (features, random) =>
    new DeepFM({ deepFeatures: features, fmFeatures: features, mlp, ...shape, separateEmbeddings: true }, random),
} satisfies Record<string, Make>;

/**
 * One of the models, as it is before training.
 *
 * @throws if there is none of that name.
 */
export function makeModel(name: ModelName, features: readonly SparseFeature[], random: Random): Model {
  return named<Make>(makers, name, "model")(features, random);
}

/** Correlations of a part of DeepFM's logit with a part of the planted one. */
export interface PartsLearned {
  fmPairs: number;
  fmTriple: number;
  deepPairs: number;
  deepTriple: number;
}

/**
 * How y_FM and y_DNN correlate with the planted pairs and with the planted triple of the world "both", on its test
 * impressions, after each of 16 epochs.
 */
export async function partsLearned(name: "DeepFM" | "DeepFM 2V", seed: number): Promise<PartsLearned[]> {
  const { impressions, factors } = makeWorld("both", seed) as MixedWorld;
  const { features } = impressions;
  const test = impressions.read(testRows);
  const plantedPairs = new FM({ features, embeddingDim: 4 }, createRandom(0));
  plantedPairs.factors.values.set(factors);
  const pairs = await predict(plantedPairs, test);
  const triple = pairs.map((_, row) =>
    ["field1", "field2", "field3"].reduce((sign, field) => (test.columns[field][row] % 2 === 1 ? sign : -sign), 1),
  );
  const model = makeModel(name, features, createRandom(seed)) as DeepFM;
  const fmPart = new FM({ features, embeddingDim: 8 }, createRandom(0)); // with DeepFM's w and V it computes y_FM
  const learned: PartsLearned[] = [];
  const onEpoch = async () => {
    fmPart.linear.values.set(model.linear.values);
    fmPart.factors.values.set(model.factors.values);
    const fm = await predict(fmPart, test);
    const deep = (await predict(model, test)).map((s, row) => s - fm[row]);
    learned.push({
      fmPairs: correlation(fm, pairs),
      fmTriple: correlation(fm, triple),
      deepPairs: correlation(deep, pairs),
      deepTriple: correlation(deep, triple),
    });
  };
  await fit(model, impressions.read(rowRange(0, 8000)), {
    epochs: 16,
    batchSize: 512,
    seed,
    optimizer: adam({ learningRate: 0.02 }),
    callbacks: [{ onEpoch }],
  });
  for (const used of [plantedPairs, fmPart, model]) dispose(used);
  return learned;
}

function correlation(a: Float32Array, b: Float32Array): number {
  const centred = (values: Float32Array) => {
    const middle = mean([...values]);
    return Array.from(values, (value) => value - middle);
  };
  const [u, v] = [centred(a), centred(b)];
  const product = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return product(u, v) / Math.sqrt(product(u, u) * product(v, v));
}
