import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Impressions, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { DIN } from "../../lib/models/din";
import { FM } from "../../lib/models/fm";
import { createRandom } from "../../lib/random";
import { evaluate } from "../../lib/train/evaluate";
import { fit } from "../../lib/train/fit";
import { gradients } from "../../lib/train/gradients";
import { countOccurrences } from "../../lib/train/occurrences";
import { predict, predictForOneUser, probabilities } from "../../lib/train/predict";
import { save } from "../../lib/train/save";
import { setNormalWeights } from "../models/loops";
import { data, features, options, toyImpressions, toyModel, train, validation } from "./toy";

beforeAll(() => useEngine("wasm"));

describe("predict", () => {
  it("gives the same logits whatever the size of its batches", async () => {
    const model = toyModel(1, 1);
    const whole = model.logits(data).dataSync();
    for (const batchSize of [1, 7, 4096]) {
      (await predict(model, data, batchSize)).forEach((logit, i) => expect(logit).toBeCloseTo(whole[i], 5));
    }
    await expect(predict(model, data, 0)).rejects.toThrow("batchSize is 0");
  });
});

const uses: [string, (model: FM) => Promise<unknown>][] = [
  ["predict", (model) => predict(model, data, 10)],
  ["predictForOneUser", (model) => predictForOneUser(model, data, 10)],
  ["evaluate", (model) => evaluate(model, data, 10)],
  ["countOccurrences", (model) => countOccurrences(model, data)],
];

describe("a model whose logits has no tf.tidy", () => {
  class Untidy extends FM {
    override logits(batch: Impressions) {
      return this.index.lookup(this.factors, batch).sum(2).sum<tf.Tensor1D>(1).add<tf.Tensor1D>(this.bias);
    }
    logitsForOneUser(batch: Impressions) {
      return this.logits(batch);
    }
  }

  it.each(uses)("leaves no tensor behind in %s", async (_, use) => {
    const model = new Untidy({ features, embeddingDim: 3 }, createRandom(1));
    const tensors = tf.memory().numTensors;
    await use(model);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe("a model whose logits is async", () => {
  it.each(uses)("is refused in %s", async (_, use) => {
    const model = new FM({ features, embeddingDim: 3 }, createRandom(1));
    const logits = model.logits.bind(model);
    model.logits = (async (batch: Impressions) => logits(batch)) as never;
    await expect(use(model)).rejects.toThrow("FM.logits gave Promise, expected a tensor, not a promise of one");
  });
});

describe("predictForOneUser", () => {
  const own = [sparseFeature("item", 9), sequenceFeature("history", 9, 3, "item")];
  const behaviours = [{ candidate: ["item"], history: ["history"] }];
  const request = (second: number) =>
    new Impressions({
      features: own,
      columns: { item: Int32Array.of(1, 2, 3), history: Int32Array.of(4, 5, 0, 4, second, 0, 4, 5, 0) },
      labels: new Float32Array(3),
    });
  const din = new DIN({ features: own, behaviours, embeddingDim: 3, mlp: { units: [4] } }, createRandom(1));

  it("looks a history up once, and gives the logits of predict", async () => {
    setNormalWeights(din);
    const wanted = await predict(din, request(5));
    const whole = vi.spyOn(din, "logits");
    onTestFinished(() => whole.mockRestore());
    const tensors = tf.memory().numTensors;
    for (const batchSize of [2, 4096])
      (await predictForOneUser(din, request(5), batchSize)).forEach((logit, i) =>
        expect(logit).toBeCloseTo(wanted[i], 3),
      );
    expect(tf.memory().numTensors).toBe(tensors);
    expect(whole).not.toHaveBeenCalled();
    await expect(predictForOneUser(din, request(5), 0)).rejects.toThrow("batchSize is 0");
    await expect(predictForOneUser(din, request(6))).rejects.toThrow("row 1 and row 0 have different histories");
  });

  it("of a model that knows no such way gives the logits of predict", async () => {
    const model = toyModel(1, 1);
    expect(await predictForOneUser(model, data)).toEqual(await predict(model, data));
  });
});

describe("probabilities", () => {
  it("are those of the logits, and stay within 0 and 1 for the largest", () => {
    expect(Array.from(probabilities(Float32Array.of(0, Math.log(3), -Math.log(3))), (p) => p.toFixed(6))).toEqual([
      "0.500000",
      "0.750000",
      "0.250000",
    ]);
    expect(Array.from(probabilities([1e4, -1e4]))).toEqual([1, 0]);
  });

  it("of what predict has only promised are refused", async () => {
    const promised = predict(toyModel(), train);
    expect(() => probabilities(promised as never)).toThrow("expected an array of numbers. Is an await missing before predict?");
    await promised;
    expect(() => probabilities(null as never)).toThrow(/^logits is null, expected an array of numbers$/);
  });
});

describe("a model that is being trained, where an await is missing", () => {
  const message = "the model is being trained, expected one whose training is over. Is an await missing before fit?";

  it("is refused from the next line on, and free again when the training is over", async () => {
    const model = toyModel();
    const training = fit(model, train, options);
    const uses = [
      () => fit(model, train, options),
      () => predict(model, train),
      () => predictForOneUser(model, train),
      () => evaluate(model, train),
      async () => save(model, "nowhere"),
    ];
    for (const use of uses) await expect(use()).rejects.toThrow(message);
    await expect(predict(toyModel(), train)).resolves.toHaveLength(train.size); // another one
    expect((await training).epochs.length).toBe(3);
    await expect(predict(model, train)).resolves.toHaveLength(train.size);
    await expect(fit(model, train, { ...options, epochs: 0 })).rejects.toThrow("epochs is 0");
    await expect(predict(model, train)).resolves.toHaveLength(train.size);
  });

  it("may be looked at by the callbacks of its training, also while they train another", async () => {
    const model = toyModel();
    const scores: number[] = [];
    const look = async () => void scores.push((await evaluate(model, validation)).auc);
    const onEpoch = async () => {
      await look();
      await fit(toyModel(), train, { ...options, epochs: 1, callbacks: [{ onEpoch: look }] });
    };
    await fit(model, train, { ...options, epochs: 2, callbacks: [{ onEpoch }] });
    expect(scores).toHaveLength(4);
  });
});

describe("a model that gives something else than one logit per impression", () => {
  class Bad extends FM {
    constructor(private readonly change: (logits: tf.Tensor1D) => tf.Tensor) {
      super({ features, embeddingDim: 3 }, createRandom(1));
    }
    override logits(batch: Impressions) {
      return tf.tidy(() => this.change(super.logits(batch))) as tf.Tensor1D;
    }
  }

  it.each<[string, (logits: tf.Tensor1D) => tf.Tensor, string]>([
    ["one for all", (logits) => logits.mean(), ""],
    ["a column", (logits) => logits.expandDims(1), "60, 1"],
    ["two of each", (logits) => tf.concat([logits, logits]), "120"],
  ])("is named: %s", async (_, change, shape) => {
    const model = new Bad(change);
    const message = `Bad.logits gave the shape [${shape}], expected [60], one logit per impression`;
    const some = toyImpressions(60);
    const tensors = tf.memory().numTensors;
    await expect(predict(model, some)).rejects.toThrow(message);
    await expect(evaluate(model, some)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(() => gradients(model, some)).toThrow(message);
    await expect(fit(model, some, { ...options, batchSize: 60 })).rejects.toThrow(message);
  });

  it("is named where nothing leads from its weights to its logits", () => {
    const cut = new Bad((logits) => tf.tensor1d(logits.dataSync()));
    expect(() => gradients(cut, toyImpressions(60))).toThrow(
      "Bad.logits does not depend on Bad.weights in a way that has a gradient",
    );
  });
});
