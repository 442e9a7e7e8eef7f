/** Claims of notebook 03. */
import * as tf from "@tensorflow/tfjs";
import { rowRange } from "../../lib/data/blocks";
import { bayesScores } from "../../lib/data/planted/bayes";
import { fieldAwareWorld } from "../../lib/data/planted/fieldaware";
import { secondOrderWorld } from "../../lib/data/planted/secondorder";
import { thirdOrderWorld } from "../../lib/data/planted/thirdorder";
import type { PlantedWorld } from "../../lib/data/planted/world";
import type { SparseFeature } from "../../lib/data/impressions";
import { AFM } from "../../lib/models/afm";
import { DCN } from "../../lib/models/dcn";
import { FFM } from "../../lib/models/ffm";
import { FM } from "../../lib/models/fm";
import { FNN } from "../../lib/models/fnn";
import type { Model } from "../../lib/models/model";
import { NFM } from "../../lib/models/nfm";
import { PNN } from "../../lib/models/pnn";
import { WideDeep } from "../../lib/models/widedeep";
import { createRandom } from "../../lib/random";
import { evaluate } from "../../lib/train/evaluate";
import { fit } from "../../lib/train/fit";
import { adagrad, adam, ftrl } from "../../lib/train/optimizers";
import { runTrial } from "../../lib/train/trial";
import type { Claim } from "./claim";
import { bySeed } from "./measure";

const size = { rows: 9000, baseRate: 0.5, strength: 2 };
const mlp = { units: [32, 16] };
const fieldsOf = ({ impressions }: PlantedWorld) => impressions.features as SparseFeature[];
const secondOrder = (seed: number) => secondOrderWorld({ ...size, fieldSizes: [15, 15, 15], embeddingDim: 3, seed });
const thirdOrder = (seed: number, idle: number[] = []) => thirdOrderWorld({ ...size, fieldSizes: [6, 6, 6, ...idle], seed });

function parts({ impressions }: PlantedWorld) {
  return { train: impressions.read(rowRange(0, 4000)), validation: impressions.read(rowRange(4000, 5000)), test: impressions.read(rowRange(5000, 9000)) };
}

/** AUC on the test impressions after training as in the notebook. */
async function score(model: Model, world: PlantedWorld, seed: number, epochs = 10, learningRate = 0.03): Promise<number> {
  const optimizer = adam({ learningRate });
  return (await runTrial(model, parts(world), { epochs, batchSize: 200, seed, optimizer, patience: 3 })).test.auc;
}

type Scores = Record<string, number>;

export async function fieldAware(seed: number): Promise<Scores> {
  const world = fieldAwareWorld({ ...size, fieldSizes: [10, 10, 10, 10], embeddingDim: 2, seed });
  const features = fieldsOf(world);
  return {
    FM2: await score(new FM({ features, embeddingDim: 2 }, createRandom(seed)), world, seed, 8, 0.05),
    FM8: await score(new FM({ features, embeddingDim: 8 }, createRandom(seed)), world, seed, 8, 0.05),
    FFM: await score(new FFM({ features, embeddingDim: 2 }, createRandom(seed)), world, seed, 8, 0.05),
  };
}

export async function preTraining(seed: number): Promise<Scores> {
  const world = secondOrder(seed);
  const features = fieldsOf(world);
  const { train, validation, test } = parts(world);
  const fm = new FM({ features, embeddingDim: 4 }, createRandom(seed));
  await fit(fm, train, { epochs: 8, batchSize: 200, seed, optimizer: adam({ learningRate: 0.03 }), validation, patience: 3 });
  const random = new FNN({ features, embeddingDim: 4, mlp, deviation: 0.5 }, createRandom(seed));
  const ipnn = new PNN({ features, embeddingDim: 4, product: "inner", productUnits: 32, mlp: { units: [16] } }, createRandom(seed));
  return {
    FM: (await evaluate(fm, test)).auc,
    fromFM: await score(FNN.fromFM(fm, mlp, createRandom(seed)), world, seed, 8, 0.02),
    random: await score(random, world, seed, 16, 0.02),
    IPNN: await score(ipnn, world, seed, 16, 0.02),
  };
}

export async function crosses(seed: number): Promise<Scores> {
  const world = thirdOrder(seed, [6, 6]);
  const features = fieldsOf(world);
  const [one, two, three, four, five] = features;
  const reached: Scores = {};
  for (const [name, chosen] of Object.entries({ wrong: [[one, two], [four, five]], right: [[one, two], [four, five], [one, two, three]] })) {
    const model = new WideDeep({ wideFeatures: features, crosses: chosen, buckets: 5003, deepFeatures: features, embeddingDim: 4, mlp }, createRandom(seed));
    const { train, validation, test } = parts(world);
    const optimizer = { wide: ftrl({ learningRate: 10, l1: 0.1 }), deep: adagrad({ learningRate: 0.1 }) };
    await fit(model, train, { epochs: 8, batchSize: 200, seed, validation, optimizer });
    reached[name] = (await evaluate(model, test)).auc;
  }
  return reached;
}

/** Cross networks without MLP: "2 layers, v1" and so on, and the Bayes score. */
export async function crossLayers(seed: number): Promise<Scores> {
  const world = thirdOrder(seed);
  const reached: Scores = { Bayes: bayesScores(world, rowRange(5000, 9000)).auc };
  for (const version of [1, 2] as const) {
    for (const layers of [1, 2]) {
      const config = { features: fieldsOf(world), embeddingDim: 4, cross: { version, layers }, mlp: { units: [] }, deviation: 0.3 };
      reached[`${layers} layers, v${version}`] = await score(new DCN(config, createRandom(seed)), world, seed, 8);
    }
  }
  return reached;
}

export async function attention(seed: number): Promise<Scores> {
  const world = thirdOrder(seed);
  const config = { features: fieldsOf(world), embeddingDim: 4, attentionUnits: 8 };
  const right = await score(new AFM(config, createRandom(seed)), world, seed, 15);
  const faulty = new AFM(config, createRandom(seed));
  faulty.attentionOutput.assign(tf.zeros([8, 1]));
  const { bias, linear, factors, projection } = faulty.weights;
  const uniform: Model = { config, weights: { bias, linear, factors, projection }, logits: (batch) => faulty.logits(batch) };
  return { right, fault: await score(uniform, world, seed, 15) };
}

/** The models of the last comparison with the start that the notebook's search chose. */
export async function third(seed: number): Promise<Scores> {
  const world = thirdOrder(seed);
  const features = fieldsOf(world);
  const common = { features, embeddingDim: 4, deviation: 0.5 };
  const small = { ...common, deviation: 0.1 };
  const pnn = { ...small, productUnits: 32, mlp: { units: [16] } };
  const wide = { wideFeatures: features, crosses: [features.slice(0, 2)], buckets: 1009, deepFeatures: features };
  const models: Record<string, Model> = {
    FM: new FM(common, createRandom(seed)),
    FFM: new FFM(common, createRandom(seed)),
    FNN: new FNN({ ...common, mlp }, createRandom(seed)),
    IPNN: new PNN({ ...pnn, product: "inner" }, createRandom(seed)),
    OPNN: new PNN({ ...pnn, product: "outer" }, createRandom(seed)),
    "Wide & Deep": new WideDeep({ ...wide, embeddingDim: 4, mlp, deviation: 0.1 }, createRandom(seed)),
    DCN: new DCN({ ...small, cross: { version: 1, layers: 2 }, mlp }, createRandom(seed)),
    "DCN-v2": new DCN({ ...common, cross: { version: 2, layers: 2 }, mlp }, createRandom(seed)),
    NFM: new NFM({ ...small, mlp }, createRandom(seed)),
    AFM: new AFM({ ...common, attentionUnits: 8 }, createRandom(seed)),
  };
  const reached: Scores = {};
  for (const [name, model] of Object.entries(models)) reached[name] = await score(model, world, seed);
  return reached;
}

const five = [1, 2, 3, 4, 5];
const threeSeeds = [1, 2, 3];

/** One number per seed, from what the function of this file reached. */
async function each(name: string, seeds: readonly number[], effect: (scores: Scores) => number): Promise<number[]> {
  return (await bySeed<Scores>(`test/claims/03-road-to-deep#${name}`, [], seeds)).map(effect);
}

const notebook = "03-road-to-deep";
const aware = { notebook, cell: "ffm-notice", id: "ffm-field-aware", world: "fieldAwareWorld, 4 fields of 10 ids, k = 2", seeds: five };
const second = { notebook, world: "secondOrderWorld, 3 fields of 15 ids, k = 3", seeds: five };
const order3 = { notebook, world: "thirdOrderWorld, 3 fields of 6 ids", seeds: threeSeeds };

export const claims: Claim[] = [
  {
    ...aware,
    claim: "FFM is ahead of FM with the same k by about 0.1",
    models: ["FFM", "FM"],
    effect: "AUC of FFM, k = 2 − AUC of FM, k = 2",
    expected: { atLeast: 0.05 },
    measure: () => each("fieldAware", five, ({ FFM, FM2 }) => FFM - FM2),
  },
  {
    ...aware,
    claim: "FFM keeps a smaller lead over FM with as many parameters",
    models: ["FFM", "FM"],
    effect: "AUC of FFM, k = 2 − AUC of FM, k = 8",
    expected: { atLeast: 0 },
    measure: () => each("fieldAware", five, ({ FFM, FM8 }) => FFM - FM8),
  },
  {
    ...second,
    id: "fnn-pretraining",
    cell: "fnn-notice",
    claim: "FNN from a trained FM is ahead of FNN from a random start",
    models: ["FNN"],
    effect: "AUC of FNN from FM − AUC of FNN from random numbers",
    expected: { atLeast: 0 },
    measure: () => each("preTraining", five, ({ fromFM, random }) => fromFM - random),
  },
  {
    ...second,
    id: "fnn-pretraining",
    cell: "fnn-notice",
    claim: "FNN is worse than the FM it came from, in FM's own world",
    models: ["FNN", "FM"],
    effect: "AUC of FNN from FM − AUC of FM",
    expected: { atMost: 0 },
    measure: () => each("preTraining", five, ({ fromFM, FM }) => fromFM - FM),
  },
  {
    ...second,
    id: "pnn-products",
    cell: "pnn-notice",
    claim: "IPNN is ahead of FNN from a random start",
    models: ["IPNN", "FNN"],
    effect: "AUC of IPNN − AUC of FNN from random numbers",
    expected: { atLeast: 0 },
    measure: () => each("preTraining", five, ({ IPNN, random }) => IPNN - random),
  },
  {
    ...second,
    id: "pnn-products",
    cell: "pnn-notice",
    claim: "IPNN and FNN from a trained FM are not distinguishable",
    models: ["IPNN", "FNN"],
    effect: "AUC of IPNN − AUC of FNN from FM",
    expected: { notDistinguishable: true },
    measure: () => each("preTraining", five, ({ IPNN, fromFM }) => IPNN - fromFM),
  },
  {
    ...second,
    id: "pnn-products",
    cell: "pnn-notice",
    claim: "IPNN is behind FM in FM's own world",
    models: ["IPNN", "FM"],
    effect: "AUC of IPNN − AUC of FM",
    expected: { atMost: 0 },
    measure: () => each("preTraining", five, ({ IPNN, FM }) => IPNN - FM),
  },
  {
    ...order3,
    id: "wide-right-cross",
    cell: "wd-notice",
    world: "thirdOrderWorld, 3 fields of 6 ids and 2 idle ones",
    claim: "With the right cross Wide & Deep gets much further than with two wrong ones",
    models: ["Wide & Deep"],
    effect: "AUC with the right cross − AUC without it",
    expected: { atLeast: 0 },
    measure: () => each("crosses", threeSeeds, ({ right, wrong }) => right - wrong),
  },
  ...([1, 2] as const).flatMap((version): Claim[] => {
    const name = version === 1 ? "DCN" : "DCN-v2";
    const shared = { ...order3, id: "dcn-degree", cell: "dcn-notice", models: [name] };
    return [
      {
        ...shared,
        claim: `One cross layer of ${name} is a coin on a product of three`,
        effect: "AUC with one cross layer and no MLP − 0.5",
        expected: { notDistinguishable: true },
        measure: () => each("crossLayers", threeSeeds, (scores) => scores[`1 layers, v${version}`] - 0.5),
      },
      {
        ...shared,
        claim: `Two cross layers of ${name} reach the Bayes score on a product of three`,
        effect: "AUC with two cross layers and no MLP − Bayes AUC",
        expected: { atLeast: -0.02 },
        measure: () => each("crossLayers", threeSeeds, (scores) => scores[`2 layers, v${version}`] - scores.Bayes),
      },
    ];
  }),
  {
    ...order3,
    id: "afm-fault",
    cell: "afm-notice",
    claim: "AFM with the softmax over one number is a coin on a product of three",
    models: ["AFM"],
    effect: "AUC of AFM with all attention weights equal − 0.5",
    expected: { notDistinguishable: true },
    measure: () => each("attention", threeSeeds, ({ fault }) => fault - 0.5),
  },
  {
    ...order3,
    id: "afm-fault",
    cell: "afm-notice",
    claim: "AFM with its attention sees a product of three",
    models: ["AFM"],
    effect: "AUC of AFM − AUC of AFM with all attention weights equal",
    expected: { atLeast: 0.3 },
    measure: () => each("attention", threeSeeds, ({ right, fault }) => right - fault),
  },
  {
    ...order3,
    id: "third-order",
    cell: "third-notice",
    claim: "FM and FFM are coins on a product of three",
    models: ["FM", "FFM"],
    effect: "mean AUC of FM and FFM − 0.5",
    expected: { notDistinguishable: true },
    measure: () => each("third", threeSeeds, ({ FM, FFM }) => (FM + FFM) / 2 - 0.5),
  },
  {
    ...order3,
    id: "third-order",
    cell: "third-notice",
    claim: "FNN, PNN, Wide & Deep, DCN, NFM and AFM see a product of three",
    models: ["FNN", "IPNN", "OPNN", "Wide & Deep", "DCN", "DCN-v2", "NFM", "AFM"],
    effect: "smallest AUC among the eight − AUC of FM",
    expected: { atLeast: 0.2 },
    measure: () => each("third", threeSeeds, ({ FM, FFM: _, ...others }) => Math.min(...Object.values(others)) - FM),
  },
];
