/**
 * The experiments of notebook 03, as compare runs them in processes of their own: one model, one planted world,
 * one seed. All models of a world have the same data; the settings say how long each may train.
 */
import * as tf from "@tensorflow/tfjs";
import { rowRange } from "../../data/blocks";
import type { Impressions, SparseFeature } from "../../data/impressions";
import { bayesScores } from "../../data/planted/bayes";
import { fieldAwareWorld } from "../../data/planted/fieldaware";
import { secondOrderWorld } from "../../data/planted/secondorder";
import { thirdOrderWorld } from "../../data/planted/thirdorder";
import type { PlantedWorld } from "../../data/planted/world";
import { AFM } from "../../models/afm";
import { DCN } from "../../models/dcn";
import { FFM } from "../../models/ffm";
import { FM } from "../../models/fm";
import { FNN } from "../../models/fnn";
import { LR } from "../../models/lr";
import { dispose, type Model } from "../../models/model";
import { NFM } from "../../models/nfm";
import { PNN } from "../../models/pnn";
import { WideDeep } from "../../models/widedeep";
import { createRandom, type Random } from "../../random";
import { fit } from "../../train/fit";
import { adam } from "../../train/optimizers";
import { runTrial, type TrialResult } from "../../train/trial";
import { named } from "./named";
import { pretrainedFNN } from "./pretrained";

export interface Settings {
  world: WorldName;
  model: ModelName;
  /** k. Default 4. */
  embeddingDim?: number;
  /** Standard deviation of the first embeddings. Default: that of the model. */
  deviation?: number | undefined;
  /** Cross layers, of DCN and of a cross network. Default 2. */
  layers?: number;
  /** Default 10. */
  epochs?: number;
  /** Default 0.03. */
  learningRate?: number;
  /** Default 400. */
  batchSize?: number;
}

export const size = { rows: 9000, baseRate: 0.5, strength: 2 };

type World = PlantedWorld<SparseFeature>;

export const worlds = {
  "second order": (seed: number): World =>
    secondOrderWorld({ ...size, fieldSizes: [15, 15, 15], embeddingDim: 3, seed }),
  "field-aware": (seed: number): World =>
    fieldAwareWorld({ ...size, fieldSizes: [10, 10, 10, 10], embeddingDim: 2, seed }),
  "third order": (seed: number): World => thirdOrderWorld({ ...size, fieldSizes: [6, 6, 6], seed }),
};
export type WorldName = keyof typeof worlds;

export const testRows: Int32Array = rowRange(5000, size.rows);

/** 4,000 impressions for training, 1,000 to choose the epoch, the rest for the test. */
export function parts({ impressions }: PlantedWorld): Record<"train" | "validation" | "test", Impressions> {
  return {
    train: impressions.read(rowRange(0, 4000)),
    validation: impressions.read(rowRange(4000, 5000)),
    test: impressions.read(testRows),
  };
}

/** AUC of the best possible prediction of the test impressions. */
export const bayes = (world: PlantedWorld) => bayesScores(world, testRows).auc;

export const mlp = { units: [32, 16] };

/**
 * AFM as it becomes with a softmax over an axis of length 1: every pair has the same weight, whatever the attention
 * says. With h = 0 all scores are equal, so all a_ij are; that they are 1 / pairs and not 1 is for p to learn.
 */
function withoutAttention(afm: AFM): AFM {
  afm.attentionOutput.assign(tf.zerosLike(afm.attentionOutput)); // h
  afm.attentionOutput.trainable = false;
  return afm;
}

type Make = (
  shape: { features: readonly SparseFeature[]; embeddingDim: number; deviation?: number },
  random: Random,
  layers: number,
) => Model;

/** The models, as they are before training. */
export const makers = {
  LR: ({ features }, random) => new LR({ features }, random),
  FM: (shape, random) => new FM(shape, random),
  FFM: (shape, random) => new FFM(shape, random),
  AFM: (shape, random) => new AFM({ ...shape, attentionUnits: 8 }, random),
  "AFM with the fault": (shape, random) =>
    withoutAttention(new AFM({ ...shape, attentionUnits: 8 }, random)),
  FNN: (shape, random) => new FNN({ ...shape, mlp }, random),
  "FNN with relu": (shape, random) => new FNN({ ...shape, mlp: { ...mlp, activation: "relu" } }, random),
  IPNN: (shape, random) =>
    new PNN({ ...shape, product: "inner", productUnits: 32, mlp: { units: [16] } }, random),
  OPNN: (shape, random) =>
    new PNN({ ...shape, product: "outer", productUnits: 32, mlp: { units: [16] } }, random),
  "Wide & Deep": ({ features, ...shape }, random) => {
    const crosses = [features.slice(0, 2)];
    return new WideDeep(
      { wideFeatures: features, crosses, buckets: 1009, deepFeatures: features, mlp, ...shape },
      random,
    );
  },
  DCN: (shape, random, layers) => new DCN({ ...shape, cross: { version: 1, layers }, mlp }, random),
  "DCN-v2": (shape, random, layers) => new DCN({ ...shape, cross: { version: 2, layers }, mlp }, random),
  "cross network": (shape, random, layers) =>
    new DCN({ ...shape, cross: { version: 1, layers }, mlp: { units: [] } }, random),
  "cross network v2": (shape, random, layers) =>
    new DCN({ ...shape, cross: { version: 2, layers }, mlp: { units: [] } }, random),
  NFM: (shape, random) => new NFM({ ...shape, mlp }, random),
} satisfies Record<string, Make>;
export type ModelName = keyof typeof makers | "FNN from FM";

/**
 * Trains the model, and keeps the weights of the epoch that is best on the validation part.
 *
 * @throws if there is no such world or model.
 */
export async function trial(settings: Settings, seed: number): Promise<TrialResult> {
  const world = named(worlds, settings.world, "world")(seed);
  return runTrial(await made(settings, world, seed), parts(world), { ...budgetOf(settings, seed), patience });
}

/** AUC on the validation part after each epoch, without early stopping. */
export async function validationCurve(settings: Settings, seed: number): Promise<number[]> {
  const world = named(worlds, settings.world, "world")(seed);
  const { train, validation } = parts(world);
  const model = await made(settings, world, seed);
  const history = await fit(model, train, { ...budgetOf(settings, seed), validation });
  dispose(model);
  return history.validation;
}

/** The model as it is before training. */
async function made(
  { model, embeddingDim = 4, deviation, layers = 2, batchSize }: Settings,
  world: World,
  seed: number,
): Promise<Model> {
  const make = named<Make | undefined>({ ...makers, "FNN from FM": undefined }, model, "model");
  if (!make) return fnnFromFM(world, embeddingDim, seed, batchSize);
  return make(
    { features: world.impressions.features, embeddingDim, ...(deviation !== undefined && { deviation }) },
    createRandom(seed),
    layers,
  );
}

function budgetOf({ epochs = 10, learningRate = 0.03, batchSize = usualBatch }: Settings, seed: number) {
  return { epochs, batchSize, seed, optimizer: adam({ learningRate }) };
}

const usualBatch = 400;
const patience = 3;

/** An FNN that starts from an FM trained beforehand, for 8 epochs. */
function fnnFromFM(world: World, embeddingDim: number, seed: number, batchSize = usualBatch): Promise<FNN> {
  const fm = new FM({ features: world.impressions.features, embeddingDim }, createRandom(seed));
  const options = { epochs: 8, batchSize, seed, optimizer: adam({ learningRate: 0.03 }), patience };
  return pretrainedFNN(fm, parts(world), options, mlp, createRandom(seed));
}
