import { beforeAll, describe, expect, it } from "vitest";
import { sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { DNN } from "../../lib/models/dnn";
import { LR } from "../../lib/models/lr";
import { createRandom } from "../../lib/random";
import { copyWeights, restoreWeights } from "../../lib/train/weights";

beforeAll(() => useEngine("wasm"));

const fields = (...sizes: number[]) => sizes.map((size, i) => sparseFeature("ab"[i], size));

describe("weights that are put back", () => {
  it("are those that were copied, in another model of the same configuration too", () => {
    const [from, to] = [1, 2].map(
      (seed) => new DNN({ features: fields(4, 5), embeddingDim: 2, mlp: { units: [3] } }, createRandom(seed)),
    );
    const copy = copyWeights(from);
    expect(copyWeights(to)).not.toEqual(copy);
    restoreWeights(to, copy);
    expect(copyWeights(to)).toEqual(copy);
  });

  it.each(["cpu", "wasm"] as const)("share no memory with the model, before and after, on %s", async (engine) => {
    await useEngine(engine);
    const model = new LR({ features: fields(4, 5) }, createRandom(1));
    const [before, copy] = [copyWeights(model), copyWeights(model)];
    restoreWeights(model, copy);
    for (const weights of [copy, copyWeights(model)]) {
      for (const values of Object.values(weights)) values.fill(9);
      expect(copyWeights(model)).toEqual(before);
    }
  });

  it("are copied into an earlier copy, if there is one, with no new array", () => {
    const [from, to] = [1, 2].map((seed) => new LR({ features: fields(4, 5) }, createRandom(seed)));
    from.linear.values.fill(7);
    const earlier = copyWeights(to);
    const arrays = Object.values(earlier);
    expect(copyWeights(from, earlier)).toBe(earlier);
    expect(earlier).toEqual(copyWeights(from));
    Object.values(earlier).forEach((values, i) => expect(values).toBe(arrays[i]));
  });

  it("are refused by a model whose vocabulary has grown, which stays as it was: b's rows would be one too early", () => {
    const lr = (a: number) => new LR({ features: fields(a, 5) }, createRandom(1));
    const [small, grown] = [lr(4), lr(5)];
    small.linear.values.fill(7);
    const before = copyWeights(grown);
    expect(() => restoreWeights(grown, copyWeights(small))).toThrow(
      "the copy has 8 values of linear, the model 9. Restore weights into a model with the configuration that they were copied from",
    );
    expect(() => restoreWeights(small, copyWeights(grown))).toThrow("the copy has 9 values of linear, the model 8");
    expect(copyWeights(grown)).toEqual(before);
  });

  it("are refused if one is missing or left over", () => {
    const model = new LR({ features: fields(4, 5) }, createRandom(1));
    const { bias, linear } = copyWeights(model);
    expect(() => restoreWeights(model, { linear })).toThrow("the copy has no values of bias, the model 1");
    expect(() => restoreWeights(model, { bias, linear, factors: linear })).toThrow(
      "the copy has 8 values of factors, the model none",
    );
  });
});
