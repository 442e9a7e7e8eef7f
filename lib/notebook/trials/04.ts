/**
 * The experiment of notebook 04, as compare runs it in processes of their own: one model, one planted world,
 * one seed. All models have the same data, embedding length, MLP and optimizer.
 */
import { rowRange } from "../../data/blocks";
import type { SparseFeature } from "../../data/impressions";
import { mixedWorld } from "../../data/planted/mixed";
import { secondOrderWorld } from "../../data/planted/secondorder";
import { thirdOrderWorld } from "../../data/planted/thirdorder";
import type { PlantedWorld } from "../../data/planted/world";
import { DeepFM } from "../../models/deepfm";
import { DNN } from "../../models/dnn";
import { FM } from "../../models/fm";
import type { Model } from "../../models/model";
import { WideDeep } from "../../models/widedeep";
import { createRandom, type Random } from "../../random";
import { adam } from "../../train/optimizers";
import { runTrial, type TrialResult } from "../../train/trial";

export type WorldName = "pairs" | "triples" | "both";
export type ModelName = "FM" | "DNN" | "Wide & Deep" | "DeepFM" | "DeepFM 2V";

export interface Settings {
  world: WorldName;
  model: ModelName;
}

/** Where the test impressions of a world begin and end. */
export const testRows = rowRange(14_000, 18_000);

/** The world with that seed: 18,000 impressions with four fields of 10 ids. */
export function makeWorld(world: WorldName, seed: number): PlantedWorld {
  const make = { pairs: secondOrderWorld, triples: thirdOrderWorld, both: mixedWorld }[world];
  return make({ rows: 18_000, fieldSizes: [10, 10, 10, 10], seed });
}

/** Trains the model on 12,000 impressions of the world and judges it on 4,000 others. */
export async function trial({ world, model }: Settings, seed: number): Promise<TrialResult> {
  const { impressions } = makeWorld(world, seed);
  const data = {
    train: impressions.read(rowRange(0, 12_000)),
    validation: impressions.read(rowRange(12_000, 14_000)),
    test: impressions.read(testRows),
  };
  const made = makeModel(model, impressions.features as SparseFeature[], createRandom(seed));
  return runTrial(made, data, { epochs: 12, batchSize: 512, seed, optimizer: adam({ learningRate: 0.02 }) });
}

/** One of the models, as it is before training. */
export function makeModel(name: ModelName, features: readonly SparseFeature[], random: Random): Model {
  const shape = { embeddingDim: 8, deviation: 0.1 };
  const mlp = { units: [32, 16] };
  if (name === "FM") return new FM({ features, ...shape }, random);
  if (name === "DNN") return new DNN({ features, mlp, ...shape }, random);
  if (name === "Wide & Deep") {
    const crosses = features.flatMap((a, i) => features.slice(i + 1).map((b) => [a, b]));
    return new WideDeep({ wideFeatures: features, crosses, buckets: 10_007, deepFeatures: features, mlp, ...shape }, random);
  }
  return new DeepFM({ deepFeatures: features, fmFeatures: features, mlp, ...shape, separateEmbeddings: name !== "DeepFM" }, random);
}
