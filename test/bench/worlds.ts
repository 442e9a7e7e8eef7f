/** What the benchmark trains: models of one size, on random impressions. */
import { Impressions, sequenceFeature, sparseFeature, type Column, type Feature } from "../../lib/data/impressions";
import { DCN } from "../../lib/models/dcn";
import { DeepFM } from "../../lib/models/deepfm";
import { DIN } from "../../lib/models/din";
import { FM } from "../../lib/models/fm";
import { LR } from "../../lib/models/lr";
import type { Model } from "../../lib/models/model";
import { Poly2 } from "../../lib/models/poly2";
import { createRandom, type Random } from "../../lib/random";

/** One line of the table. */
export interface Shape {
  model: string;
  /** Rows of embedding in all, row 0 not counted. */
  rows: number;
  batch: number;
  /** k. */
  dim: number;
  /** Sparse features of equal vocabulary; for DIN unused. */
  fields: number;
  units: readonly number[];
  /** For DIN: clicks in the history, each with its category. */
  history: number;
  categories: number;
  /** Impressions in memory. */
  impressions: number;
  /** Rows that the ids are drawn from, spread evenly over the table. Default all. */
  usedRows?: number;
  /** FM only: trained one impression at a time in plain loops. */
  bySample?: boolean;
}

const sparse = { dim: 16, fields: 26, units: [], history: 0, categories: 0 };

/** Sizes of each model, without those that vary in the table. */
export const shapes: Record<string, Omit<Shape, "rows" | "batch" | "impressions">> = {
  lr: { ...sparse, model: "lr", dim: 1 },
  poly2: { ...sparse, model: "poly2", dim: 1 },
  fm: { ...sparse, model: "fm" },
  deepfm: { ...sparse, model: "deepfm", units: [256, 128] },
  dcn: { ...sparse, model: "dcn", units: [256, 128] },
  din: { model: "din", dim: 16, fields: 0, units: [80, 40], history: 50, categories: 1000 },
};

/** One line of the table: a model of that size, with data for 20 batches. */
export function shapeOf(model: string, rows: number, batch: number): Shape {
  return { ...shapes[model], rows, batch, impressions: 20 * batch };
}

/** Every id as likely as the next: the worst case for a processor's caches. */
export function randomImpressions(shape: Shape, random: Random): Impressions {
  const features = featuresOf(shape);
  const columns: Record<string, Column> = {};
  for (const feature of features) {
    if (feature.kind === "dense") continue;
    const length = shape.impressions * (feature.kind === "sequence" ? feature.maxLength : 1);
    const stride = Math.round(shape.rows / (shape.usedRows ?? shape.rows));
    const used = Math.floor((feature.vocabSize - 1) / stride);
    columns[feature.name] = Int32Array.from({ length }, () => 1 + stride * random.integer(used));
  }
  const labels = Float32Array.from({ length: shape.impressions }, () => (random.uniform() < 0.3 ? 1 : 0));
  return new Impressions({ features, columns, labels });
}

function featuresOf({ model, rows, fields, history, categories }: Shape): Feature[] {
  if (model !== "din")
    return Array.from({ length: fields }, (_, f) => sparseFeature(`field ${f + 1}`, 1 + Math.floor(rows / fields)));
  return [
    sparseFeature("goods", rows + 1),
    sparseFeature("category", categories + 1),
    sequenceFeature("history", rows + 1, history, "goods"),
    sequenceFeature("history categories", categories + 1, history, "category"),
  ];
}

export function createModel(shape: Shape): Model {
  const features = featuresOf(shape) as never;
  const random = createRandom(1).child("weights");
  const embeddingDim = shape.dim;
  switch (shape.model) {
    case "lr":
      return new LR({ features }, random);
    case "poly2":
      return new Poly2({ features, buckets: shape.rows }, random);
    case "fm":
      return new FM({ features, embeddingDim }, random);
    case "deepfm":
      return new DeepFM(
        { deepFeatures: features, fmFeatures: features, embeddingDim, mlp: { units: shape.units } },
        random,
      );
    case "dcn":
      return new DCN({ features, embeddingDim, cross: { version: 1, layers: 3 }, mlp: { units: shape.units } }, random);
    case "din": {
      const behaviours = [{ candidate: ["goods", "category"], history: ["history", "history categories"] }];
      const attention = { units: shape.units, activation: "relu" } as const;
      return new DIN({ features, behaviours, embeddingDim, attention, mlp: { units: shape.units } }, random);
    }
    default:
      throw new RangeError(`model is ${shape.model}, expected one of ${Object.keys(shapes).join(", ")}`);
  }
}

/**
 * Floating-point operations in the matrix products of a training step: 2 forward, 4 backward for each weight and row.
 */
export function matrixOperations({ model, batch, dim, fields, units, history }: Shape): number {
  const perceptron = (width: number, units: readonly number[]) =>
    [...units, 1].reduce(({ sum, width }, n) => ({ sum: sum + width * n, width: n }), { sum: 0, width }).sum;
  if (model === "deepfm" || model === "dcn") return 6 * batch * perceptron(fields * dim, units);
  if (model === "din") return 6 * batch * (perceptron(4 * dim, units) + history * perceptron(8 * dim, units));
  return 0;
}
