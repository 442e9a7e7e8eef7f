import { describe, expect, test } from "vitest";
import { additiveWorld } from "../../../lib/data/planted/additive";
import { bayesScores, expectedScores } from "../../../lib/data/planted/bayes";
import { createRandom } from "../../../lib/random";
import { auc } from "../../../lib/train/metrics/auc";
import { logLoss } from "../../../lib/train/metrics/logloss";
import { fc, percents } from "../../properties";

const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));
const small = additiveWorld({ rows: 300, seed: 3 });

/** The formula in the header of bayes.ts, term by term. */
function expectedByLoops(scores: ArrayLike<number>, probabilities: number[]): { auc: number; logLoss: number } {
  let won = 0;
  let pairs = 0;
  let loss = 0;
  for (let i = 0; i < scores.length; i++) {
    const p = sigmoid(scores[i]);
    loss -= (probabilities[i] * Math.log(p) + (1 - probabilities[i]) * Math.log(1 - p)) / scores.length;
    for (let j = 0; j < scores.length; j++) {
      if (i === j) continue;
      const weight = probabilities[i] * (1 - probabilities[j]);
      pairs += weight;
      won += weight * (scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0);
    }
  }
  return { auc: won / pairs, logLoss: loss };
}

describe("scores of the Bayes prediction", () => {
  test("are on the drawn clicks what the metrics say of its logits", () => {
    const rows = Int32Array.from({ length: 200 }, (_, i) => 299 - i);
    const part = small.impressions.read(rows);
    const logits = Float32Array.from(rows, (row) => small.bayesLogits[row]);
    const scores = bayesScores(small, rows);
    expect(scores.auc).toBeCloseTo(auc(logits, part.labels), 12);
    expect(scores.logLoss).toBeCloseTo(logLoss(logits, part.labels), 12);
  });

  test("are expected to be what the double loop over pairs gives, ties and all", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })), {
          minLength: 2,
          maxLength: 30,
        }),
        (pairs) => {
          const logits = Float32Array.from(pairs, ([s]) => s);
          const truth = Float32Array.from(pairs, ([, s]) => s);
          const expected = expectedByLoops(logits, Array.from(truth, sigmoid));
          const got = expectedScores(logits, truth);
          expect(got.auc).toBeCloseTo(expected.auc, 10);
          expect(got.logLoss).toBeCloseTo(expected.logLoss, 10);
        },
      ),
    );
  });

  test("are the mean over clicks drawn again and again", () => {
    const random = createRandom(1);
    const draws = 400;
    let meanAuc = 0;
    let meanLoss = 0;
    for (let i = 0; i < draws; i++) {
      const labels = Float32Array.from(small.bayesLogits, (s) => (random.uniform() < sigmoid(s) ? 1 : 0));
      meanAuc += auc(small.bayesLogits, labels) / draws;
      meanLoss += logLoss(small.bayesLogits, labels) / draws;
    }
    const { expected } = bayesScores(small);
    expect(meanAuc).toBeCloseTo(expected.auc, 2); // standard error about 0.0015
    expect(meanLoss).toBeCloseTo(expected.logLoss, 2); // standard error about 0.001
  });

  test("cannot be passed: other logits have a lower expected AUC or the same, and a larger expected log loss", () => {
    const { expected } = bayesScores(small);
    fc.assert(
      fc.property(fc.integer(), percents(1, 200), (seed, size) => {
        const random = createRandom(seed);
        const other = expectedScores(small.bayesLogits.map((s) => s + size * random.normal()), small.bayesLogits);
        expect(other.auc).toBeLessThanOrEqual(expected.auc);
        expect(other.logLoss).toBeGreaterThan(expected.logLoss);
      }),
    );
  });

  test("need both classes", () => {
    const rows = Int32Array.from(small.impressions.labels.keys()).filter((row) => small.impressions.labels[row] === 0);
    expect(() => bayesScores(small, rows)).toThrow("0 clicks in");
    expect(() => expectedScores(new Float32Array(2), new Float32Array(3))).toThrow("2 logits for 3 Bayes logits");
  });

  test("say so where a model has diverged, and do not search for ever", () => {
    expect(() => expectedScores(Float32Array.of(1, NaN, 3), Float32Array.of(0, 1, -1))).toThrow(/^logits\[1\] is NaN/);
    expect(() => expectedScores(Float32Array.of(0, 1, -1), Float32Array.of(1, 2, NaN))).toThrow("bayesLogits[2] is NaN");
  });

  test("of a world of one's own with NaN among its logits are refused, too", () => {
    expect(() => bayesScores({ ...small, bayesLogits: small.bayesLogits.map(() => NaN) })).toThrow("logits[0] is NaN");
  });

  test("of rows that the world does not have are refused, and do not search for ever", () => {
    expect(() => bayesScores(small, Int32Array.of(0, 1, 300))).toThrow("row 300, expected 0..299");
    expect(() => bayesScores(small, [0, 1] as never)).toThrow("rows is Array, expected an Int32Array");
  });

  test.each([
    [Infinity, 0, Infinity],
    [-Infinity, 0, Infinity],
    [Infinity, Infinity, 0],
    [-Infinity, -Infinity, 0],
    [Infinity, -Infinity, Infinity],
  ])("a logit of %s where the true one is %s has the log loss %s", (logit, truth, loss) => {
    // The other two impressions are known for sure: each has the loss 0.
    const [logits, bayes] = [Float32Array.of(logit, 1000, -1000), Float32Array.of(truth, 1000, -1000)];
    expect(expectedScores(logits, bayes).logLoss).toBe(loss);
  });
});
