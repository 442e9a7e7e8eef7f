/**
 * Training on the film data of notebook 02 with other seeds, as runForSeeds runs it in processes of their own. The data
 * and the models are those of the notebook's own cells: change both.
 */
import { encode } from "../../data/encode";
import type { Impressions, SparseFeature } from "../../data/impressions";
import { timeSplit } from "../../data/split";
import { FM } from "../../models/fm";
import { LR } from "../../models/lr";
import type { Model } from "../../models/model";
import { createRandom, type Random } from "../../random";
import { adam } from "../../train/optimizers";
import type { FitOptions } from "../../train/options";
import { runTrial, type TrialData, type TrialResult } from "../../train/trial";
import { readFilms } from "../films";
import { named } from "./named";

export type ModelName = keyof typeof makers;

/** What the models read: the user, the film and the few facts about both. */
const described = ["user", "item", "genres", "age", "gender", "occupation"];

const makers = {
  LR: (features, random) => new LR({ features }, random),
  FM: (features, random) => new FM({ features, embeddingDim: 8, deviation: 0.01 }, random),
} satisfies Record<string, (features: readonly SparseFeature[], random: Random) => Model>;

interface Prepared {
  data: Record<keyof TrialData, Impressions>;
  features: SparseFeature[];
}

const prepared: { once?: Promise<Prepared> } = {};

/** The film data in three parts by time, eight, one and one tenth, read once per process. */
export function prepare(): Promise<Prepared> {
  return (prepared.once ??= readParts());
}

async function readParts(): Promise<Prepared> {
  const { data: films } = await readFilms();
  const parts = timeSplit(films, { validation: 0.1, test: 0.1 });
  const { impressions } = encode(films, parts.train);
  const data = {
    train: impressions.read(parts.train),
    validation: impressions.read(parts.validation),
    test: impressions.read(parts.test),
  };
  return { data, features: impressions.features.filter(({ name }) => described.includes(name)) as SparseFeature[] };
}

/**
 * One of the models, as it is before training.
 *
 * @throws if there is none of that name.
 */
export async function makeModel(name: ModelName, seed: number): Promise<Model> {
  const make = named<(typeof makers)[ModelName]>(makers, name, "model");
  return make((await prepare()).features, createRandom(seed));
}

/** Trains the model with Adam of that learning rate and judges its best epoch on the test part. */
export async function trial(
  name: ModelName,
  seed: number,
  learningRate: number,
  options: Pick<FitOptions, "epochs" | "batchSize" | "patience">,
): Promise<TrialResult> {
  const model = await makeModel(name, seed);
  return runTrial(model, (await prepare()).data, { ...options, seed, optimizer: adam({ learningRate }) });
}
