import { describe, expect, test } from "vitest";
import { additiveWorld } from "../../../lib/data/planted/additive";
import { driftWorld } from "../../../lib/data/planted/drift";
import { fieldAwareWorld } from "../../../lib/data/planted/fieldaware";
import { intensityWorld } from "../../../lib/data/planted/intensity";
import { interestsWorld } from "../../../lib/data/planted/interests";
import { longTailWorld } from "../../../lib/data/planted/longtail";
import { mixedWorld } from "../../../lib/data/planted/mixed";
import { secondOrderWorld } from "../../../lib/data/planted/secondorder";
import { thirdOrderWorld } from "../../../lib/data/planted/thirdorder";
import type { PlantedWorld, WorldOptions } from "../../../lib/data/planted/world";
import { xorWorld } from "../../../lib/data/planted/xor";
import { worldNames } from "./names";

type Columns = Record<string, ArrayLike<number>>;
interface Case {
  make: (options: WorldOptions) => PlantedWorld;
  /** The planted logit of a row by the equation in the world's header, from the parameters it returns. */
  logit: (world: never, columns: Columns, row: number) => number;
}

/** Ids of fields field1, field2, ..., each of so many ids, as rows of one table. */
const tableRows = (columns: Columns, row: number, size: number) =>
  Object.keys(columns)
    .filter((name) => name.startsWith("field"))
    .map((name, f) => f * size + columns[name][row]);

function pairs(v: ArrayLike<number>, ids: number[], k: number): number {
  let sum = 0;
  for (let f = 0; f < ids.length; f++) {
    for (let g = f + 1; g < ids.length; g++) {
      for (let d = 0; d < k; d++) sum += v[ids[f] * k + d] * v[ids[g] * k + d];
    }
  }
  return sum;
}

const odd = (id: number) => (id % 2 === 1 ? 1 : -1);

const cases: Record<string, Case> = {
  additive: {
    make: additiveWorld,
    logit: (w: ReturnType<typeof additiveWorld>, columns, row) =>
      w.intercept + tableRows(columns, row, 20).reduce((sum, id) => sum + w.linear[id], 0),
  },
  xor: {
    make: xorWorld,
    logit: (w: ReturnType<typeof xorWorld>, { brand, site }, row) =>
      w.intercept + w.scale * w.brandKinds[brand[row]] * w.siteKinds[site[row]],
  },
  "second order": {
    make: secondOrderWorld,
    logit: (w: ReturnType<typeof secondOrderWorld>, columns, row) => {
      const ids = tableRows(columns, row, 20);
      return w.intercept + ids.reduce((sum, id) => sum + w.linear[id], 0) + pairs(w.factors, ids, 4);
    },
  },
  "field-aware": {
    make: fieldAwareWorld,
    logit: (w: ReturnType<typeof fieldAwareWorld>, columns, row) => {
      const ids = tableRows(columns, row, 20);
      let sum = w.intercept;
      for (let f = 0; f < 5; f++) {
        for (let g = f + 1; g < 5; g++) {
          for (let d = 0; d < 2; d++) sum += w.factors[(ids[f] * 5 + g) * 2 + d] * w.factors[(ids[g] * 5 + f) * 2 + d];
        }
      }
      return sum;
    },
  },
  "third order": {
    make: thirdOrderWorld,
    logit: (w: ReturnType<typeof thirdOrderWorld>, { field1, field2, field3 }, row) =>
      w.intercept + w.scale * odd(field1[row]) * odd(field2[row]) * odd(field3[row]),
  },
  mixed: {
    make: mixedWorld,
    logit: (w: ReturnType<typeof mixedWorld>, columns, row) => {
      const { field1, field2, field3 } = columns;
      const third = w.thirdWeight * odd(field1[row]) * odd(field2[row]) * odd(field3[row]);
      return w.intercept + pairs(w.factors, tableRows(columns, row, 10), 4) + third;
    },
  },
  "long tail": {
    make: longTailWorld,
    logit: (w: ReturnType<typeof longTailWorld>, columns, row) =>
      w.intercept +
      tableRows(columns, row, 20).reduce((sum, id) => sum + w.linear[id], 0) +
      w.itemEffects[columns.item[row]],
  },
  interests: {
    make: interestsWorld,
    logit: (w: ReturnType<typeof interestsWorld>, { category, brand, clickedCategories, clickedBrands }, row) => {
      let match = 0;
      for (let j = row * 12; j < (row + 1) * 12; j++) {
        if (clickedCategories[j] === category[row] && clickedBrands[j] === brand[row]) match = 1;
      }
      return w.intercept + w.scale * match;
    },
  },
  intensity: {
    make: intensityWorld,
    logit: (w: ReturnType<typeof intensityWorld>, { category, clickedCategories }, row) => {
      let n = 0;
      for (let j = row * 12; j < (row + 1) * 12; j++) if (clickedCategories[j] === category[row]) n++;
      return w.intercept + w.scale * n;
    },
  },
  drift: {
    make: driftWorld,
    logit: (w: ReturnType<typeof driftWorld>, columns, row) => {
      const t = w.impressions.times![row] / (30 * 86_400);
      return tableRows(columns, row, 20).reduce(
        (sum, id) => sum + Math.cos((Math.PI / 2) * t) * w.first[id] + Math.sin((Math.PI / 2) * t) * w.second[id],
        w.intercept,
      );
    },
  },
};

test("every world has its case here", () => {
  const made = Object.values(cases).map(({ make }) => make.name);
  expect(worldNames().filter((world) => !made.includes(world)), "worlds without a case in this file").toEqual([]);
});

const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** Clicks are as many as the logits promise, in every tenth of the impressions from the lowest logit to the highest. */
function expectPromisedClicks({ impressions, bayesLogits }: PlantedWorld): void {
  const probabilities = Float64Array.from(bayesLogits, sigmoid);
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[a] - probabilities[b]);
  const size = order.length / 10;
  for (let tenth = 0; tenth < 10; tenth++) {
    const rows = order.slice(tenth * size, (tenth + 1) * size);
    const expected = rows.reduce((sum, row) => sum + probabilities[row], 0);
    const variance = rows.reduce((sum, row) => sum + probabilities[row] * (1 - probabilities[row]), 0);
    const clicks = rows.reduce((sum, row) => sum + impressions.labels[row], 0);
    expect(Math.abs(clicks - expected)).toBeLessThan(4 * Math.sqrt(variance));
  }
}

describe.each(Object.entries(cases))("the world %s", (_name, { make, logit }) => {
  const world = make({ rows: 20_000, seed: 5 });
  const { impressions, bayesLogits } = world;
  const probabilities = Float64Array.from(bayesLogits, sigmoid);

  test("has the logits that its equation gives with the parameters it returns", () => {
    for (let row = 0; row < 2_000; row++) {
      expect(bayesLogits[row]).toBeCloseTo(logit(world as never, impressions.columns, row), 4);
    }
  });

  test("has the wanted mean probability and standard deviation of the logit", () => {
    const average = mean(bayesLogits);
    expect(mean(probabilities)).toBeCloseTo(0.2, 5);
    const wanted = make === longTailWorld ? 1 : 1.5;
    expect(Math.sqrt(mean(bayesLogits.map((s) => (s - average) ** 2)))).toBeCloseTo(wanted, 4);
  });

  test("draws clicks at the planted probabilities, in every tenth of them", () => {
    expectPromisedClicks(world);
  });

  test("is the same for the same seed, and another for another", () => {
    const [first, again, other] = [7, 7, 8].map((seed) => make({ rows: 2_000, seed }));
    expect(again).toEqual(first);
    expect(other.impressions.labels).not.toEqual(first.impressions.labels);
    expect(other.impressions.columns).not.toEqual(first.impressions.columns);
  });

  test("can be as rare as 5 clicks in 1000", () => {
    const rare = make({ rows: 20_000, baseRate: 0.005, seed: 5 });
    expect(mean(Float64Array.from(rare.bayesLogits, sigmoid))).toBeCloseTo(0.005, 6);
  });

  test("with noise has probabilities that are drawn towards the base rate, and clicks at these", () => {
    const noisy = make({ rows: 20_000, noise: 0.3, seed: 5 });
    for (let row = 0; row < 1_000; row++) {
      expect(sigmoid(noisy.bayesLogits[row])).toBeCloseTo(0.7 * probabilities[row] + 0.3 * 0.2, 5);
    }
    expectPromisedClicks(noisy);
  });

  test.each([
    [{ rows: 0 }, "rows is 0, expected a whole number from 1 up"],
    [{ rows: 1.5 }, "rows is 1.5, expected a whole number from 1 up"],
    [{ baseRate: 0 }, "baseRate is 0, expected a probability between 0 and 1"],
    [{ baseRate: 1 }, "baseRate is 1, expected a probability between 0 and 1"],
    [{ strength: 0 }, "strength is 0, expected a number above 0"],
    [{ strength: NaN }, "strength is NaN, expected a number above 0"],
    [{ noise: 1 }, "noise is 1, expected a share from 0 to below 1"],
    [{ seed: 1.5 }, "seed is 1.5, expected a whole number or a text"],
    [{ rows: 1 }, "all 1 impressions have the same planted signal"],
    [{ row: 1 } as object, "World has no option row, expected some of rows, baseRate, strength, noise, seed"],
  ])("refuses %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});

test.each([
  [() => additiveWorld({ fieldSizes: [] }), "fieldSizes is [], expected the sizes of at least 1 fields"],
  [() => additiveWorld({ fieldSizes: [20, 1] }), "a size in fieldSizes is 1, expected a whole number from 2 up"],
  [() => additiveWorld({ skew: -1 }), "skew is -1, expected a number from 0 up"],
  [() => secondOrderWorld({ fieldSizes: [20] }), "fieldSizes is [20], expected the sizes of at least 2 fields"],
  [() => secondOrderWorld({ embeddingDim: 0 }), "embeddingDim is 0"],
  [() => secondOrderWorld({ linearShare: 1 }), "linearShare is 1, expected a share from 0 to below 1"],
  [() => secondOrderWorld({ heldOutPairs: -0.1 }), "heldOutPairs is -0.1"],
  [
    () => secondOrderWorld({ heldOutPairs: 0.1, fieldSizes: [9_000, 9_000] }),
    "18000 ids in all, expected at most 10000 to hold out pairs",
  ],
  [() => thirdOrderWorld({ fieldSizes: [10, 10, 9] }), "the size of field3 is 9, expected an even number"],
  [() => thirdOrderWorld({ skew: 1 } as object), "thirdOrderWorld has no option skew"],
  [() => mixedWorld({ skew: 1 } as object), "mixedWorld has no option skew"],
  [() => xorWorld({ brands: 3 }), "brands is 3, expected an even number"],
  [() => mixedWorld({ fieldSizes: [10, 10] }), "expected the sizes of at least 3 fields"],
  [() => mixedWorld({ thirdShare: 1 }), "thirdShare is 1"],
  [() => longTailWorld({ items: 1 }), "items is 1"],
  [() => longTailWorld({ itemShare: 1 }), "itemShare is 1"],
  [() => interestsWorld({ interests: 9 }), "interests is 9, expected at most as many as categories (8)"],
  [() => interestsWorld({ brands: 1 }), "brands is 1"],
  [() => interestsWorld({ rows: 9, impressionsPerUser: 1.5 }), "impressionsPerUser is 1.5"],
  [() => intensityWorld({ clicks: 1 }), "clicks is 1"],
  [() => intensityWorld({ categories: 2 }), "categories is 2"],
  [() => driftWorld({ drift: -1 }), "drift is -1"],
])("options of a single world are checked: %s", (make, message) => {
  expect(make).toThrow(message);
});

test("an option that is undefined is as good as none", () => {
  expect(additiveWorld({ rows: 1_000, strength: undefined, skew: undefined }).bayesLogits).toEqual(
    additiveWorld({ rows: 1_000 }).bayesLogits,
  );
});
