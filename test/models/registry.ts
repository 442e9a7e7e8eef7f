/**
 * Every model of the course, small, on one small batch. A new model is one line in `models`, and one in startAtZero or
 * noGradient if it is such a model.
 */
import { denseFeature, Impressions, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { AFM } from "../../lib/models/afm";
import { BaseModel } from "../../lib/models/base";
import { DCN } from "../../lib/models/dcn";
import { DeepFM } from "../../lib/models/deepfm";
import { DIN } from "../../lib/models/din";
import { DNN } from "../../lib/models/dnn";
import { FFM } from "../../lib/models/ffm";
import { FM } from "../../lib/models/fm";
import { FNN } from "../../lib/models/fnn";
import { LR } from "../../lib/models/lr";
import type { Model } from "../../lib/models/model";
import { NFM } from "../../lib/models/nfm";
import { PNN } from "../../lib/models/pnn";
import { Poly2 } from "../../lib/models/poly2";
import { WideDeep } from "../../lib/models/widedeep";
import type { Random } from "../../lib/random";

export const weekday = sparseFeature("weekday", 4);
export const item = sparseFeature("item", 7);
export const tags = sequenceFeature("tags", 5, 3);
export const clicked = sequenceFeature("clicked", 7, 4, "item");
export const price = denseFeature("price");
export const hour = denseFeature("hour");

/** Features with ids, and all features. */
export const ids = [weekday, item, tags, clicked];
export const all = [weekday, price, item, tags, clicked, hour];

const columns = {
  weekday: [1, 2, 3, 0, 2, 3],
  item: [1, 5, 6, 3, 5, 0],
  tags: [1, 2, 3, 4, 0, 0, 2, 2, 4, 0, 0, 0, 3, 1, 0, 0, 0, 0],
  clicked: [1, 2, 0, 0, 5, 5, 3, 0, 0, 0, 0, 0, 4, 0, 0, 0, 6, 1, 2, 5, 0, 0, 0, 0],
  price: [0.5, -1.25, 2, 0, 1, -0.5],
  hour: [-1, 0.25, 1.5, -2, 0, 0.75],
};

/**
 * Six impressions: with repeated ids within a row (row 1 and 2) and between rows, ids that are missing, a
 * history full to the end (row 4) and none at all (row 2), and nothing but numbers (row 5 has one id besides).
 */
export const data = new Impressions({
  features: all,
  columns: Object.fromEntries(
    all.map(({ name, kind }) => [
      name,
      (kind === "dense" ? Float32Array : Int32Array).from(columns[name as keyof typeof columns]),
    ]),
  ),
  labels: Float32Array.of(1, 0, 1, 0, 0, 1),
});

const embeddingDim = 3;
const mlp = { units: [5, 4] };
const behaviours = [{ candidate: ["item"], history: ["clicked"] }];
const attention = { units: [4, 3] };

export const models: Record<string, (random: Random) => Model> = {
  LR: (random) => new LR({ features: all }, random),
  POLY2: (random) => new Poly2({ features: ids, buckets: 1000 }, random),
  FM: (random) => new FM({ features: ids, embeddingDim }, random),
  "matrix factorization": (random) => new FM({ features: [weekday, item], embeddingDim }, random),
  FFM: (random) => new FFM({ features: ids, embeddingDim }, random),
  FNN: (random) => new FNN({ features: ids, embeddingDim, mlp }, random),
  IPNN: (random) =>
    new PNN({ features: ids, embeddingDim, product: "inner", productUnits: 5, mlp: { units: [4] } }, random),
  OPNN: (random) =>
    new PNN({ features: ids, embeddingDim, product: "outer", productUnits: 5, mlp: { units: [4] } }, random),
  KPNN: (random) =>
    new PNN({ features: ids, embeddingDim, product: "kernel", productUnits: 5, mlp: { units: [4] } }, random),
  "Wide & Deep": (random) =>
    new WideDeep(
      { wideFeatures: ids, crosses: [[weekday, item]], buckets: 50, deepFeatures: all, embeddingDim, mlp },
      random,
    ),
  "Wide & Deep without crosses": (random) =>
    new WideDeep({ wideFeatures: ids, crosses: [], buckets: 1, deepFeatures: all, embeddingDim, mlp }, random),
  DCN: (random) => new DCN({ features: all, embeddingDim, cross: { version: 1, layers: 2 }, mlp }, random),
  "DCN v2": (random) => new DCN({ features: all, embeddingDim, cross: { version: 2, layers: 2 }, mlp }, random),
  "DCN v2 of rank 2": (random) =>
    new DCN({ features: all, embeddingDim, cross: { version: 2, layers: 2, rank: 2 }, mlp }, random),
  NFM: (random) => new NFM({ features: ids, embeddingDim, mlp, pairDropout: 0.2 }, random),
  AFM: (random) => new AFM({ features: ids, embeddingDim, attentionUnits: 4, pairDropout: 0.2 }, random),
  DNN: (random) =>
    new DNN(
      { features: all, embeddingDim, mlp: { units: [5, 4], activation: "tanh", dropout: 0.3, batchNorm: true } },
      random,
    ),
  DeepFM: (random) => new DeepFM({ deepFeatures: all, fmFeatures: [weekday, item, tags], embeddingDim, mlp }, random),
  "DeepFM with separate embeddings": (random) =>
    new DeepFM({ deepFeatures: all, fmFeatures: ids, embeddingDim, mlp, separateEmbeddings: true }, random),
  "base model": (random) =>
    new BaseModel({ features: all, behaviours, embeddingDim, mlp: { units: [5, 4], activation: "prelu" } }, random),
  "base model with sums": (random) =>
    new BaseModel({ features: all, behaviours, embeddingDim, pooling: "sum", mlp }, random),
  DIN: (random) =>
    new DIN({ features: all, behaviours, embeddingDim, attention, mlp: { units: [5, 4], activation: "dice" } }, random),
  "DIN with softmax": (random) =>
    new DIN(
      {
        features: all,
        behaviours,
        embeddingDim,
        attention: { ...attention, normalize: "softmax", activation: "sigmoid" },
        mlp,
      },
      random,
    ),
};

/** Models whose weights all start at 0: linear in their weights, it is as good a start as any. */
export const startAtZero: readonly string[] = ["LR", "POLY2"];

/** By model, the weights that cannot have a gradient: a softmax does not see what is added to all of its scores. */
export const noGradient: Readonly<Record<string, readonly string[]>> = {
  "DIN with softmax": ["attention/0/rest/1/bias"],
};
