import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { useEngine } from "../../lib/engine";
import type { EmbeddingTable } from "../../lib/layers/embedding";
import type { Pass } from "../../lib/layers/layer";
import type { MLPConfig } from "../../lib/layers/mlp";
import { DNN } from "../../lib/models/dnn";
import { FM } from "../../lib/models/fm";
import { Impressions, sparseFeature } from "../../lib/data/impressions";
import type { Model } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { gradients } from "../../lib/train/gradients";
import { adagrad, adam, ftrl, sgd } from "../../lib/train/optimizers";
import { Training, trainStep } from "../../lib/train/step";
import { engines } from "../engines";
import { distance, features, numbers, toyImpressions, toyModel } from "./toy";

/** A logit that is a [2, 1] matrix's first number plus a bias: to see dense weights alone. */
function denseModel(): Model & { matrix: tf.Variable; bias: tf.Variable; average: tf.Variable } {
  const matrix = tf.tidy(() => tf.variable(tf.tensor2d([[3], [4]])));
  const bias = tf.variable(tf.scalar(2));
  const average = tf.variable(tf.scalar(7), false);
  return {
    config: {},
    weights: { matrix, bias, average },
    ...{ matrix, bias, average },
    logits: (batch) =>
      tf.tidy(
        () =>
          tf
            .ones([batch.size])
            .mul(matrix.slice([0, 0], [1, 1]).reshape([]))
            .add(bias) as tf.Tensor1D,
      ),
  };
}

/** −log of the probability of what happened, in doubles. */
function meanLogLossOf(model: Model, batch: Impressions): number {
  const logits = Array.from(model.logits(batch).dataSync());
  return logits.reduce((sum, s, i) => sum + Math.log(1 + Math.exp(batch.labels[i] === 1 ? -s : s)), 0) / batch.size;
}

describe.each(engines)("a training step on %s", (engine) => {
  beforeAll(() => useEngine(engine));

  it("returns the mean log loss before the step, and lowers it", () => {
    const model = toyModel();
    const training = new Training(model, { optimizer: sgd({ learningRate: 0.1 }) });
    const batch = toyImpressions(50);
    const before = gradients(model, batch).loss;
    expect(trainStep(training, batch)).toBe(before);
    expect(gradients(model, batch).loss).toBeLessThan(before);
  });

  it("refuses options that it would not follow", () => {
    const options = { optimizer: adam(), schedule: () => 0.5 };
    expect(() => new Training(toyModel(), options)).toThrow(
      "Training has no option schedule, expected some of optimizer, seed, clipNorm, weightDecay",
    );
  });

  it("leaves no tensor behind", () => {
    const model = toyModel();
    const training = new Training(model, { optimizer: adam(), clipNorm: 1, weightDecay: 0.1 });
    trainStep(training, toyImpressions(50));
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) trainStep(training, toyImpressions(50));
    expect(tf.memory().numTensors).toBe(before);
  });

  it("trains a batch of one impression", () => {
    const model = toyModel();
    const batch = toyImpressions(1);
    const before = trainStep(new Training(model, { optimizer: adagrad({ learningRate: 0.1 }) }), batch);
    expect(before).toBeCloseTo(meanLogLossOf(toyModel(), batch), 6);
    expect(meanLogLossOf(model, batch)).toBeLessThan(before);
  });

  it("updates every row of a batch that has thousands of them, some twice, and no other", () => {
    const [size, rows] = [3000, 2500]; // rows are updated 1024 at a time
    const many = [sparseFeature("id", size + 1)];
    const labels = Float32Array.from({ length: size }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const columns = { id: Int32Array.from({ length: size }, (_, i) => 1 + (i % rows)) };
    const batch = new Impressions({ features: many, columns, labels });
    const model = new FM({ features: many, embeddingDim: 2 }, createRandom(1));
    model.linear.values.forEach((_, row, values) => (values[row] = row / size));
    const expected = model.linear.values.slice();
    const [{ ids, gradient }] = gradients(model, batch).rows.linear;
    ids.forEach((row, i) => (expected[row] -= 100 * gradient[i]));
    trainStep(new Training(model, { optimizer: sgd({ learningRate: 100 }) }), batch);
    model.linear.values.forEach((value, row) => expect(value).toBeCloseTo(expected[row], 5));
  });

  it("draws anew in every step, and the same for the same seed", () => {
    const drawn = (seed: number) => {
      const numbers: number[] = [];
      const model = toyModel();
      const noisy = Object.assign(Object.create(model), {
        logits: (batch: Impressions, { random }: Pass) => (numbers.push(random.uniform()), model.logits(batch)),
      });
      const training = new Training(noisy, { optimizer: adam(), seed });
      for (let step = 0; step < 3; step++) trainStep(training, toyImpressions(5));
      return numbers;
    };
    expect(new Set([...drawn(1), ...drawn(2)]).size).toBe(6);
    expect(drawn(1)).toEqual(drawn(1));
  });

  it("changes nothing when the loss is not finite", () => {
    const model = toyModel();
    model.bias.assign(tf.scalar(NaN));
    const before = numbers(model);
    const training = new Training(model, { optimizer: adam() });
    expect(trainStep(training, toyImpressions(20))).toBeNaN();
    expect(numbers(model)).toEqual(before);
    expect(training.step).toBe(0);
  });

  it.each<Partial<MLPConfig>>([{ activation: "dice" }, { batchNorm: true }])(
    "leaves moving averages as they were when the loss is not finite: %o",
    (kind) => {
      const model = new DNN(
        { features: features.slice(0, 2), embeddingDim: 3, mlp: { units: [4, 4], ...kind } },
        createRandom(1),
      );
      const averages = () =>
        Object.fromEntries(Object.entries(numbers(model)).filter(([name]) => /\/(mean|variance)$/.test(name)));
      const training = new Training(model, { optimizer: adam() });
      const start = averages();
      trainStep(training, toyImpressions(20));
      const [before, tensors] = [averages(), tf.memory().numTensors];
      expect(Object.keys(before)).toHaveLength(4);
      expect(before).not.toEqual(start);
      model.embeddings.values.fill(NaN);
      expect(trainStep(training, toyImpressions(20))).toBeNaN();
      expect(averages()).toEqual(before);
      expect(tf.memory().numTensors).toBe(tensors);
    },
  );

  it("gives each weight the optimizer with the longest fitting name", () => {
    const [rest, factors] = [sgd({ learningRate: 0.1 }), adam()];
    const { optimizers, state, model } = new Training(toyModel(), { optimizer: { "": rest, fac: factors } });
    expect(optimizers).toEqual({ bias: rest, linear: rest, factors });
    expect(optimizers.factors).toBe(factors);
    expect(state.linear).toHaveLength(0);
    expect(state.factors).toHaveLength(2 * (model.weights.factors as EmbeddingTable).values.length);
  });

  it("refuses optimizers by name that leave a weight out or fit none", () => {
    const one = sgd({ learningRate: 0.1 });
    expect(() => new Training(toyModel(), { optimizer: { factors: one } })).toThrow(
      "no optimizer for the weight bias: the names given are factors",
    );
    expect(() => new Training(toyModel(), { optimizer: { "": one, wide: sgd({ learningRate: 1 }) } })).toThrow(
      'no weight is left for the optimizer of "wide"',
    );
    expect(() => new Training(toyModel(), { optimizer: { "": one, wide: one } })).toThrow(
      'no weight is left for the optimizer of "wide"',
    ); // the same one twice
    expect(() => new Training(toyModel(), { optimizer: { "": one, bias: one, linear: one, factors: one } })).toThrow(
      'no weight is left for the optimizer of ""',
    );
  });

  it("refuses options that make no sense", () => {
    expect(() => new Training(toyModel(), { optimizer: adam(), clipNorm: 0 })).toThrow(
      "clipNorm is 0, expected a number above 0",
    );
    for (const weightDecay of [-1, Infinity])
      expect(() => new Training(toyModel(), { optimizer: adam(), weightDecay })).toThrow(
        `weightDecay is ${weightDecay}, expected a number from 0 up`,
      );
  });

  it.each([-0.1, Infinity, NaN])("refuses to go by the factor %d, before anything has changed", (factor) => {
    const training = new Training(toyModel(), { optimizer: adam() });
    expect(() => trainStep(training, toyImpressions(20), factor)).toThrow(
      `the factor for the learning rate is ${factor}, expected a number from 0 up`,
    );
    expect([distance(training.model, toyModel()), training.step]).toEqual([0, 0]);
  });

  it("refuses weight decay of a matrix that FTRL trains, and of no other", () => {
    const optimizer = ftrl({ learningRate: 0.1 });
    expect(() => new Training(denseModel(), { optimizer, weightDecay: 0.1 })).toThrow(
      "weightDecay is 0.1, but matrix is trained by FTRL",
    );
    for (const options of [
      { optimizer, weightDecay: 0 },
      { optimizer: { bias: optimizer, "": adam() }, weightDecay: 0.1 },
    ]) {
      expect(() => new Training(denseModel(), options)).not.toThrow();
    }
  });

  it("applies no gradient of a backward pass that somebody else made before", () => {
    const batch = toyImpressions(20);
    const [model, untouched] = [toyModel(), toyModel()];
    tf.tidy(() => void tf.variableGrads(() => model.logits(batch).sum<tf.Scalar>().mul(100)));
    for (const one of [model, untouched])
      trainStep(new Training(one, { optimizer: sgd({ learningRate: 0.1 }) }), batch);
    expect(distance(model, untouched)).toBe(0);
  });

  it("gives a weight that the batch does not reach a gradient of 0", () => {
    const model = denseModel();
    const { dense } = gradients(
      { ...model, weights: { ...model.weights, unused: tf.variable(tf.zeros([2])) } },
      toyImpressions(4),
    );
    expect(dense.unused).toEqual(Float32Array.of(0, 0));
    expect(Object.keys(dense)).not.toContain("average");
  });
});

describe.each(engines)("clipping on %s", (engine) => {
  beforeAll(() => useEngine(engine));

  it("scales the gradient of dense weights and summed rows together down to the norm, and keeps its direction", () => {
    const batch = toyImpressions(50);
    const start = toyModel(1, 1);
    const moved = (clipNorm?: number) => {
      const model = toyModel(1, 1);
      trainStep(new Training(model, { optimizer: sgd({ learningRate: 1 }), clipNorm }), batch);
      const [before, after] = [numbers(start), numbers(model)];
      return Object.keys(before).flatMap((name) => before[name].map((value, i) => value - after[name][i]));
    };
    const gradient = moved();
    const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
    expect(norm).toBeGreaterThan(0.1);
    moved(0.05).forEach((g, i) => expect(g).toBeCloseTo((gradient[i] * 0.05) / norm, 5));
    moved(norm * 0.8).forEach((g, i) => expect(g).toBeCloseTo(gradient[i] * 0.8, 5));
    expect(moved(norm * 1.01)).toEqual(gradient);
  });

  it("scales a gradient that two weights have in common once", () => {
    const [shared, own] = [0, 1].map((value) => tf.tidy(() => tf.variable(tf.fill([3, 1], value))));
    const x = tf.tidy(() => tf.keep(tf.tensor2d([[1, 2, 3], [4, 5, 6]])));
    const model: Model = {
      config: {},
      weights: { shared, own },
      logits: () => tf.tidy(() => tf.matMul(x, shared.add<tf.Tensor2D>(own)).squeeze<tf.Tensor1D>([1])),
    };
    trainStep(new Training(model, { optimizer: sgd({ learningRate: 1 }), clipNorm: 0.5 }), toyImpressions(2));
    const changes = [...shared.dataSync(), ...own.dataSync().map((value) => value - 1)];
    expect(Math.hypot(...changes)).toBeCloseTo(0.5, 5);
  });
});

describe.each(engines)("weight decay on %s", (engine) => {
  beforeAll(() => useEngine(engine));

  it("shrinks matrices by rate x decay besides the gradient, and no bias, table or moving average", () => {
    const batch = toyImpressions(20);
    const [plain, decayed] = [denseModel(), denseModel()];
    trainStep(new Training(plain, { optimizer: sgd({ learningRate: 0.1 }) }), batch, 0.5);
    trainStep(new Training(decayed, { optimizer: sgd({ learningRate: 0.1 }), weightDecay: 0.2 }), batch, 0.5);
    const shrink = 1 - 0.1 * 0.5 * 0.2;
    expect(numbers(decayed).matrix[1]).toBeCloseTo(4 * shrink, 6); // no gradient
    expect(numbers(decayed).matrix[0]).toBeCloseTo(numbers(plain).matrix[0] - 3 * (1 - shrink), 6);
    expect(numbers(decayed).bias).toEqual(numbers(plain).bias);
    expect(numbers(decayed).average).toEqual([7]);
    const [table, other] = [toyModel(), toyModel()];
    trainStep(new Training(table, { optimizer: sgd({ learningRate: 0.1 }), weightDecay: 0.2 }), batch);
    trainStep(new Training(other, { optimizer: sgd({ learningRate: 0.1 }) }), batch);
    expect(distance(table, other)).toBe(0);
  });

  it("is refused where it would turn signs round, before anything has changed", () => {
    const training = new Training(denseModel(), { optimizer: sgd({ learningRate: 0.5 }), weightDecay: 3 });
    const before = numbers(training.model);
    expect(() => trainStep(training, toyImpressions(20))).toThrow(
      "learning rate 0.5 x weightDecay 3 is 1.5, expected below 1: the numbers of matrix would become 0 or change sign",
    );
    expect([numbers(training.model), training.step]).toEqual([before, 0]);
    trainStep(training, toyImpressions(20), 0.5); // a schedule may make it lower
    expect(numbers(training.model).matrix[1]).toBeCloseTo(4 * (1 - 0.25 * 3), 6);
  });
});

describe("a step's cost", () => {
  beforeAll(() => useEngine("wasm"));

  it("is counted in rows of the batch: nothing that a step makes is as long as the table", () => {
    const large = [{ ...features[0], vocabSize: 300_000 }];
    const model = new FM({ features: large, embeddingDim: 2 }, createRandom(1));
    const training = new Training(model, { optimizer: adagrad({ learningRate: 0.1 }) });
    trainStep(training, new Impressions({ ...toyImpressions(20), features: large }).read(rowRange(0, 20)));
    const lengths = (value: unknown): number[] =>
      ArrayBuffer.isView(value)
        ? [value.byteLength / 4]
        : value instanceof Object
          ? Object.values(value).flatMap(lengths)
          : [];
    expect(Math.max(...lengths(training.sums))).toBe(128); // the hash table of 20 ids
  });
});
