/** Claims of notebook 05. */
import { rowRange } from "../../lib/data/blocks";
import { denseFeature, type Feature, Impressions } from "../../lib/data/impressions";
import { expectedScores } from "../../lib/data/planted/bayes";
import { intensityWorld } from "../../lib/data/planted/intensity";
import { interestsWorld } from "../../lib/data/planted/interests";
import type { AttentionConfig } from "../../lib/layers/attention";
import { BaseModel } from "../../lib/models/base";
import { DIN } from "../../lib/models/din";
import type { Model } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { adam } from "../../lib/train/optimizers";
import { predict } from "../../lib/train/predict";
import type { Claim } from "./claim";
import { bySeed } from "./measure";

const seeds = [1, 2, 3, 4, 5];
const [size, end] = [6000, 9000]; // training impressions, all impressions
const shape = { embeddingDim: 8, mlp: { units: [32] }, deviation: 0.7 };
const attention: AttentionConfig = { units: [16], activation: "relu" };
const budget = { epochs: 5, batchSize: 250, optimizer: adam({ learningRate: 0.02 }) };
const ofInterests = [{ candidate: ["category", "brand"], history: ["clickedCategories", "clickedBrands"] }];
const ofIntensity = [{ candidate: ["category"], history: ["clickedCategories"] }];

interface Variant {
  normalize?: "none" | "softmax";
  difference?: boolean;
  pooling?: "mean" | "sum";
  data?: (all: Impressions) => Impressions;
}

/** Rows from..to. */
function part(data: Impressions, from: number, to: number): Impressions {
  return data.read(rowRange(from, to));
}

/** Ids of each history, without the padding. */
function histories({ columns, size }: Impressions, name: string): number[][] {
  const width = columns[name].length / size;
  return Array.from({ length: size }, (_, row) => Array.from(columns[name].subarray(row * width, (row + 1) * width)).filter((id) => id !== 0));
}

/** The newest behaviours of each history, padded to `length` places. */
function withHistory(data: Impressions, length: number): Impressions {
  const columns = { ...data.columns };
  const features = data.features.map((feature) => {
    if (feature.kind !== "sequence") return feature;
    columns[feature.name] = Int32Array.from(
      histories(data, feature.name).flatMap((ids) => Array.from({ length }, (_, j) => ids.slice(-length)[j] ?? 0)),
    );
    return { ...feature, maxLength: length };
  });
  return new Impressions({ features, columns, labels: data.labels });
}

/** Padding as one more item, so that no mask hides it. */
function unmasked({ features, columns, labels }: Impressions): Impressions {
  const filled = { ...columns };
  const grown = features.map((feature) => {
    if (feature.kind === "dense") return feature;
    if (feature.kind === "sequence") filled[feature.name] = (columns[feature.name] as Int32Array).map((id) => (id === 0 ? feature.vocabSize : id));
    return { ...feature, vocabSize: feature.vocabSize + 1 };
  });
  return new Impressions({ features: grown, columns: filled, labels });
}

/** With the number of behaviours as one more feature, 1 for a full history. */
function withLength(data: Impressions): Impressions {
  const width = data.columns.clickedCategories.length / data.size;
  const length = Float32Array.from(histories(data, "clickedCategories"), (ids) => ids.length / width);
  return new Impressions({ features: [...data.features, denseFeature("length")], columns: { ...data.columns, length }, labels: data.labels });
}

function build(features: readonly Feature[], behaviours: typeof ofInterests, { normalize, difference, pooling }: Variant, seed: number): Model {
  const config = { ...shape, features, behaviours };
  if (pooling) return new BaseModel({ ...config, pooling }, createRandom(seed));
  return new DIN({ ...config, attention: { ...attention, normalize, difference } }, createRandom(seed));
}

async function train(all: Impressions, behaviours: typeof ofInterests, variant: Variant, seed: number): Promise<Model> {
  const model = build(all.features, behaviours, variant, seed);
  await fit(model, part(all, 0, size), { ...budget, seed });
  return model;
}

type Scores = Record<string, number>;

/** AUC on the test rows, on average over the clicks that could have been drawn, of each variant and of the ceiling. */
async function scoresOf(variants: Record<string, Variant>, world: ReturnType<typeof interestsWorld> | ReturnType<typeof intensityWorld>, behaviours: typeof ofInterests, seed: number): Promise<Scores> {
  const truth = world.bayesLogits.subarray(size);
  const scores: Scores = { ceiling: expectedScores(world.ceilingLogits.subarray(size), truth).auc };
  for (const [name, variant] of Object.entries(variants)) {
    const data = variant.data?.(world.impressions) ?? world.impressions;
    const model = await train(data, behaviours, variant, seed);
    scores[name] = expectedScores(await predict(model, part(data, size, end)), truth).auc;
  }
  return scores;
}

const smallInterests = (seed: number) => interestsWorld({ rows: end, categories: 6, interests: 3, clicks: 2, seed });

export function byPart(seed: number): Promise<Scores> {
  const variants: Record<string, Variant> = {
    DIN: {},
    softmax: { normalize: "softmax" },
    "no difference": { difference: false },
    "no mask": { data: unmasked },
    newest: { data: (all) => withHistory(all, 1) },
    mean: { pooling: "mean" },
    sum: { pooling: "sum" },
  };
  return scoresOf(variants, smallInterests(seed), ofInterests, seed);
}

export function byIntensity(seed: number): Promise<Scores> {
  const variants: Record<string, Variant> = {
    DIN: {},
    softmax: { normalize: "softmax" },
    "softmax, no mask": { normalize: "softmax", data: unmasked },
    "softmax, length": { normalize: "softmax", data: withLength },
    mean: { pooling: "mean" },
    sum: { pooling: "sum" },
  };
  return scoresOf(variants, intensityWorld({ rows: end, clicks: 5, seed }), ofIntensity, seed);
}

/** AUC of models without a mask, trained with 6 places per history, on test rows with 6 and with 24. */
export async function byPadding(seed: number): Promise<Scores> {
  const { impressions, bayesLogits } = smallInterests(seed);
  const data = unmasked(impressions);
  const padded = unmasked(withHistory(impressions, 24));
  const scores: Scores = {};
  for (const [name, variant] of Object.entries<Variant>({ mean: { pooling: "mean" }, DIN: {} })) {
    const model = await train(data, ofInterests, variant, seed);
    for (const [places, test] of Object.entries({ 6: data, 24: padded })) {
      scores[`${name} ${places}`] = expectedScores(await predict(model, part(test, size, end)), bayesLogits.subarray(size)).auc;
    }
  }
  return scores;
}

const difference = (by: string, a: string, b: string) => async () =>
  (await bySeed<Scores>(`test/claims/05-din#${by}`, [], seeds)).map((scores) => scores[a] - scores[b]);

const common = { notebook: "05-din", seeds };
const interests = { ...common, world: "interestsWorld, up to 3 interests of up to 2 clicks, 9,000 impressions" };
const ablation = { ...interests, id: "din-ablation", cell: "ablation-notice" };
const intensity = { ...common, id: "din-intensity", cell: "intensity-notice", world: "intensityWorld, up to 5 clicks, 9,000 impressions" };
const padding = { ...interests, id: "din-more-padding", cell: "mask-trained-notice" };

export const claims: Claim[] = [
  {
    ...interests,
    id: "din-passes-ceiling",
    cell: "din-notice",
    claim: "DIN passes the line that no pooled model can pass",
    models: ["DIN"],
    effect: "AUC of DIN − AUC of the best prediction from the pooled history",
    expected: { atLeast: 0.08 },
    measure: difference("byPart", "DIN", "ceiling"),
  },
  {
    ...ablation,
    claim: "DIN lies far above the base model with mean pooling",
    models: ["DIN", "base"],
    effect: "AUC of DIN − AUC of the base model (mean)",
    expected: { atLeast: 0.1 },
    measure: difference("byPart", "DIN", "mean"),
  },
  {
    ...ablation,
    claim: "DIN lies far above the base model with sum pooling",
    models: ["DIN", "base"],
    effect: "AUC of DIN − AUC of the base model (sum)",
    expected: { atLeast: 0.1 },
    measure: difference("byPart", "DIN", "sum"),
  },
  {
    ...ablation,
    claim: "Sum or mean makes little difference to the base model here",
    models: ["base"],
    effect: "AUC with the sum − AUC with the mean",
    expected: { notDistinguishable: true },
    measure: difference("byPart", "sum", "mean"),
  },
  {
    ...ablation,
    claim: "With the newest behaviour only, DIN loses",
    models: ["DIN"],
    effect: "AUC with the newest behaviour − AUC with all",
    expected: { atMost: -0.03 },
    measure: difference("byPart", "newest", "DIN"),
  },
  ...["softmax", "no difference", "no mask"].flatMap((name): Claim[] => {
    const row = { ...ablation, models: ["DIN"], effect: `AUC of DIN with ${name} − AUC of DIN`, measure: difference("byPart", name, "DIN") };
    return [
      { ...row, claim: `DIN with ${name} loses less than 0.03`, expected: { atLeast: -0.03 } },
      { ...row, claim: `DIN with ${name} gains less than 0.03`, expected: { atMost: 0.03 } },
    ];
  }),
  {
    ...padding,
    claim: "More padding than in training harms mean pooling without a mask",
    models: ["base"],
    effect: "AUC with 24 places − AUC with 6",
    expected: { atMost: -0.01 },
    measure: difference("byPadding", "mean 24", "mean 6"),
  },
  {
    ...padding,
    claim: "More padding harms DIN without a mask too",
    models: ["DIN"],
    effect: "AUC with 24 places − AUC with 6",
    expected: { atMost: 0 },
    measure: difference("byPadding", "DIN 24", "DIN 6"),
  },
  {
    ...padding,
    claim: "With more padding than in training, DIN without a mask keeps nearly all of its AUC",
    models: ["DIN"],
    effect: "AUC with 24 places − AUC with 6",
    expected: { atLeast: -0.04 },
    measure: difference("byPadding", "DIN 24", "DIN 6"),
  },
  {
    ...intensity,
    claim: "Softmax falls far below free weights where only the count matters",
    models: ["DIN"],
    effect: "AUC with softmax − AUC with free weights",
    expected: { atMost: -0.1 },
    measure: difference("byIntensity", "softmax", "DIN"),
  },
  {
    ...intensity,
    claim: "Softmax reaches its ceiling: whether, not how often",
    models: ["DIN"],
    effect: "AUC with softmax − AUC of the best prediction without the length",
    expected: { atLeast: -0.03 },
    measure: difference("byIntensity", "softmax", "ceiling"),
  },
  {
    ...intensity,
    claim: "The sum of the base model is far better than softmax attention here",
    models: ["base", "DIN"],
    effect: "AUC of the base model (sum) − AUC of DIN with softmax",
    expected: { atLeast: 0.1 },
    measure: difference("byIntensity", "sum", "softmax"),
  },
  {
    ...intensity,
    claim: "Mean pooling falls with softmax",
    models: ["base"],
    effect: "AUC with the mean − AUC with the sum",
    expected: { atMost: -0.1 },
    measure: difference("byIntensity", "mean", "sum"),
  },
  {
    ...intensity,
    claim: "The length as a feature gives softmax back what it had lost",
    models: ["DIN"],
    effect: "AUC of softmax with the length − AUC with free weights",
    expected: { atLeast: -0.02 },
    measure: difference("byIntensity", "softmax, length", "DIN"),
  },
  {
    ...intensity,
    claim: "Softmax without a mask beats masked softmax here, as padding betrays the length",
    models: ["DIN"],
    effect: "AUC of softmax without a mask − AUC of masked softmax",
    expected: { atLeast: 0.1 },
    measure: difference("byIntensity", "softmax, no mask", "softmax"),
  },
];
