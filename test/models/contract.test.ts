import * as tf from "@tensorflow/tfjs";
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Feature, Impressions, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { inference, isTable, type Pass } from "../../lib/layers/layer";
import type { MLPConfig } from "../../lib/layers/mlp";
import type { DIN } from "../../lib/models/din";
import { dispose, type Model } from "../../lib/models/model";
import { modelOf } from "../../lib/notebook/palette";
import { createRandom } from "../../lib/random";
import { gradients } from "../../lib/train/gradients";
import { courseModels } from "../../lib/train/save";
import { copyWeights } from "../../lib/train/weights";
import { learned } from "../claims/worlds";
import { engines } from "../engines";
import golden from "../golden/models.json";
import { expectClose, tableGradient } from "../layers/numeric";
import { setNormalWeights } from "./loops";
import { data, models, noGradient, startAtZero } from "./registry";

const everyRow = Array.from({ length: data.size }, (_, row) => row);
/** A training pass that draws the same numbers each time. */
const training = (): Pass => ({ training: true, random: createRandom("pass") });

describe.each(engines)("on %s", (engine) => {
  beforeAll(async () => void (await useEngine(engine)));

  describe.each(Object.entries(models))("%s", (name, make) => {
    const build = () => make(createRandom("model"));
    const buildNormal = () => {
      const model = build();
      setNormalWeights(model);
      return model;
    };
    const logits = (model: Model, batch = data) => Array.from(tf.tidy(() => model.logits(batch).dataSync()));

    test("gives one finite logit per impression", () => {
      const model = buildNormal();
      expect(tf.tidy(() => model.logits(data).shape)).toEqual([data.size]);
      expect(logits(model).every(Number.isFinite)).toBe(true);
    });

    test("starts with the same weights for the same seed, with others for another", () => {
      const start = (model: Model) =>
        Object.entries(model.weights).map(([name, weight]) => [
          name,
          isTable(weight) ? weight.values : weight.dataSync(),
        ]);
      expect(start(build())).toEqual(start(build()));
      if (!startAtZero.includes(name)) expect(start(make(createRandom("other")))).not.toEqual(start(build()));
    });

    test("can be built again from its config as JSON", () => {
      const model = build();
      const rebuilt = new (model.constructor as new (...args: unknown[]) => Model)(
        JSON.parse(JSON.stringify(model.config)),
        createRandom("model"),
      );
      expect(copyWeights(rebuilt)).toEqual(copyWeights(model));
      expect(logits(rebuilt)).toEqual(logits(model));
    });

    test("leaves no tensor behind", () => {
      const before = tf.memory().numTensors;
      const model = build();
      const built = tf.memory().numTensors;
      model.logits(data).dispose();
      model.logits(data, training()).dispose();
      gradients(model, data, training());
      const more = model as Model & Partial<Pick<DIN, "attentionWeights" | "logitsForOneUser">>;
      more.attentionWeights?.(data).dispose();
      more.logitsForOneUser?.(data.read(Int32Array.of(0, 0))).dispose();
      expect(tf.memory().numTensors, "tensors after logits, gradients and the model's other methods").toBe(built);
      dispose(model);
      expect(tf.memory().numTensors, "tensors after dispose, which frees those that are in weights").toBe(before);
    });

    test("every weight has a gradient", () => {
      const { dense, rows } = gradientsOf(buildNormal(), training());
      for (const [weight, gradient] of [...Object.entries(dense), ...Object.entries(rows)]) {
        if (noGradient[name]?.includes(weight)) continue;
        expect(gradient.every(Number.isFinite), weight).toBe(true);
        expect(Math.max(...Array.from(gradient, Math.abs)), weight).toBeGreaterThan(1e-6);
      }
    });

    test.each(["inference", "training"])("gradients are those of finite differences, in %s", (mode) => {
      const model = buildNormal();
      const pass = () => (mode === "training" ? training() : inference);
      const { dense, rows } = gradientsOf(model, pass());
      for (const [name, weight] of Object.entries(model.weights)) {
        if (!isTable(weight) && !weight.trainable) continue;
        const gradient = isTable(weight) ? rows[name] : dense[name];
        const values = Float32Array.from(isTable(weight) ? weight.values : weight.dataSync());
        const random = createRandom(name);
        const direction = Float32Array.from(values, () => random.normal());
        const slope = (step: number) => {
          const at = (delta: number) => {
            set(weight, values.map((value, i) => value + delta * direction[i]));
            return weightedSum(model, pass());
          };
          return (at(step) - at(-step)) / (2 * step);
        };
        const expected = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
        const tolerance = 5e-3 * Math.max(1, Math.hypot(...gradient));
        // A large step meets the bend of a relu, a small one the end of float32: one of them must agree.
        const agrees = [1e-2, 3e-3, 1e-3].some((step) => Math.abs(slope(step) - expected) < tolerance);
        set(weight, values);
        expect(agrees, name).toBe(true);
      }
    });

    test("a logit does not depend on the other rows, their order or their number", () => {
      const model = buildNormal();
      const expected = logits(model);
      expectClose(everyRow.flatMap((row) => logits(model, data.read(Int32Array.of(row)))), expected);
      const order = [4, 2, 2, 0, 5, 3, 1];
      expectClose(logits(model, data.read(Int32Array.from(order))), order.map((row) => expected[row]));
    });

    test("a logit does not depend on the length or side of the padding", () => {
      const model = buildNormal();
      const expected = logits(model);
      const zeros = (n: number) => new Array<number>(n).fill(0);
      expectClose(
        logits(
          model,
          padded((history, length) => [...zeros(length - history.length), ...history]),
        ),
        expected,
      );
      expectClose(
        logits(
          model,
          padded((history, length) => [...history, ...zeros(length + 3 - history.length)]),
        ),
        expected,
      );
      expectClose(
        logits(
          model,
          padded((history, length) => [...zeros(length + 3 - history.length), ...history, 0, 0]),
        ),
        expected,
      );
    });

    test("row 0 of a table changes nothing, whatever stands in it", () => {
      const model = buildNormal();
      const expected = logits(model);
      for (const weight of Object.values(model.weights)) if (isTable(weight)) weight.values.fill(1e6, 0, weight.dim);
      expect(logits(model)).toEqual(expected);
    });

    test("data with other features than its own are an error, with more they are not", () => {
      const model = build();
      const grown = data.features.map((feature) =>
        feature.kind === "dense" ? feature : { ...feature, vocabSize: feature.vocabSize + 1 },
      );
      const more = [sparseFeature("more", 2), ...data.features];
      expect(() => model.logits(new Impressions({ ...data, features: grown }))).toThrow(
        / with vocabSize \d in the data, expected .* Encode the data/,
      );
      expect(() => model.logits(new Impressions({ ...data, features: [] }))).toThrow(
        / is missing in the data, expected .* Encode the data/,
      );
      expect(
        logits(
          model,
          new Impressions({ ...data, features: more, columns: { ...data.columns, more: new Int32Array(data.size) } }),
        ),
      ).toEqual(logits(model));
    });

    test("an impression with no id at all has a finite logit", () => {
      const columns = Object.fromEntries(
        data.features.map((feature) => [feature.name, data.columns[feature.name].map(() => 0)]),
      );
      const nothing = new Impressions({ features: data.features, columns, labels: data.labels });
      expect(logits(buildNormal(), nothing).every(Number.isFinite)).toBe(true);
    });
  });
});

/** The classes of lib/models, each with its file and the names it has in models above. */
async function classesOfModels(): Promise<{ name: string; file: string; names: string[] }[]> {
  const files = fs.readdirSync("lib/models").filter((name) => name !== "model.ts");
  const made = Object.entries(models).map(([name, make]) => [name, make(createRandom("model")).constructor] as const);
  const classes = await Promise.all(files.map(async (file) => {
    const module = (await import(path.resolve("lib/models", file))) as Record<string, unknown>;
    return Object.values(module).filter(isModelClass).map((one) => ({ one, file }));
  }));
  return classes.flat().map(({ one, file }) => ({
    name: one.name,
    file,
    names: made.filter(([, other]) => other === one).map(([name]) => name),
  }));
}

function isModelClass(value: unknown): value is { name: string } {
  return typeof value === "function" && "logits" in (value.prototype ?? {});
}

/** The options of the model in the file. */
function optionsOf(file: string): string[] {
  const [, names] = /^const optionNames: .*? = \{([^}]*)\}/m.exec(fs.readFileSync(`lib/models/${file}`, "utf8"))!;
  return Array.from(names.matchAll(/(\w+): true/g), ([, name]) => name);
}

test("every class of lib/models is tested here, and has all else that a model of the course has", async () => {
  const classes = await classesOfModels();
  expect(classes.length).toBeGreaterThan(13);
  const worlds = new Set(learned.filter(({ expected }) => "atMost" in expected).flatMap(({ models }) => models));
  const within = (names: Iterable<string>) => (name: string) =>
    [...names].some((other) => other === name || other.startsWith(`${name} `) || other.startsWith(`${name},`));
  const has: Record<string, (name: string) => boolean> = {
    "values in test/golden/models.py and models.test.ts": within(Object.keys(golden)),
    "a world that it must learn, in test/claims/worlds.ts": within(worlds),
    "a look in lib/notebook/palette.ts": (name) => modelOf(name) !== undefined,
  };
  const missing = classes.flatMap(({ name, file, names }) => [
    ...(fs.existsSync(`test/models/${file.replace(".ts", ".test.ts")}`)
      ? []
      : [`${name}: its equation in plain loops, in test/models/${file.replace(".ts", ".test.ts")}`]),
    ...optionsOf(file).flatMap((option) =>
      option === "deviation" || names.some((name) => option in models[name](createRandom("model")).config)
        ? []
        : [`${name}: a model in test/models/registry.ts with its option ${option}`],
    ),
    ...(names.length === 0 ? [`${name}: a line in test/models/registry.ts`] : []),
    ...(name in courseModels ? [] : [`${name}: a line in courseModels of lib/train/save.ts`]),
    ...Object.entries(has).flatMap(([what, found]) => (names.some(found) ? [] : [`${name}: ${what}`])),
  ]);
  expect(missing, "what models of lib/models lack").toEqual([]);
});

const withEmbeddings = Object.entries(models).filter(([name]) => !startAtZero.includes(name));

test.each(withEmbeddings)("%s: its embeddings start with the deviation that its comment says, 0.1", (_, make) => {
  const { config, constructor } = make(createRandom("model"));
  const large = JSON.stringify({ ...config, deviation: undefined }).replace(/"vocabSize":\d+/g, '"vocabSize":500');
  const model = new (constructor as new (...args: unknown[]) => Model)(JSON.parse(large), createRandom("model"));
  const drawn = Object.values(model.weights)
    .filter(isTable)
    .map(({ values, dim }) => values.subarray(dim))
    .filter((values) => values.some((value) => value !== 0));
  expect(drawn.length).toBeGreaterThan(0);
  for (const values of drawn)
    expect(Math.abs(Math.hypot(...values) / Math.sqrt(values.length) - 0.1)).toBeLessThan(0.016); // few numbers
});

test("every MLP knows a training step: dropout acts in it, and in no other pass", () => {
  const logits = (model: Model, pass: Pass) => tf.tidy(() => model.logits(data, pass).dataSync());
  const names = Object.entries(models).flatMap(([name, make]) => {
    const { config, constructor } = make(createRandom("model")) as Model & { config: { mlp?: MLPConfig } };
    if (!config.mlp) return [];
    const { units } = config.mlp;
    const [plain, dropping] = [0, 0.5].map((dropout) =>
      new (constructor as new (...args: unknown[]) => Model)({ ...config, mlp: { units, dropout } }, createRandom("model")),
    );
    expect(logits(dropping, inference), name).toEqual(logits(plain, inference));
    expect(logits(dropping, training()), name).not.toEqual(logits(plain, training()));
    return [name];
  });
  expect(names.length).toBeGreaterThan(10);
});

test.each(withEmbeddings)("%s: no two of its weights start from the same random numbers", (_, make) => {
  const { weights } = make(createRandom("model"));
  const starts = new Map<string, string>(); // by the first numbers, as multiples of the very first
  for (const [name, weight] of Object.entries(weights)) {
    const values = isTable(weight) ? weight.values.subarray(weight.dim) : weight.dataSync();
    const [first, ...others] = values.slice(0, 3);
    if (others.length < 2 || others.every((value) => value === first)) continue; // not random
    const start = others.map((value) => (value / first).toFixed(3)).join(" ");
    const message = `the weight that starts like ${name}: give each a random.child of its own`;
    expect(starts.get(start), message).toBe(undefined);
    starts.set(start, name);
  }
});

test.each(withEmbeddings)("%s: its dense weights start the same however many ids there are", (_, make) => {
  const { config, constructor, weights } = make(createRandom("model"));
  const larger = JSON.parse(JSON.stringify(config).replace(/"vocabSize":(\d+)/g, '"vocabSize":1$1'));
  const other = new (constructor as new (...args: unknown[]) => Model)(larger, createRandom("model"));
  for (const [name, weight] of Object.entries(weights)) {
    if (isTable(weight)) continue;
    const start = (other.weights[name] as tf.Variable).dataSync();
    expect(start, `${name}: draw it from a random.child of its own`).toEqual(weight.dataSync());
  }
});

const mix = [1, -2, 0.5, 1.5, -1, 2];

/** Σ mix[row] · logit[row]: a number that depends on every logit and saturates nowhere. */
function weightedSum(model: Model, pass: Pass): number {
  return tf.tidy(() =>
    Array.from(model.logits(data, pass).dataSync()).reduce((sum, logit, row) => sum + mix[row] * logit, 0),
  );
}

/** Gradients of that sum, each of its weight's size. */
function gradientsOf(
  model: Model,
  pass: Pass,
): { dense: Record<string, Float32Array>; rows: Record<string, Float32Array> } {
  const dense: Record<string, Float32Array> = {};
  const rows: Record<string, Float32Array> = {};
  tf.tidy(() => {
    const variables = Object.values(model.weights).map((weight) => (isTable(weight) ? weight.anchor : weight));
    const { grads } = tf.variableGrads(
      () => model.logits(data, pass).mul(mix).sum() as tf.Scalar,
      variables.filter(({ trainable }) => trainable),
    );
    for (const [name, weight] of Object.entries(model.weights)) {
      if (!isTable(weight)) {
        if (!weight.trainable) continue;
        const gradient = grads[weight.name] as tf.Tensor | undefined;
        expect(gradient, `the gradient of ${name}: the logits do not depend on it`).toBeDefined();
        dense[name] = gradient!.dataSync() as Float32Array;
        continue;
      }
      rows[name] = Float32Array.from(tableGradient(weight.takeGradients(), weight));
    }
  });
  return { dense, rows };
}

function set(weight: Model["weights"][string], values: Float32Array): void {
  if (isTable(weight)) weight.values.set(values);
  else tf.tidy(() => weight.assign(tf.tensor(values, weight.shape)));
}

/** The batch with every sequence padded anew, given its ids without the padding and its length with it. */
function padded(pad: (history: number[], length: number) => number[]): Impressions {
  const columns: Record<string, Int32Array | Float32Array> = {};
  const features = data.features.map((feature): Feature => {
    const column = data.columns[feature.name];
    columns[feature.name] = column;
    if (feature.kind !== "sequence") return feature;
    const rows = everyRow.map((row) => {
      const history = Array.from(column.subarray(row * feature.maxLength, (row + 1) * feature.maxLength));
      while (history[history.length - 1] === 0) history.pop();
      return pad(history, feature.maxLength);
    });
    columns[feature.name] = Int32Array.from(rows.flat());
    return { ...feature, maxLength: rows[0].length };
  });
  return new Impressions({ features, columns, labels: data.labels });
}
