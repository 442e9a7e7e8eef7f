import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { encode } from "../../lib/data/encode";
import { type SparseFeature, sparseFeature } from "../../lib/data/impressions";
import { textColumn } from "../../lib/data/raw";
import { label, sparse } from "../../lib/data/schema";
import { useEngine } from "../../lib/engine";
import { under } from "../../lib/layers/layer";
import { DIN } from "../../lib/models/din";
import { FM } from "../../lib/models/fm";
import { LR } from "../../lib/models/lr";
import type { Model } from "../../lib/models/model";
import { WideDeep } from "../../lib/models/widedeep";
import { createRandom } from "../../lib/random";
import { load, save } from "../../lib/train/save";
import { copyWeights } from "../../lib/train/weights";
import { sharedFolder } from "../temporary";
import { expectClose } from "../layers/numeric";
import { setNormalWeights } from "../models/loops";
import { data, models, item, weekday } from "../models/registry";

const root = sharedFolder();
const folders: Record<string, string> = {};
const logits: Record<string, number[]> = {};

beforeAll(async () => {
  await useEngine("wasm");
  for (const [name, make] of Object.entries(models)) {
    const model = make(createRandom("model"));
    setNormalWeights(model);
    folders[name] = path.join(root, name);
    logits[name] = Array.from(tf.tidy(() => model.logits(data).dataSync()));
    save(model, folders[name]);
  }
});

const names = Object.keys(models);

describe("a saved model", () => {
  test.each(names)("%s gives the same logits after loading", (name) => {
    const { model } = load(folders[name]);
    expect(Array.from(tf.tidy(() => model.logits(data).dataSync()))).toEqual(logits[name]);
  });

  test.each(["wasm", "cpu"])("gives the same logits in another process, on %s", (engine) => {
    const tsx = path.resolve("node_modules/tsx/dist/cli.mjs");
    const script = path.resolve("test/train/score.ts");
    const output = execFileSync(process.execPath, [tsx, script, engine, ...names.map((name) => folders[name])], {
      encoding: "utf8",
    });
    const scored = JSON.parse(output) as number[][];
    names.forEach((name, i) => expectClose(scored[i], logits[name], engine === "wasm" ? 0 : 1e-5));
  });

  test("keeps Dice's moving averages and the encoding of its data", () => {
    const model = models["DIN"](createRandom(1)) as DIN;
    setNormalWeights(model);
    const encoding = {
      features: [weekday],
      vocabularies: { weekday: { words: ["Mon", "星期二"] } },
      statistics: { price: { mean: 1.5, deviation: 2 } },
      roles: { weekday: { kind: "sparse" } },
    };
    const folder = path.join(root, "with encoding");
    save(model, folder, { encoding });
    const loaded = load(folder);
    expect(copyWeights(loaded.model)).toEqual(copyWeights(model));
    expect(Object.keys(copyWeights(model)).some((name) => name.endsWith("/variance"))).toBe(true);
    expect(loaded.encoding).toEqual(encoding);
  });

  test("is not saved with an encoding of other rows: frequencies have changed, and with them the ids of ios and web", () => {
    const days = [
      ["ios", "ios", "web"],
      ["ios", "web", "web"],
    ].map((device) => {
      const raw = {
        size: 3,
        schema: { device: sparse(), click: label() },
        columns: { device: textColumn(device) },
        labels: Float32Array.of(0, 1, 1),
      };
      return encode(raw, Int32Array.of(0, 1, 2));
    });
    expect(days.map(({ impressions }) => Array.from(impressions.columns.device))).toEqual([
      [2, 2, 3],
      [3, 2, 2],
    ]);
    const features = days[0].impressions.features as SparseFeature[];
    const folder = path.join(root, "days");
    const message =
      /device is sparse with vocabSize 4 and a vocabulary of checksum .* in the encoding, expected .*, which the model was built for\. Save the encoding that/;
    const nested = new WideDeep(
      {
        wideFeatures: [weekday],
        crosses: [[weekday, features[0]]],
        buckets: 10,
        deepFeatures: [weekday],
        embeddingDim: 2,
        mlp: { units: [2] },
      },
      createRandom(1),
    );
    for (const model of [new LR({ features }, createRandom(1)), nested]) {
      expect(() => save(model, folder, { encoding: days[1].encoding })).toThrow(message);
      expect(fs.existsSync(folder)).toBe(false);
    }
    save(new LR({ features }, createRandom(1)), folder, { encoding: days[0].encoding });
    const { model } = load(folder);
    expect(() => model.logits(days[1].impressions)).toThrow(/device is .* in the data, expected/);
    expect(tf.tidy(() => model.logits(days[0].impressions).shape)).toEqual([3]);
  });

  test("replaces the one that was in the folder, and leaves nothing of it behind", () => {
    const folder = path.join(root, "twice");
    const [first, second] = [1, 2].map(
      (seed) => new FM({ features: [weekday, item], embeddingDim: 2 }, createRandom(seed)),
    );
    save(first, folder);
    save(second, folder);
    expect(copyWeights(load(folder).model)).toEqual(copyWeights(second));
    expect(fs.readdirSync(folder)).toHaveLength(2);
  });

  test("leaves the one in the folder whole when its weights cannot be written, and other files as they are", () => {
    const [folder, elsewhere] = ["unwritten", "elsewhere"].map((name) => path.join(root, name));
    const [first, second] = [1, 2].map(
      (seed) => new FM({ features: [weekday, item], embeddingDim: 2 }, createRandom(seed)),
    );
    save(first, folder);
    save(second, elsewhere);
    const inTheWay = fs.readdirSync(elsewhere).find((name) => name.endsWith(".safetensors"))!;
    fs.mkdirSync(path.join(folder, inTheWay)); // a folder, which no file can take the place of
    for (const name of ["notes.txt", "other.safetensors"]) fs.writeFileSync(path.join(folder, name), "");
    expect(() => save(second, folder)).toThrow();
    expect(copyWeights(load(folder).model)).toEqual(copyWeights(first));
    fs.rmdirSync(path.join(folder, inTheWay));
    save(second, folder);
    expect(fs.readdirSync(folder).sort()).toEqual(["model.json", "notes.txt", "other.safetensors", inTheWay].sort());
  });

  test("makes its folder, and those above it, where they are not there", () => {
    const folder = path.join(root, "runs", "today", "fm");
    const model = new FM({ features: [weekday, item], embeddingDim: 2 }, createRandom(1));
    save(model, folder);
    expect(copyWeights(load(folder).model)).toEqual(copyWeights(model));
  });

  test("survives a save that was killed before model.json was replaced", () => {
    const folder = path.join(root, "killed");
    const model = new FM({ features: [weekday, item], embeddingDim: 2 }, createRandom(1));
    save(model, folder);
    fs.writeFileSync(path.join(folder, "weights-00000000.safetensors"), "half a fi");
    fs.writeFileSync(path.join(folder, "model.json.123.part"), "{");
    expect(copyWeights(load(folder).model)).toEqual(copyWeights(model));
  });

  test("may be of a class of one's own", () => {
    class Constant implements Model {
      readonly bias = tf.variable(tf.scalar(0.25));
      constructor(readonly config: { note: string }) {}
      logits = () => tf.fill([data.size], this.bias.dataSync()[0]) as tf.Tensor1D;
      get weights() {
        return under("constant", { bias: this.bias });
      }
    }
    const folder = path.join(root, "own");
    save(new Constant({ note: "mine" }), folder);
    expect(load(folder, { Constant }).model.config).toEqual({ note: "mine" });
    expect(() => load(folder)).toThrow(
      /holds the model Constant, expected one of AFM, .* If it is your own, load\(folder, \{ Constant \}\)/,
    );
  });

  test("is known by the course's name for its class, also where the program has made that one shorter", () => {
    const name = Object.getOwnPropertyDescriptor(FM, "name")!;
    Object.defineProperty(FM, "name", { value: "t" });
    try {
      const folder = path.join(root, "minified");
      save(new FM({ features: [weekday, item], embeddingDim: 2 }, createRandom(1)), folder);
      expect(load(folder).model).toBeInstanceOf(FM);
    } finally {
      Object.defineProperty(FM, "name", name);
    }
  });

  test("may be of a class of one's own that has the name of one of the course's", () => {
    class Own extends FM {}
    Object.defineProperty(Own, "name", { value: "FM" });
    const folder = path.join(root, "own FM");
    save(new Own({ features: [weekday, item], embeddingDim: 2 }, createRandom(1)), folder);
    expect(load(folder, { FM: Own }).model).toBeInstanceOf(Own);
  });

  test("has the weights of a model whose config has an option that is undefined", () => {
    const folder = path.join(root, "undefined");
    const model = new FM({ features: [weekday, item], embeddingDim: 2, deviation: undefined }, createRandom(1));
    save(model, folder);
    expect(copyWeights(load(folder).model)).toEqual(copyWeights(model));
  });
});

describe("what cannot be saved or loaded says why", () => {
  const broken = (change: (folder: string) => void): string => {
    const folder = fs.mkdtempSync(path.join(root, "broken-"));
    save(new FM({ features: [weekday, item], embeddingDim: 2 }, createRandom(1)), folder);
    change(folder);
    return folder;
  };
  const weightsFile = (folder: string) =>
    path.join(
      folder,
      fs.readdirSync(folder).find((name) => name.endsWith(".safetensors"))!,
    );
  const editDescription = (folder: string, edit: (description: Record<string, unknown>) => void) => {
    const file = path.join(folder, "model.json");
    const description = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>;
    edit(description);
    fs.writeFileSync(file, JSON.stringify(description));
  };

  const breakWeights = (folder: string) => {
    const bytes = fs.readFileSync(weightsFile(folder));
    bytes.writeFloatLE(NaN, bytes.length - 4);
    fs.writeFileSync(weightsFile(folder), bytes);
    editDescription(
      folder,
      (d) => ((d.weights as { sha256: string }).sha256 = createHash("sha256").update(bytes).digest("hex")),
    );
  };

  test.each<[string, (folder: string) => void, RegExp]>([
    [
      "a folder without a model",
      (f) => fs.rmSync(path.join(f, "model.json")),
      /there is no .*model\.json, expected a folder that save\(\) wrote/,
    ],
    ["a description cut off", (f) => fs.truncateSync(path.join(f, "model.json"), 40), /model\.json cannot be read: /],
    [
      "another JSON file",
      (f) => fs.writeFileSync(path.join(f, "model.json"), "{}"),
      /has the format undefined, expected "click-models model"/,
    ],
    ["a later version", (f) => editDescription(f, (d) => (d.version = 4)), /has version 4, expected 3/],
    ["an earlier version", (f) => editDescription(f, (d) => (d.version = 2)), /has version 2, expected 3/],
    [
      "a description that is nothing",
      (f) => fs.writeFileSync(path.join(f, "model.json"), "null"),
      /has the format undefined, expected "click-models model"/,
    ],
    [
      "an unknown model",
      (f) => editDescription(f, (d) => (d.model = "GBDT")),
      /holds the model GBDT, expected one of AFM, .*BaseModel/,
    ],
    [
      "a name that every object has",
      (f) => editDescription(f, (d) => (d.model = "toString")),
      /holds the model toString, expected one of AFM, .*BaseModel/,
    ],
    [
      "weights cut off",
      (f) => fs.truncateSync(weightsFile(f), 100),
      /is damaged: its checksum is not the one in model\.json/,
    ],
    ["no weights", (f) => fs.rmSync(weightsFile(f)), /the weights cannot be read: ENOENT/],
    [
      "weights that are not numbers, whoever wrote them",
      breakWeights,
      /weight factors\[\d+\] is NaN, expected a finite number/,
    ],
    [
      "weights of another shape",
      (f) => editDescription(f, (d) => ((d.config as { embeddingDim: number }).embeddingDim = 3)),
      /weight factors is saved with shape \[10, 2\], the model built from the config has \[10, 3\]/,
    ],
    [
      "more weights than the model has",
      (f) => editDescription(f, (d) => Object.assign(d, { model: "LR", config: { features: [weekday, item] } })),
      /weight factors is saved with shape \[10, 2\], the model built from the config has none/,
    ],
  ])("%s", (_, change, message) => expect(() => load(broken(change))).toThrow(message));

  test("a model whose file would be too large to be read, which leaves the one in the folder whole", () => {
    const folder = path.join(root, "too large");
    const small = new FM({ features: [weekday, item], embeddingDim: 2 }, createRandom(1));
    save(small, folder);
    // 2 GiB of zeros, which nobody looks at.
    const large = new LR({ features: [sparseFeature("id", 2 ** 29)] }, createRandom(1));
    expect(() => save(large, folder)).toThrow(
      /would have 2147\d{6} bytes, expected at most 2147483647, or load could not read it/,
    );
    expect(copyWeights(load(folder).model)).toEqual(copyWeights(small));
  });

  test.each<[unknown, string]>([
    [Infinity, "config.own is Infinity"],
    [{ deep: [1, NaN] }, "config.own.deep.1 is NaN"],
    [[undefined], "config.own.0 is undefined"],
    [() => 1, "config.own is a function"],
    [new Map(), "config.own is a Map"],
    [Float32Array.of(1), "config.own is a Float32Array"],
    [2n ** 70n, "config.own is 1180591620717411303424"],
  ])("a config that JSON would change: %s", (own, message) => {
    const folder = path.join(root, "config");
    const config = { features: [weekday, item], embeddingDim: 2 };
    const model = Object.assign(new FM(config, createRandom(1)), { config: { ...config, own } });
    expect(() => save(model, folder)).toThrow(
      `FM's ${message}, which JSON cannot hold: load would build another model`,
    );
    expect(fs.existsSync(folder)).toBe(false);
  });

  test("a slip in save's options", () => {
    const model = new FM({ features: [weekday, item], embeddingDim: 2 }, createRandom(1));
    expect(() => save(model, path.join(root, "slip"), { encodng: {} } as object)).toThrow("save has no option encodng");
  });

  test("a config with all that JSON can hold is saved", () => {
    const config = { features: [weekday, item], embeddingDim: 2 };
    const plain = Object.assign(Object.create(null), { a: 1 });
    const own = { none: null, yes: true, text: "", list: [0, [-1.5]], plain };
    const model = Object.assign(new FM(config, createRandom(1)), { config: { ...config, own } });
    const folder = path.join(root, "plain");
    save(model, folder);
    const { config: saved } = JSON.parse(fs.readFileSync(path.join(folder, "model.json"), "utf8"));
    expect(saved.own).toEqual({ ...own, plain: { a: 1 } });
  });

  test("a weight that is not a number", () => {
    const model = new FM({ features: [weekday, item], embeddingDim: 2 }, createRandom(1));
    model.factors.values[5] = NaN;
    expect(() => save(model, path.join(root, "nan"))).toThrow("weight factors[5] is NaN, expected a finite number");
    expect(fs.existsSync(path.join(root, "nan"))).toBe(false);
  });
});
