/** Claims of notebook 03, with its experiments. */
import { thirdOrderWorld } from "../../lib/data/planted/thirdorder";
import { WideDeep } from "../../lib/models/widedeep";
import { bayes, fieldsOf, mlp, type ModelName, parts, type Settings, size, trial, worlds } from "../../lib/notebook/trials/03";
import { createRandom } from "../../lib/random";
import { evaluate } from "../../lib/train/evaluate";
import { fit } from "../../lib/train/fit";
import { adagrad, ftrl } from "../../lib/train/optimizers";
import type { Claim } from "./claim";
import { bySeed } from "./measure";

type Scores = Record<string, number>;

/** AUC of each of the settings, by name. */
async function scoresOf(common: Partial<Settings>, settings: Record<string, Partial<Settings>>, seed: number): Promise<Scores> {
  const scores: Scores = {};
  for (const [name, own] of Object.entries(settings)) scores[name] = (await trial({ ...common, ...own } as Settings, seed)).test.auc;
  return scores;
}

export function fieldAware(seed: number): Promise<Scores> {
  const models = { FM2: { model: "FM", embeddingDim: 2 }, FM8: { model: "FM", embeddingDim: 8 }, FFM: { model: "FFM", embeddingDim: 2 } } as const;
  return scoresOf({ world: "field-aware", epochs: 8, learningRate: 0.05 }, models, seed);
}

export function preTraining(seed: number): Promise<Scores> {
  const models = {
    FM: { model: "FM", epochs: 8, learningRate: 0.03 },
    fromFM: { model: "FNN from FM", epochs: 8 },
    random: { model: "FNN", deviation: 0.5, epochs: 16 },
    IPNN: { model: "IPNN", epochs: 16 },
  } as const;
  return scoresOf({ world: "second order", learningRate: 0.02, batchSize: 200 }, models, seed);
}

export async function crosses(seed: number): Promise<Scores> {
  const world = thirdOrderWorld({ ...size, fieldSizes: [6, 6, 6, 6, 6], seed });
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
  const networks = { v1: "cross network", v2: "cross network v2" } as const;
  const settings = Object.entries(networks).flatMap(([version, model]) => [1, 2, 3].map((layers) => [`${layers} layers, ${version}`, { model, layers }] as const));
  return { Bayes: bayes(worlds["third order"](seed)), ...(await scoresOf({ world: "third order", deviation: 0.3, epochs: 8, batchSize: 200 }, Object.fromEntries(settings), seed)) };
}

export function attention(seed: number): Promise<Scores> {
  return scoresOf({ world: "third order", deviation: 0.1 }, { right: { model: "AFM" }, fault: { model: "AFM with the fault" } }, seed);
}

/** The start of each model of the last comparison that the notebook's search chose. */
const starts: Partial<Record<ModelName, number>> = {
  ...{ FM: 0.5, FFM: 0.1, FNN: 0.5, IPNN: 0.1, OPNN: 0.5, "Wide & Deep": 0.5 },
  ...{ DCN: 0.5, "DCN-v2": 0.5, NFM: 0.1, AFM: 0.5 },
};

export function third(seed: number): Promise<Scores> {
  const settings = Object.entries(starts).map(([model, deviation]) => [model, { model: model as ModelName, deviation }] as const);
  return scoresOf({ world: "third order" }, Object.fromEntries(settings), seed);
}

const five = [1, 2, 3, 4, 5];

/** One number per seed, from what the function of this file reached. */
async function each(name: string, effect: (scores: Scores) => number): Promise<number[]> {
  return (await bySeed<Scores>(`test/claims/03-road-to-deep#${name}`, [], five)).map(effect);
}

const notebook = "03-road-to-deep";
const aware = { notebook, cell: "ffm-notice", id: "ffm-field-aware", world: "fieldAwareWorld, 4 fields of 10 ids, k = 2", seeds: five };
const second = { notebook, world: "secondOrderWorld, 3 fields of 15 ids, k = 3", seeds: five };
const order3 = { notebook, world: "thirdOrderWorld, 3 fields of 6 ids", seeds: five };

export const claims: Claim[] = [
  {
    ...aware,
    claim: "FFM is ahead of FM with the same k by about 0.1",
    models: ["FFM", "FM"],
    effect: "AUC of FFM, k = 2 − AUC of FM, k = 2",
    expected: { atLeast: 0.05 },
    measure: () => each("fieldAware", ({ FFM, FM2 }) => FFM - FM2),
  },
  {
    ...aware,
    claim: "FFM keeps a smaller lead over FM with as many parameters",
    models: ["FFM", "FM"],
    effect: "AUC of FFM, k = 2 − AUC of FM, k = 8",
    expected: { atLeast: 0 },
    measure: () => each("fieldAware", ({ FFM, FM8 }) => FFM - FM8),
  },
  {
    ...second,
    id: "fnn-pretraining",
    cell: "fnn-notice",
    claim: "FNN from a trained FM is ahead of FNN from a random start",
    models: ["FNN"],
    effect: "AUC of FNN from FM − AUC of FNN from random numbers",
    expected: { atLeast: 0 },
    measure: () => each("preTraining", ({ fromFM, random }) => fromFM - random),
  },
  {
    ...second,
    id: "fnn-pretraining",
    cell: "fnn-notice",
    claim: "FNN is worse than the FM it came from, in FM's own world",
    models: ["FNN", "FM"],
    effect: "AUC of FNN from FM − AUC of FM",
    expected: { atMost: 0 },
    measure: () => each("preTraining", ({ fromFM, FM }) => fromFM - FM),
  },
  {
    ...second,
    id: "pnn-products",
    cell: "pnn-notice",
    claim: "IPNN is ahead of FNN from a random start",
    models: ["IPNN", "FNN"],
    effect: "AUC of IPNN − AUC of FNN from random numbers",
    expected: { atLeast: 0 },
    measure: () => each("preTraining", ({ IPNN, random }) => IPNN - random),
  },
  {
    ...second,
    id: "pnn-products",
    cell: "pnn-notice",
    claim: "IPNN and FNN from a trained FM are not distinguishable",
    models: ["IPNN", "FNN"],
    effect: "AUC of IPNN − AUC of FNN from FM",
    expected: { notDistinguishable: true },
    measure: () => each("preTraining", ({ IPNN, fromFM }) => IPNN - fromFM),
  },
  {
    ...second,
    id: "pnn-products",
    cell: "pnn-notice",
    claim: "IPNN is behind FM in FM's own world",
    models: ["IPNN", "FM"],
    effect: "AUC of IPNN − AUC of FM",
    expected: { atMost: 0 },
    measure: () => each("preTraining", ({ IPNN, FM }) => IPNN - FM),
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
    measure: () => each("crosses", ({ right, wrong }) => right - wrong),
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
        measure: () => each("crossLayers", (scores) => scores[`1 layers, v${version}`] - 0.5),
      },
      {
        ...shared,
        claim: `Two cross layers of ${name} reach the Bayes score on a product of three, and so do three`,
        effect: "AUC with two or three cross layers and no MLP, the smaller one − Bayes AUC",
        expected: { atLeast: -0.02 },
        measure: () => each("crossLayers", (scores) => Math.min(scores[`2 layers, v${version}`], scores[`3 layers, v${version}`]) - scores.Bayes),
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
    measure: () => each("attention", ({ fault }) => fault - 0.5),
  },
  {
    ...order3,
    id: "afm-fault",
    cell: "afm-notice",
    claim: "AFM with its attention sees a product of three",
    models: ["AFM"],
    effect: "AUC of AFM − AUC of AFM with all attention weights equal",
    expected: { atLeast: 0.3 },
    measure: () => each("attention", ({ right, fault }) => right - fault),
  },
  {
    ...order3,
    id: "third-order",
    cell: "third-notice",
    claim: "FM and FFM are coins on a product of three",
    models: ["FM", "FFM"],
    effect: "mean AUC of FM and FFM − 0.5",
    expected: { notDistinguishable: true },
    measure: () => each("third", ({ FM, FFM }) => (FM + FFM) / 2 - 0.5),
  },
  {
    ...order3,
    id: "third-order",
    cell: "third-notice",
    claim: "FNN, PNN, Wide & Deep, DCN and NFM see a product of three",
    models: ["FNN", "IPNN", "OPNN", "Wide & Deep", "DCN", "DCN-v2", "NFM"],
    effect: "smallest AUC among the seven − AUC of FM",
    expected: { atLeast: 0.2 },
    measure: () => each("third", ({ FM, FFM: _, AFM: __, ...others }) => Math.min(...Object.values(others)) - FM),
  },
  {
    ...order3,
    id: "third-afm",
    cell: "third-afm-notice",
    claim: "AFM with the large start is a coin in one world of five",
    models: ["AFM"],
    effect: "worlds in which AFM is within 0.05 of a coin − 1, the same for every seed",
    expected: { notDistinguishable: true },
    measure: async () => {
      const coins = (await each("third", ({ AFM }) => Number(AFM < 0.55))).filter((coin) => coin === 1);
      return five.map(() => coins.length - 1);
    },
  },
  {
    ...order3,
    id: "third-afm",
    cell: "third-afm-notice",
    claim: "AFM with the small start sees a product of three in all five worlds",
    models: ["AFM"],
    effect: "AUC of AFM with the small start − 0.5",
    expected: { atLeast: 0.3 },
    measure: () => each("attention", ({ right }) => right - 0.5),
  },
];
