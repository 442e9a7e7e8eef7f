import { beforeAll, describe, expect, test } from "vitest";
import { useEngine } from "../../lib/engine";
import type { CrossConfig } from "../../lib/layers/cross";
import { DCN } from "../../lib/models/dcn";
import { numParameters } from "../../lib/models/model";
import { createRandom } from "../../lib/random";
import { expectClose } from "../layers/numeric";
import { dot, fieldVectors, linear, perImpression, relu, setNormalWeights, type Values } from "./loops";
import { all, data, ids } from "./registry";

beforeAll(async () => void (await useEngine("wasm")));

const d = 4 * 3 + 2;
const variants: [string, CrossConfig, number][] = [
  ["version 1", { version: 1, layers: 2 }, 2 * (d + d)],
  ["version 2", { version: 2, layers: 2 }, 2 * (d * d + d)],
  ["version 2 of rank 2", { version: 2, layers: 2, rank: 2 }, 2 * (2 * d * 2 + d)],
];

/** One layer of the paper's equation: x₀ and x_l [d] → x_{l+1}. */
function crossed(x0: number[], x: number[], values: Values, l: number, { version, rank }: CrossConfig): number[] {
  const at = (name: string) => values[`cross/${l}/${name}`];
  if (version === 1) return x0.map((x0_i, i) => x0_i * dot(x, at("kernel")) + at("bias")[i] + x[i]);
  const W = (from: number, to: number) => {
    if (rank === undefined) return at("kernel")[from * d + to];
    return Array.from({ length: rank }, (_, r) => at("V")[from * rank + r] * at("U")[r * d + to]).reduce(
      (sum, v) => sum + v,
      0,
    );
  };
  return x0.map((x0_i, i) => x0_i * (x.reduce((sum, x_j, j) => sum + x_j * W(j, i), 0) + at("bias")[i]) + x[i]);
}

describe.each(variants)("%s", (_, cross, parameters) => {
  test.each([{ units: [5] }, { units: [] }])("logits are those of the loops, with an MLP of %j", (mlp) => {
    const model = new DCN({ features: all, embeddingDim: 3, cross, mlp }, createRandom(1));
    const values = setNormalWeights(model);
    const expected = perImpression(data, (i) => {
      const x0 = [
        ...fieldVectors(data, i, ids, values["embeddings"], 3).flat(),
        data.columns["price"][i],
        data.columns["hour"][i],
      ];
      let x = x0;
      for (let l = 0; l < cross.layers; l++) x = crossed(x0, x, values, l, cross);
      const h = mlp.units.length === 0 ? [] : linear(x0, values, "mlp/0").map(relu);
      return linear([...x, ...h], values, "output/0")[0];
    });
    expectClose(model.logits(data), expected);
  });

  test("the number of parameters is that of the formula", () => {
    const model = new DCN({ features: all, embeddingDim: 3, cross, mlp: { units: [5] } }, createRandom(1));
    expect(numParameters(model)).toBe(13 * 3 + parameters + (d * 5 + 5) + (d + 5 + 1));
  });
});

test("a rank in version 1 and a version that does not exist are errors", () => {
  const build = (cross: CrossConfig) => () =>
    new DCN({ features: all, embeddingDim: 3, cross, mlp: { units: [] } }, createRandom(1));
  expect(build({ version: 1, layers: 1, rank: 2 })).toThrow(
    "cross.rank is 2 in version 1, whose w is a vector: expected no rank, or version 2",
  );
  expect(build({ version: 3 as 2, layers: 1 })).toThrow("cross.version is 3, expected 1 or 2");
});
