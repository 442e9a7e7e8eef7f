/**
 * The experiments of notebook 05, as runJobs runs them in processes of their own: one variant of DIN or of the base
 * model, one planted world, one seed. All have the same data, embedding length, MLP, optimizer and number of epochs.
 */
import { rowRange } from "../../data/blocks";
import { denseFeature, Impressions, sequenceFeature, sparseFeature } from "../../data/impressions";
import { expectedScores } from "../../data/planted/bayes";
import { intensityWorld } from "../../data/planted/intensity";
import { interestsWorld } from "../../data/planted/interests";
import type { AttentionConfig } from "../../layers/attention";
import { BaseModel } from "../../models/base";
import { DIN } from "../../models/din";
import { dispose, type Model } from "../../models/model";
import { createRandom } from "../../random";
import { fit } from "../../train/fit";
import { adam } from "../../train/optimizers";
import { predict } from "../../train/predict";
import { named } from "./named";

/** What differs from DIN with free weights, the difference v − e and a mask. Plain JSON. */
export interface Variant {
  normalize?: "softmax";
  /** false: the activation unit does not read v − e. */
  difference?: false;
  /** false: padding is one more item, with a trained row of its own. */
  mask?: false;
  /** Only that many of the newest behaviours are known. */
  newest?: number;
  /** true: the length of the history is one more feature. */
  length?: true;
  /** true, in the world of interests: the pair of category and brand has an id of its own, as goods have. */
  goods?: true;
  /** The base model with that pooling in DIN's place. */
  pooling?: "mean" | "sum";
}

const [trained, all] = [6000, 9000]; // rows for training, rows in all
export const trainingRows: Int32Array = rowRange(0, trained);
export const testRows: Int32Array = rowRange(trained, all);
export const shape = { embeddingDim: 8, mlp: { units: [32] }, deviation: 0.7 };
export const attention: AttentionConfig = { units: [16], activation: "relu" };
export const budget = { epochs: 5, batchSize: 250, optimizer: adam({ learningRate: 0.02 }) };

/** Both worlds, with the lists of a history that belong to the candidate's features. */
export const worlds = {
  interests: {
    make: (seed: number, rows = all) => interestsWorld({ rows, categories: 6, interests: 3, clicks: 2, seed }),
    behaviours: [{ candidate: ["category", "brand"], history: ["clickedCategories", "clickedBrands"] }],
  },
  intensity: {
    make: (seed: number) => intensityWorld({ rows: all, clicks: 5, seed }),
    behaviours: [{ candidate: ["category"], history: ["clickedCategories"] }],
  },
};
export type WorldName = keyof typeof worlds;

/** The lists of a history that withGoods has made longer by one, with the candidate's features. */
export const goodsBehaviours = worlds.interests.behaviours.map(({ candidate, history }) => ({
  candidate: [...candidate, "goods"],
  history: [...history, "clickedGoods"],
}));

/** The trained variant's AUC on the test rows, averaged over the clicks that could have been drawn. */
export async function trial(world: WorldName, variant: Variant, seed: number): Promise<number> {
  const { impressions, bayesLogits } = named<(typeof worlds)[WorldName]>(worlds, world, "world").make(seed);
  const seen = prepared(impressions, variant);
  const model = await train(world, seen, variant, seed);
  const logits = await predict(model, seen.read(testRows));
  dispose(model);
  return expectedScores(logits, bayesLogits.subarray(trained)).auc;
}

/**
 * The AUC of the best prediction that does not know which behaviour is which or, in the world of intensity, how many
 * there are.
 */
export function ceiling(world: WorldName, seed: number): number {
  const { ceilingLogits, bayesLogits } = worlds[world].make(seed);
  return expectedScores(ceilingLogits.subarray(trained), bayesLogits.subarray(trained)).auc;
}

/** The variant's model, trained on the training rows of what it sees. */
export async function train(
  world: WorldName,
  seen: Impressions,
  { normalize, difference, pooling, goods }: Variant,
  seed: number,
): Promise<Model> {
  const behaviours = goods ? goodsBehaviours : worlds[world].behaviours;
  const config = { ...shape, features: seen.features, behaviours };
  const random = createRandom(seed);
  const model = pooling
    ? new BaseModel({ ...config, pooling }, random)
    : new DIN({ ...config, attention: { ...attention, normalize, difference } }, random);
  await fit(model, seen.read(trainingRows), { ...budget, seed });
  return model;
}

function prepared(impressions: Impressions, { mask, newest, length, goods }: Variant): Impressions {
  if (goods) return withGoods(impressions);
  if (mask === false) return unmasked(impressions);
  if (newest) return withHistory(impressions, newest);
  return length ? withLength(impressions) : impressions;
}

/** Padding as one more item: what a model without a mask sees. */
export function unmasked({ features, columns, labels }: Impressions): Impressions {
  const filled = { ...columns };
  const grown = features.map((feature) => {
    if (feature.kind === "dense") return feature;
    if (feature.kind === "sequence")
      filled[feature.name] = (columns[feature.name] as Int32Array).map((id) => (id === 0 ? feature.vocabSize : id));
    return { ...feature, vocabSize: feature.vocabSize + 1 };
  });
  return new Impressions({ features: grown, columns: filled, labels });
}

/** The newest behaviours of each history, padded to `length` places. */
export function withHistory(impressions: Impressions, length: number): Impressions {
  const columns = { ...impressions.columns };
  const features = impressions.features.map((feature) => {
    if (feature.kind !== "sequence") return feature;
    columns[feature.name] = Int32Array.from(
      histories(impressions, feature.name).flatMap((ids) =>
        Array.from({ length }, (_, j) => ids.slice(-length)[j] ?? 0),
      ),
    );
    return { ...feature, maxLength: length };
  });
  return new Impressions({ features, columns, labels: impressions.labels });
}

/**
 * The world of interests with one feature more, for candidates and behaviours: an id for each pair of category and
 * brand. The pair (c, b) of B brands has the id (c - 1) B + b, padding keeps 0.
 */
export function withGoods({ features, columns, labels }: Impressions): Impressions {
  const sizes = Object.fromEntries(
    features.flatMap((feature) => (feature.kind === "dense" ? [] : [[feature.name, feature.vocabSize - 1]])), // without 0
  );
  const goodsOf = (categories: ArrayLike<number>, brands: ArrayLike<number>) =>
    Int32Array.from(categories, (c, i) => (c === 0 ? 0 : (c - 1) * sizes.brand + brands[i]));
  const goods = goodsOf(columns.category, columns.brand);
  const clickedGoods = goodsOf(columns.clickedCategories, columns.clickedBrands);
  const vocabSize = sizes.category * sizes.brand + 1;
  return new Impressions({
    features: [
      ...features,
      sparseFeature("goods", vocabSize),
      sequenceFeature("clickedGoods", vocabSize, clickedGoods.length / goods.length, "goods"),
    ],
    columns: { ...columns, goods, clickedGoods },
    labels,
  });
}

/** With the number of behaviours as one more feature, 1 for a full history. */
function withLength(impressions: Impressions): Impressions {
  const { features, columns, labels, size } = impressions;
  const places = columns.clickedCategories.length / size;
  const length = Float32Array.from(histories(impressions, "clickedCategories"), (ids) => ids.length / places);
  return new Impressions({ features: [...features, denseFeature("length")], columns: { ...columns, length }, labels });
}

/** Ids of each history, without the padding. */
function histories({ columns, size }: Impressions, name: string): number[][] {
  const places = columns[name].length / size;
  return Array.from({ length: size }, (_, row) =>
    Array.from(columns[name].subarray(row * places, (row + 1) * places)).filter((id) => id !== 0),
  );
}
