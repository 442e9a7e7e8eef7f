import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { denseFeature, type Feature, Impressions, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { hasIds } from "../../lib/layers/fields";
import { crossIds } from "../../lib/layers/hashing";
import { inference, isTable, type Pass } from "../../lib/layers/layer";
import { AFM } from "../../lib/models/afm";
import { BaseModel } from "../../lib/models/base";
import { DCN } from "../../lib/models/dcn";
import { DeepFM } from "../../lib/models/deepfm";
import { DIN, type DINConfig } from "../../lib/models/din";
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
import { createRandom } from "../../lib/random";
import { gradients } from "../../lib/train/gradients";
import { expectClose, tableGradient } from "../layers/numeric";
import file from "./models.json";

beforeAll(async () => void (await useEngine("wasm")));

interface Golden {
  logits: number[];
  loss: number;
  weights: Record<string, { shape: number[]; values: number[] }>;
  gradients: Record<string, number[]>;
}
const golden = file as unknown as Record<string, Golden>;

// The impressions of models.py.
const [country, site, ad] = [sparseFeature("country", 4), sparseFeature("site", 5), sparseFeature("ad", 6)];
const tags = sequenceFeature("tags", 5, 3);
const ids = [country, site, ad, tags];
const all: Feature[] = [country, site, ad, tags, denseFeature("price")];
const labels = Float32Array.of(1, 0, 1, 0);
const rows = new Impressions({
  features: all,
  columns: {
    country: Int32Array.of(1, 3, 2, 1),
    site: Int32Array.of(2, 4, 0, 2),
    ad: Int32Array.of(5, 1, 3, 4),
    tags: Int32Array.of(1, 3, 0, 4, 0, 0, 0, 0, 0, 2, 2, 4),
    price: Float32Array.of(0.5, -1.25, 2, 0),
  },
  labels,
});
const behaviourFeatures: Feature[] = [
  sparseFeature("user", 4),
  sparseFeature("item", 7),
  sparseFeature("category", 4),
  denseFeature("price"),
  sequenceFeature("clicked items", 7, 4, "item"),
  sequenceFeature("clicked categories", 4, 4, "category"),
  sequenceFeature("bought items", 7, 2, "item"),
];
const histories = new Impressions({
  features: behaviourFeatures,
  columns: {
    user: Int32Array.of(1, 3, 2, 1),
    item: Int32Array.of(3, 6, 1, 2),
    category: Int32Array.of(1, 3, 2, 1),
    price: Float32Array.of(0.5, -1.25, 2, 1),
    "clicked items": Int32Array.of(2, 3, 6, 0, 5, 0, 6, 1, 0, 0, 0, 0, 4, 0, 0, 0),
    "clicked categories": Int32Array.of(1, 1, 3, 0, 0, 0, 3, 2, 0, 0, 0, 0, 2, 0, 0, 0),
    "bought items": Int32Array.of(3, 0, 5, 4, 0, 0, 0, 2),
  },
  labels,
});

const random = createRandom("replaced by the golden weights");
const embeddingDim = 3;
const buckets = 1009; // enough that no two crossed pairs of ids share one
const mlp = { units: [5, 4] };
const pnn = (product: "inner" | "outer" | "kernel") =>
  new PNN({ features: ids, embeddingDim, product, productUnits: 5, mlp: { units: [4], activation: "tanh" } }, random);
const dcn = (cross: { version: 1 | 2; rank?: number }) =>
  new DCN({ features: all, embeddingDim, cross: { ...cross, layers: 2 }, mlp }, random);
const behaviours = [
  { candidate: ["item", "category"], history: ["clicked items", "clicked categories"] },
  { candidate: ["item"], history: ["bought items"] },
];
const base = (pooling: "mean" | "sum") =>
  new BaseModel(
    { features: behaviourFeatures, behaviours, embeddingDim, pooling, mlp: { ...mlp, activation: "prelu" } },
    random,
  );
const din = (attention: DINConfig["attention"]) =>
  new DIN(
    {
      features: behaviourFeatures,
      behaviours,
      embeddingDim,
      mlp: { ...mlp, activation: "dice" },
      attention: { units: [4, 3], ...attention },
    },
    random,
  );

const models: Record<string, () => Model> = {
  LR: () => new LR({ features: all }, random),
  POLY2: () => new Poly2({ features: ids, buckets: 11 }, random),
  FM: () => new FM({ features: ids, embeddingDim }, random),
  FFM: () => new FFM({ features: ids, embeddingDim }, random),
  FNN: () => new FNN({ features: ids, embeddingDim, mlp }, random),
  IPNN: () => pnn("inner"),
  OPNN: () => pnn("outer"),
  KPNN: () => pnn("kernel"),
  "Wide & Deep": () =>
    new WideDeep(
      { wideFeatures: ids, crosses: [[country, ad]], buckets, deepFeatures: all, embeddingDim, mlp },
      random,
    ),
  DCN: () => dcn({ version: 1 }),
  "DCN v2": () => dcn({ version: 2 }),
  "DCN v2 of rank 2": () => dcn({ version: 2, rank: 2 }),
  NFM: () => new NFM({ features: ids, embeddingDim, mlp }, random),
  AFM: () => new AFM({ features: ids, embeddingDim, attentionUnits: 4 }, random),
  DNN: () => new DNN({ features: all, embeddingDim, mlp: { ...mlp, activation: "tanh" } }, random),
  DeepFM: () => new DeepFM({ deepFeatures: all, fmFeatures: ids, embeddingDim, mlp }, random),
  "base model, mean": () => base("mean"),
  "base model, sum": () => base("sum"),
  DIN: () => din({}),
  "DIN without the difference": () => din({ difference: false }),
  "DIN with softmax": () => din({ normalize: "softmax" }),
  "DIN in training": () => din({}),
};

test("every model of the golden file is compared", () =>
  expect(Object.keys(models), "models here and in models.json, which test/golden/models.py writes").toEqual(
    Object.keys(golden),
  ));

describe.each(Object.entries(models).filter(([name]) => name in golden))("%s agrees with PyTorch", (name, build) => {
  const { logits, loss, weights, gradients: expected } = golden[name];
  const batch = "embeddings/item" in weights ? histories : rows;
  const pass: Pass = name.endsWith("in training") ? { training: true, random } : inference;
  const values = Object.fromEntries(Object.entries(weights).map(([key, weight]) => [key, weight.values]));

  function goldenModel(): Model {
    const model = build();
    for (const [key, weight] of Object.entries(model.weights)) {
      if (isTable(weight)) weight.values.set(tableOf(values, key, weight.dim));
      else weight.assign(tf.tensor(values[key] ?? missing(key, values), weight.shape));
    }
    return model;
  }

  test("in its logits", () => expectClose(goldenModel().logits(batch, pass), logits));

  test("in its loss and every gradient", () => {
    const model = goldenModel();
    const found = gradients(model, batch, pass);
    expectClose([found.loss], [loss]);
    for (const [key, weight] of Object.entries(model.weights)) {
      if (!isTable(weight)) {
        if (weight.trainable) expectClose(found.dense[key], expected[key]);
        continue;
      }
      expectClose(tableGradient(found.rows[key], weight), tableOf(expected, key, weight.dim));
    }
  });
});

/**
 * The rows of one of our tables, from the golden tables: the same table, or one per field ("linear.country", ...) put
 * one after the other without their rows 0, or for hashed crosses the golden matrix with one weight per pair of ids.
 */
function tableOf(golden: Record<string, number[]>, name: string, dim: number): number[] {
  if (name === "wide/crosses") return hashedCrosses(golden["country x ad"]);
  const tables = golden[name] ? [golden[name]] : ids.filter(hasIds).map((field) => golden[`${name}.${field.name}`] ?? missing(name, golden));
  return [new Array<number>(dim).fill(0), ...tables.map((table) => table.slice(dim))].flat();
}

function missing(weight: string, golden: object): never {
  throw new Error(
    `test/golden/models.py has no weight ${weight}, expected the names of ours. It has ${Object.keys(golden).join(", ")}`,
  );
}

function hashedCrosses(weights: number[]): number[] {
  const table = new Array<number>(buckets + 1).fill(0);
  const used = new Set<number>();
  for (let i = 1; i < country.vocabSize; i++) {
    for (let j = 1; j < ad.vocabSize; j++) {
      const [row] = crossIds([Int32Array.of(i, country.vocabSize - 1 + j)], 1, buckets);
      expect(used.has(row)).toBe(false);
      used.add(row);
      table[row] = weights[i * ad.vocabSize + j];
    }
  }
  return table;
}
