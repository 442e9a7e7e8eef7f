/** Claims of notebook 07, by the notebook's own experiment, on real data. */
import { inCache } from "../../lib/data/cache";
import { auc } from "../../lib/train/metrics/auc";
import { logLoss } from "../../lib/train/metrics/logloss";
import { filmShares, prepare, type Settings, trial } from "../../lib/notebook/trials/07";
import type { Claim } from "./claim";
import { bySeed } from "./measure";

const seeds = [1, 2, 3, 4, 5];
const base: Settings = { model: "base", learningRate: 0.01 }; // the rates that the notebook's search finds
const dnn: Settings = { model: "DNN", learningRate: 0.03 };

const noGain = 0.005; // of AUC: what is called no gain here, and the intervals end below

/** AUC and GAUC of one trial minus those of another. */
export async function differences(a: Settings, b: Settings, seed: number): Promise<{ auc: number; gauc: number }> {
  const [first, second] = [(await trial(a, seed)).test, (await trial(b, seed)).test];
  return { auc: first.auc - second.auc, gauc: (first.gauc as number) - (second.gauc as number) };
}

function checkHere(): void {
  if (!inCache("ml-100k"))
    throw new Error("this claim is about MovieLens-100K, which is not on this machine. Run: npm run data -- ml-100k");
}

function measured(a: Settings, b: Settings): Promise<{ auc: number; gauc: number }[]> {
  checkHere();
  return bySeed("test/claims/07-movielens#differences", [a, b], seeds);
}

function counting(settings: Settings): Promise<{ auc: number; logLoss: number }[]> {
  checkHere();
  return bySeed("test/claims/07-movielens#overCounting", [settings], seeds);
}

async function inAuc(a: Settings, b: Settings): Promise<number[]> {
  return (await measured(a, b)).map(({ auc }) => auc);
}

/** AUC and log loss of the model − those of each film's own share of clicks. */
export async function overCounting(settings: Settings, seed: number): Promise<{ auc: number; logLoss: number }> {
  const window = await prepare("time", "past", seed);
  const { test } = await trial(settings, seed);
  const [shares, { labels }] = [filmShares(window, "test", 5), window.impressions.read(window.split.test)];
  return { auc: test.auc - auc(shares, labels), logLoss: test.logLoss - logLoss(shares, labels) };
}

const shared = { notebook: "07-movielens", world: "MovieLens-100K (real data), lib/notebook/trials/07", seeds };

export const claims: Claim[] = [
  {
    ...shared,
    id: "counting-by-auc",
    claim: "By AUC the best model is not ahead of counting by more than luck",
    cell: "counting-notice",
    models: ["DNN"],
    effect: "AUC of DNN − AUC of each film's share of clicks, doubt 5, cut by time",
    expected: { notDistinguishable: true },
    measure: async () => (await counting(dnn)).map(({ auc }) => auc),
  },
  {
    ...shared,
    id: "counting-by-log-loss",
    claim: "By log loss DIN is behind counting",
    cell: "counting-notice",
    models: ["DIN"],
    effect: "log loss of DIN − log loss of each film's share of clicks, doubt 5, cut by time",
    expected: { atLeast: 0 },
    measure: async () => (await counting({ model: "DIN", learningRate: 0.01 })).map(({ logLoss }) => logLoss),
  },
  {
    ...shared,
    id: "poly2-fm-thread",
    claim: "With FM's other learning rate POLY2 and FM are not distinguishable",
    cell: "count-notice",
    models: ["POLY2", "FM"],
    effect: "AUC of POLY2 − AUC of FM, both with a learning rate of 0.01",
    expected: { notDistinguishable: true },
    measure: () => inAuc({ model: "POLY2", learningRate: 0.01 }, { model: "FM", learningRate: 0.01 }),
  },
  {
    ...shared,
    id: "history-no-gain",
    claim: "The base model is not better than the DNN, which is the same without the history",
    cell: "history-notice",
    models: ["base", "DNN"],
    effect: "AUC of base − AUC of DNN, cut by time",
    expected: { atMost: noGain },
    measure: () => inAuc(base, dnn),
  },
  {
    ...shared,
    id: "history-no-gain-same-rate",
    claim: "With the same learning rate the base model is not better than the DNN either",
    cell: "history-bigger",
    models: ["base", "DNN"],
    effect: "AUC of base − AUC of DNN, cut by time, both with a learning rate of 0.03",
    expected: { atMost: noGain },
    measure: () => inAuc({ ...base, learningRate: 0.03 }, dnn),
  },
  {
    ...shared,
    id: "history-no-gain-more-rows",
    claim: "With two and a half times the rows the base model is not better than the DNN either",
    cell: "history-bigger",
    models: ["base", "DNN"],
    effect: "AUC of base − AUC of DNN, windows of 60 % cut by time, both with a learning rate of 0.03",
    expected: { atMost: noGain },
    measure: () => inAuc({ ...base, learningRate: 0.03, windowShare: 0.6 }, { ...dnn, windowShare: 0.6 }),
  },
  {
    ...shared,
    id: "lot-flatters",
    claim: "A split by lot raises the AUC of the base model by more than the models differ",
    cell: "wrong-notice",
    models: ["base"],
    effect: "AUC with a split by lot − AUC cut by time",
    expected: { atLeast: 0.04 },
    measure: () => inAuc({ ...base, split: "random" }, base),
  },
  {
    ...shared,
    id: "lot-flatters-auc-more",
    claim: "GAUC believes less of what a split by lot adds",
    cell: "wrong-notice",
    models: ["base"],
    effect: "what a split by lot adds to the AUC − what it adds to the GAUC",
    expected: { atLeast: 0.02 },
    measure: async () => (await measured({ ...base, split: "random" }, base)).map(({ auc, gauc }) => auc - gauc),
  },
  {
    ...shared,
    id: "future-unseen",
    claim: "The AUC of the base model does not give away that its histories see the future",
    cell: "wrong-notice",
    models: ["base"],
    effect: "AUC with the future in the histories − AUC without",
    expected: { notDistinguishable: true },
    measure: () => inAuc({ ...base, histories: "all" }, base),
  },
  {
    ...shared,
    id: "future-lifts-gauc",
    claim: "The GAUC of the base model is higher when its histories see the future",
    cell: "wrong-notice",
    models: ["base"],
    effect: "GAUC with the future in the histories − GAUC without",
    expected: { atLeast: 0 },
    measure: async () => (await measured({ ...base, histories: "all" }, base)).map(({ gauc }) => gauc),
  },
];
