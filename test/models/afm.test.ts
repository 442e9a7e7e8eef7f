import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import { AFM } from "../../lib/models/afm";
import { FM } from "../../lib/models/fm";
import { numParameters } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { expectClose } from "../layers/numeric";
import { dot, firstOrder, perImpression, presentIds, relu, setNormalWeights, vector } from "./loops";
import { data, ids } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

const config = { features: ids, embeddingDim: 3, attentionUnits: 4 };

test("logits are those of the loops, with a softmax over the pairs that exist", () => {
  const model = new AFM(config, createRandom(1));
  const values = setNormalWeights(model);
  const expected = perImpression(data, (i) => {
    const present = presentIds(data, i, ids);
    const pairs: number[][] = []; // vᵢ ⊙ vⱼ
    for (let a = 0; a < present.length; a++) {
      for (let b = a + 1; b < present.length; b++) {
        const [vi, vj] = [a, b].map((at) => vector(values["factors"], present[at].row, 3));
        pairs.push(vi.map((x, d) => x * vj[d]));
      }
    }
    const scores = pairs.map((pair) => {
      const hidden = [0, 1, 2, 3].map((u) =>
        relu(values["attentionBias"][u] + pair.reduce((sum, x, d) => sum + x * values["attention"][d * 4 + u], 0)),
      );
      return dot(hidden, values["attentionOutput"]);
    });
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    return (
      firstOrder(values, present) +
      pairs.reduce((sum, pair, n) => sum + (Math.exp(scores[n]) / total) * dot(values["projection"], pair), 0)
    );
  });
  expectClose(model.logits(data), expected);
});

test("with uniform attention, times the number of pairs, it is FM", () => {
  const fm = new FM({ features: ids, embeddingDim: 3 }, createRandom(1));
  setNormalWeights(fm);
  const afm = new AFM(config, createRandom(1));
  afm.linear.values.set(fm.linear.values);
  afm.factors.values.set(fm.factors.values);
  afm.bias.assign(fm.bias);
  afm.attentionOutput.assign(tf.zeros([4, 1])); // all scores equal
  const first = perImpression(data, (i) =>
    firstOrder(
      { bias: Array.from(fm.bias.dataSync()), linear: Array.from(fm.linear.values) },
      presentIds(data, i, ids),
    ),
  );
  const pairsOf = (i: number) => { const n = presentIds(data, i, ids).length; return (n * (n - 1)) / 2; };
  const scaled = Array.from(afm.logits(data).dataSync()).map((logit, i) => first[i] + (logit - first[i]) * pairsOf(i));
  expectClose(scaled, fm.logits(data).dataSync());
});

test("attention starts like an MLP with one hidden layer: W from N(0, 2 / k), h from N(0, 1 / its length)", () => {
  const { attention, attentionOutput } = new AFM({ ...config, attentionUnits: 5000 }, createRandom(1));
  const deviation = (weight: tf.Variable) => Math.hypot(...weight.dataSync()) / Math.sqrt(weight.size);
  expect(deviation(attention) / Math.sqrt(2 / 3)).toBeCloseTo(1, 1);
  expect(deviation(attentionOutput) / Math.sqrt(1 / 5000)).toBeCloseTo(1, 1);
});

test("attention weights sum to 1 over the pairs of an impression, and are 0 where an id is missing", () => {
  const model = new AFM(config, createRandom(1));
  setNormalWeights(model);
  const weights = model.attentionWeights(data).arraySync(); // 9 slots: 36 pairs
  weights.forEach((row, i) => {
    const n = presentIds(data, i, ids).length;
    expect(row.filter((weight) => weight !== 0).length).toBe((n * (n - 1)) / 2);
    expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(n < 2 ? 0 : 1, 6);
  });
});

test("dropout of the pairs' sum acts in training only, and only where it is asked for", () => {
  const [model, without] = [
    new AFM({ ...config, pairDropout: 0.5 }, createRandom(1)),
    new AFM(config, createRandom(1)),
  ];
  setNormalWeights(model);
  setNormalWeights(without);
  const training = { training: true, random: createRandom("pass") };
  const logits = without.logits(data).dataSync();
  expect(model.logits(data).dataSync()).toEqual(logits);
  expect(model.logits(data, training).dataSync()).not.toEqual(logits);
  expect(without.logits(data, training).dataSync()).toEqual(logits);
});

test.each([1, 1.5, -1, NaN])("pairDropout %d is an error", (pairDropout) => {
  expect(() => new AFM({ ...config, pairDropout }, createRandom(1))).toThrow(
    `pairDropout is ${pairDropout}, expected a share from 0 to below 1`,
  );
});

test.each([0, 2.5, undefined])("attentionUnits %s are an error that names them", (attentionUnits) => {
  expect(() => new AFM({ ...config, attentionUnits: attentionUnits as number }, createRandom(1))).toThrow(
    `attentionUnits is ${attentionUnits}, expected a whole number from 1 up`,
  );
});

test("the number of parameters is that of the formula", () => {
  expect(numParameters(new AFM(config, createRandom(1)))).toBe(1 + 13 + 13 * 3 + (3 * 4 + 4) + 4 + 3);
});
