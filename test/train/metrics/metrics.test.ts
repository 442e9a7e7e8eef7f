import { describe, expect, it } from "vitest";
import { auc } from "../../../lib/train/metrics/auc";
import { calibrationError, calibrationTable } from "../../../lib/train/metrics/calibration";
import { delong } from "../../../lib/train/metrics/delong";
import { normalizedEntropy } from "../../../lib/train/metrics/entropy";
import { gauc } from "../../../lib/train/metrics/gauc";
import { logLoss } from "../../../lib/train/metrics/logloss";
import { ndcg } from "../../../lib/train/metrics/ndcg";
import { ascending } from "../../../lib/train/metrics/order";
import { relaImpr } from "../../../lib/train/metrics/relaimpr";
import { createRandom } from "../../../lib/random";
import golden from "../../golden/metrics.json";
import { fc } from "../../properties";

/** AUC from its definition: all pairs, a tie counting half. */
function aucOfPairs(scores: readonly number[], labels: readonly number[], weights = labels.map(() => 1)): number {
  let won = 0;
  let all = 0;
  for (let i = 0; i < scores.length; i++) {
    for (let j = 0; j < scores.length; j++) {
      if (labels[i] !== 1 || labels[j] !== 0) continue;
      won += weights[i] * weights[j] * (scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0);
      all += weights[i] * weights[j];
    }
  }
  return won / all;
}

/** Few different scores, so that ties are common; both classes present. */
const impressions = fc
  .array(
    fc.record({
      score: fc.integer({ min: -3, max: 3 }),
      label: fc.integer({ min: 0, max: 1 }),
      user: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .filter((rows) => rows.some(({ label }) => label === 1) && rows.some(({ label }) => label === 0))
  .map((rows) => ({
    scores: rows.map(({ score }) => score / 2),
    labels: rows.map(({ label }) => label),
    users: rows.map(({ user }) => user),
  }));

describe("ascending", () => {
  it("takes −0 and 0 for the same", () => {
    expect(Array.from(ascending([0, -0, 0, -1]))).toEqual([3, 0, 1, 2]);
  });

  it("orders any doubles as the comparison of numbers does, and keeps equal ones in their order", () => {
    const near = fc
      .tuple(fc.constantFrom(-3, -1e-9, 1, 1e9), fc.integer({ min: -8, max: 8 }))
      .map(([x, steps]) => x * (1 + steps * 2 ** -50)); // in their last bits
    const numbers = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 }), near), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(numbers, (values) => {
        const expected = values
          .map((_, i) => i)
          .sort((i, j) =>
            values[i] === values[j] ? i - j : values[i] - values[j] || (values[i] < values[j] ? -1 : 1),
          );
        expect(Array.from(ascending(values))).toEqual(expected);
      }),
    );
  });
});

describe("AUC", () => {
  it("is the share of won pairs, ties counting half", () => {
    expect(auc([1, 2, 2, 3], [0, 0, 1, 1])).toBe(3.5 / 4); // 2>1, 2=2, 3>1, 3>2
    fc.assert(
      fc.property(impressions, ({ scores, labels }) => {
        expect(auc(scores, labels)).toBeCloseTo(aucOfPairs(scores, labels), 12);
      }),
    );
  });

  it("counts a weight of 2 like two impressions", () => {
    fc.assert(
      fc.property(impressions, ({ scores, labels, users }) => {
        expect(auc(scores, labels, users)).toBeCloseTo(aucOfPairs(scores, labels, users), 12);
        const repeated = users.flatMap((times, i) => new Array<number>(times).fill(i));
        expect(auc(scores, labels, users)).toBeCloseTo(
          auc(
            repeated.map((i) => scores[i]),
            repeated.map((i) => labels[i]),
          ),
          12,
        );
      }),
    );
  });

  it("meets scikit-learn, with and without weights", () => {
    for (const { logits, labels, weights, auc: expected, weightedAuc } of golden.cases) {
      expect(auc(logits, labels)).toBeCloseTo(expected, 12);
      expect(auc(logits, labels, weights)).toBeCloseTo(weightedAuc, 12);
    }
  });

  it("does not merge scores that differ by less than a 32-bit float can hold", () => {
    expect(auc([1, 1 + 1e-15], [0, 1])).toBe(1);
  });

  it("says a sentence where there is no AUC", () => {
    expect(() => auc([1, 2], [0, 0])).toThrow("no click among 2 impressions: AUC needs both classes");
    expect(() => auc([1, 2], [1, 1])).toThrow("nothing but clicks among 2 impressions");
    expect(() => auc([1, 2], [0, 1], [0, 1])).toThrow("nothing but clicks");
    expect(() => auc([1, 2], [0, 1], [0, 0])).toThrow("all weights are 0");
    expect(() => auc([], [])).toThrow("0 scores, expected at least 1");
    expect(() => auc([1], [0, 1])).toThrow("1 scores and 2 labels");
    expect(() => auc([NaN, 1], [0, 1])).toThrow("scores[0] is NaN, expected a number. Did the training diverge?");
    expect(() => auc([1, 2], [0, 2])).toThrow("labels[1] is 2, expected 0 (no click) or 1 (click)");
    for (const weight of [-1, Infinity])
      expect(() => auc([1, 2], [0, 1], [1, weight])).toThrow(`weights[1] is ${weight}, expected a finite number`);
  });
});

describe("log loss", () => {
  it("meets scikit-learn, with and without weights", () => {
    for (const { logits, labels, weights, logLoss: expected, weightedLogLoss } of golden.cases) {
      expect(logLoss(logits, labels)).toBeCloseTo(expected, 10);
      expect(logLoss(logits, labels, weights)).toBeCloseTo(weightedLogLoss, 10);
    }
  });

  it("is ln 2 for a coin flip and |s| for a logit far on the wrong side", () => {
    expect(logLoss([0], [1])).toBeCloseTo(Math.log(2), 15);
    expect(logLoss([1000, -1000], [0, 1])).toBe(1000);
    expect(logLoss([Infinity, 0], [1, 0])).toBeCloseTo(Math.log(2) / 2, 15); // a certain click, clicked, costs nothing
    expect(logLoss([-Infinity, 0], [0, 0])).toBeCloseTo(Math.log(2) / 2, 15);
    expect([logLoss([Infinity], [0]), logLoss([-Infinity], [1])]).toEqual([Infinity, Infinity]);
  });

  it("leaves out impressions of weight 0, whatever their logit", () => {
    expect(logLoss([0, Infinity], [1, 0], [1, 0])).toBeCloseTo(Math.log(2), 15);
  });

  it("refuses what has no log loss", () => {
    expect(() => logLoss([], [])).toThrow("0 logits");
    expect(() => logLoss([NaN], [1])).toThrow("logits[0] is NaN");
  });
});

describe("GAUC", () => {
  it("is the mean of the users' AUCs weighted by their impressions, without users of one class", () => {
    fc.assert(
      fc.property(impressions, ({ scores, labels, users }) => {
        let weighted = 0;
        let counted = 0;
        let skippedImpressions = 0;
        let skippedUsers = 0;
        for (const user of new Set(users)) {
          const own = users.flatMap((other, i) => (other === user ? [i] : []));
          if (new Set(own.map((i) => labels[i])).size === 1) {
            skippedUsers++;
            skippedImpressions += own.length;
            continue;
          }
          counted++;
          weighted += own.length * aucOfPairs(own.map((i) => scores[i]), own.map((i) => labels[i]));
        }
        fc.pre(counted > 0);
        const result = gauc(scores, labels, users);
        expect(result.gauc).toBeCloseTo(weighted / (users.length - skippedImpressions), 12);
        expect(result).toMatchObject({ users: counted, skippedUsers, skippedImpressions });
      }),
      { numRuns: 500 },
    );
  });

  it("is 0.5 for a model that knows the user and nothing else, though its AUC is 1", () => {
    const users = [1, 1, 1, 1, 2, 2, 2, 2];
    const labels = [1, 1, 1, 0, 0, 0, 0, 1];
    expect(gauc(users.map((user) => -user), labels, users).gauc).toBe(0.5);
    expect(auc(users.map((user) => -user), labels)).toBeGreaterThan(0.7);
  });

  it("says a sentence when no user has both classes", () => {
    expect(() => gauc([1, 2], [0, 1], [1, 2])).toThrow("none of 2 users has both a click and none");
    expect(() => gauc([1, 2], [0, 1], [1])).toThrow("1 users and 2 scores");
    expect(() => gauc([1, 2, 3], [0, 1, 0], ["bob", "alice", "bob"] as never)).toThrow(
      'users[0] is "bob", expected a number: give each user one',
    );
    expect(() => gauc([1, 2], [0, 1], [1, NaN])).toThrow("users[1] is NaN, expected a number");
  });
});

describe("RelaImpr", () => {
  // Zhou et al. (2018), tables 3 to 5: AUC, printed RelaImpr in %, and the base they are relative to.
  const tables: [string, number, [number, number][]][] = [
    [
      "table 3, MovieLens",
      0.73,
      [
        [0.7263, -1.61],
        [0.73, 0],
        [0.7304, 0.17],
        [0.7321, 0.91],
        [0.7324, 1.04],
        [0.7337, 1.61],
        [0.7348, 2.09],
      ],
    ],
    [
      "table 3, Electronics",
      0.8624,
      [
        [0.7742, -24.34],
        [0.8624, 0],
        [0.8637, 0.36],
        [0.8679, 1.52],
        [0.8683, 1.63],
        [0.8818, 5.35],
        [0.8871, 6.82],
      ],
    ],
    [
      "authors' correction",
      0.8624,
      [
        [0.8698, 2.04],
        [0.8711, 2.4],
      ],
    ],
    [
      "table 4",
      0.594,
      [
        [0.594, 0],
        [0.5959, 2.02],
        [0.597, 3.19],
        [0.5983, 4.57],
        [0.5954, 1.49],
        [0.6031, 9.68],
      ],
    ],
    [
      "table 5",
      0.597,
      [
        [0.5738, -23.92],
        [0.597, 0],
        [0.5977, 0.72],
        [0.5983, 1.34],
        [0.5993, 2.37],
        [0.6029, 6.08],
        [0.606, 9.28],
        [0.6044, 7.63],
        [0.6083, 11.65],
      ],
    ],
  ];

  it.each(tables)("recomputes the DIN paper's %s", (_, base, rows) => {
    for (const [value, printed] of rows) expect(Math.abs(relaImpr(value, base) - printed)).toBeLessThan(0.00501);
  });

  it("refuses a base that orders nothing", () => {
    expect(() => relaImpr(0.6, 0.5)).toThrow("baseAuc is 0.5, expected above 0.5");
    expect(() => relaImpr(60, 0.6)).toThrow("auc is 60, expected a number from 0 to 1");
  });
});

describe("normalised entropy", () => {
  it("is 1 for the average click rate and 0.5 for half its loss", () => {
    const labels = [1, 0, 0, 0];
    const average = Math.log(1 / 3); // logit of 1/4
    expect(normalizedEntropy([average, average, average, average], labels)).toBeCloseTo(1, 12);
    const entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    const logits = [2, -1, 0, 1];
    expect(normalizedEntropy(logits, labels)).toBeCloseTo(logLoss(logits, labels) / entropy, 12);
    const twice = [0, 1, 2, 3, 3];
    const repeated = normalizedEntropy(twice.map((i) => logits[i]), twice.map((i) => labels[i]));
    expect(normalizedEntropy(logits, labels, [1, 1, 1, 2])).toBeCloseTo(repeated, 12);
  });

  it("refuses a single class", () => {
    expect(() => normalizedEntropy([0, 1], [1, 1])).toThrow(
      "nothing but clicks in 2 impressions: normalised entropy needs both classes",
    );
  });
});

describe("calibration", () => {
  it("is worked by hand: two groups of two", () => {
    const logit = (p: number) => Math.log(p / (1 - p));
    const table = calibrationTable([logit(0.9), logit(0.1), logit(0.2), logit(0.6)], [1, 0, 1, 1], 2);
    expect(table.map(({ count }) => count)).toEqual([2, 2]);
    expect(table[0].predicted).toBeCloseTo(0.15, 12);
    expect(table[0].observed).toBe(0.5);
    expect(table[1].predicted).toBeCloseTo(0.75, 12);
    expect(table[1].observed).toBe(1);
    expect(calibrationError([logit(0.9), logit(0.1), logit(0.2), logit(0.6)], [1, 0, 1, 1], 2)).toBeCloseTo(
      (0.35 + 0.25) / 2,
      12,
    );
  });

  it("weighs groups by their size, when ties make them unequal", () => {
    // Three equal logits of 0, one click, and one of ln 9, clicked: |0.5 − 1/3| of three and |0.9 − 1| of one.
    expect(calibrationError([0, 0, 0, Math.log(9)], [1, 0, 0, 1], 2)).toBeCloseTo((3 / 6 + 0.1) / 4, 12);
  });

  it("weighs what counts for several, by hand: two groups of weight 12, one of them a single impression of weight 12", () => {
    const logit = (p: number) => Math.log(p / (1 - p));
    const logits = [0.2, 0.4, 0.1, 0.6].map(logit);
    const weights = [9, 3, 0, 12];
    const [low, high, ...others] = calibrationTable(logits, [0, 1, 1, 1], 2, weights);
    expect(others).toEqual([]);
    expect(low).toMatchObject({ count: 2, weight: 12, observed: 0.25 });
    expect(low.predicted).toBeCloseTo((9 * 0.2 + 3 * 0.4) / 12, 12);
    expect(high).toMatchObject({ count: 1, weight: 12, observed: 1 });
    // Wilson's interval of 1/4 in 12² / (9² + 3²) = 1.6 impressions, worked apart.
    expect([low.low, low.high]).toEqual([expect.closeTo(0.0221, 4), expect.closeTo(0.8309, 4)]);
    expect(calibrationError(logits, [0, 1, 1, 1], 2, weights)).toBeCloseTo((0 + 0.4) / 2, 12);
    // Half of 12 is 6, and more than half of the 9 lies below.
    expect(calibrationTable([1, 2, 3, 4], [0, 1, 1, 0], 2, [9, 1, 1, 1]).map(({ count }) => count)).toEqual([1, 3]);
  });

  it("is the same for weights of 1, and for weights of another unit but for the unit", () => {
    fc.assert(
      fc.property(impressions, fc.integer({ min: 1, max: 12 }), ({ scores, labels }, bins) => {
        const table = calibrationTable(scores, labels, bins);
        const all = (w: number) => scores.map(() => w);
        expect(calibrationTable(scores, labels, bins, all(1))).toEqual(table);
        const quarters = calibrationTable(scores, labels, bins, all(0.25));
        expect(quarters).toEqual(table.map((bin) => ({ ...bin, weight: bin.weight / 4 })));
      }),
    );
  });

  it("of down-sampled impressions that weigh 1 / rate again is that of all", () => {
    const random = createRandom(1);
    const logits = Array.from({ length: 40_000 }, () => random.normal() - 2);
    const labels = logits.map((s) => (random.uniform() < 1 / (1 + Math.exp(-s)) ? 1 : 0));
    const kept = logits.map((_, i) => i).filter((i) => labels[i] === 1 || random.uniform() < 0.2);
    const [some, clicks] = [kept.map((i) => logits[i]), kept.map((i) => labels[i])];
    expect(calibrationError(some, clicks)).toBeGreaterThan(0.2);
    expect(calibrationError(some, clicks, 10, clicks.map((y) => (y === 1 ? 1 : 5)))).toBeLessThan(0.02);
  });

  it("gives 3 clicks in 10 Wilson's interval 0.108 to 0.603", () => {
    const [bin] = calibrationTable(new Array<number>(10).fill(0), [1, 1, 1, 0, 0, 0, 0, 0, 0, 0], 5);
    expect(bin.count).toBe(10); // equal logits stay together
    expect(bin.low).toBeCloseTo(0.1078, 4);
    expect(bin.high).toBeCloseTo(0.6032, 4);
  });

  it("has an interval around what was observed, also for no click and nothing but clicks", () => {
    for (let n = 1; n <= 200; n++) {
      for (const label of [0, 1]) {
        const same = new Array<number>(n).fill(label);
        const [{ observed, low, high }] = calibrationTable(same, same, 1);
        expect([low <= observed, observed <= high], `${n} of ${label}`).toEqual([true, true]);
      }
    }
  });

  it("puts every impression in one group, by rising prediction, never apart from its equals", () => {
    fc.assert(
      fc.property(impressions, fc.integer({ min: 1, max: 12 }), ({ scores, labels }, bins) => {
        const table = calibrationTable(scores, labels, bins);
        expect(table.reduce((n, { count }) => n + count, 0)).toBe(scores.length);
        expect(table.length).toBeLessThanOrEqual(bins);
        for (let b = 1; b < table.length; b++) expect(table[b].predicted).toBeGreaterThan(table[b - 1].predicted);
        for (const { observed, low, high } of table)
          expect(low <= observed + 1e-12 && observed <= high + 1e-12).toBe(true);
        expect(table.reduce((n, { count, observed }) => n + count * observed, 0)).toBeCloseTo(
          labels.reduce((n, y) => n + y, 0),
          9,
        );
      }),
    );
  });

  it("is near 0 for the probabilities the clicks were drawn from, and finds a shift of the logits", () => {
    const random = createRandom(1);
    const logits = Array.from({ length: 20_000 }, () => random.normal());
    const labels = logits.map((s) => (random.uniform() < 1 / (1 + Math.exp(-s)) ? 1 : 0));
    expect(calibrationError(logits, labels)).toBeLessThan(0.015);
    expect(calibrationError(logits.map((s) => s + 1), labels)).toBeGreaterThan(0.1);
  });
});

describe("NDCG", () => {
  it("is worked by hand for two users", () => {
    // User 1, by score: no, yes, yes: (1/log₂3 + 1/log₂4) / (1 + 1/log₂3). User 2: clicked first: 1. User 3: no click.
    const scores = [3, 2, 1, 9, 8, 5];
    const labels = [0, 1, 1, 1, 0, 0];
    const users = [1, 1, 1, 2, 2, 3];
    const first = (1 / Math.log2(3) + 0.5) / (1 + 1 / Math.log2(3));
    expect(ndcg(scores, labels, users, 3)).toEqual({
      ndcg: expect.closeTo((first + 1) / 2, 12),
      users: 2,
      skippedUsers: 1,
    });
    expect(ndcg(scores, labels, users, 1).ndcg).toBeCloseTo(0.5, 12);
  });

  it("meets scikit-learn, ties included", () => {
    for (const { logits, labels, ndcg: expected } of golden.cases) {
      for (const [k, value] of Object.entries(expected))
        expect(
          ndcg(
            logits,
            labels,
            labels.map(() => 7),
            Number(k),
          ).ndcg,
        ).toBeCloseTo(value, 12);
    }
  });

  it("refuses what has none", () => {
    expect(() => ndcg([1, 2], [0, 0], [1, 1], 3)).toThrow("none of 1 users clicked anything");
    expect(() => ndcg([1, 2], [0, 1], [1, 1], 0)).toThrow("k is 0");
    expect(() => ndcg([1, 2], [0, 1], [1], 1)).toThrow("1 users and 2 scores");
    expect(() => ndcg([3, 2, 1, 0], [0, 1, 0, 1], ["a", "b", "a", "b"] as never, 1)).toThrow(
      'users[0] is "a", expected a number: give each user one',
    ); // sorted as numbers they are no groups
  });
});

describe("DeLong's test", () => {
  /** Variance of the difference from the definition: placements by loops over all pairs. */
  function byLoops(a: readonly number[], b: readonly number[], labels: readonly number[]) {
    const beats = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
    const clicked = labels.flatMap((y, i) => (y === 1 ? [i] : []));
    const others = labels.flatMap((y, i) => (y === 0 ? [i] : []));
    const difference = (i: number, j: number) => beats(a[i], a[j]) - beats(b[i], b[j]);
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const spread = (values: number[]) =>
      values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1) / values.length;
    const ofClicked = clicked.map((i) => mean(others.map((j) => difference(i, j))));
    const ofOthers = others.map((j) => mean(clicked.map((i) => difference(i, j))));
    return { difference: mean(ofClicked), deviation: Math.sqrt(spread(ofClicked) + spread(ofOthers)) };
  }

  it("has the difference and the deviation of its definition", () => {
    fc.assert(
      fc.property(impressions, ({ scores, labels, users }) => {
        const clicks = labels.reduce((n, y) => n + y, 0);
        fc.pre(clicks >= 2 && labels.length - clicks >= 2);
        const expected = byLoops(scores, users, labels);
        const result = delong(scores, users, labels);
        expect(result.difference).toBeCloseTo(auc(scores, labels) - auc(users, labels), 12);
        expect(result.difference).toBeCloseTo(expected.difference, 12);
        expect(result.high - result.low).toBeCloseTo(2 * 1.959963984540054 * expected.deviation, 9);
      }),
    );
  });

  it("errs in about 5 of 100 worlds without a difference, and finds a large one", () => {
    const random = createRandom(1);
    let found = 0;
    for (let world = 0; world < 400; world++) {
      const labels = Array.from({ length: 120 }, (_, i) => i % 3 === 0 ? 1 : 0);
      const shared = labels.map((y) => y + random.normal());
      const noisy = () => shared.map((s) => s + random.normal());
      if (delong(noisy(), noisy(), labels).p < 0.05) found++;
    }
    expect(found / 400).toBeGreaterThan(0.025);
    expect(found / 400).toBeLessThan(0.085);
    const labels = Array.from({ length: 200 }, (_, i) => i % 2);
    const good = labels.map((y) => 2 * y + random.normal());
    expect(delong(good, labels.map(() => random.normal()), labels).p).toBeLessThan(1e-6);
  });

  it("says p = 1 for equal scores and refuses too few impressions", () => {
    expect(delong([1, 2, 3, 4], [1, 2, 3, 4], [0, 1, 0, 1])).toEqual({ difference: 0, low: 0, high: 0, p: 1 });
    expect(() => delong([1, 2, 3], [3, 2, 1], [0, 1, 0])).toThrow(
      "1 clicks in 3 impressions: DeLong's test needs two of each class",
    );
  });
});
