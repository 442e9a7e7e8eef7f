/**
 * npx tsx material/worlds/measure.ts [world ...]
 *
 * Trains models in the planted worlds, with one budget for all, and writes what it finds into material/worlds.json and
 * the tables of material/worlds.md: the AUC that the trained model has on test rows, on average over clicks drawn anew.
 * Takes ten minutes or more. What was not measured this time stays as it is. Besides the worlds there are "held-out
 * pairs" and "epochs", which the page has as a sentence: the test of the page says if that is another now.
 */
import * as fs from "node:fs";
import { runCommand } from "../../lib/command";
import { bayesScores, expectedScores } from "../../lib/data/planted/bayes";
import { additiveWorld } from "../../lib/data/planted/additive";
import { driftWorld } from "../../lib/data/planted/drift";
import { fieldAwareWorld } from "../../lib/data/planted/fieldaware";
import { intensityWorld } from "../../lib/data/planted/intensity";
import { interestsWorld } from "../../lib/data/planted/interests";
import { longTailWorld } from "../../lib/data/planted/longtail";
import { mixedWorld } from "../../lib/data/planted/mixed";
import { secondOrderWorld } from "../../lib/data/planted/secondorder";
import { thirdOrderWorld } from "../../lib/data/planted/thirdorder";
import type { PlantedWorld } from "../../lib/data/planted/world";
import { xorWorld } from "../../lib/data/planted/xor";
import { type Split, randomSplit, timeSplit } from "../../lib/data/split";
import type { Impressions } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { BaseModel } from "../../lib/models/base";
import { DCN } from "../../lib/models/dcn";
import { DeepFM } from "../../lib/models/deepfm";
import { DIN } from "../../lib/models/din";
import { DNN } from "../../lib/models/dnn";
import { FFM } from "../../lib/models/ffm";
import { FM } from "../../lib/models/fm";
import { LR } from "../../lib/models/lr";
import { dispose, type Model } from "../../lib/models/model";
import { Poly2 } from "../../lib/models/poly2";
import { createRandom } from "../../lib/random";
import { fit } from "../../lib/train/fit";
import { adam } from "../../lib/train/optimizers";
import { predict } from "../../lib/train/predict";
import { fillTables } from "../../test/bench/report";
import { files, type Measured, worldTables } from "./measured";

type Make = (world: PlantedWorld) => Model;

const mlp = { units: [64, 32] };
const random = () => createRandom(1);
const features = (world: PlantedWorld) => world.impressions.features as never;

const lr: Make = (world) => new LR({ features: features(world) }, random());
const poly2: Make = (world) => new Poly2({ features: features(world), buckets: 1_000_003 }, random());
const fm: Make = (world) => new FM({ features: features(world), embeddingDim: 4 }, random());
const ffm: Make = (world) => new FFM({ features: features(world), embeddingDim: 2 }, random());
const dnn: Make = (world) => new DNN({ features: features(world), embeddingDim: 8, mlp }, random());
const dcn: Make = (world) =>
  new DCN({ features: features(world), embeddingDim: 8, mlp, cross: { version: 2, layers: 2 } }, random());
const deepFM: Make = (world) =>
  new DeepFM({ deepFeatures: features(world), fmFeatures: features(world), embeddingDim: 8, mlp }, random());

/** Histories beside the candidate's features of the same vocabularies. */
function historyConfig(world: PlantedWorld) {
  const history = world.impressions.features.filter((feature) => feature.kind === "sequence");
  const candidate = world.impressions.features.filter((feature) => feature.kind === "sparse");
  const behaviours = [{ history: history.map(({ name }) => name), candidate: candidate.map(({ name }) => name) }];
  return { features: world.impressions.features, behaviours, embeddingDim: 8, mlp };
}
const base =
  (pooling: "mean" | "sum"): Make =>
  (world) =>
    new BaseModel({ ...historyConfig(world), pooling }, random());
const din = (normalize: "none" | "softmax"): Make => (world) =>
  new DIN({ ...historyConfig(world), attention: { units: [32, 16], normalize } }, random());
const histories = {
  "base (mean)": base("mean"),
  "base (sum)": base("sum"),
  DIN: din("none"),
  "DIN (softmax)": din("softmax"),
};

const byTime = ({ impressions }: PlantedWorld) => timeSplit(impressions, { validation: 0.1, test: 0.1 });
const byLot = ({ impressions }: PlantedWorld) => randomSplit(impressions, { validation: 0.1, test: 0.1, seed: 1 });

interface Row {
  make: () => PlantedWorld;
  models: Record<string, Make>;
  split?: (world: PlantedWorld) => Split;
}

const table: Record<string, Row> = {
  additive: { make: additiveWorld, models: { LR: lr, FM: fm, DNN: dnn } },
  XOR: { make: xorWorld, models: { LR: lr, POLY2: poly2, FM: fm, DNN: dnn } },
  "second order": { make: secondOrderWorld, models: { LR: lr, POLY2: poly2, FM: fm, FFM: ffm, DNN: dnn } },
  "field-aware": { make: fieldAwareWorld, models: { LR: lr, FM: fm, FFM: ffm, DNN: dnn } },
  "third order": {
    make: thirdOrderWorld,
    models: { LR: lr, POLY2: poly2, FM: fm, FFM: ffm, DNN: dnn, DCN: dcn, DeepFM: deepFM },
  },
  mixed: { make: mixedWorld, models: { LR: lr, FM: fm, DNN: dnn, DCN: dcn, DeepFM: deepFM } },
  "long tail": { make: longTailWorld, models: { LR: lr, FM: fm, DNN: dnn } },
  interests: { make: interestsWorld, models: histories },
  intensity: { make: intensityWorld, models: histories },
  "drift, last tenth": { make: driftWorld, models: { LR: lr }, split: byTime },
  "drift, random tenth": { make: driftWorld, models: { LR: lr }, split: byLot },
};

/** Log loss above the best possible one, by the number of held-out pairs in the impression. */
async function heldOutPairs(): Promise<Measured["heldOut"]> {
  const { impressions, bayesLogits, parts, unseenPairs } = secondOrderWorld({ rows: 150_000, heldOutPairs: 0.1 });
  const cut = Math.floor(parts.train.length * 0.9);
  const models: Record<string, number[]> = {};
  for (const [label, build] of Object.entries({ POLY2: poly2, FM: fm })) {
    const model = build({ impressions, bayesLogits, intercept: 0 });
    await train(model, impressions.read(parts.train.slice(0, cut)), impressions.read(parts.train.slice(cut)));
    models[label] = [];
    for (const count of [0, 1, 2, 3]) {
      const rows = count === 0 ? parts.test : parts.unseen.filter((row) => unseenPairs[row] === count);
      const bayes = Float32Array.from(rows, (row) => bayesLogits[row]);
      const logits = await predict(model, impressions.read(rows));
      models[label].push(expectedScores(logits, bayes).logLoss - expectedScores(bayes, bayes).logLoss);
    }
    dispose(model);
  }
  return { train: parts.train.length, models };
}

/** Validation AUC after each epoch in the long-tail world. */
async function epochs(): Promise<number[]> {
  const world = longTailWorld();
  const { train, test } = randomSplit(world.impressions, { validation: 0, test: 0.2, seed: 1 });
  const model = dnn(world);
  const options = { epochs: 4, batchSize: 200, optimizer: adam({ learningRate: 0.01 }), seed: 1 };
  const history = await fit(model, world.impressions.read(train), {
    ...options,
    validation: world.impressions.read(test),
  });
  dispose(model);
  return history.validation;
}

function train(model: Model, data: Impressions, validation: Impressions) {
  const optimizer = adam({ learningRate: 0.01 });
  return fit(model, data, { epochs: 10, patience: 2, batchSize: 500, optimizer, seed: 1, validation });
}

async function scores({ make, models, split = byLot }: Row): Promise<Measured["worlds"][string]> {
  const world = make();
  const { impressions, bayesLogits } = world;
  const parts = split(world);
  const bayes = Float32Array.from(parts.test, (row) => bayesLogits[row]);
  const found: Measured["worlds"][string] = { best: bayesScores(world, parts.test).expected.auc, models: {} };
  if ("ceilingLogits" in world) {
    const ceiling = Float32Array.from(parts.test, (row) => (world.ceilingLogits as Float32Array)[row]);
    found.ceiling = expectedScores(ceiling, bayes).auc;
  }
  for (const [label, build] of Object.entries(models)) {
    const model = build(world);
    await train(model, impressions.read(parts.train), impressions.read(parts.validation));
    found.models[label] = expectedScores(await predict(model, impressions.read(parts.test)), bayes).auc;
    dispose(model);
  }
  return found;
}

/** Puts new numbers among those there are, and all of them into the page. */
function write(found: Partial<Measured>): void {
  const before = JSON.parse(fs.readFileSync(files.numbers, "utf8")) as Measured;
  const worlds = { ...before.worlds, ...found.worlds };
  const inOrder = Object.keys(table).filter((name) => name in worlds);
  const measured = { ...before, ...found, worlds: Object.fromEntries(inOrder.map((name) => [name, worlds[name]])) };
  fs.writeFileSync(files.numbers, `${JSON.stringify(measured, null, 1)}\n`);
  fillTables(files.page, worldTables(measured));
}

async function main(words: string[]): Promise<void> {
  const names = ["held-out pairs", "epochs", ...Object.keys(table)];
  const unknown = words.find((word) => !names.includes(word));
  if (unknown !== undefined) throw new Error(`${unknown} is no world here, expected ${names.join(", ")}`);
  await useEngine("wasm");
  for (const name of words.length > 0 ? words : names) {
    const start = Date.now();
    if (name === "held-out pairs") write({ heldOut: await heldOutPairs() });
    else if (name === "epochs") write({ epochs: await epochs() });
    else write({ worlds: { [name]: await scores(table[name]) } });
    console.log(`${name}: ${((Date.now() - start) / 1000).toFixed(0)} s`);
  }
}

void runCommand(main);
