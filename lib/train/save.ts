/**
 * Saving a model in a folder and loading it again, in another process or on another engine.
 *
 *   model.json                      which model, its config, and the encoding of its data if it was given
 *   weights-<checksum>.safetensors  all weights, moving averages included; up to 2 GiB
 *
 * model.json names the weights file and is replaced last, so at every moment the folder holds one whole model.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkOptionNames } from "../checks";
import type { Encoding } from "../data/fitter";
import type { Feature } from "../data/impressions";
import { checkSame } from "../layers/columns";
import { isTable } from "../layers/layer";
import { AFM } from "../models/afm";
import { BaseModel } from "../models/base";
import { DCN } from "../models/dcn";
import { DeepFM } from "../models/deepfm";
import { DIN } from "../models/din";
import { DNN } from "../models/dnn";
import { FFM } from "../models/ffm";
import { FM } from "../models/fm";
import { FNN } from "../models/fnn";
import { LR } from "../models/lr";
import type { Model } from "../models/model";
import { NFM } from "../models/nfm";
import { PNN } from "../models/pnn";
import { Poly2 } from "../models/poly2";
import { WideDeep } from "../models/widedeep";
import { createRandom, type Random } from "../random";
import { checkNotBusy } from "./busy";
import { replaceFile } from "../replacefile";
import { decode, encode, type NamedTensor } from "./safetensors";
import { placeNotFinite, restoreWeights } from "./weights";

/** Model classes by name; any, since each takes a config of its own. */
export type ModelClasses = Readonly<Record<string, new (config: any, random: Random) => Model>>;

export const courseModels: ModelClasses = {
  AFM,
  BaseModel,
  DCN,
  DeepFM,
  DIN,
  DNN,
  FFM,
  FM,
  FNN,
  LR,
  NFM,
  PNN,
  Poly2,
  WideDeep,
};

const format = "click-models model";
/**
 * 2: embedding tables that factorize nothing are no longer named factors (DNN, DCN, PNN, deep parts).
 * 3: an encoding says how each feature is read, and a config has no options that its model does not read.
 */
const version = 3;
/** The most that Node reads at once. */
const largestFile = 2 ** 31 - 1;

interface Description {
  readonly format: string;
  readonly version: number;
  /** The class's name. */
  readonly model: string;
  readonly config: object;
  readonly weights: { readonly file: string; readonly sha256: string };
  readonly encoding?: Encoding;
}

/**
 * Saves the model in the folder, in place of any that was there. With the encoding of its data (lib/data/encode) the
 * folder has all it takes to score new impressions except the schema, whose functions are code.
 *
 * @throws before anything is written if the encoding is not the one of the model's features, the config is not plain
 * JSON, a weight is not finite, or the weights are more than one file can hold.
 */
export function save(model: Model, folder: string, options: { encoding?: Encoding | undefined } = {}): void {
  checkOptionNames("save", options, { encoding: true });
  const { encoding } = options;
  checkNotBusy(model);
  checkConfig(model);
  if (encoding) checkEncoding(model, encoding);
  const tensors = tensorsOf(model);
  const pieces = encode(tensors);
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (bytes > largestFile) {
    throw new RangeError(
      `the weights' file would have ${bytes} bytes, expected at most ${largestFile}, or load could not read it. Hash the ids into fewer rows, or take shorter embeddings`,
    );
  }
  for (const [name, { values }] of Object.entries(tensors))
    checkFinite(name, values, "Train again with a lower learning rate or with clipNorm");
  const sha256 = checksum(pieces);
  const file = `weights-${sha256.slice(0, 8)}.safetensors`;
  const description: Description = {
    format,
    version,
    model: nameOf(model),
    config: model.config,
    weights: { file, sha256 },
    ...(encoding && { encoding }),
  };
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, file), pieces);
  replaceFile(join(folder, "model.json"), [new TextEncoder().encode(`${JSON.stringify(description, null, 1)}\n`)]);
  for (const name of readdirSync(folder)) {
    if (/^weights-[0-9a-f]{8}\.safetensors$/.test(name) && name !== file) rmSync(join(folder, name));
  }
}

/**
 * The model in the folder, and the encoding it was saved with.
 *
 * ownModels: classes of models that are not the course's, by name: load(folder, { MyModel }).
 * @throws if the folder has no whole model, or one that is unknown here.
 */
export function load(folder: string, ownModels: ModelClasses = {}): { model: Model; encoding?: Encoding } {
  const { model: name, config, weights, encoding } = readDescription(folder);
  const classes = { ...courseModels, ...ownModels };
  if (!Object.hasOwn(classes, name)) {
    throw new RangeError(
      `${folder} holds the model ${name}, expected one of ${Object.keys(classes).join(", ")}. If it is your own, load(folder, { ${name} })`,
    );
  }
  const tensors = readWeights(join(folder, weights.file), weights.sha256);
  const model = new classes[name](config, createRandom("replaced by the saved weights"));
  checkShapes(folder, tensorsOf(model), tensors);
  restoreWeights(model, Object.fromEntries(Object.entries(tensors).map(([name, { values }]) => [name, values])));
  return { model, ...(encoding && { encoding }) };
}

/** The name that load finds the class by: in a minified program, the class itself has another. */
function nameOf(model: Model): string {
  const name = Object.keys(courseModels).find((name) => courseModels[name] === model.constructor);
  return name ?? model.constructor.name;
}

/** @throws RangeError unless JSON gives back the model's config as it is: load would build another model. */
function checkConfig({ config, constructor }: Model): void {
  const fault = notJson(config, "config");
  if (fault)
    throw new RangeError(
      `${constructor.name}'s ${fault}, which JSON cannot hold: load would build another model. Keep to finite numbers, texts, booleans, lists and plain objects`,
    );
}

/** Where in the value something is that JSON leaves out or changes, and what. undefined in an object is a default. */
function notJson(value: unknown, path: string): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value))
    return undefined;
  if (typeof value !== "object") return `${path} is ${typeof value === "function" ? "a function" : String(value)}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype && Object.getPrototypeOf(prototype))
    return `${path} is a ${value.constructor.name}`;
  for (const [key, inner] of Object.entries(value)) {
    const fault = inner === undefined && !Array.isArray(value) ? undefined : notJson(inner, `${path}.${key}`);
    if (fault) return fault;
  }
  return undefined;
}

/** Features that the encoding does not have are fine: not all columns are made by one. */
function checkEncoding(model: Model, { features }: Encoding): void {
  for (const feature of featuresIn(model.config)) {
    const given = features.find(({ name }) => name === feature.name);
    if (given) checkSame(feature, given, "in the encoding", "Save the encoding that the model's data was encoded with");
  }
}

/** All features in a config, however deep: each model calls them by names of its own. */
function featuresIn(config: unknown): Feature[] {
  if (typeof config !== "object" || config === null) return [];
  return "kind" in config && "name" in config ? [config as Feature] : Object.values(config).flatMap(featuresIn);
}

function tensorsOf(model: Model): Record<string, NamedTensor> {
  const tensors: Record<string, NamedTensor> = {};
  for (const [name, weight] of Object.entries(model.weights)) {
    tensors[name] = isTable(weight)
      ? { shape: [weight.rows, weight.dim], values: weight.values }
      : { shape: weight.shape, values: weight.dataSync() as Float32Array };
  }
  return tensors;
}

function readDescription(folder: string): Description {
  const file = join(folder, "model.json");
  let description: Description;
  try {
    description = JSON.parse(readFileSync(file, "utf8")) as Description;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new Error(
      missing
        ? `there is no ${file}, expected a folder that save() wrote`
        : `${file} cannot be read: ${(error as Error).message}`,
    );
  }
  if (description?.format !== format)
    throw new Error(
      `${file} has the format ${JSON.stringify(description?.format)}, expected "${format}", as save() writes it`,
    );
  if (description.version !== version)
    throw new Error(
      `${file} has version ${description.version}, expected ${version}. Load it with the version of the library that saved it`,
    );
  return description;
}

function readWeights(file: string, sha256: string): Record<string, NamedTensor> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Error(`the weights cannot be read: ${(error as Error).message}`);
  }
  if (checksum([bytes]) !== sha256)
    throw new Error(`${file} is damaged: its checksum is not the one in model.json. Copy or save the model again`);
  const tensors = decode(bytes);
  for (const [name, { values }] of Object.entries(tensors))
    checkFinite(name, values, "Save a model that is trained without errors");
  return tensors;
}

function checksum(pieces: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

function checkFinite(name: string, values: Float32Array, advice: string): void {
  const at = placeNotFinite(values);
  if (at >= 0) throw new RangeError(`weight ${name}[${at}] is ${values[at]}, expected a finite number. ${advice}`);
}

function checkShapes(folder: string, expected: Record<string, NamedTensor>, found: Record<string, NamedTensor>): void {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const [wanted, has] = [expected, found].map((tensors) =>
      tensors[name] ? `[${tensors[name].shape.join(", ")}]` : "none",
    );
    if (wanted !== has)
      throw new Error(
        `${folder}: weight ${name} is saved with shape ${has}, the model built from the config has ${wanted}`,
      );
  }
}
