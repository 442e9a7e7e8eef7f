/**
 * The experiment of notebook 07, as compare runs it in processes of their own: one model, one split of the film
 * data, one seed. A time split moves with the seed, so that seeds differ in what happened, and not in the
 * models' first weights alone.
 */
import { type Encoding, encode } from "../../data/encode";
import type { Impressions } from "../../data/impressions";
import type { MovieLens } from "../../data/movielens";
import type { TextColumn } from "../../data/raw";
import { randomSplit, type Split, timeSplit } from "../../data/split";
import type { IdFeature } from "../../layers/fields";
import { BaseModel } from "../../models/base";
import { DeepFM } from "../../models/deepfm";
import { DIN } from "../../models/din";
import { DNN } from "../../models/dnn";
import { FM } from "../../models/fm";
import { LR } from "../../models/lr";
import type { Model } from "../../models/model";
import { Poly2 } from "../../models/poly2";
import { createRandom, type Random } from "../../random";
import { adam } from "../../train/optimizers";
import { runTrial, type TrialResult } from "../../train/trial";
import { type Films, readFilms } from "../films";

export type ModelName = "LR" | "POLY2" | "FM" | "DNN" | "DeepFM" | "base" | "DIN";
/** past: clicks before the impression. all: the user's newest clicks of the whole data, whenever they were. */
export type HistoryKind = "past" | "all";
export type SplitKind = "time" | "random";

export interface Settings {
  model: ModelName;
  learningRate: number;
  split?: SplitKind;
  histories?: HistoryKind;
  /** A window's share of all ratings: two thirds to train, a sixth to choose by, a sixth to judge. */
  windowShare?: number;
}

/** Newest clicks a history keeps. */
export const historyLength = 10;
/** Small, to be quick. At most 0.6, or the fifth window has no room. */
const usualShare = 0.24;
const shares = { validation: 1 / 6, test: 1 / 6 };

export interface Prepared {
  split: Split;
  impressions: Impressions;
  encoding: Encoding;
}

const loaded: { films?: Promise<Films> } = {};
const prepared = new Map<string, Prepared>();

/** The film data with short histories, read once per process. */
export function films(): Promise<Films> {
  return (loaded.films ??= readFilms({ historyLength }));
}

/** The data as a trial sees it, made once per process. */
export async function prepare(split: SplitKind, histories: HistoryKind, seed: number, windowShare = usualShare): Promise<Prepared> {
  const key = `${split} ${histories} ${seed} ${windowShare}`;
  const known = prepared.get(key);
  if (known) return known;
  const { data } = await films();
  const rows = windowRows(data.times as Float64Array, seed, windowShare);
  const parts = partsOf(data, rows, split, seed);
  const raw = histories === "past" ? data : withAllClicks(data);
  const made = { split: parts, ...encode(raw, parts.train) };
  prepared.set(key, made);
  return made;
}

const orders = new WeakMap<Float64Array, Int32Array>(); // each is asked for by every seed

/** All rows in the order of their times. */
function oldestFirst(times: Float64Array): Int32Array {
  const order = orders.get(times) ?? Int32Array.from(times, (_, row) => row).sort((a, b) => times[a] - times[b] || a - b);
  orders.set(times, order);
  return order;
}

/** Rows of the window of a seed, oldest first. The window of seed 1 ends with the newest rating, each other one test part earlier. */
export function windowRows(times: Float64Array, seed: number, windowShare: number): Int32Array {
  const order = oldestFirst(times);
  const size = Math.round(order.length * windowShare);
  const end = order.length - (seed - 1) * Math.round(size * shares.test);
  if (end < size) throw new RangeError(`seed is ${seed}, but ${times.length} ratings have no window so early. Take a smaller one, from 1`);
  return order.slice(end - size, end);
}

function partsOf(data: MovieLens, rows: Int32Array, split: SplitKind, seed: number): Split {
  const window = { size: rows.length, times: Float64Array.from(rows, (row) => (data.times as Float64Array)[row]) };
  const parts = split === "time" ? timeSplit(window, shares) : randomSplit(window, { ...shares, seed });
  const inData = (part: Int32Array) => part.map((i) => rows[i]);
  return { train: inData(parts.train), validation: inData(parts.validation), test: inData(parts.test) };
}

/** A fault, on purpose: each row's history is its user's newest clicks of the whole data, the row's own among them. */
export function withAllClicks(data: MovieLens): MovieLens {
  const users = data.users as Int32Array;
  const times = data.times as Float64Array;
  const clicks = new Map<number, number[]>();
  for (const row of oldestFirst(times)) {
    if (data.labels[row] === 1) clicks.set(users[row], [...(clicks.get(users[row]) ?? []), row].slice(-historyLength));
  }
  const at = ({ words, codes }: TextColumn): TextColumn => {
    const taken = new Int32Array(data.size * historyLength);
    for (let row = 0; row < data.size; row++) clicks.get(users[row])?.forEach((click, j) => (taken[row * historyLength + j] = codes[click]));
    return { words, codes: taken, width: historyLength };
  };
  const { item, genre } = data.columns as Record<string, TextColumn>;
  return { ...data, columns: { ...data.columns, history: at(item), historyGenre: at(genre) } };
}

/** Trains the model on its part of the split and judges it on the test part. */
export async function trial({ model, learningRate, split = "time", histories = "past", windowShare }: Settings, seed: number): Promise<TrialResult> {
  const { impressions, split: parts } = await prepare(split, histories, seed, windowShare);
  const data = { train: impressions.read(parts.train), validation: impressions.read(parts.validation), test: impressions.read(parts.test) };
  const made = makeModel(model, impressions.features as IdFeature[], createRandom(seed));
  return runTrial(made, data, { epochs: 3, batchSize: 512, seed, optimizer: adam({ learningRate }), patience: 1 });
}

/** One of the models, as it is before training. */
export function makeModel(name: ModelName, all: readonly IdFeature[], random: Random): Model {
  const features = all.filter(({ name }) => !name.startsWith("history"));
  const behaviours = [{ candidate: ["item", "genre"], history: ["history", "historyGenre"] }];
  const shape = { embeddingDim: 8, deviation: 0.05 };
  const mlp = { units: [32] };
  const makers: Record<ModelName, () => Model> = {
    LR: () => new LR({ features }, random),
    POLY2: () => new Poly2({ features, buckets: 1_000_003 }, random),
    FM: () => new FM({ features, ...shape }, random),
    DNN: () => new DNN({ features, mlp, ...shape }, random),
    DeepFM: () => new DeepFM({ deepFeatures: features, fmFeatures: features, mlp, ...shape }, random),
    base: () => new BaseModel({ features: all, behaviours, mlp, ...shape }, random),
    DIN: () => new DIN({ features: all, behaviours, mlp, attention: { units: [16], activation: "relu" }, ...shape }, random),
  };
  return makers[name]();
}
