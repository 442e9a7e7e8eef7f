import * as tf from "@tensorflow/tfjs";
import * as os from "node:os";
import * as path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { Impressions, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import type { MovieLens } from "../../lib/data/movielens";
import { type TextColumn, textsAt } from "../../lib/data/raw";
import { useEngine } from "../../lib/engine";
import { DNN } from "../../lib/models/dnn";
import { dispose } from "../../lib/models/model";
import { trial as trial03, validationCurve } from "../../lib/notebook/trials/03";
import { makeWorld, partsLearned, trial as trial04 } from "../../lib/notebook/trials/04";
import { trial as trial05, withGoods, withHistory } from "../../lib/notebook/trials/05";
import { activate, batchSize, forget, longTail, overfit, rowLengths } from "../../lib/notebook/trials/06";
import {
  calibrationByPeople, films, filmShares, historyLength, prepare, trial as trial07, withAllClicks,
} from "../../lib/notebook/trials/07";
import { createRandom } from "../../lib/random";
import { evaluate } from "../../lib/train/evaluate";
import { fit } from "../../lib/train/fit";
import { auc } from "../../lib/train/metrics/auc";
import { calibrationTable } from "../../lib/train/metrics/calibration";
import { adam } from "../../lib/train/optimizers";
import type { TrialResult } from "../../lib/train/trial";

beforeAll(() => useEngine("wasm"));

describe("a name that no trial knows", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["a model of 03", () => trial03({ world: "field-aware", model: "DIN" as never }, 1), /no model .*"DIN".*"FNN from FM"$/],
    ["a world of 03", () => trial03({ world: "triples" as never, model: "FM" }, 1), /no world .*"third order"$/],
    ["a model of 04", () => trial04({ world: "both", model: "PNN" as never }, 1), /no model .*"PNN".*"DeepFM 2V"$/],
    ["a world of 04", () => trial04({ world: "triple" as never, model: "FM" }, 1), /no world .*"triples", "both"$/],
    ["a world of 05", () => trial05("interest" as never, {}, 1), /no world .*"interests", "intensity"$/],
    ["a model of 07", () => trial07({ model: "KPNN" as "LR", learningRate: 0.01 }, 1), /no model .*"KPNN".*"FNN"$/],
    ["what every object has", () => makeWorld("toString" as never, 1), /no world .*"toString"/],
  ])("is named, with the known ones: %s", async (_, run, message) => {
    await expect(async () => run()).rejects.toThrow(message);
  });
});

describe("the notebooks' trials, of which one process runs many", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["an FNN on a trained FM", () => trial03({ world: "second order", model: "FNN from FM", epochs: 1 }, 1)],
    ["a curve", () => validationCurve({ world: "second order", model: "FM", epochs: 1 }, 1)],
    ["a model in a planted world", () => trial04({ world: "both", model: "FM" }, 1)],
    ["DeepFM's parts", () => partsLearned("DeepFM", 1)],
    ["DIN", () => trial05("intensity", { pooling: "sum" }, 1)],
    ["overfitting", () => overfit({}, 1, 1)],
    ["lengths of rows", () => rowLengths({}, 1)],
    ["what is forgotten", () => forget("layers", 1, 1)],
    ["activations", () => activate("prelu", 1, 0)],
  ])("leave no tensor behind: %s", async (_, run) => {
    const tensors = tf.memory().numTensors;
    await run();
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

it("goods have one id for each pair of category and brand, and padding stays padding", () => {
  const { features, columns } = withGoods(
    new Impressions({
      features: [
        sparseFeature("category", 4),
        sparseFeature("brand", 3),
        sequenceFeature("clickedCategories", 4, 3, "category"),
        sequenceFeature("clickedBrands", 3, 3, "brand"),
      ],
      columns: {
        category: Int32Array.of(1, 3),
        brand: Int32Array.of(2, 2),
        clickedCategories: Int32Array.of(1, 2, 0, 3, 0, 0),
        clickedBrands: Int32Array.of(1, 1, 0, 2, 0, 0),
      },
      labels: new Float32Array(2),
    }),
  );
  expect([...columns.goods]).toEqual([2, 6]);
  expect([...columns.clickedGoods]).toEqual([1, 3, 0, 6, 0, 0]);
  expect(features.slice(4)).toEqual([sparseFeature("goods", 7), sequenceFeature("clickedGoods", 7, 3, "goods")]);
});

describe("a network that forgets", () => {
  it("learns the same as every other in the first epoch, not in the second", async () => {
    const found: number[][] = [];
    for (const part of ["nothing", "items", "layers"] as const) found.push(await forget(part, 1, 2));
    expect([0, 1].map((epoch) => new Set(found.map((scores) => scores[epoch])).size)).toEqual([1, 3]);
  });

  it("begins again with the rows of the items and no others", async () => {
    const { train, validation } = longTail(1);
    const shape = { features: train.features, embeddingDim: 8, mlp: { units: [32, 16] } };
    const model = new DNN(shape, createRandom(1));
    const { values, dim } = model.embeddings;
    const start = values.slice();
    const slot = train.features.findIndex(({ name }) => name === "item");
    const learn = (seed: number) =>
      fit(model, train, { epochs: 1, batchSize, optimizer: adam({ learningRate: 0.02 }), seed });
    await learn(3);
    const rows = model.index.ids(train);
    for (let at = slot; at < rows.length; at += train.features.length)
      values.set(start.subarray(rows[at] * dim, (rows[at] + 1) * dim), rows[at] * dim);
    await learn(4);
    expect((await forget("items", 1, 2))[1]).toBe((await evaluate(model, validation)).auc);
    dispose(model);
  });
});

describe("the data of the film trial", () => {
  let data: MovieLens;
  beforeAll(async () => {
    vi.stubEnv("CTR_DATA", path.join(os.tmpdir(), "no-such-cache")); // the planted films, which take a second
    ({ data } = await films());
    vi.unstubAllEnvs();
  });

  it("are the newest ratings for seed 1, one test part older for each next seed, and as many as asked for", async () => {
    const oldestFirst = Array.from(data.times!.keys()).sort((a, b) => data.times![a] - data.times![b] || a - b);
    for (const [seed, share] of [[1, 0.24], [2, 0.24], [2, 0.6]]) {
      const size = Math.round(share * data.size);
      const end = data.size - (seed - 1) * Math.round(size / 6);
      const { train, validation, test } = (await prepare("time", "past", seed, share)).split;
      expect([...train, ...validation, ...test].sort((a, b) => a - b), `${seed} ${share}`).toEqual(
        oldestFirst.slice(end - size, end).sort((a, b) => a - b),
      );
      expect(Math.max(...Array.from(train, (row) => data.times![row]))).toBeLessThanOrEqual(data.times![test[0]]);
    }
    await expect(prepare("time", "past", 6, 0.6)).rejects.toThrow("no window that early");
  });

  it("has, with the fault on purpose, each user's newest clicks of the whole data, oldest first", () => {
    const { history, item } = withAllClicks(data).columns as Record<string, TextColumn>;
    for (const row of [0, 100, data.size - 1]) {
      const clicked = Array.from(data.labels.keys()).filter((i) => data.labels[i] === 1);
      const own = clicked.filter((i) => data.users![i] === data.users![row]);
      const newest = own.sort((a, b) => data.times![a] - data.times![b]).slice(-historyLength);
      expect(textsAt(history, row)).toEqual(newest.flatMap((i) => textsAt(item, i)));
    }
  });

  it("leaves what the judged model says about the validation rows, at its best epoch and not at its last", async () => {
    const settings = { model: "FM", learningRate: 0.1, epochs: 8, patience: 8 } as const;
    const { validation, validationLogits, bestEpoch } = await trial07(settings, 1);
    const { impressions, split } = await prepare("time", "past", 1);
    expect(bestEpoch).toBeLessThan(8);
    expect(auc(validationLogits, impressions.read(split.validation).labels)).toBe(validation);
  });

  it("tells an anonymous model nothing of the user: all rows of a film have the same logit", async () => {
    const logitsOfFilms = async (anonymous: boolean) => {
      const { answers } = await trial07({ model: "LR", learningRate: 0.01, epochs: 1, anonymous }, 1);
      const { impressions, split } = await prepare("time", "past", 1);
      return new Set(Array.from(split.test, (row, i) => `${impressions.columns.item[row]} ${answers.logits[i]}`)).size;
    };
    const { impressions, split } = await prepare("time", "past", 1);
    const shown = new Set(Array.from(split.test, (row) => impressions.columns.item[row])).size;
    expect(await logitsOfFilms(true)).toBe(shown);
    expect(await logitsOfFilms(false)).toBeGreaterThan(shown);
  });

  it("refuses to leave out what Wide & Deep crosses", async () => {
    const settings = { model: "Wide & Deep", learningRate: 0.01, anonymous: true } as const;
    await expect(trial07(settings, 1)).rejects.toThrow(/crosses age, gender and occupation. Take another/);
  });

  it("gives a film its share of clicks in training, mixed with `doubt` impressions of the usual share", async () => {
    const prepared = await prepare("time", "past", 1);
    const { split, impressions } = prepared;
    const film = (row: number) => impressions.columns.item[row];
    const usual = Array.from(split.train, (row) => data.labels[row]).reduce((a, b) => a + b) / split.train.length;
    const shares = filmShares(prepared, "test", 5);
    for (const i of [0, 50, 100]) {
      const shown = Array.from(split.train).filter((row) => film(row) === film(split.test[i]));
      const liked = shown.filter((row) => data.labels[row] === 1).length;
      expect(1 / (1 + Math.exp(-shares[i]))).toBeCloseTo((liked + 5 * usual) / (shown.length + 5), 5);
    }
  });
});

it("calibration by people draws people with all of their rows, as plain loops do", () => {
  // 200 rows, with ties. All of the lowest 20 are of one person, whom some draws lack.
  const random = createRandom(5);
  const logits = Float32Array.from({ length: 200 }, (_, row) => (row < 20 ? -9 : random.integer(60) / 10 - 3));
  const labels = Float32Array.from(logits, (z) => (random.uniform() < 1 / (1 + Math.exp(-z / 2)) ? 1 : 0));
  labels.set([1, 0, 1]);
  const users = Int32Array.from(logits, (_, row) => (row < 20 ? 70 : 71 + random.integer(14)));
  const found = calibrationByPeople({ answers: { logits, labels, users } } as TrialResult);

  const groups = calibrationTable(logits, labels);
  const rows = Array.from(logits.keys()).sort((a, b) => logits[a] - logits[b] || a - b);
  const people: number[] = []; // in this order, or the same draws draw others
  for (const row of rows) if (!people.includes(users[row])) people.push(users[row]);
  const draw = createRandom(1).child("people");
  const draws = Array.from({ length: 400 }, () => people.map(() => people[draw.integer(people.length)]));
  let start = 0;
  groups.forEach((group, g) => {
    const own = rows.slice(start, (start += group.count));
    const shares: number[] = [];
    for (const drawn of draws) {
      let [shown, clicks] = [0, 0];
      for (const person of drawn)
        for (const row of own)
          if (users[row] === person) {
            shown++;
            clicks += labels[row];
          }
      if (shown > 0) shares.push(clicks / shown);
    }
    // A fortieth of the shares lies below the interval, and one above.
    shares.sort((a, b) => a - b);
    const out = Math.round((shares.length - 1) / 40);
    const counts = people.map((person) => own.filter((row) => users[row] === person).length);
    expect(found[g], `group ${g}`).toEqual(
      { ...group, low: shares[out], high: shares[shares.length - 1 - out], ofOne: Math.max(...counts) },
    );
  });
  expect(found).toHaveLength(groups.length);
  expect(found[0]).toMatchObject({ count: 20, ofOne: 20, low: found[0].observed, high: found[0].observed });
  expect(found[5].high - found[5].low).toBeGreaterThan(0.1);
});

it("a history cut short keeps its newest behaviours, in their order", () => {
  const features = [sequenceFeature("clicked", 9, 4)];
  const columns = { clicked: Int32Array.of(1, 2, 3, 0, 4, 5, 6, 7, 8, 0, 0, 0) };
  const short = withHistory(new Impressions({ features, columns, labels: new Float32Array(3) }), 2);
  expect([...short.columns.clicked]).toEqual([2, 3, 6, 7, 8, 0]);
});
