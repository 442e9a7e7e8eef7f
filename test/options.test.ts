/** Options may be undefined where they may be left out. The compiler says so (npm run types), and these tests. */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { avazuSchema } from "../lib/data/avazu";
import { criteoSchema, loadCriteo10k } from "../lib/data/criteo";
import { useEngine } from "../lib/engine";
import { compare } from "../lib/train/compare";
import { judge } from "../lib/train/evaluate";
import { fit } from "../lib/train/fit";
import { runJobs } from "../lib/train/jobs";
import { aucDifferenceByUsers } from "../lib/train/metrics/byusers";
import { adagrad, adam, ftrl } from "../lib/train/optimizers";
import { cosine, reduceOnPlateau } from "../lib/train/schedules";
import type { TrialResult } from "../lib/train/trial";
import { temporaryFolder } from "./temporary";
import { toyImpressions, toyModel } from "./train/toy";

const at = { step: 30, steps: 40, validation: [0.6, 0.5, 0.5, 0.5], metric: "auc" } as const;
const words = { minCount: undefined, hashBuckets: undefined };
const byUsers = (options: { draws?: number | undefined }) =>
  aucDifferenceByUsers([1, 2, 3], [2, 1, 3], [0, 1, 0], [5, 5, 9], { seed: 1, ...options });

test.each<[string, () => unknown, () => unknown]>([
  [
    "adagrad",
    () => adagrad({ learningRate: 0.1, start: undefined }).settings,
    () => adagrad({ learningRate: 0.1 }).settings,
  ],
  [
    "adam",
    () => adam({ learningRate: undefined, beta1: undefined, beta2: undefined, epsilon: undefined }).settings,
    () => adam().settings,
  ],
  [
    "ftrl",
    () => ftrl({ learningRate: 0.1, beta: undefined, l1: undefined, l2: undefined }).settings,
    () => ftrl({ learningRate: 0.1 }).settings,
  ],
  ["cosine", () => cosine({ end: undefined })(at), () => cosine()(at)],
  [
    "reduceOnPlateau",
    () => reduceOnPlateau({ factor: undefined, patience: undefined })(at),
    () => reduceOnPlateau()(at),
  ],
  ["criteoSchema", () => criteoSchema(words), () => criteoSchema()],
  ["avazuSchema", () => JSON.stringify(avazuSchema(words)), () => JSON.stringify(avazuSchema())],
  ["aucDifferenceByUsers", () => byUsers({ draws: undefined }), () => byUsers({})],
])("an option of %s that is undefined is as good as none", (_, given, none) => {
  expect(given()).toEqual(none());
});

test("callbacks and everySteps of a checkpoint may be undefined", async () => {
  await useEngine("wasm");
  const checkpoint = { file: path.join(temporaryFolder(), "checkpoint"), everySteps: undefined };
  const callbacks = [{ onBatch: undefined, onEpoch: undefined, onEnd: undefined }];
  const options = { epochs: 1, batchSize: 10, optimizer: adam(), seed: 1, callbacks, checkpoint };
  expect((await fit(toyModel(), toyImpressions(20), options)).epochs).toHaveLength(1);
  expect(fs.existsSync(checkpoint.file)).toBe(true);

  const jobs = [{ call: "test/train/jobfunctions#engineInUse", args: [] }];
  expect(await runJobs(jobs, { workers: undefined, onDone: undefined, onFailure: undefined })).toEqual(["wasm"]);

  const answers = { logits: new Float32Array([1, 2]), labels: new Float32Array([0, 1]), users: undefined };
  const result: TrialResult = {
    ...{ answers, test: judge(answers), validation: 1, metric: "auc", bestEpoch: 1, parameters: 1 },
    millisecondsPerStep: 1,
  };
  const compared = await compare({ trial: async () => result, models: { it: {} }, seeds: [1], onTrial: undefined });
  expect(compared.models[0].score.mean).toBe(1);
});

test("loadCriteo10k takes an undefined minCount", async () => {
  vi.stubEnv("CTR_DATA", temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(loadCriteo10k({ minCount: undefined })).rejects.toThrow("train.tsv is not there. Fetch it once with");
});
