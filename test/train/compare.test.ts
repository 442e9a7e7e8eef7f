import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { useEngine } from "../../lib/engine";
import { createRandom } from "../../lib/random";
import { compare } from "../../lib/train/compare";
import { judge } from "../../lib/train/evaluate";
import { History } from "../../lib/train/history";
import { LossError } from "../../lib/train/losserror";
import { delong } from "../../lib/train/metrics/delong";
import { pairedTest } from "../../lib/train/statistics";
import type { TrialResult } from "../../lib/train/trial";
import { failing, trial } from "./comparetrials";

beforeAll(() => useEngine("wasm"));

interface Pretence {
  skill?: number;
  validation?: number;
  metric?: TrialResult["metric"];
  gauc?: boolean;
  rows?: number;
  /** Whether one label is another with every seed but 1. */
  relabel?: boolean;
  /** Whether all seeds are judged on the test data of seed 1. */
  fixed?: boolean;
}

/** A trial that trains nothing: logits know the label as well as `skill` says, plus the luck of this seed and skill. */
async function pretended(
  { skill = 0, validation = skill, metric = "auc", gauc = false, rows = 400, relabel = false, fixed = false }: Pretence,
  seed: number,
): Promise<TrialResult> {
  const random = createRandom(seed);
  const drawn = fixed ? createRandom(1) : random;
  const labels = Float32Array.from({ length: rows }, () => drawn.integer(2));
  if (relabel && seed > 1) labels[0] = 1 - labels[0];
  const luck = random.child(`${skill}`);
  const logits = labels.map((y) => skill * (y - 0.5) + luck.normal());
  const answers = { logits, labels, users: gauc ? (labels.map((_, i) => i % 3) as never) : undefined };
  return { answers, test: judge(answers), validation, metric, bestEpoch: 1, parameters: 10, millisecondsPerStep: seed };
}

const seeds = [1, 2, 3, 4, 5];

describe("compare", () => {
  it("trains, judges and tells models apart that differ, with the same digits in this process and in two others", async () => {
    const options = { models: { LR: { kind: "LR" }, FM: { kind: "FM" } }, seeds: [1, 2, 3] };
    const tensors = tf.memory().numTensors;
    const here = await compare({ ...options, trial });
    expect(tf.memory().numTensors).toBe(tensors);
    const [lr, fm] = here.models;
    expect(fm.score.mean - lr.score.mean).toBeGreaterThan(0.03);
    expect(here.verdicts[0].better).toBe("FM");
    expect([lr.parameters, fm.parameters]).toEqual([16, 16 + 15 * 4]);
    const there = await compare({ ...options, trial: "test/train/comparetrials#trial", workers: 2 });
    expect(there.models).toEqual(here.models);
    expect(there.verdicts).toEqual(here.verdicts);
  });

  it("knows a function's settings, so that the compiler sees a slip in them, and gives them back", async () => {
    interface Skill {
      skill: number;
      rows?: number;
    }
    const trial = (settings: Skill, seed: number) => pretended(settings, seed);
    const options = { trial, seeds: [1, 2] };
    const search = { space: { skill: [1, 2] } };
    const { models } = await compare({ ...options, models: { A: { rows: 300 } }, search });
    const skill: number = models[0].settings.skill;
    expect([1, 2]).toContain(skill);
    // @ts-expect-error no such setting
    await compare({ ...options, models: { A: { skill: 1, row: 1 } } });
    // @ts-expect-error a setting that A lacks and no search adds
    await compare({ ...options, models: { A: { rows: 300 }, B: { skill: 1, rows: 300 } } });
    // @ts-expect-error no such setting
    await compare({ ...options, models: { A: { skill: 1 } }, search: { space: { row: [300, 400] } } });
    // @ts-expect-error a text where the trial takes a number
    await compare({ ...options, models: { A: { skill: 1 } }, seeds: ["first"] });
  });

  it("takes texts as seeds, but not one that is a number of them", async () => {
    const trial = (settings: Pretence, seed: number | string) => pretended(settings, Number(String(seed).length));
    const options = { trial, models: { A: { skill: 1 }, B: { skill: 3 } } };
    const { seeds, tried, verdicts } = await compare({
      ...options,
      ...{ seeds: ["a", "bc"], searchSeed: "def", search: { space: { rows: [300, 400] } } },
    });
    expect([seeds, tried, verdicts[0].test]).toEqual([["a", "bc"], 2, "paired t test over 2 seeds"]);
    await expect(compare({ ...options, seeds: [1, "1"] })).rejects.toThrow('seeds are [1,"1"], expected at least one, and');
  });

  it("tells settings apart that differ in their functions alone", async () => {
    const trial = ({ skill }: { skill(): number }, seed: number) => pretended({ skill: skill() }, seed);
    const { models, verdicts } = await compare({
      trial,
      models: { A: { skill: () => 1 }, B: { skill: () => 3 } },
      seeds,
    });
    expect(models[1].score.mean - models[0].score.mean).toBeGreaterThan(0.1);
    expect(verdicts[0].better).toBe("B");
  });

  it("refuses to send functions to other processes", async () => {
    const options = {
      trial: "test/train/comparetrials#trial",
      models: { A: { kind: () => "LR" } },
      seeds: [1, 2],
      workers: 1,
    };
    await expect(compare(options)).rejects.toThrow(/^A with seed 1: .* could not be cloned/);
  });

  it.each([
    ["this process", failing],
    ["another process", "test/train/comparetrials#failing"],
  ])("says which model failed with which seed in %s", async (_, trial) => {
    const failed = compare({
      trial: trial as string,
      models: { "small FM": { fails: 0 }, "large FM": { fails: 2 } },
      seeds: [1, 2],
      workers: 1,
    });
    await expect(failed).rejects.toThrow(/^large FM with seed 2: .*on purpose/);
  });

  it.each([
    ["this process", failing],
    ["another process", "test/train/comparetrials#failing"],
  ])("ends at the first metric that is not finite in %s, and trains nothing after it", async (_, trial) => {
    const told: number[] = [];
    const failed = compare({
      trial: trial as string,
      models: { "small FM": { spoils: 2 }, "large FM": {} },
      seeds: [1, 2],
      workers: 1,
      onTrial: (done) => told.push(done),
    });
    await expect(failed).rejects.toThrow("the test AUC of small FM with seed 2 is NaN, expected a finite number");
    expect(told).toEqual([1]);
  });

  it("sums each model up: values by seed, mean and interval, and the times apart", async () => {
    const { models, millisecondsPerStep, trials, tried } = await compare({
      trial: pretended,
      models: { A: { skill: 1 }, B: { skill: 1.5 } },
      seeds,
    });
    const values = trials.A.map(({ test }) => test.auc);
    expect(models[0].tests.map(({ auc }) => auc)).toEqual(values);
    expect(models[0].score.mean).toBeCloseTo(values.reduce((a, b) => a + b) / 5, 12);
    expect(models[0].score.low).toBeLessThan(models[0].score.mean);
    expect(models[0].meanLogLoss).toBeCloseTo(trials.A.reduce((sum, { test }) => sum + test.logLoss, 0) / 5, 12);
    expect(millisecondsPerStep).toEqual({ A: 3, B: 3 });
    expect(JSON.stringify(models)).not.toContain("milliseconds");
    expect(tried).toBe(1);
  });

  it("has an interval from two seeds on, and of their times the middle one, whatever their order", async () => {
    const { models } = await compare({ trial: pretended, models: { A: { skill: 1 } }, seeds: [1, 2] });
    expect(models[0].score.high).toBeGreaterThan(Math.max(...models[0].tests.map(({ auc }) => auc)));
    expect(
      (await compare({ trial: pretended, models: { A: { skill: 1 } }, seeds: [5, 1, 2] })).millisecondsPerStep,
    ).toEqual({ A: 2 });
  });

  it("leaves out of the times that of a seed whose checkpoint left no step to do", async () => {
    const trial = async (settings: { skill: number }, seed: number) => {
      const result = await pretended(settings, seed);
      return seed === 2 ? { ...result, millisecondsPerStep: NaN } : result;
    };
    const { millisecondsPerStep } = await compare({ trial, models: { A: { skill: 1 } }, seeds: [5, 2, 7] });
    expect(millisecondsPerStep).toEqual({ A: 6 });
  });

  it("tells after each trial how many are done, first those of the search", async () => {
    const told: string[] = [];
    const onTrial = (done: number, all: number) => void told.push(`${done}/${all}`);
    await compare({
      trial: pretended,
      models: { A: {} },
      seeds: [1, 2, 3],
      search: { space: { skill: [1, 2] } },
      onTrial,
    });
    expect(told).toEqual(["1/2", "2/2", "1/2", "2/2"]); // the search has done one of the three already
  });

  it("gives the verdict of a paired t test over the seeds, in words", async () => {
    const { verdicts, trials } = await compare({
      trial: pretended,
      models: { A: { skill: 1 }, B: { skill: 2 } },
      seeds,
    });
    const test = pairedTest(trials.A.map(({ test }) => test.auc), trials.B.map(({ test }) => test.auc));
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]).toMatchObject({
      a: "A",
      b: "B",
      difference: test.mean,
      low: test.low,
      high: test.high,
      p: test.p,
      better: "B",
    });
    expect(verdicts[0].words).toBe(
      `B is better than A: AUC +${(-test.mean).toFixed(4)} (95 % interval +${(-test.high).toFixed(4)} to +${(-test.low).toFixed(4)}; paired t test over 5 seeds; p < 0.001)`,
    );
  });

  it("says that models are not distinguishable when they are not", async () => {
    const { verdicts } = await compare({ trial: pretended, models: { A: { skill: 1 }, B: { skill: 1.0001 } }, seeds });
    expect(verdicts[0].better).toBeUndefined();
    expect(verdicts[0].words).toMatch(
      /^A and B are not distinguishable: AUC [+−]0\.\d{4} \(95 % interval −.* to \+.*; paired t test over 5 seeds; p = 0\.\d+\)$/,
    );
  });

  it("speaks of these test impressions alone when all seeds have the same: training again is all that varied", async () => {
    const options = { trial: pretended, seeds };
    const wordsOf = async (skill: number, fixed: boolean) =>
      (await compare({ ...options, models: { A: { skill: 1, fixed }, B: { skill, fixed } } })).verdicts[0].words;
    expect(await wordsOf(2, true)).toMatch(
      /^B is better than A on these test impressions: AUC \+.*; paired t test over 5 seeds with the same test impressions, which says nothing of others; p < 0\.001\)$/,
    );
    expect(await wordsOf(1.0001, true)).toMatch(
      /^A and B are not distinguishable on these test impressions: AUC .*; paired t test over 5 seeds with the same test impressions, which/,
    );
    for (const skill of [2, 1.0001]) expect(await wordsOf(skill, false)).not.toContain("impressions");
  });

  it("corrects for the number of pairs", async () => {
    const { verdicts, trials } = await compare({
      trial: pretended,
      models: { A: { skill: 1 }, B: { skill: 1.01 }, C: { skill: 1.02 } },
      seeds,
    });
    const values = (name: string) => trials[name].map(({ test }) => test.auc);
    const alone = verdicts.map(({ a, b }) => pairedTest(values(a), values(b)).p);
    expect(Math.min(...verdicts.map(({ p }) => p))).toBeCloseTo(Math.min(1, 3 * Math.min(...alone)), 12);
    expect(verdicts[0].test).toBe("paired t test over 5 seeds, Holm's correction for 3 pairs");
    for (const { words, finding, test } of verdicts) {
      expect(words).toMatch(/\(95 % interval of this pair alone [+−].* to [+−].*; paired/);
      expect(words.replace(`${test}; `, "").replace(" of this pair alone", "")).toBe(finding);
    }
  });

  it("takes DeLong's test with one seed, and says so", async () => {
    const { verdicts, trials, models } = await compare({
      trial: pretended,
      models: { A: { skill: 2 }, B: { skill: 1 } },
      seeds: [7],
    });
    const { difference, p } = delong(
      trials.A[0].answers.logits,
      trials.B[0].answers.logits,
      trials.A[0].answers.labels,
    );
    expect(verdicts[0]).toMatchObject({ difference, p, better: "A" });
    expect(verdicts[0].words).toContain("A is better than B: AUC +");
    expect(verdicts[0].words).toContain("DeLong's test, one seed");
    expect(models[0].score.low).toBe(models[0].score.mean);
  });

  it("knows that a smaller log loss is better", async () => {
    const { verdicts } = await compare({
      trial: pretended,
      models: { A: { skill: 1 }, B: { skill: 3 } },
      seeds,
      metric: "logLoss",
    });
    expect(verdicts[0]).toMatchObject({ better: "B" });
    expect(verdicts[0].difference).toBeGreaterThan(0);
    expect(verdicts[0].words).toContain("B is better than A: log loss −");
  });

  it("sees other test data of the same size in any seed", async () => {
    const options = { trial: pretended, models: { A: {}, B: { relabel: true } }, seeds: [1, 2] };
    await expect(compare(options)).rejects.toThrow("with seed 2 B was judged on other test data than A");
  });

  it("refuses comparisons that say nothing", async () => {
    const models = { A: {}, B: { rows: 300 } };
    await expect(compare({ trial: pretended, models, seeds: [1, 2] })).rejects.toThrow(
      "with seed 1 B was judged on other test data than A",
    );
    await expect(
      compare({ trial: pretended, models: { A: {}, B: { skill: 1 } }, seeds: [1], metric: "logLoss" }),
    ).rejects.toThrow("with one seed there is a test for AUC only");
    await expect(compare({ trial: pretended, models: { A: {} }, seeds: [1, 2], metric: "gauc" })).rejects.toThrow(
      "the test data has no user",
    );
    await expect(compare({ trial: pretended, models: {}, seeds: [1] })).rejects.toThrow("0 models");
    const slip = { trial: pretended, models: { a: {} }, seeds: [1, 2], metrc: "logLoss" } as never;
    await expect(compare(slip)).rejects.toThrow("compare has no option metrc, expected some of trial, models, seeds");
    const search = { space: { rate: [1, 2] }, trial: 1 } as never;
    await expect(compare({ trial: pretended, models: { a: {} }, seeds: [1, 2], search })).rejects.toThrow(
      "search has no option trial, expected some of space, trials, seed",
    );
    await expect(
      compare({ trial: pretended, models: { A: {} }, seeds: [1, 2], metric: "logloss" as never }),
    ).rejects.toThrow('metric is "logloss", expected "auc", "gauc" or "logLoss"');
    await expect(compare({ trial: pretended, models: { A: {} }, seeds: [1, 1] })).rejects.toThrow(
      "expected at least one, and all different",
    );
  });

  it("refuses what has no verdict before it trains, and a missing GAUC after the first trial", async () => {
    let trained = 0;
    const counting = (settings: Pretence, seed: number) => (trained++, pretended(settings, seed));
    const models = { A: { skill: 1 }, B: { skill: 2 } };
    for (const metric of ["logLoss", "gauc"] as const) {
      await expect(compare({ trial: counting, models, seeds: [1], metric })).rejects.toThrow(
        `one seed and the metric ${metric}: with one seed there is a test for AUC only`,
      );
    }
    expect(trained).toBe(0);
    const search = { space: { rows: [300, 400] } };
    await expect(compare({ trial: counting, models, seeds: [1, 2], metric: "gauc", search })).rejects.toThrow(
      "the test data has no user",
    );
    expect(trained).toBe(1);
    expect(
      (await compare({ trial: counting, models: { A: { skill: 1 } }, seeds: [1], metric: "logLoss" })).verdicts,
    ).toEqual([]); // nothing to test
  });

  it("refuses weighted test data with one seed after the first trial, and takes it with two, or of one model", async () => {
    let trained = 0;
    const weighing = async (settings: Pretence, seed: number) => {
      trained++;
      const result = await pretended(settings, seed);
      return { ...result, answers: { ...result.answers, weights: new Float32Array(400).fill(2) } };
    };
    const models = { A: { skill: 1 }, B: { skill: 2 } };
    await expect(compare({ trial: weighing, models, seeds: [1] })).rejects.toThrow(
      "one seed and weighted test data: DeLong's test knows no weights. Give two seeds or more",
    );
    expect(trained).toBe(1);
    expect((await compare({ trial: weighing, models, seeds: [1, 2] })).verdicts).toHaveLength(1);
    expect((await compare({ trial: weighing, models: { A: { skill: 1 } }, seeds: [1] })).verdicts).toEqual([]);
  });

  it("refuses a missing GAUC after the first trial in other processes too", async () => {
    const onTrial = () => expect.unreachable();
    const options = {
      trial: "test/train/comparetrials#trial",
      models: { LR: { kind: "LR" }, FM: { kind: "FM" } },
      seeds: [1, 2],
      workers: 1,
      onTrial,
    };
    await expect(compare({ ...options, metric: "gauc" })).rejects.toThrow("the test data has no user");
  });
});

describe("a search", () => {
  it("takes each model's settings that are best on the validation data, and judges them with all seeds", async () => {
    const called: string[] = [];
    const counting = (settings: { name?: string; skill?: number }, seed: number) => (
      called.push(`${settings.skill} ${seed}`),
      pretended({ validation: -Math.abs((settings.skill ?? 0) - 2), ...settings }, seed)
    );
    const { models, tried } = await compare({
      trial: counting,
      models: { A: { name: "a" }, B: { name: "b" } },
      seeds: [1, 2, 3],
      search: { space: { skill: [1, 2, 3] } },
    });
    expect(models.map(({ settings }) => settings)).toEqual([
      { name: "a", skill: 2 },
      { name: "b", skill: 2 },
    ]);
    expect(tried).toBe(3);
    expect(models[0].tests).toHaveLength(3);
    // The chosen one's first seed is not run again.
    expect(called).toEqual(["1 1", "2 1", "3 1", "1 1", "2 1", "3 1", "2 2", "2 3", "2 2", "2 3"]);
  });

  it("takes the settings of the smallest log loss if trials were judged by it", async () => {
    const trial = (settings: { skill: number }, seed: number) => pretended({ ...settings, metric: "logLoss" }, seed);
    const { models } = await compare({
      trial,
      models: { A: {} },
      seeds: [1, 2],
      metric: "logLoss",
      search: { space: { skill: [2, 1, 3] } },
    });
    expect(models[0].settings).toEqual({ skill: 1 });
  });

  it("takes settings of any log loss before those with which the training diverges", async () => {
    const trial = async (settings: { skill: number }, seed: number) => {
      if (settings.skill === 1) throw new LossError("the loss is NaN", 1, Int32Array.of(0), new History("logLoss"));
      return pretended({ ...settings, metric: "logLoss" }, seed);
    };
    const search = { space: { skill: [1, 2] } };
    const { models } = await compare({ trial, models: { A: {} }, seeds: [1, 2], metric: "logLoss", search });
    expect(models[0].settings).toEqual({ skill: 2 });
  });

  it("takes no settings whose validation is NaN, also where they are tried first", async () => {
    const trial = ({ skill }: { skill: number }, seed: number) =>
      pretended({ skill, validation: skill === 1 ? NaN : -skill }, seed);
    const search = { space: { skill: [1, 2, 3] } };
    const { models } = await compare({ trial, models: { A: {} }, seeds: [1, 2], search });
    expect(models[0].settings).toEqual({ skill: 2 });
  });

  it("takes the first of settings that do equally well", async () => {
    const { models } = await compare({
      trial: pretended,
      models: { A: { validation: 0.5 } },
      seeds: [1, 2],
      search: { space: { skill: [2, 1, 3] } },
    });
    expect(models[0].settings).toEqual({ validation: 0.5, skill: 2 });
  });

  it("can ask another seed than the first, one that is not compared too", async () => {
    // The skill that does best on the validation data of a seed.
    const better: Record<number, number> = { 1: 1, 2: 1, 7: 3 };
    const trial = (settings: { skill: number }, seed: number) =>
      pretended({ ...settings, validation: -Math.abs(settings.skill - better[seed]) }, seed);
    const chosenBy = async (searchSeed?: number) =>
      (await compare({ trial, models: { A: {} }, seeds: [1, 2], search: { space: { skill: [1, 2, 3] } }, searchSeed }))
        .models[0].settings;
    expect(await chosenBy()).toEqual({ skill: 1 });
    expect(await chosenBy(7)).toEqual({ skill: 3 });
  });

  it("refuses to choose by another metric than the one that decides, after the first trial", async () => {
    let trained = 0;
    const counting = (settings: { skill?: number }, seed: number) => (trained++, pretended(settings, seed));
    const options = { trial: counting, models: { A: {}, B: {} }, seeds: [1, 2], metric: "logLoss" } as const;
    await expect(compare({ ...options, search: { space: { skill: [1, 2] } } })).rejects.toThrow(
      "the trials' metric on the validation data is auc, expected logLoss",
    );
    expect(trained).toBe(1);
    expect((await compare(options)).metric).toBe("logLoss"); // without a search nothing is chosen by it
  });

  it.each([
    ["this process", trial],
    ["another process", "test/train/comparetrials#trial"],
  ])("counts settings with which the training diverges as the worst, in %s", async (_, trial) => {
    const told: number[] = [];
    const options = { trial: trial as string, models: { LR: { kind: "LR" } }, seeds: [1, 2], workers: 1 };
    const { models } = await compare({
      ...options,
      search: { space: { learningRate: [1e40, 0.3] } },
      onTrial: (done) => told.push(done),
    });
    expect(models[0].settings).toEqual({ kind: "LR", learningRate: 0.3 });
    expect(told).toEqual([1, 2, 1]);
    await expect(compare({ ...options, search: { space: { learningRate: [1e40] } } })).rejects.toThrow(
      "none of 1 settings that LR tried with seed 1 has a loss that stays finite",
    );
    await expect(compare({ ...options, models: { LR: { kind: "LR", learningRate: 1e40 } } })).rejects.toThrow(
      /^LR with seed 1: .*the loss is/,
    ); // nothing to choose from
  });

  it("fails for any other failure of a trial", async () => {
    const options = { models: { A: { fails: 1 } }, seeds: [1, 2], search: { space: { x: [1, 2] } } };
    const failure: Error = await compare({ ...options, trial: failing }).catch((error) => error);
    expect([failure.message, failure.cause]).toEqual(["A with seed 1: on purpose", new Error("on purpose")]);
    const atOnce: typeof failing = () => {
      throw "a text";
    };
    await expect(compare({ ...options, trial: atOnce })).rejects.toThrow("A with seed 1: a text");
  });
});
