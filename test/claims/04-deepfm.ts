/** Claims of notebook 04, by the notebook's own experiment. */
import { bayesScores } from "../../lib/data/planted/bayes";
import {
  buckets,
  makeModel,
  makeWorld,
  partsLearned,
  testRows,
  train,
  trial,
  type ModelName,
  type Settings,
  type WorldName,
} from "../../lib/notebook/trials/04";
import { DeepFM } from "../../lib/models/deepfm";
import { Poly2 } from "../../lib/models/poly2";
import { createRandom } from "../../lib/random";
import { mean } from "../../lib/train/statistics";
import type { Claim } from "./claim";
import { bySeed, minus, together } from "./measure";

/** None of the notebook's five, which raised the questions. */
const seeds = Array.from({ length: 10 }, (_, i) => i + 6);
/** Enough where the difference is plain, or the scores hardly vary. */
const five = seeds.slice(0, 5);
/** Nor of these ten, for what the notebook says of them. */
const later = Array.from({ length: 10 }, (_, i) => i + 16);
const laterFive = later.slice(0, 5);

/** Expected AUC on the test impressions. */
export async function score(settings: Settings, seed: number): Promise<number> {
  return (await trial(settings, seed)).test.auc;
}

function difference(a: Settings, b: Settings, of: readonly number[] = seeds): Promise<number[]> {
  return minus(scores(a, of), scores(b, of));
}

function scores(settings: Settings, of: readonly number[] = seeds): Promise<number[]> {
  return bySeed<number>("test/claims/04-deepfm#score", [settings], of);
}

/** Of DeepFM with one table whose vectors are twice as long. */
export async function twiceAsLong(seed: number): Promise<number> {
  const world = makeWorld("both", seed);
  const { features } = world.impressions;
  const { config } = makeModel("DeepFM", features, createRandom(seed)) as DeepFM;
  const wide = new DeepFM({ ...config, embeddingDim: 16 }, createRandom(seed));
  return (await train(wide, world, seed)).test.auc;
}

/** Of POLY2 with as many buckets as Wide & Deep. */
export async function poly2(seed: number): Promise<number> {
  const world = makeWorld("pairs", seed);
  const model = new Poly2({ features: world.impressions.features, buckets }, createRandom(seed));
  return (await train(model, world, seed)).test.auc;
}

/** How much of Bayes the worst of the networks misses in the world of triples. */
async function missedOnTriples(): Promise<number[]> {
  const all: number[][] = [];
  for (const model of ["DNN", "Wide & Deep", "DeepFM"] as const)
    all.push(await scores({ world: "triples", model }, five));
  return five.map(
    (seed, i) => bayesScores(makeWorld("triples", seed), testRows).expected.auc - Math.min(...all.map((own) => own[i])),
  );
}

/** What the two parts lack with one table, in correlation, against two tables. */
export interface Masters {
  /** Of the planted pairs, the FM part, after the last epoch. */
  pairs: number;
  /** Of the planted triple, the deep part, after the last epoch. */
  triple: number;
  /** How much deeper the FM part falls below what it had. */
  dip: number;
}

export async function twoMasters(seed: number): Promise<Masters> {
  const [one, two] = [await partsLearned("DeepFM", seed), await partsLearned("DeepFM 2V", seed)];
  const last = one.length - 1;
  const dip = (learned: typeof one) =>
    Math.max(
      ...learned.map(
        ({ fmPairs }, i) => Math.max(...learned.slice(0, i + 1).map((before) => before.fmPairs)) - fmPairs,
      ),
    );
  return {
    pairs: two[last].fmPairs - one[last].fmPairs,
    triple: two[last].deepTriple - one[last].deepTriple,
    dip: dip(one) - dip(two),
  };
}

/** How much of the planted pairs DeepFM's deep part had after its best epoch and lost by the last, in correlation. */
export async function pairsLetGo(name: "DeepFM" | "DeepFM 2V", seed: number): Promise<number> {
  const learned = (await partsLearned(name, seed)).map(({ deepPairs }) => deepPairs);
  return Math.max(...learned) - learned[learned.length - 1];
}

async function masters(what: keyof Masters): Promise<number[]> {
  return (await bySeed<Masters>("test/claims/04-deepfm#twoMasters", [], seeds)).map((of) => of[what]);
}

const common = { notebook: "04-deepfm", seeds };

/** The first of the two models against the second. */
function row({
  world,
  models: [a, b],
  seeds: of = world === "pairs" ? seeds : five,
  ...words
}: Pick<Claim, "id" | "claim" | "cell" | "expected"> & {
  world: WorldName;
  models: [ModelName, ModelName];
  seeds?: readonly number[];
}): Claim {
  return {
    ...common,
    ...words,
    seeds: of,
    world: `lib/notebook/trials/04, world of ${world}`,
    models: [a, b],
    effect: `expected AUC of ${a} − AUC of ${b}`,
    measure: () => difference({ world, model: a }, { world, model: b }, of),
  };
}

const halves = {
  ...common,
  cell: "halves-notice",
  world: "lib/notebook/trials/04, world of both",
  models: ["DeepFM", "DeepFM 2V"],
};

export const claims: Claim[] = [
  row({
    id: "fm-blind-to-triples",
    claim: "FM is a coin where the DNN learns triples",
    cell: "two-blind-notice",
    world: "triples",
    models: ["DNN", "FM"],
    expected: { atLeast: 0.2 },
  }),
  {
    ...common,
    id: "fm-blind-to-triples",
    claim: "FM is a coin in the world of triples",
    cell: "two-blind-notice",
    world: "lib/notebook/trials/04, world of triples",
    models: ["FM"],
    seeds: five,
    effect: "expected AUC of FM − 0.5",
    expected: { within: 0.03 },
    measure: async () => (await scores({ world: "triples", model: "FM" }, five)).map((auc) => auc - 0.5),
  },
  row({
    id: "dnn-behind-on-pairs",
    claim: "The DNN is behind FM in the world of pairs",
    cell: "two-blind-notice",
    world: "pairs",
    seeds: five,
    models: ["FM", "DNN"],
    expected: { atLeast: 0 },
  }),
  {
    ...common,
    id: "dnn-gap-by-rate",
    claim: "A smaller learning rate takes some of the DNN's gap to FM away",
    cell: "two-blind-notice",
    world: "lib/notebook/trials/04, world of pairs",
    models: ["DNN"],
    seeds: five,
    effect: "expected AUC of DNN with learning rate 0.005 − with 0.02, FM's",
    expected: { atLeast: 0 },
    measure: () =>
      difference({ world: "pairs", model: "DNN", learningRate: 0.005 }, { world: "pairs", model: "DNN" }, five),
  },
  row({
    id: "deepfm-both-over-fm",
    claim: "DeepFM beats FM where pairs and triples count",
    cell: "both-notice",
    world: "both",
    models: ["DeepFM", "FM"],
    expected: { atLeast: 0.04 },
  }),
  row({
    id: "deepfm-both-over-dnn",
    claim: "DeepFM is ahead of the DNN where pairs and triples count",
    cell: "both-notice",
    world: "both",
    models: ["DeepFM", "DNN"],
    expected: { atLeast: 0 },
  }),
  row({
    id: "deepfm-pairs-near-fm",
    claim: "DeepFM is close to FM in the world of pairs",
    cell: "pairs-notice",
    world: "pairs",
    models: ["DeepFM", "FM"],
    expected: { atLeast: -0.006 },
  }),
  row({
    id: "deepfm-pairs-over-dnn",
    claim: "DeepFM is well ahead of the DNN in the world of pairs",
    cell: "pairs-notice",
    world: "pairs",
    seeds: five,
    models: ["DeepFM", "DNN"],
    expected: { atLeast: 0.005 },
  }),
  row({
    id: "deepfm-triples-level-dnn",
    claim: "DeepFM is level with the DNN in the world of triples",
    cell: "remember",
    world: "triples",
    models: ["DeepFM", "DNN"],
    expected: { within: 0.002 },
  }),
  row({
    id: "deepfm-pairs-behind-fm",
    claim: "DeepFM is a little behind FM in the world of pairs",
    cell: "pairs-notice",
    world: "pairs",
    models: ["FM", "DeepFM"],
    expected: { atLeast: 0 },
  }),
  {
    ...common,
    id: "deepfm-pairs-behind-fm",
    claim: "In these ten worlds of pairs FM is ahead of DeepFM by 0.004 on average",
    cell: "pairs-notice",
    world: "lib/notebook/trials/04, world of pairs",
    models: ["FM", "DeepFM"],
    effect: "expected AUC of FM − AUC of DeepFM, mean of the ten worlds, the same for every seed",
    expected: { from: 0.0035, to: 0.0045 },
    measure: async () =>
      together(await difference({ world: "pairs", model: "FM" }, { world: "pairs", model: "DeepFM" }), mean),
  },
  row({
    id: "wide-deep-pairs-over-dnn",
    claim: "The DNN is last in the world of pairs, behind Wide & Deep",
    cell: "pairs-notice",
    world: "pairs",
    seeds: five,
    models: ["Wide & Deep", "DNN"],
    expected: { atLeast: 0 },
  }),
  {
    ...common,
    id: "networks-reach-bayes",
    claim: "The DNN, Wide & Deep and DeepFM reach the Bayes score in the world of triples",
    cell: "triples-notice",
    world: "lib/notebook/trials/04, world of triples",
    models: ["DNN", "Wide & Deep", "DeepFM"],
    seeds: five,
    effect: "expected AUC of Bayes − AUC of the worst of the three",
    expected: { atMost: 0.002 },
    measure: missedOnTriples,
  },
  row({
    id: "two-tables-ahead",
    claim: "Two tables are ahead of a shared one by about 0.005 in the world of both",
    cell: "sharing-notice",
    world: "both",
    models: ["DeepFM 2V", "DeepFM"],
    expected: { from: 0.001, to: 0.009 },
    seeds: later,
  }),
  {
    ...common,
    id: "longer-vectors-behind",
    claim: "One table with vectors twice as long is behind two tables, too",
    cell: "sharing-notice",
    world: "lib/notebook/trials/04, world of both",
    models: ["DeepFM 2V", "DeepFM"],
    seeds: later,
    effect: "expected AUC of DeepFM 2V with k = 8 − AUC of DeepFM with k = 16",
    expected: { atLeast: 0 },
    measure: () =>
      minus(
        scores({ world: "both", model: "DeepFM 2V" }, later),
        bySeed<number>("test/claims/04-deepfm#twiceAsLong", [], later),
      ),
  },
  {
    ...common,
    id: "poly2-near-wide-deep",
    claim: "In pairs POLY2 alone ends within 0.004 of Wide & Deep",
    cell: "leaning-notice",
    world: "lib/notebook/trials/04, world of pairs",
    models: ["POLY2", "Wide & Deep"],
    effect: "expected AUC of POLY2 − AUC of Wide & Deep",
    expected: { within: 0.004 },
    measure: () =>
      minus(
        bySeed<number>("test/claims/04-deepfm#poly2", [], seeds),
        scores({ world: "pairs", model: "Wide & Deep" }),
      ),
  },
  row({
    id: "wide-deep-behind-on-pairs",
    claim: "In pairs DeepFM is a little closer to Bayes than Wide & Deep",
    cell: "leaning-notice",
    world: "pairs",
    models: ["DeepFM", "Wide & Deep"],
    expected: { atLeast: 0 },
  }),
  row({
    id: "wide-deep-behind-fm",
    claim: "In pairs Wide & Deep is behind FM",
    cell: "leaning-notice",
    world: "pairs",
    models: ["FM", "Wide & Deep"],
    expected: { atLeast: 0 },
  }),
  row({
    id: "wide-deep-level-on-both",
    claim: "In both, DeepFM and Wide & Deep are not distinguishable",
    cell: "leaning-notice",
    world: "both",
    models: ["DeepFM", "Wide & Deep"],
    expected: { notDistinguishable: true },
  }),
  {
    ...halves,
    id: "deepfm-lets-pairs-go",
    claim: "With one table the deep part takes a share of the pairs first and leaves them to the FM part later",
    models: ["DeepFM"],
    seeds: laterFive,
    effect: "highest correlation of the deep part with the planted pairs − that after the last epoch",
    expected: { atLeast: 0.1 },
    measure: () => bySeed<number>("test/claims/04-deepfm#pairsLetGo", ["DeepFM"], laterFive),
  },
  {
    ...halves,
    id: "deepfm-dip",
    claim: "With one table DeepFM's FM part falls deeper below the pairs that it had than with two",
    effect: "largest fall of the FM part's correlation with the planted pairs, one table − two tables",
    expected: { atLeast: 0 },
    measure: () => masters("dip"),
  },
  {
    ...halves,
    id: "deepfm-two-masters",
    claim: "With two tables the FM part ends with more of the planted pairs",
    effect: "correlation of the FM part with the planted pairs after the last epoch, two tables − one table",
    expected: { atLeast: 0 },
    measure: () => masters("pairs"),
  },
  {
    ...halves,
    id: "deepfm-two-masters-deep",
    claim: "With two tables the deep part ends with more of the planted triple",
    effect: "correlation of the deep part with the planted triple after the last epoch, two tables − one table",
    expected: { atLeast: 0 },
    measure: () => masters("triple"),
  },
];
