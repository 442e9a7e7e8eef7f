import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { useEngine } from "../../lib/engine";
import { gradients } from "../../lib/train/gradients";
import { meanLogLoss } from "../../lib/train/loss";
import { tableGradient } from "../layers/numeric";
import { toyImpressions, toyModel } from "./toy";

beforeAll(() => useEngine("wasm"));

const logits = [-2, -0.5, 0, 0.3, 4];
const labels = [1, 0, 1, 0, 1];

function plainLoss(s: number[], y: number[]): number {
  return (
    -s.reduce(
      (sum, value, i) =>
        sum + y[i] * Math.log(1 / (1 + Math.exp(-value))) + (1 - y[i]) * Math.log(1 - 1 / (1 + Math.exp(-value))),
      0,
    ) / s.length
  );
}

describe("mean log loss", () => {
  it("is −mean( y ln p + (1 − y) ln(1 − p) )", () => {
    expect(meanLogLoss(tf.tensor1d(logits), labels).dataSync()[0]).toBeCloseTo(plainLoss(logits, labels), 6);
  });

  it("has the gradient (p − y) / batch, times what comes from above", () => {
    const gradient = tf.grad((s) => meanLogLoss(s as tf.Tensor1D, labels).mul(3))(tf.tensor1d(logits)).dataSync();
    logits.forEach((s, i) => expect(gradient[i]).toBeCloseTo((3 * (1 / (1 + Math.exp(-s)) - labels[i])) / 5, 6));
  });

  it("is with weights Σ w loss / batch, not / Σ w, with the gradient w (p − y) / batch", () => {
    const weights = [3, 0, 1, 0.5, 4];
    const losses = logits.map((s, i) => weights[i] * plainLoss([s], [labels[i]]));
    const loss = (s: tf.Tensor) => meanLogLoss(s as tf.Tensor1D, labels, weights);
    const { value, grad } = tf.valueAndGrad(loss)(tf.tensor1d(logits));
    expect((value as tf.Tensor).dataSync()[0]).toBeCloseTo(losses.reduce((sum, l) => sum + l) / 5, 5);
    const expected = logits.map((s, i) => (weights[i] * (1 / (1 + Math.exp(-s)) - labels[i])) / 5);
    expect(Array.from(grad.dataSync())).toEqual(expected.map((g) => expect.closeTo(g, 6) as number));
  });

  it("stays finite where exp overflows, with the gradient of a wrong and of a right answer", () => {
    const s = tf.tensor1d([1e4, -1e4, 1e4]);
    const y = [0, 1, 1];
    expect(meanLogLoss(s, y).dataSync()[0]).toBeCloseTo(2e4 / 3, 1);
    expect(
      Array.from(
        tf
          .grad((x) => meanLogLoss(x as tf.Tensor1D, y))(s)
          .dataSync(),
      ),
    ).toEqual([Math.fround(1 / 3), -Math.fround(1 / 3), 0]);
  });
});

describe("gradients", () => {
  it("agree with finite differences for every number of a model", () => {
    const model = toyModel(1, 1);
    const batch = toyImpressions(12);
    const loss = () => plainLoss(Array.from(model.logits(batch).dataSync()), Array.from(batch.labels));
    const { rows, dense, loss: reported } = gradients(model, batch);
    expect(reported).toBeCloseTo(loss(), 5);
    /** The slope of the loss, from its values a step above and below a number's own. */
    const slope = (value: number, assign: (value: number) => void, step = 0.01) => {
      const at = (moved: number) => (assign(moved), loss());
      const difference = at(value + step) - at(value - step);
      assign(value);
      return difference / (2 * step);
    };
    for (const name of ["linear", "factors"] as const) {
      const { values, dim } = model[name];
      const summed = tableGradient(rows[name], model[name]);
      for (let i = dim; i < values.length; i++) {
        expect(summed[i]).toBeCloseTo(slope(values[i], (value) => (values[i] = value)), 3);
      }
    }
    const { bias } = model;
    const ofBias = slope(bias.dataSync()[0], (value) => tf.tidy(() => bias.assign(tf.fill(bias.shape, value))));
    expect(dense.bias[0]).toBeCloseTo(ofBias, 3);
  });

  it("leave no tensor behind", () => {
    const model = toyModel();
    const batch = toyImpressions(12);
    gradients(model, batch);
    const before = tf.memory().numTensors;
    gradients(model, batch);
    expect(tf.memory().numTensors).toBe(before);
  });
});
