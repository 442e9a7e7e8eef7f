import * as fs from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { denseFeature, type Feature, sequenceFeature, sparseFeature } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { AFM } from "../../lib/models/afm";
import { BaseModel } from "../../lib/models/base";
import { DCN } from "../../lib/models/dcn";
import { DeepFM } from "../../lib/models/deepfm";
import { DIN } from "../../lib/models/din";
import { DNN } from "../../lib/models/dnn";
import { FFM } from "../../lib/models/ffm";
import { FM } from "../../lib/models/fm";
import { FNN } from "../../lib/models/fnn";
import { LR } from "../../lib/models/lr";
import { type Model, numParameters } from "../../lib/models/model";
import { NFM } from "../../lib/models/nfm";
import { PNN } from "../../lib/models/pnn";
import { Poly2 } from "../../lib/models/poly2";
import { WideDeep } from "../../lib/models/widedeep";
import { createRandom } from "../../lib/random";

const page = fs.readFileSync("material/models.md", "utf8");
/** The table's lines: model, file, parameters, cost, what it can express. */
const rows = Array.from(
  page.matchAll(/^\| (.*?) \| \[(\w+\.ts)\]\(\.\.\/lib\/models\/\2\) \| `(.*?)` \|/gm),
  ([, name, file, formula]) => ({
    name: name.replace(/\[(.*?)\]\(.*?\)/, "$1"),
    file,
    formula,
  }),
);

beforeAll(async () => void (await useEngine("cpu")));

test("every file in lib/models is on the page", () => {
  const files = fs.readdirSync("lib/models").filter((name) => name !== "model.ts");
  const message = "files of the table in material/models.md, beside those in lib/models";
  expect(new Set(rows.map(({ file }) => file)), message).toEqual(new Set(files));
});

test("no model of the table is among those that are not here", () => {
  const notHere = /^\*\*Not here:\*\*.*$/m.exec(page)![0];
  const found = rows.map(({ name }) => name).filter((name) => new RegExp(`\\b${name}\\b`).test(notHere));
  expect(found, 'models of the table in material/models.md that its "Not here" names').toEqual([]);
});

test("every section names its paper and what differs", () => {
  const sections = page.split(/^## /m).slice(1);
  expect(sections.length).toBeGreaterThan(13);
  for (const section of sections) {
    expect(section, section.split("\n")[0]).toMatch(/^- Papers?: /m);
    expect(section, section.split("\n")[0]).toMatch(/^- Differs: /m);
  }
});

const ids = [sparseFeature("weekday", 8), sparseFeature("item", 12), sparseFeature("category", 5)];
const all: Feature[] = [...ids, denseFeature("price"), denseFeature("hour")];
const [V, F, D, k, B, U, A, L, r] = [7 + 11 + 4, 3, 2, 4, 50, 6, 5, 3, 2];
const mlp = { units: [7, 5] };
const attention = { units: [6, 3], activation: "relu" } as const;
const histories = {
  features: [
    ...all,
    sequenceFeature("clicked items", 12, 9, "item"),
    sequenceFeature("clicked categories", 5, 9, "category"),
  ],
  behaviours: [{ candidate: ["item", "category"], history: ["clicked items", "clicked categories"] }],
  embeddingDim: k,
  mlp,
};
const random = createRandom(1);
const pnn = (product: "inner" | "outer" | "kernel") =>
  new PNN({ features: ids, embeddingDim: k, product, productUnits: U, mlp }, random);
const dcn = (version: 1 | 2, rank?: number) =>
  new DCN({ features: all, embeddingDim: k, cross: { version, layers: L, rank }, mlp }, random);

const models: Record<string, () => Model> = {
  LR: () => new LR({ features: all }, random),
  POLY2: () => new Poly2({ features: ids, buckets: B }, random),
  FM: () => new FM({ features: ids, embeddingDim: k }, random),
  FFM: () => new FFM({ features: ids, embeddingDim: k }, random),
  FNN: () => new FNN({ features: ids, embeddingDim: k, mlp }, random),
  "PNN, inner": () => pnn("inner"),
  "PNN, outer": () => pnn("outer"),
  "PNN, kernel": () => pnn("kernel"),
  "Wide & Deep": () =>
    new WideDeep(
      {
        wideFeatures: ids,
        crosses: [ids.slice(0, 2), ids.slice(1)],
        buckets: B,
        deepFeatures: all,
        embeddingDim: k,
        mlp,
      },
      random,
    ),
  "DCN version 1": () => dcn(1),
  "DCN version 2": () => dcn(2),
  "DCN version 2, rank $r$": () => dcn(2, r),
  NFM: () => new NFM({ features: ids, embeddingDim: k, mlp }, random),
  AFM: () => new AFM({ features: ids, embeddingDim: k, attentionUnits: A }, random),
  DNN: () => new DNN({ features: all, embeddingDim: k, mlp }, random),
  DeepFM: () => new DeepFM({ deepFeatures: all, fmFeatures: ids, embeddingDim: k, mlp }, random),
  "Base model": () => new BaseModel(histories, random),
  DIN: () => new DIN({ ...histories, attention }, random),
};

describe("the page's formula is the number of parameters of", () => {
  test.each(rows)("$name: $formula", ({ name, formula }) => {
    const chain = (sizes: number[]) => sizes.slice(1).reduce((sum, n, i) => sum + sizes[i] * n + n, 0);
    const letters = {
      V, F, D, k, B, U, A, L, r,
      d: F * k + D,
      P: (F * (F - 1)) / 2,
      H: 2,
      u: 5,
      mlp: (x: number) => chain([x, ...mlp.units, 1]),
      hidden: (x: number) => chain([x, ...mlp.units]),
      attention: (x: number) => chain([x, ...attention.units, 1]),
    };
    const value = new Function(...Object.keys(letters), `return ${formula.replaceAll("·", "*")}`) as (
      ...values: unknown[]
    ) => number;
    expect(Object.keys(models), "the list of models in test/models/page.test.ts").toContain(name);
    expect(value(...Object.values(letters))).toBe(numParameters(models[name]()));
  });
});
