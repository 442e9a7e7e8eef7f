/**
 * Every model learns a world that plants what it is made for, and a weaker model does not.
 *
 * Judged by expected AUC (lib/data/planted/bayes.ts), which has no luck of the drawn clicks in it. The weaker
 * model is the one that the course compares with; LR, which has none below it, is compared with LR of one field.
 */
import type { Feature, SparseFeature } from "../../lib/data/impressions";
import { additiveWorld } from "../../lib/data/planted/additive";
import { bayesScores, expectedScores } from "../../lib/data/planted/bayes";
import { fieldAwareWorld } from "../../lib/data/planted/fieldaware";
import { intensityWorld } from "../../lib/data/planted/intensity";
import { interestsWorld } from "../../lib/data/planted/interests";
import { mixedWorld } from "../../lib/data/planted/mixed";
import { secondOrderWorld } from "../../lib/data/planted/secondorder";
import type { PlantedWorld } from "../../lib/data/planted/world";
import { xorWorld } from "../../lib/data/planted/xor";
import { randomSplit } from "../../lib/data/split";
import { AFM } from "../../lib/models/afm";
import { BaseModel } from "../../lib/models/base";
import { DCN } from "../../lib/models/dcn";
import { DeepFM } from "../../lib/models/deepfm";
import { DIN } from "../../lib/models/din";
import { DNN } from "../../lib/models/dnn";
import { FFM } from "../../lib/models/ffm";
import { FM } from "../../lib/models/fm";
import { LR } from "../../lib/models/lr";
import type { Model } from "../../lib/models/model";
import { NFM } from "../../lib/models/nfm";
import { PNN } from "../../lib/models/pnn";
import { Poly2 } from "../../lib/models/poly2";
import { WideDeep } from "../../lib/models/widedeep";
import { pretrainedFNN } from "../../lib/notebook/trials/pretrained";
import { createRandom, type Random } from "../../lib/random";
import { adagrad, adam, ftrl } from "../../lib/train/optimizers";
import type { FitOptions } from "../../lib/train/options";
import { cosine } from "../../lib/train/schedules";
import { runTrial, type TrialData } from "../../lib/train/trial";
import type { Measured } from "./claim";
import { bySeed, together } from "./measure";

type Build = (features: SparseFeature[], random: Random, data: TrialData, budget: FitOptions) => Model | Promise<Model>;

interface World {
  plant(seed: number): PlantedWorld;
  models: Record<string, Build>;
}

const planted = { baseRate: 0.5, strength: 2 };
const embeddings = { embeddingDim: 4, deviation: 0.3 };
const mlp = { units: [32, 16] };
const pnn = { ...embeddings, productUnits: 32, mlp: { units: [16] } };

const lr: Build = (features, random) => new LR({ features }, random);
const fm = (embeddingDim: number): Build => (features, random) => new FM({ features, embeddingDim }, random);
const afm: Build = (features, random) => new AFM({ features, ...embeddings, attentionUnits: 8 }, random);

/** Candidate and history as one behaviour. */
function ofHistories(features: readonly Feature[]) {
  const named = (kind: Feature["kind"]) => features.filter((feature) => feature.kind === kind).map(({ name }) => name);
  return { features, behaviours: [{ candidate: named("sparse"), history: named("sequence") }], embeddingDim: 4, mlp };
}

const worlds: Record<string, World> = {
  additive: {
    plant: (seed) => additiveWorld({ ...planted, rows: 40_000, fieldSizes: [20, 20, 20, 20, 20], seed }),
    models: { LR: lr, "LR of one field": ([first], random) => new LR({ features: [first] }, random) },
  },
  XOR: {
    plant: (seed) => xorWorld({ ...planted, rows: 20_000, seed }),
    models: { POLY2: (features, random) => new Poly2({ features, buckets: 10_007 }, random), LR: lr },
  },
  "second order, two fields": {
    plant: (seed) => secondOrderWorld({ ...planted, rows: 60_000, fieldSizes: [40, 40], embeddingDim: 2, seed }),
    models: { "matrix factorization": fm(2), LR: lr },
  },
  "second order": {
    plant: (seed) => secondOrderWorld({ ...planted, rows: 60_000, fieldSizes: [40, 40, 40], embeddingDim: 2, seed }),
    models: { FM: fm(2), AFM: afm, LR: lr },
  },
  "field-aware": {
    plant: (seed) => fieldAwareWorld({ ...planted, rows: 60_000, fieldSizes: [10, 10, 10, 10], embeddingDim: 2, seed }),
    models: { FFM: (features, random) => new FFM({ features, embeddingDim: 2 }, random), FM: fm(2) },
  },
  mixed: {
    plant: (seed) => mixedWorld({ ...planted, rows: 80_000, fieldSizes: [8, 8, 8, 8], embeddingDim: 2, seed }),
    models: {
      DNN: (features, random) => new DNN({ features, ...embeddings, mlp }, random),
      FNN: (features, random, data, budget) =>
        pretrainedFNN(new FM({ features, embeddingDim: 4 }, random), data, budget, mlp, random),
      IPNN: (features, random) => new PNN({ ...pnn, features, product: "inner" }, random),
      OPNN: (features, random) => new PNN({ ...pnn, features, product: "outer" }, random),
      KPNN: (features, random) => new PNN({ ...pnn, features, product: "kernel" }, random),
      "Wide & Deep": (features, random) =>
        new WideDeep(
          {
            wideFeatures: features,
            crosses: [features.slice(0, 3)],
            buckets: 5003,
            deepFeatures: features,
            embeddingDim: 4,
            mlp,
          },
          random,
        ),
      DCN: (features, random) => new DCN({ features, ...embeddings, cross: { version: 1, layers: 3 }, mlp }, random),
      "DCN v2": (features, random) =>
        new DCN({ features, ...embeddings, cross: { version: 2, layers: 2 }, mlp }, random),
      NFM: (features, random) => new NFM({ features, ...embeddings, embeddingDim: 8, mlp }, random),
      DeepFM: (features, random) =>
        new DeepFM({ deepFeatures: features, fmFeatures: features, ...embeddings, mlp }, random),
      FM: fm(4),
    },
  },
  intensity: {
    plant: (seed) => intensityWorld({ ...planted, rows: 30_000, categories: 6, clicks: 4, seed }),
    models: {
      "base model (sum)": (features, random) => new BaseModel({ ...ofHistories(features), pooling: "sum" }, random),
      "base model (mean)": (features, random) => new BaseModel({ ...ofHistories(features), pooling: "mean" }, random),
    },
  },
  interests: {
    plant: (seed) => interestsWorld({ ...planted, rows: 30_000, categories: 6, clicks: 2, seed }),
    models: {
      DIN: (features, random) =>
        new DIN({ ...ofHistories(features), attention: { units: [16, 8], activation: "relu" } }, random),
      "base model (mean)": (features, random) => new BaseModel({ ...ofHistories(features), pooling: "mean" }, random),
    },
  },
};

/**
 * The same for all models of a world but Wide & Deep, whose parts have optimizers of their own, as in its paper. It and
 * the base model that counts in the world of intensities need more steps.
 */
function budgetOf(world: string, model: string, seed: number): FitOptions {
  const many = { epochs: 12, batchSize: 256, seed };
  if (model === "Wide & Deep")
    return { ...many, optimizer: { wide: ftrl({ learningRate: 0.3 }), deep: adagrad({ learningRate: 0.1 }) } };
  const steps = world === "intensity" ? many : { epochs: 6, batchSize: 512, seed };
  return { ...steps, optimizer: adam({ learningRate: 0.02 }), schedule: cosine() };
}

/** The world with this seed, its data split, and how good a prediction for its test data can be. */
function prepare(name: string, seed: number) {
  const world = worlds[name].plant(seed);
  const { impressions, bayesLogits } = world;
  const { train, validation, test } = randomSplit(impressions, { validation: 0.1, test: 0.2, seed });
  const data = {
    train: impressions.read(train),
    validation: impressions.read(validation),
    test: impressions.read(test),
  };
  const truth = Float32Array.from(test, (row) => bayesLogits[row]);
  const best = bayesScores(world, test).expected.auc;
  return { features: impressions.features as SparseFeature[], data, truth, best };
}

/** Those of this process: it is asked for one model after the other. */
const prepared = new Map<string, ReturnType<typeof prepare>>();

/** The best possible expected AUC on the world's test data − the model's. */
export async function shortfall(name: string, model: string, seed: number): Promise<number> {
  const key = `${name} ${seed}`;
  if (!prepared.has(key)) prepared.set(key, prepare(name, seed));
  const { features, data, truth, best } = prepared.get(key)!;
  const budget = budgetOf(name, model, seed);
  const built = await worlds[name].models[model](features, createRandom(seed), data, budget);
  const { answers } = await runTrial(built, data, budget);
  return best - expectedScores(answers.logits, truth).auc;
}

const seeds = [1, 2, 3];

function row(world: string, model: string, claim: string, bound: { atMost: number } | { atLeast: number }): Measured {
  const worst = "atMost" in bound ? Math.max : Math.min;
  return {
    id: `${world}: ${model}`,
    claim,
    world,
    models: [model],
    seeds,
    effect: `best possible expected AUC − expected AUC of ${model}, in the one of three worlds where it is nearest to the bound`,
    expected: bound,
    measure: async () =>
      together(await bySeed<number>("test/claims/worlds#shortfall", [world, model], seeds), (all) => worst(...all)),
  };
}

/** The last model of each world is the weaker one. */
export const learned: Measured[] = Object.entries(worlds).flatMap(([world, { models }]) => {
  const names = Object.keys(models);
  const weaker = names[names.length - 1];
  return [
    ...names
      .slice(0, -1)
      .map((model) =>
        row(world, model, `In each of three worlds, ${model} comes within 0.01 AUC of the best possible prediction`, {
          atMost: 0.01,
        }),
      ),
    row(
      world,
      weaker,
      `In each of three worlds, ${weaker} stays at least 0.08 AUC below the best possible prediction`,
      { atLeast: 0.08 },
    ),
  ];
});
