import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Impressions } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { weightedSum } from "../../lib/layers/pooling";
import { BaseModel } from "../../lib/models/base";
import { DIN, type DINConfig } from "../../lib/models/din";
import { numParameters } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { copyWeights } from "../../lib/train/weights";
import { expectClose } from "../layers/numeric";
import { batchOf, behaviours, behavioursOf, features, fieldsOf, k, random, sum } from "./histories";
import { linear, setNormalWeights, sigmoid, type Values } from "./loops";

beforeAll(async () => void (await useEngine("wasm")));

const batch = batchOf();
const config: DINConfig = {
  features,
  behaviours,
  embeddingDim: k,
  mlp: { units: [5, 3], activation: "dice" },
  attention: { units: [4, 3] },
};

/** Dice at inference, eq. 9 with the moving averages. */
function dice(x: readonly number[], values: Values, name: string): number[] {
  return x.map((s, u) => {
    const p = sigmoid((s - values[`${name}/mean`][u]) / Math.sqrt(values[`${name}/variance`][u] + 1e-8));
    return p * s + (1 - p) * values[`${name}/alpha`][u] * s;
  });
}

/** wⱼ of each real step of one impression, by the definition: an MLP on the vectors side by side. */
function weightsInLoops(values: Values, batch: Impressions, i: number, group: number, config: DINConfig): number[] {
  const { difference = true, normalize = "none" } = config.attention!;
  const { candidate, steps } = behavioursOf(values, batch, i, group);
  const a = steps.map(({ e }) => {
    const product = candidate.map((v, d) => v * e[d]);
    const x = [...candidate, ...e, ...product, ...(difference ? candidate.map((v, d) => v - e[d]) : [])];
    const name = `attention/${group}`;
    const first = dice(linear(x, values, name), values, name);
    const second = dice(linear(first, values, `${name}/rest/0`), values, `${name}/rest/0`);
    return linear(second, values, `${name}/rest/1`)[0] / (normalize === "softmax" ? Math.sqrt(candidate.length) : 1);
  });
  if (normalize === "none") return a;
  const total = a.reduce((sum, x) => sum + Math.exp(x), 0);
  return a.map((x) => Math.exp(x) / total);
}

function logitsInLoops(values: Values, batch: Impressions, config: DINConfig): number[] {
  return Array.from({ length: batch.size }, (_, i) => {
    const interests = behaviours.flatMap(({ history }, g) => {
      const weights = weightsInLoops(values, batch, i, g, config);
      const { steps } = behavioursOf(values, batch, i, g);
      return sum(steps.map(({ e }, j) => e.map((x) => weights[j] * x)), history.length * k);
    });
    const first = dice(linear([...interests, ...fieldsOf(values, batch, i)], values, "mlp/0"), values, "mlp/0");
    const second = dice(linear(first, values, "mlp/1"), values, "mlp/1");
    return linear(second, values, "mlp/2")[0];
  });
}

describe.each(["none", "softmax"] as const)("with normalize: %s", (normalize) => {
  test.each([true, false])("logits are those of equation 3 in loops (difference: %s)", (difference) => {
    const switched = { ...config, attention: { ...config.attention, normalize, difference } };
    const model = new DIN(switched, random());
    const values = setNormalWeights(model);
    expectClose(model.logits(batch), logitsInLoops(values, batch, switched));
  });

  test("attentionWeights are the weights of the steps, 0 at padding", () => {
    const switched = { ...config, attention: { ...config.attention, normalize } };
    const model = new DIN(switched, random());
    const values = setNormalWeights(model);
    for (const group of [0, 1]) {
      const expected = [0, 1, 2].flatMap((i) => {
        const { steps, T } = behavioursOf(values, batch, i, group);
        const weights = weightsInLoops(values, batch, i, group, switched);
        return Array.from({ length: T }, (_, t) => weights[steps.findIndex((step) => step.t === t)] ?? 0);
      });
      expectClose(model.attentionWeights(batch, group), expected);
    }
  });

  test("order, padding length and padding side of a history change nothing, in training neither", () => {
    const model = new DIN({ ...config, attention: { ...config.attention, normalize } }, random());
    setNormalWeights(model);
    const longer = features.map((feature) =>
      feature.name.startsWith("clicked") ? { ...feature, maxLength: 6 } : feature,
    );
    const columns = {
      "clicked items": [0, 3, 0, 2, 7, 0, 0, 8, 8, 0, 0, 1, 0, 0, 0, 0, 0, 0],
      "clicked categories": [0, 1, 0, 1, 3, 0, 0, 0, 3, 0, 0, 2, 0, 0, 0, 0, 0, 0],
    };
    const other = batchOf(columns, longer);
    for (const training of [false, true]) {
      const pass = { training, random: createRandom(1) };
      expectClose(model.logits(other, pass), model.logits(batch, pass).dataSync());
    }
  });
});

test.each([2, -1, 0.5])("attentionWeights of group %d, where there are 0 and 1, are an error", (group) => {
  expect(() => new DIN(config, random()).attentionWeights(batch, group)).toThrow(
    `group is ${group}, expected a place in behaviours, whose length is 2`,
  );
});

test("without behaviours there are no attentionWeights", () => {
  expect(() => new DIN({ ...config, behaviours: [] }, random()).attentionWeights(batch)).toThrow(
    "group is 0, expected a place in behaviours, whose length is 0",
  );
});

test("with constant weights 1 / length DIN is the base model", () => {
  const mlp = { units: [5, 3], activation: "prelu" } as const;
  // Softmax of equal scores: with a zero last layer every step has the same a.
  const din = new DIN({ ...config, mlp, attention: { units: [4], normalize: "softmax" } }, random());
  const { attention: _, ...shape } = config;
  const base = new BaseModel({ ...shape, mlp, pooling: "mean" }, random());
  setNormalWeights(din);
  setNormalWeights(base); // by name, so the shared weights get the same values
  for (const group of [0, 1]) {
    const kernel = din.weights[`attention/${group}/rest/0/kernel`] as tf.Variable;
    kernel.assign(tf.zeros(kernel.shape));
  }
  expectClose(din.logits(batch), base.logits(batch).dataSync());
});

test("a training step tells the attention that it is one: its Dice takes the batch's statistics and moves its averages", () => {
  const model = new DIN(config, random());
  setNormalWeights(model);
  const averages = () => Object.entries(copyWeights(model)).filter(([name]) => /^attention\/.*\/mean$/.test(name));
  const before = averages();
  model.logits(batch, { training: true, random: createRandom(1) });
  expect(before.length).toBe(4); // two groups with two hidden layers
  averages().forEach((after, i) => expect(after).not.toEqual(before[i]));
});

test("each group's attention, and each vocabulary's table, starts from numbers of its own", () => {
  const model = new DIN(config, random());
  const ratio = (group: number) => {
    const [first, second] = model.attention[group].kernel.dataSync();
    return first / second; // the groups' deviations differ
  };
  expect(ratio(0)).not.toBeCloseTo(ratio(1), 3);
  const starts = Object.values(model.input.tables).map(({ values, dim }) => values[dim]);
  expect(new Set(starts).size).toBe(starts.length);
});

test.each(["none", "softmax"] as const)("a user without history gets the zero vector (normalize: %s)", (normalize) => {
  const model = new DIN({ ...config, attention: { ...config.attention, normalize } }, random());
  setNormalWeights(model);
  model.input.apply(batch).groups.forEach(({ steps }, group) => {
    for (const vectors of [steps, tf.onesLike(steps)]) { // its weights are 0, so those of padding need not be
      const interests = weightedSum(model.attentionWeights(batch, group), vectors);
      const third = interests.slice([2, 0], [1, -1]); // of the impression without a history
      expect(Array.from(third.dataSync(), Math.abs)).toEqual(new Array(third.size).fill(0));
    }
  });
});

test("the candidate decides which clicks matter", () => {
  const model = new DIN(config, random());
  setNormalWeights(model);
  const before = model.attentionWeights(batch).dataSync();
  const after = model.attentionWeights(batchOf({ item: [4, 8, 1] })).dataSync();
  expect(Math.abs(after[0] - before[0])).toBeGreaterThan(0.01); // another candidate for the first impression
  expect(after.slice(4)).toEqual(before.slice(4)); // the same for the others
});

test.each(["none", "softmax"] as const)(
  "many candidates for one user have the logits they have alone (normalize: %s)",
  (normalize) => {
    const model = new DIN({ ...config, attention: { ...config.attention, normalize } }, random());
    setNormalWeights(model);
    const oneUser = batchOf({
      "clicked items": [0, 3, 7, 8, 0, 3, 7, 8, 0, 3, 7, 8],
      "clicked categories": [0, 1, 3, 0, 0, 1, 3, 0, 0, 1, 3, 0],
      "bought items": [5, 0, 5, 0, 5, 0],
    });
    expectClose(model.logitsForOneUser(oneUser), model.logits(oneUser).dataSync());
  },
);

test.each(["clicked items", "clicked categories", "bought items"])(
  "candidates for one user with another history in one row are refused: %s",
  (name) => {
    const model = new DIN(config, random());
    const length = name === "bought items" ? 2 : 4;
    const same = Object.fromEntries(
      ["clicked items", "clicked categories", "bought items"].map((each) => [
        each,
        new Array<number>(3 * (each === "bought items" ? 2 : 4)).fill(1),
      ]),
    );
    expect(() => model.logitsForOneUser(batchOf(same))).not.toThrow();
    const other = batchOf({ ...same, [name]: same[name].map((id, i) => (i === 2 * length + 1 ? 2 : id)) });
    expect(() => model.logitsForOneUser(other)).toThrow(
      `row 2 and row 0 have different histories in ${name}, expected candidates for one user. For several users, call logits`,
    );
  },
);

test("the number of parameters is that of the formula", () => {
  const tables = (4 + 8 + 3 + 5) * k;
  const inputs = (2 + 1) * k + 3 * k + 1 + k;
  const mlp = inputs * 5 + 5 + (5 * 3 + 3) + (3 + 1) + (5 + 3); // the last two: Dice's alphas
  const attention = (d: number) => 4 * d * 4 + 4 + (4 * 3 + 3) + (3 + 1) + (4 + 3);
  expect(numParameters(new DIN(config, random()))).toBe(tables + mlp + attention(2 * k) + attention(k));
});
