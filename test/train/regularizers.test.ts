import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { type ImpressionSource, Impressions } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { countOccurrences } from "../../lib/train/occurrences";
import { adagrad, sgd } from "../../lib/train/optimizers";
import { l2, miniBatchAware, type Regularizer } from "../../lib/train/regularizers";
import { RowSums } from "../../lib/train/rowsums";
import { Training, trainStep } from "../../lib/train/step";
import { fc } from "../properties";
import { denseStep, rules } from "./dense";
import { distance, numbers, toyImpressions, toyModel } from "./toy";

beforeAll(() => useEngine("wasm"));

const optimizer = sgd({ learningRate: 0.1 });

async function trainingWith(
  regularizer: Regularizer,
  source: ImpressionSource,
  batchSize: number,
  model = toyModel(1, 1),
): Promise<Training> {
  const training = new Training(model, { optimizer });
  training.regularizer = await regularizer.start(training, source, batchSize);
  return training;
}

/** n_j from its definition: impressions that have row j among their ids. */
function occurrences(data: Impressions): number[] {
  const { index } = toyModel();
  const ids = index.ids(data);
  const slots = ids.length / data.size;
  return Array.from({ length: index.rows }, (_, row) => {
    let count = 0;
    for (let i = 0; row > 0 && i < data.size; i++) if (ids.subarray(i * slots, (i + 1) * slots).includes(row)) count++;
    return count;
  });
}

describe("countOccurrences", () => {
  it("counts an impression once for a row, however often it looks it up", async () => {
    const data = toyImpressions(5000, 2); // more than one batch
    const { linear, factors } = await countOccurrences(toyModel(), data);
    expect(Array.from(factors)).toEqual(occurrences(data));
    expect(linear).toEqual(factors);
  });

  it("counts over several lookups of the same table", async () => {
    const model = toyModel();
    const data = toyImpressions(20);
    const ids = model.index.ids(data);
    const twice = Object.assign(Object.create(model), {
      logits(batch: Impressions) {
        model.factors.lookup(ids, [batch.size, ids.length / batch.size]);
        return model.logits(batch);
      },
    });
    expect(Array.from((await countOccurrences(twice, data)).factors)).toEqual(occurrences(data));
  });

  it("leaves no tensor behind, and a table to whoever watched it before", async () => {
    const model = toyModel();
    let lookups = 0;
    const watcher = () => void lookups++;
    model.factors.onLookup = watcher;
    const tensors = tf.memory().numTensors;
    await countOccurrences(model, toyImpressions(20));
    expect([tf.memory().numTensors, lookups, model.factors.onLookup]).toEqual([tensors, 1, watcher]);
  });

  it("refuses a model that does not look up as many ids for each impression", async () => {
    const model = toyModel();
    const odd = Object.assign(Object.create(model), {
      logits(batch: Impressions) {
        model.factors.lookup(Int32Array.of(1, 2, 3), [3]);
        return model.logits(batch);
      },
    });
    await expect(countOccurrences(odd, toyImpressions(2))).rejects.toThrow(
      "table factors: 3 ids looked up for 2 impressions, expected the same number for each of them",
    );
    expect(model.factors.onLookup).toBeUndefined();
  });

  it("stops watching the tables at the end, also when the model fails", async () => {
    const model = toyModel();
    await countOccurrences(model, toyImpressions(20));
    expect(model.factors.onLookup).toBeUndefined();
    const failing = Object.assign(Object.create(model), {
      logits() {
        throw new Error("on purpose");
      },
    });
    await expect(countOccurrences(failing, toyImpressions(20))).rejects.toThrow("on purpose");
    expect(model.factors.onLookup).toBeUndefined();
  });
});

describe("mini-batch aware regularization", () => {
  it("is eq. 7: w − η [ mean gradient + λ α / n w ], and leaves rows that are not in the batch alone", async () => {
    const data = toyImpressions(30);
    const counts = occurrences(data);
    const [regularized, plain, start] = [toyModel(1, 1), toyModel(1, 1), toyModel(1, 1)];
    const batch = data.read(rowRange(0, 4));
    trainStep(await trainingWith(miniBatchAware({ lambda: 0.3 }), data, 4, regularized), batch);
    trainStep(new Training(plain, { optimizer }), batch);
    const present = new Set(plain.index.ids(batch));
    expect(present.size).toBeLessThan(counts.length - 1);
    for (let row = 1; row < counts.length; row++) {
      for (let d = 0; d < 3; d++) {
        const at = row * 3 + d;
        const pull = present.has(row) ? (0.1 * 0.3 * start.factors.values[at]) / counts[row] : 0;
        expect(regularized.factors.values[at]).toBeCloseTo(plain.factors.values[at] - pull, 6);
        if (!present.has(row)) expect(regularized.factors.values[at]).toBe(start.factors.values[at]);
      }
    }
    expect(numbers(regularized).bias).toEqual(numbers(plain).bias);
  });

  /** Σ over an epoch's batches of α_mj / n_j, by row: what the regularizer itself adds to a row of ones. */
  async function weightOverEpoch(data: Impressions, batchSize: number): Promise<number[]> {
    const model = toyModel();
    model.factors.values.fill(1);
    const training = await trainingWith(miniBatchAware({ lambda: 1 }), data, batchSize, model);
    const total = new Array<number>(model.index.rows).fill(0);
    for (let start = 0; start < data.size; start += batchSize) {
      const sums = new RowSums(3);
      const ids = model.index.ids(data.read(rowRange(start, Math.min(start + batchSize, data.size))));
      sums.add([{ ids, gradient: new Float32Array(3 * ids.length) }]);
      training.regularizer?.addPenalty("factors", sums, 1);
      for (let i = 0; i < sums.count; i++) total[sums.rows[i]] += sums.sums[3 * i];
    }
    return total;
  }

  it("weighs a row by at most 1 in an epoch, and by 1 just when it is never twice in a batch", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(1000),
        async (size, batchSize, seed) => {
          const data = toyImpressions(size, seed);
          const counts = occurrences(data);
          const weights = await weightOverEpoch(data, batchSize);
          for (let row = 1; row < counts.length; row++) {
            let twice = false;
            for (let start = 0; start < size; start += batchSize) {
              if (occurrences(data.read(rowRange(start, Math.min(start + batchSize, size))))[row] > 1) twice = true;
            }
            if (counts[row] === 0) expect(weights[row]).toBe(0);
            else if (twice) expect(weights[row]).toBeLessThan(1 - 1e-3);
            else expect(weights[row]).toBeCloseTo(1, 5);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is full L2 at batch size 1: over an epoch every row that occurs is weighed by 1 (eq. 4 = eq. 6)", async () => {
    const data = toyImpressions(25);
    const weights = await weightOverEpoch(data, 1);
    occurrences(data).forEach((count, row) => expect(weights[row]).toBeCloseTo(count > 0 ? 1 : 0, 5));
  });

  it("keeps λ x batch size if told the batch size that λ is meant for", async () => {
    const data = toyImpressions(30);
    const batch = data.read(rowRange(0, 4));
    const [scaled, direct] = [toyModel(1, 1), toyModel(1, 1)];
    trainStep(await trainingWith(miniBatchAware({ lambda: 0.01, atBatchSize: 400 }), data, 4, scaled), batch);
    trainStep(await trainingWith(miniBatchAware({ lambda: 1 }), data, 4, direct), batch);
    expect(distance(scaled, direct)).toBeLessThan(1e-6);
  });

  it("refuses a row that is in the batch but not in the data it was started with", async () => {
    const data = toyImpressions(30);
    for (const lambda of [0.3, 0]) {
      const training = await trainingWith(miniBatchAware({ lambda }), data.read(rowRange(0, 1)), 4);
      const before = numbers(training.model);
      expect(() => trainStep(training, data.read(rowRange(0, 4)))).toThrow(
        /row \d+ of linear is in the batch, but in none of the impressions/,
      );
      expect([training.step, numbers(training.model)]).toEqual([0, before]); // before anything has changed
      expect(() => trainStep(training, data.read(rowRange(0, 1)))).not.toThrow();
    }
  });

  it("has λ = 0.01 if nothing else is said", () => {
    expect(miniBatchAware().settings).toEqual({ kind: "miniBatchAware", lambda: 0.01 });
    expect(miniBatchAware({ atBatchSize: 5000 }).settings).toEqual({
      kind: "miniBatchAware",
      lambda: 0.01,
      atBatchSize: 5000,
    }); // what a checkpoint compares
  });

  it("refuses a λ below 0", () => {
    expect(() => miniBatchAware({ lambda: -1 })).toThrow("lambda is -1, expected a number from 0 up");
    expect(() => miniBatchAware({ atBatchsize: 5000 } as object)).toThrow("miniBatchAware has no option atBatchsize");
    for (const atBatchSize of [0, Infinity, NaN])
      expect(() => miniBatchAware({ atBatchSize })).toThrow(`atBatchSize is ${atBatchSize}`);
    expect(() => miniBatchAware({ atBatchSize: 1 })).not.toThrow();
  });
});

describe("full L2", () => {
  it.each(["sgd", "adagrad", "adam"])(
    "applied lazily equals the dense rule under %s, for rows seen often, seldom and never",
    async (name) => {
      const { optimizer, rule } = rules[name];
      const data = toyImpressions(60);
      const [lazy, dense] = [toyModel(1, 1), toyModel(1, 1)];
      const training = new Training(lazy, { optimizer });
      training.regularizer = await l2(0.5).start(training, data, 3);
      const state = {};
      for (let step = 1; step <= 20; step++) {
        const batch = data.read(rowRange(3 * step - 3, 3 * step));
        const loss = trainStep(training, batch);
        denseStep(dense, batch, state, step, rule, 0.5);
        expect(loss).toBeGreaterThan(0);
        if (step === 11) training.regularizer.catchUp();
      }
      training.regularizer.catchUp();
      const [a, b] = [numbers(lazy), numbers(dense)];
      for (const weight of Object.keys(a))
        a[weight].forEach((value, i) => expect(Math.abs(value - b[weight][i])).toBeLessThan(2e-6));
    },
  );

  it("follows the learning rate of each missed step", async () => {
    const data = toyImpressions(10);
    const model = toyModel(1, 1);
    const unseen = model.factors.rows - 1;
    const without = new Impressions({
      ...data,
      columns: {
        ...data.columns,
        item: data.columns.item.map((id) => Math.min(id, 7)),
        history: data.columns.history.map((id) => Math.min(id, 7)),
      },
    });
    const before = model.factors.values.slice(3 * unseen);
    const training = await trainingWith(l2(0.5), data, 10, model);
    for (const factor of [1, 0.5, 0]) trainStep(training, without, factor);
    expect(model.factors.values.slice(3 * unseen)).toEqual(before); // owed
    training.regularizer?.catchUp();
    before.forEach((value, d) =>
      expect(model.factors.values[3 * unseen + d]).toBeCloseTo(value * (1 - 0.1 * 0.5) * (1 - 0.05 * 0.5), 6),
    );
  });

  it("follows the learning rates since all rows were last up to date, not those before", async () => {
    const model = toyModel(1, 1);
    const { regularizer } = await trainingWith(l2(0.5), toyImpressions(10), 5, model);
    const expected = model.factors.values.slice(3);
    for (const rate of [0.4, 0.1]) {
      regularizer?.addPenalty("factors", new RowSums(3), rate);
      regularizer?.catchUp();
      expected.forEach((value, i) => (expected[i] = value * (1 - rate * 0.5)));
      expected.forEach((value, i) => expect(model.factors.values[3 + i]).toBeCloseTo(value, 6));
    }
  });

  it("gives predictions the rows' values of now, not of their last batch", async () => {
    const data = toyImpressions(40);
    const [lazy, eager] = [toyModel(1, 1), toyModel(1, 1)];
    const one = await trainingWith(l2(0.5), data, 2, lazy);
    const other = await trainingWith(l2(0.5), data, 2, eager);
    for (let step = 0; step < 10; step++) {
      trainStep(one, data.read(rowRange(2 * step, 2 * step + 2)));
      trainStep(other, data.read(rowRange(2 * step, 2 * step + 2)));
      other.regularizer?.catchUp();
    }
    const logits = lazy.logits(data).dataSync();
    eager.logits(data).dataSync().forEach((logit, i) => expect(logits[i]).toBeCloseTo(logit, 4));
  });

  it("stops watching the tables at the end", async () => {
    const model = toyModel();
    const training = await trainingWith(l2(0.5), toyImpressions(10), 5, model);
    expect(model.factors.onLookup).toBeDefined();
    training.regularizer?.end();
    expect(model.factors.onLookup).toBeUndefined();
  });

  it("refuses a λ so large that rows would become 0 or change sign", async () => {
    for (const lambda of [10, 20]) {
      const training = await trainingWith(l2(lambda), toyImpressions(10), 5);
      const before = numbers(training.model);
      expect(() => trainStep(training, toyImpressions(5))).toThrow(
        `learning rate 0.1 x lambda ${lambda} is ${lambda / 10}, expected below 1`,
      );
      expect([training.step, numbers(training.model)]).toEqual([0, before]); // before anything has changed
    }
    expect(() => l2(Number.NaN)).toThrow("lambda is NaN");
  });

  it("takes such a λ under Adagrad, which divides the gradient by its size: the rows stay finite", async () => {
    const model = toyModel(1, 1);
    const training = new Training(model, { optimizer: adagrad({ learningRate: 0.5 }) });
    training.regularizer = await l2(2).start(training, toyImpressions(10), 5);
    for (let step = 0; step < 20; step++) trainStep(training, toyImpressions(5));
    training.regularizer.catchUp();
    expect(Object.values(numbers(model)).flat().every(Number.isFinite)).toBe(true);
  });
});
