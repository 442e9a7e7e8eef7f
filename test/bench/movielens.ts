/**
 * All models of the course on MovieLens-100K: one budget, one search, five seeds.
 *
 *   npm run movielens      writes material/movielens.json and the tables of material/movielens.md
 *
 * Needs the data (npm run data -- ml-100k) and a quarter of an hour. It computes with wasm, so that the numbers are the
 * same on each machine.
 */
import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { runCommand } from "../../lib/command";
import { inCache } from "../../lib/data/cache";
import { useEngine } from "../../lib/engine";
import { filmShares, prepare, type Settings } from "../../lib/notebook/trials/07";
import { compare } from "../../lib/train/compare";
import { type Evaluation, judge } from "../../lib/train/evaluate";
import { files, movielensTables, type Recorded, type Scores } from "./movielenstables";
import { fillTables } from "./report";

/**
 * Larger than the notebook's: its windows have 24 % of the ratings, its search two rates, and it stops after three
 * epochs.
 */
const budget = { windowShare: 0.6, epochs: 10, patience: 2 };
const learningRates = [0.001, 0.003, 0.01, 0.03];
const doubts = [2, 5, 20]; // of counting
const seeds = [1, 2, 3, 4, 5];
const searchSeed = 5; // its validation rows are no other seed's test rows
const names: Settings["model"][] = [
  "LR",
  "POLY2",
  "FM",
  "FFM",
  "AFM",
  "DNN",
  "FNN",
  "IPNN",
  "OPNN",
  "Wide & Deep",
  "DCN",
  "DCN-v2",
  "NFM",
  "DeepFM",
  "base",
  "DIN",
];

/**
 * No model: each film's own share of clicks, mixed with as many usual impressions as the validation rows of the search
 * want.
 */
async function count(): Promise<Recorded["counting"]> {
  const windows = await Promise.all(seeds.map((seed) => prepare("time", "past", seed, budget.windowShare)));
  const judgePart = (window: (typeof windows)[0], part: "validation" | "test", doubt: number) => {
    const { labels, users } = window.impressions.read(window.split[part]);
    return judge({ logits: filmShares(window, part, doubt), labels, users });
  };
  const chosenBy = windows[seeds.indexOf(searchSeed)];
  const scores = doubts.map((doubt) => judgePart(chosenBy, "validation", doubt).auc);
  const doubt = doubts[scores.indexOf(Math.max(...scores))];
  const tests = windows.map((window) => judgePart(window, "test", doubt));
  return { doubt, ...scoresOf(tests) };
}

function scoresOf(tests: readonly Evaluation[]): Scores {
  return {
    auc: tests.map(({ auc }) => auc),
    gauc: tests.map(({ gauc }) => gauc as number),
    logLoss: tests.map(({ logLoss }) => logLoss),
  };
}

async function main(): Promise<void> {
  parseArgs({}); // refuses words that it does not know
  if (!inCache("ml-100k")) throw new Error("MovieLens-100K is not on this machine. Run: npm run data -- ml-100k");
  await useEngine("wasm");
  const { tried, models, trials, verdicts } = await compare({
    trial: "lib/notebook/trials/07#trial",
    models: Object.fromEntries(names.map((model) => [model, { model, ...budget }])),
    seeds,
    search: { space: { learningRate: learningRates } },
    searchSeed,
    onTrial: (done, all) => process.stdout.write(`\r${done} of ${all} trainings`),
  });
  process.stdout.write("\n");
  const recorded: Recorded = {
    tried,
    counting: await count(),
    models: models.map(({ name, settings, parameters, tests }) => ({
      name,
      learningRate: settings.learningRate as number,
      parameters,
      epochs: trials[name].map(({ bestEpoch }) => bestEpoch),
      ...scoresOf(tests),
    })),
    verdicts: { pairs: verdicts.length, told: verdicts.filter(({ better }) => better).map(({ words }) => words) },
  };
  fs.writeFileSync(files.numbers, `${JSON.stringify(recorded, null, 1)}\n`);
  fillTables(files.page, movielensTables(recorded));
}

void runCommand(main);
