/** Claims of notebook 04, by the notebook's own experiment. */
import { bayesScores } from "../../lib/data/planted/bayes";
import {
  makeWorld,
  partsLearned,
  testRows,
  trial,
  type ModelName,
  type Settings,
  type WorldName,
} from "../../lib/notebook/trials/04";
import type { Claim } from "./claim";
import { bySeed } from "./measure";

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]; // the notebook's five and five others
const fresh = Array.from({ length: 10 }, (_, i) => i + 6); // none of the notebook's five, which raised the question

/** Expected AUC on the test impressions. */
export async function score(settings: Settings, seed: number): Promise<number> {
  return (await trial(settings, seed)).test.auc;
}

async function difference(a: Settings, b: Settings, of = seeds): Promise<number[]> {
  const [first, second] = [await scores(a, of), await scores(b, of)];
  return first.map((score, i) => score - second[i]);
}

function scores(settings: Settings, of = seeds): Promise<number[]> {
  return bySeed<number>("test/claims/04-deepfm#score", [settings], of);
}

/** How much of Bayes the worst of the networks misses in the world of triples. */
async function missedOnTriples(): Promise<number[]> {
  const all: number[][] = [];
  for (const model of ["DNN", "Wide & Deep", "DeepFM"] as const) all.push(await scores({ world: "triples", model }));
  return seeds.map(
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

async function masters(what: keyof Masters): Promise<number[]> {
  return (await bySeed<Masters>("test/claims/04-deepfm#twoMasters", [], seeds)).map((of) => of[what]);
}

const common = { notebook: "04-deepfm", seeds };

function row(
  id: string,
  claim: string,
  cell: string,
  world: WorldName,
  a: ModelName,
  b: ModelName,
  expected: Claim["expected"],
  of = seeds,
): Claim {
  return {
    ...common,
    ...{ id, claim, cell, expected, seeds: of },
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
  expected: { atLeast: 0 },
};

export const claims: Claim[] = [
  row("fm-blind-to-triples", "FM is a coin where the DNN learns triples", "two-blind-notice", "triples", "DNN", "FM", {
    atLeast: 0.2,
  }),
  row("dnn-behind-on-pairs", "The DNN is behind FM in the world of pairs", "two-blind-notice", "pairs", "FM", "DNN", {
    atLeast: 0,
  }),
  {
    ...common,
    id: "dnn-gap-by-rate",
    claim: "A smaller learning rate takes some of the DNN's gap to FM away",
    cell: "two-blind-notice",
    world: "lib/notebook/trials/04, world of pairs",
    models: ["FM", "DNN"],
    effect: "expected AUC of FM − AUC of DNN, with learning rate 0.02 − with 0.005",
    expected: { atLeast: 0 },
    async measure() {
      const gap = (learningRate: number) =>
        difference({ world: "pairs", model: "FM", learningRate }, { world: "pairs", model: "DNN", learningRate });
      const [large, small] = [await gap(0.02), await gap(0.005)];
      return large.map((one, i) => one - small[i]);
    },
  },
  row("deepfm-both-over-fm", "DeepFM beats FM where pairs and triples count", "both-notice", "both", "DeepFM", "FM", {
    atLeast: 0.04,
  }),
  row(
    "deepfm-both-over-dnn",
    "DeepFM is ahead of the DNN where pairs and triples count",
    "both-notice",
    "both",
    "DeepFM",
    "DNN",
    { atLeast: 0 },
    fresh,
  ),
  row("deepfm-pairs-near-fm", "DeepFM is close to FM in the world of pairs", "pairs-notice", "pairs", "DeepFM", "FM", {
    atLeast: -0.006,
  }),
  row(
    "deepfm-pairs-over-dnn",
    "DeepFM is well ahead of the DNN in the world of pairs",
    "pairs-notice",
    "pairs",
    "DeepFM",
    "DNN",
    { atLeast: 0.005 },
    fresh,
  ),
  row(
    "wide-deep-pairs-over-dnn",
    "The DNN is last in the world of pairs, behind Wide & Deep",
    "pairs-notice",
    "pairs",
    "Wide & Deep",
    "DNN",
    { atLeast: 0 },
    fresh,
  ),
  row(
    "deepfm-triples-level-dnn",
    "DeepFM is level with the DNN in the world of triples",
    "remember",
    "triples",
    "DeepFM",
    "DNN",
    { within: 0.002 },
    fresh,
  ),
  row(
    "deepfm-pairs-behind-fm",
    "DeepFM is a little behind FM in the world of pairs",
    "pairs-notice",
    "pairs",
    "FM",
    "DeepFM",
    { atLeast: 0 },
  ),
  {
    ...common,
    id: "networks-reach-bayes",
    claim: "The DNN, Wide & Deep and DeepFM reach the Bayes score in the world of triples",
    cell: "triples-notice",
    world: "lib/notebook/trials/04, world of triples",
    models: ["DNN", "Wide & Deep", "DeepFM"],
    effect: "expected AUC of Bayes − AUC of the worst of the three",
    expected: { atMost: 0.002 },
    measure: missedOnTriples,
  },
  row(
    "two-tables-ahead",
    "Two tables are ahead of a shared one in the world of both",
    "sharing-notice",
    "both",
    "DeepFM 2V",
    "DeepFM",
    { atLeast: 0 },
    fresh,
  ),
  row(
    "wide-deep-behind-on-pairs",
    "In pairs DeepFM is a little closer to Bayes than Wide & Deep",
    "leaning-notice",
    "pairs",
    "DeepFM",
    "Wide & Deep",
    { atLeast: 0 },
  ),
  row("wide-deep-behind-fm", "In pairs Wide & Deep is behind FM", "leaning-notice", "pairs", "FM", "Wide & Deep", {
    atLeast: 0,
  }),
  row(
    "wide-deep-level-on-both",
    "In both, DeepFM and Wide & Deep are not distinguishable",
    "leaning-notice",
    "both",
    "DeepFM",
    "Wide & Deep",
    { notDistinguishable: true },
  ),
  {
    ...halves,
    id: "deepfm-dip",
    claim: "With one table DeepFM's FM part falls deeper below the pairs that it had than with two",
    effect: "largest fall of the FM part's correlation with the planted pairs, one table − two tables",
    measure: () => masters("dip"),
  },
  {
    ...halves,
    id: "deepfm-two-masters",
    claim: "With two tables the FM part ends with more of the planted pairs",
    effect: "correlation of the FM part with the planted pairs after the last epoch, two tables − one table",
    measure: () => masters("pairs"),
  },
  {
    ...halves,
    id: "deepfm-two-masters-deep",
    claim: "With two tables the deep part ends with more of the planted triple",
    effect: "correlation of the deep part with the planted triple after the last epoch, two tables − one table",
    measure: () => masters("triple"),
  },
];
