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
    world: `world of ${world} (lib/notebook/trials/04)`,
    models: [a, b],
    effect: `expected AUC of ${a} − expected AUC of ${b}`,
    measure: () => difference({ world, model: a }, { world, model: b }, of),
  };
}

const halves = {
  ...common,
  cell: "halves-notice",
  world: "world of both (lib/notebook/trials/04)",
  models: ["DeepFM", "DeepFM 2V"],
};

export const claims: Claim[] = [
  row({
    id: "fm-blind-to-triples",
    claim: "In the world of triples, the DNN learns what FM does not, and is at least 0.2 AUC ahead",
    cell: "two-blind-notice",
    world: "triples",
    models: ["DNN", "FM"],
    expected: { atLeast: 0.2 },
  }),
  {
    ...common,
    id: "fm-blind-to-triples",
    claim: "In the world of triples, FM is no better than a coin",
    cell: "two-blind-notice",
    world: "world of triples (lib/notebook/trials/04)",
    models: ["FM"],
    seeds: five,
    effect: "expected AUC of FM − 0.5",
    expected: { within: 0.03 },
    measure: async () => (await scores({ world: "triples", model: "FM" }, five)).map((auc) => auc - 0.5),
  },
  row({
    id: "dnn-behind-on-pairs",
    claim: "In the world of pairs, the DNN is behind FM",
    cell: "two-blind-notice",
    world: "pairs",
    seeds: five,
    models: ["FM", "DNN"],
    expected: { atLeast: 0 },
  }),
  {
    ...common,
    id: "dnn-gap-by-rate",
    claim: "In the world of pairs, a smaller learning rate with more epochs closes some of the DNN's gap to FM",
    cell: "two-blind-notice",
    world: "world of pairs (lib/notebook/trials/04)",
    models: ["DNN"],
    seeds: five,
    effect: "expected AUC of DNN with learning rate 0.005 and up to 80 epochs − with FM's 0.02 and up to 20",
    expected: { atLeast: 0 },
    measure: () =>
      difference({ world: "pairs", model: "DNN", learningRate: 0.005 }, { world: "pairs", model: "DNN" }, five),
  },
  row({
    id: "deepfm-both-over-fm",
    claim: "DeepFM beats FM in a world where both pairs and triples count",
    cell: "both-notice",
    world: "both",
    models: ["DeepFM", "FM"],
    expected: { atLeast: 0.04 },
  }),
  row({
    id: "deepfm-both-over-dnn",
    claim: "DeepFM is ahead of the DNN in a world where both pairs and triples count",
    cell: "both-notice",
    world: "both",
    models: ["DeepFM", "DNN"],
    expected: { atLeast: 0 },
  }),
  row({
    id: "deepfm-pairs-near-fm",
    claim: "In the world of pairs, DeepFM is close to FM",
    cell: "pairs-notice",
    world: "pairs",
    models: ["DeepFM", "FM"],
    expected: { atLeast: -0.006 },
  }),
  row({
    id: "deepfm-pairs-over-dnn",
    claim: "In the world of pairs, DeepFM is well ahead of the DNN",
    cell: "pairs-notice",
    world: "pairs",
    seeds: five,
    models: ["DeepFM", "DNN"],
    expected: { atLeast: 0.005 },
  }),
  row({
    id: "deepfm-triples-level-dnn",
    claim: "In the world of triples, DeepFM is level with the DNN",
    cell: "remember",
    world: "triples",
    models: ["DeepFM", "DNN"],
    expected: { within: 0.002 },
  }),
  row({
    id: "deepfm-pairs-behind-fm",
    claim: "In the world of pairs, DeepFM is a little behind FM",
    cell: "pairs-notice",
    world: "pairs",
    models: ["FM", "DeepFM"],
    expected: { atLeast: 0 },
  }),
  {
    ...common,
    id: "deepfm-pairs-behind-fm",
    claim: "In the ten worlds of pairs measured, FM is ahead of DeepFM by 0.004 AUC on average",
    cell: "pairs-notice",
    world: "world of pairs (lib/notebook/trials/04)",
    models: ["FM", "DeepFM"],
    effect: "expected AUC of FM − expected AUC of DeepFM, mean of the ten worlds, one number for all seeds",
    expected: { from: 0.0035, to: 0.0045 },
    measure: async () =>
      together(await difference({ world: "pairs", model: "FM" }, { world: "pairs", model: "DeepFM" }), mean),
  },
  row({
    id: "wide-deep-pairs-over-dnn",
    claim: "In the world of pairs, the DNN is behind Wide & Deep",
    cell: "pairs-notice",
    world: "pairs",
    seeds: five,
    models: ["Wide & Deep", "DNN"],
    expected: { atLeast: 0 },
  }),
  {
    ...common,
    id: "networks-reach-bayes",
    claim: "In the world of triples, the DNN, Wide & Deep and DeepFM reach the Bayes score",
    cell: "triples-notice",
    world: "world of triples (lib/notebook/trials/04)",
    models: ["DNN", "Wide & Deep", "DeepFM"],
    seeds: five,
    effect: "expected AUC of Bayes − expected AUC of the worst of the three models",
    expected: { atMost: 0.002 },
    measure: missedOnTriples,
  },
  row({
    id: "two-tables-ahead",
    claim:
      "Where both pairs and triples count, DeepFM with two embedding tables is ahead of DeepFM with one by about 0.005 AUC",
    cell: "sharing-notice",
    world: "both",
    models: ["DeepFM 2V", "DeepFM"],
    expected: { from: 0.001, to: 0.009 },
    seeds: later,
  }),
  {
    ...common,
    id: "longer-vectors-behind",
    claim:
      "Where both pairs and triples count, DeepFM with one table of vectors twice as long is behind DeepFM with two tables",
    cell: "sharing-notice",
    world: "world of both (lib/notebook/trials/04)",
    models: ["DeepFM 2V", "DeepFM"],
    seeds: later,
    effect: "expected AUC of DeepFM 2V with k = 8 in each table − expected AUC of DeepFM with k = 16",
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
    claim: "In the world of pairs, POLY2, which has no deep part, ends within 0.004 AUC of Wide & Deep",
    cell: "leaning-notice",
    world: "world of pairs (lib/notebook/trials/04)",
    models: ["POLY2", "Wide & Deep"],
    effect: "expected AUC of POLY2 − expected AUC of Wide & Deep",
    expected: { within: 0.004 },
    measure: () =>
      minus(
        bySeed<number>("test/claims/04-deepfm#poly2", [], seeds),
        scores({ world: "pairs", model: "Wide & Deep" }),
      ),
  },
  row({
    id: "wide-deep-behind-on-pairs",
    claim: "In the world of pairs, DeepFM is a little ahead of Wide & Deep",
    cell: "leaning-notice",
    world: "pairs",
    models: ["DeepFM", "Wide & Deep"],
    expected: { atLeast: 0 },
  }),
  row({
    id: "wide-deep-behind-fm",
    claim: "In the world of pairs, Wide & Deep is behind FM",
    cell: "leaning-notice",
    world: "pairs",
    models: ["FM", "Wide & Deep"],
    expected: { atLeast: 0 },
  }),
  row({
    id: "wide-deep-level-on-both",
    claim: "In the world where both pairs and triples count, DeepFM and Wide & Deep are not distinguishable",
    cell: "leaning-notice",
    world: "both",
    models: ["DeepFM", "Wide & Deep"],
    expected: { notDistinguishable: true },
  }),
  {
    ...halves,
    id: "deepfm-lets-pairs-go",
    claim: "With one table, DeepFM's deep part first takes a share of the planted pairs and later lets it go",
    models: ["DeepFM"],
    seeds: laterFive,
    effect: "correlation of DeepFM's deep part with the planted pairs, highest after any epoch − after the last epoch",
    expected: { atLeast: 0.1 },
    measure: () => bySeed<number>("test/claims/04-deepfm#pairsLetGo", ["DeepFM"], laterFive),
  },
  {
    ...halves,
    id: "deepfm-dip",
    claim: "DeepFM's FM part falls further below its earlier grasp of the pairs with one embedding table than with two",
    effect:
      "largest fall of the FM part's correlation with the planted pairs below its best so far, one table − two tables",
    expected: { atLeast: 0 },
    measure: () => masters("dip"),
  },
  {
    ...halves,
    id: "deepfm-two-masters",
    claim: "DeepFM's FM part ends with more of the planted pairs with two embedding tables than with one",
    effect: "correlation of the FM part with the planted pairs after the last epoch, two tables − one table",
    expected: { atLeast: 0 },
    measure: () => masters("pairs"),
  },
  {
    ...halves,
    id: "deepfm-two-masters-deep",
    claim: "DeepFM's deep part ends with more of the planted triple with two embedding tables than with one",
    effect: "correlation of the deep part with the planted triple after the last epoch, two tables − one table",
    expected: { atLeast: 0 },
    measure: () => masters("triple"),
  },
];
