/**
 * The experiment of notebook 07 and of material/movielens.md, as compare runs it in processes of their own: one model,
 * one split of the film data, one seed. A time split moves with the seed, so that seeds differ in what happened, and
 * not in the models' first weights alone.
 */
import { encode } from "../../data/encode";
import type { Encoding } from "../../data/fitter";
import type { Impressions, SparseFeature } from "../../data/impressions";
import type { MovieLens } from "../../data/movielens";
import type { TextColumn } from "../../data/raw";
import { randomSplit, type Split, timeSplit } from "../../data/split";
import type { AttentionConfig } from "../../layers/attention";
import type { IdFeature } from "../../layers/fields";
import { AFM } from "../../models/afm";
import { BaseModel } from "../../models/base";
import { DCN } from "../../models/dcn";
import { DeepFM } from "../../models/deepfm";
import { DIN } from "../../models/din";
import { DNN } from "../../models/dnn";
import { FFM } from "../../models/ffm";
import { FM } from "../../models/fm";
import { LR } from "../../models/lr";
import type { Model } from "../../models/model";
import { NFM } from "../../models/nfm";
import { PNN } from "../../models/pnn";
import { Poly2 } from "../../models/poly2";
import { WideDeep } from "../../models/widedeep";
import { createRandom, type Random } from "../../random";
import { type CalibrationBin, calibrationTable } from "../../train/metrics/calibration";
import { ascending } from "../../train/metrics/order";
import { adam } from "../../train/optimizers";
import { predict } from "../../train/predict";
import { mean } from "../../train/statistics";
import { runTrial, type TrialResult } from "../../train/trial";
import { type Films, readFilms } from "../films";
import { named } from "./named";
import { pretrainedFNN } from "./pretrained";

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
  /** At most this many; the best on the validation part is kept. Default 3. */
  epochs?: number;
  /** Training ends after this many epochs in a row without a better one. Default 1. */
  patience?: number;
  /** Whether to hide the user's id, age, gender and occupation from the model; it still sees a history. */
  anonymous?: boolean;
  /** Seed of the first weights and of the order of the rows. Default: the number of the window. */
  trainingSeed?: number;
}

/** How many of the newest clicks a history keeps. */
export const historyLength = 10;
/** Small, for speed. Above 0.6 there is no room for the fifth window. */
const usualShare = 0.24;
const shares = { validation: 1 / 6, test: 1 / 6 };

export interface FilmTrial extends TrialResult {
  /** What the model that was judged says about the validation rows: what is chosen after training needs them. */
  readonly validationLogits: Float32Array;
}

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
export async function prepare(
  split: SplitKind,
  histories: HistoryKind,
  seed: number,
  windowShare = usualShare,
): Promise<Prepared> {
  const key = `${split} ${histories} ${seed} ${windowShare}`;
  const known = prepared.get(key);
  if (known) return known;
  const { data } = await films();
  const rows = windowRows(data.times, seed, windowShare);
  const parts = partsOf(data, rows, split, seed);
  const raw = histories === "past" ? data : withAllClicks(data);
  const made = { split: parts, ...encode(raw, parts.train) };
  prepared.set(key, made);
  return made;
}

const orders = new WeakMap<Float64Array, Int32Array>(); // every seed asks for the same one

/** All rows in the order of their times. */
function oldestFirst(times: Float64Array): Int32Array {
  const order =
    orders.get(times) ?? Int32Array.from(times, (_, row) => row).sort((a, b) => times[a] - times[b] || a - b);
  orders.set(times, order);
  return order;
}

/**
 * Rows of the window of a seed, oldest first. The window of seed 1 ends with the newest rating, each further
 * window one test part earlier.
 */
function windowRows(times: Float64Array, seed: number, windowShare: number): Int32Array {
  const order = oldestFirst(times);
  const size = Math.round(order.length * windowShare);
  const end = order.length - (seed - 1) * Math.round(size * shares.test);
  if (end < size)
    throw new RangeError(
      `seed is ${seed}, but ${times.length} ratings have no window that early. Take a smaller seed, from 1`,
    );
  return order.slice(end - size, end);
}

function partsOf(data: MovieLens, rows: Int32Array, split: SplitKind, seed: number): Split {
  const window = { size: rows.length, times: Float64Array.from(rows, (row) => data.times[row]) };
  const parts = split === "time" ? timeSplit(window, shares) : randomSplit(window, { ...shares, seed });
  const inData = (part: Int32Array) => part.map((i) => rows[i]);
  return { train: inData(parts.train), validation: inData(parts.validation), test: inData(parts.test) };
}

/** A deliberate fault: each row's history is its user's newest clicks of the whole data, the row's own among them. */
export function withAllClicks(data: MovieLens): MovieLens {
  const { users, times } = data;
  const clicks = new Map<number, number[]>();
  for (const row of oldestFirst(times)) {
    if (data.labels[row] === 1) clicks.set(users[row], [...(clicks.get(users[row]) ?? []), row].slice(-historyLength));
  }
  const at = ({ words, codes }: TextColumn): TextColumn => {
    const taken = new Int32Array(data.size * historyLength);
    for (let row = 0; row < data.size; row++)
      clicks.get(users[row])?.forEach((click, j) => (taken[row * historyLength + j] = codes[click]));
    return { words, codes: taken, width: historyLength };
  };
  const { item, genre } = data.columns;
  return { ...data, columns: { ...data.columns, history: at(item), historyGenre: at(genre) } };
}

/**
 * No model: for each row of the part, as a logit, its film's share of clicks among the training rows, mixed with
 * `doubt` impressions at the usual share.
 */
export function filmShares({ impressions, split }: Prepared, part: "validation" | "test", doubt: number): Float32Array {
  const { columns, labels } = impressions.read(split.train);
  const [shown, liked] = [new Map<number, number>(), new Map<number, number>()];
  columns.item.forEach((film, row) => {
    shown.set(film, (shown.get(film) ?? 0) + 1);
    liked.set(film, (liked.get(film) ?? 0) + labels[row]);
  });
  const usual = mean(Array.from(labels));
  return Float32Array.from(impressions.read(split[part]).columns.item, (film) => {
    const share = ((liked.get(film) ?? 0) + doubt * usual) / ((shown.get(film) ?? 0) + doubt);
    return Math.log(share / (1 - share));
  });
}

/**
 * Trains the model on its part of the split and judges it on the test part.
 *
 * @param window The window's number, from 1. `compare` passes the seed.
 * @throws if there is no such model, or no such window, or if Wide & Deep is to be anonymous.
 */
export async function trial(settings: Settings, window: number): Promise<FilmTrial> {
  const { model, learningRate, split = "time", histories = "past", windowShare } = settings;
  const { epochs = 3, patience = 1, anonymous = false, trainingSeed: seed = window } = settings;
  named({ ...makers, FNN: true }, model, "model");
  if (anonymous && model === "Wide & Deep")
    throw new RangeError("anonymous is true, but Wide & Deep crosses age, gender and occupation. Take another model");
  const { impressions, split: parts } = await prepare(split, histories, window, windowShare);
  const data = {
    train: impressions.read(parts.train),
    validation: impressions.read(parts.validation),
    test: impressions.read(parts.test),
  };
  const options = { epochs, batchSize: 512, seed, optimizer: adam({ learningRate }), patience };
  const features = (impressions.features as IdFeature[]).filter(({ name }) => !(anonymous && person.includes(name)));
  // An FNN starts from an FM trained before it with the same options, so it has twice the time of others.
  const made = model === "FNN"
    ? await pretrainedFNN(makeModel("FM", features, createRandom(seed)) as FM, data, options, mlp, createRandom(seed))
    : makeModel(model, features, createRandom(seed));
  let validationLogits: Float32Array = new Float32Array();
  const keep = { onEnd: async () => void (validationLogits = await predict(made, data.validation)) };
  const result = await runTrial(made, data, { ...options, callbacks: [keep] });
  return { ...result, validationLogits };
}

const shape = { embeddingDim: 8, deviation: 0.05 };
const mlp = { units: [32] };
const attention: AttentionConfig = { units: [16], activation: "relu" };
const behaviours = [{ candidate: ["item", "genre"], history: ["history", "historyGenre"] }];
const person = ["user", "age", "gender", "occupation"];
/** Crosses for the wide part: who likes which kind of film. */
const crossed = [["gender", "genre"], ["age", "genre"], ["occupation", "genre"]];

/** all: with the history, which only base and DIN read. */
type Make = (features: readonly IdFeature[], random: Random, all: readonly IdFeature[]) => Model;

const makers = {
  LR: (features, random) => new LR({ features }, random),
  POLY2: (features, random) => new Poly2({ features, buckets: 1_000_003 }, random),
  FM: (features, random) => new FM({ features, ...shape }, random),
  FFM: (features, random) => new FFM({ features, ...shape }, random),
  AFM: (features, random) => new AFM({ features, attentionUnits: 8, ...shape }, random),
  DNN: (features, random) => new DNN({ features, mlp, ...shape }, random),
  IPNN: (features, random) =>
    new PNN({ features, product: "inner", productUnits: mlp.units[0], mlp: { units: [] }, ...shape }, random),
  OPNN: (features, random) =>
    new PNN({ features, product: "outer", productUnits: mlp.units[0], mlp: { units: [] }, ...shape }, random),
  "Wide & Deep": (features, random) => {
    const crosses = crossed.map((cross) =>
      cross.map((name) => features.find((feature) => feature.name === name) as SparseFeature),
    );
    return new WideDeep(
      { wideFeatures: features, crosses, buckets: 10_007, deepFeatures: features, mlp, ...shape },
      random,
    );
  },
  DCN: (features, random) => new DCN({ features, cross: { version: 1, layers: 2 }, mlp, ...shape }, random),
  "DCN-v2": (features, random) => new DCN({ features, cross: { version: 2, layers: 2 }, mlp, ...shape }, random),
  NFM: (features, random) => new NFM({ features, mlp, ...shape }, random),
  DeepFM: (features, random) => new DeepFM({ deepFeatures: features, fmFeatures: features, mlp, ...shape }, random),
  base: (_, random, features) => new BaseModel({ features, behaviours, mlp, ...shape }, random),
  DIN: (_, random, features) => new DIN({ features, behaviours, mlp, attention, ...shape }, random),
} satisfies Record<string, Make>;

type MakerName = keyof typeof makers;
export type ModelName = MakerName | "FNN";

/** One of the models, as it is before training. */
function makeModel(name: MakerName, all: readonly IdFeature[], random: Random): Model {
  const make: Make = makers[name];
  return make(all.filter((feature) => !feature.name.startsWith("history")), random, all);
}

/** A person's rows and clicks in each of the groups of calibrationTable. */
interface InGroups {
  rows: number[];
  clicks: number[];
}

export interface PeoplesBin extends CalibrationBin {
  /** Rows that the person with the most of them has in the group. */
  ofOne: number;
}

/**
 * calibrationTable with intervals not of Wilson, but of a bootstrap that draws people 400 times, each with all of their
 * rows: one person's rows are alike.
 */
export function calibrationByPeople({ answers: { logits, labels, users } }: TrialResult): PeoplesBin[] {
  const groups = calibrationTable(logits, labels);
  const ends = groups.map((_, g) => groups.slice(0, g + 1).reduce((sum, { count }) => sum + count, 0));
  const found = new Map<number, InGroups>();
  ascending(logits).forEach((row, place) => {
    const user = users![row]; // the film data has users
    const person = found.get(user) ?? { rows: groups.map(() => 0), clicks: groups.map(() => 0) };
    const group = ends.findIndex((end) => place < end);
    person.rows[group]++;
    person.clicks[group] += labels[row];
    found.set(user, person);
  });
  const people = [...found.values()];
  const random = createRandom(1).child("people");
  const draws = Array.from({ length: 400 }, () => {
    const drawn = people.map(() => people[random.integer(people.length)]); // as many, some more than once
    const sum = (part: keyof InGroups, g: number) => drawn.reduce((s, person) => s + person[part][g], 0);
    return groups.map((_, g) => sum("clicks", g) / sum("rows", g)); // 0 / 0 if none of them has a row there
  });
  return groups.map((group, g) => {
    const shares = draws.map((draw) => draw[g]).filter((share) => !Number.isNaN(share)).sort((a, b) => a - b);
    const [low, high] = [0.025, 0.975].map((share) => shares[Math.round(share * (shares.length - 1))]);
    return { ...group, low, high, ofOne: Math.max(...people.map(({ rows }) => rows[g])) };
  });
}
