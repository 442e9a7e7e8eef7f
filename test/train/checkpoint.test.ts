import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { deserialize, serialize } from "node:v8";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rowRange } from "../../lib/data/blocks";
import { Impressions } from "../../lib/data/impressions";
import { useEngine } from "../../lib/engine";
import { FM } from "../../lib/models/fm";
import { createRandom } from "../../lib/random";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../lib/train/checkpoint";
import { fingerprint, fingerprintOfWeights } from "../../lib/train/fingerprint";
import { fit } from "../../lib/train/fit";
import { adagrad, sgd } from "../../lib/train/optimizers";
import type { FitOptions, Progress } from "../../lib/train/options";
import { l2, miniBatchAware } from "../../lib/train/regularizers";
import { temporaryFolder } from "../temporary";
import { distance, features, toyImpressions, toyModel } from "./toy";

beforeAll(() => useEngine("wasm"));

let folder: string;
beforeEach(() => void (folder = temporaryFolder()));

const data = toyImpressions(200);
const validation = toyImpressions(60, 2);

function options(extra: Partial<FitOptions> = {}): FitOptions {
  return {
    epochs: 3,
    batchSize: 32,
    optimizer: adagrad({ learningRate: 0.3 }),
    seed: 1,
    checkpoint: { file: join(folder, "run") },
    ...extra,
  };
}

describe("a training that was killed", () => {
  const run = (file: string, killAt: number) =>
    promisify(execFile)(process.execPath, ["--import", "tsx", "test/train/killed.ts", file, String(killAt)]);

  it("ends, resumed, with the digits of one that was not: weights, moving averages, history", async () => {
    const file = join(folder, "deep", "run");
    // In the second epoch of 8 steps, between checkpoints.
    const [whole, killed] = await Promise.all([run("none", 0), run(file, 11).catch((error) => error)]);
    expect(killed.signal).toBe("SIGKILL");
    expect(existsSync(file)).toBe(true);
    const again = await run(file, 8).catch((error) => error); // from step 9 on: in the third
    expect(again.signal).toBe("SIGKILL");
    const { stdout } = await run(file, 0);
    expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect(stdout).toBe(whole.stdout);
    expect(readdirSync(join(folder, "deep"))).toEqual(["run"]);
  });
});

describe("a training with a checkpoint", () => {
  it.each([
    ["", data],
    [", with weights too", new Impressions({ ...data, weights: data.labels.map((_, i) => i % 3) })],
  ])("goes on after it was stopped, to the same digits%s", async (_, data) => {
    const [stopped, whole] = [toyModel(), toyModel()];
    let batches = 0;
    const stop = { onBatch: () => void (++batches === 10 && process.emit("SIGINT")) };
    expect((await fit(stopped, data, options({ validation, callbacks: [stop] }))).ended).toBe("stopped by you");
    const history = await fit(stopped, data, options({ validation }));
    expect(history).toEqual(await fit(whole, data, options({ validation, checkpoint: undefined })));
    expect(history.ended).toBe("all epochs done");
    expect(distance(stopped, whole)).toBe(0);
  });

  it("still knows after a break how the model did before its first step", async () => {
    const stop = { onBatch: () => void process.emit("SIGINT") };
    const { start } = await fit(toyModel(), data, options({ validation, callbacks: [stop] }));
    expect(start?.auc).toBeGreaterThan(0);
    expect((await fit(toyModel(), data, options({ validation }))).start).toEqual(start);
  });

  it("goes on from the batch it was stopped after, not from the epoch before", async () => {
    let batches = 0;
    const count = { onBatch: () => void (++batches === 10 && process.emit("SIGINT")) };
    await fit(toyModel(), data, options({ validation, callbacks: [count] }));
    await fit(toyModel(), data, options({ validation, callbacks: [count] }));
    expect(batches).toBe(3 * 7); // each once
  });

  it.each([
    [undefined, [0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7]],
    [3, [0, 0, 0, 3, 3, 3, 6, 7, 7, 9, 9, 9, 12, 12]],
  ])("is kept after each epoch, and after every so many steps if asked: %s", async (everySteps, expected) => {
    const file = join(folder, "run");
    const kept: number[] = []; // the step in the file, as each batch is done
    const onBatch = () => void kept.push(existsSync(file) ? deserialize(readFileSync(file)).step : 0);
    await fit(toyModel(), data, options({ epochs: 2, checkpoint: { file, everySteps }, callbacks: [{ onBatch }] }));
    expect(kept).toEqual(expected);
  });

  it("goes on where all steps of an epoch were done, but not what follows them", async () => {
    let asked = 0; // for the factor of step 7, the epoch's last: before the step, and for the history
    const schedule = ({ step }: { step: number }) => {
      if (step === 7 && ++asked === 2) throw new Error("enough");
      return 1;
    };
    const checkpoint = { file: join(folder, "run"), everySteps: 7 };
    await expect(fit(toyModel(), data, options({ checkpoint, schedule }))).rejects.toThrow("enough");
    const [resumed, whole] = [toyModel(), toyModel()];
    const history = await fit(resumed, data, options({ checkpoint, schedule }));
    expect(history).toEqual(await fit(whole, data, options({ checkpoint: undefined })));
    expect(distance(resumed, whole)).toBe(0);
  });

  it("goes on after an epoch whose callback failed, with the next one", async () => {
    const onEpoch = () => Promise.reject(new Error("enough"));
    await expect(fit(toyModel(), data, options({ callbacks: [{ onEpoch }] }))).rejects.toThrow("enough");
    const epochs = new Set<number>();
    await fit(toyModel(), data, options({ callbacks: [{ onBatch: ({ epoch }) => void epochs.add(epoch) }] }));
    expect([...epochs]).toEqual([2, 3]);
  });

  it("does not go on where it ended because nothing improved", async () => {
    const still = { validation, patience: 1, optimizer: sgd({ learningRate: 1e-30 }) };
    const history = await fit(toyModel(), data, options(still));
    expect([history.ended, history.epochs.length]).toEqual(["no improvement", 2]);
    const onBatch = () => expect.unreachable();
    expect(await fit(toyModel(), data, options({ ...still, callbacks: [{ onBatch }] }))).toEqual(history);
  });

  it("has nothing left to do when it was finished", async () => {
    const [model, other] = [toyModel(), toyModel()];
    const history = await fit(model, data, options({ validation }));
    const onBatch = () => expect.unreachable();
    expect(await fit(other, data, options({ validation, callbacks: [{ onBatch }] }))).toEqual(history);
    expect(distance(model, other)).toBe(0);
  });

  it("shows the last epoch when there is nothing left to do", async () => {
    const still = { patience: 1, optimizer: sgd({ learningRate: 1e-30 }) }; // ends after its second epoch
    for (const [name, extra] of Object.entries({ all: {}, still })) {
      const told: Progress[] = [];
      const onEnd = (progress: Progress) => told.push({ ...progress });
      const run = () =>
        fit(toyModel(), data, options({
          ...{ ...extra, validation },
          checkpoint: { file: join(folder, name) },
          callbacks: [{ onEnd }],
        }));
      const last = (await run()).epochs.at(-1);
      await run();
      expect(told[1]).toEqual({
        ...{ epoch: name === "all" ? 3 : 2, epochs: 3, step: 7, steps: 7, metric: "auc" },
        ...{ loss: last?.loss, validation: last?.validation?.auc },
      });
      expect(told[0]).toEqual(told[1]);
    }
  });

  it.each<[string, Partial<FitOptions>]>([
    ["batchSize", { batchSize: 16 }],
    ["seed", { seed: 2 }],
    ["patience", { patience: 1 }],
    ["clipNorm", { clipNorm: 1 }],
    ["weightDecay", { weightDecay: 0.1 }],
    ["metric", { metric: "logLoss" }],
    ["regularizer.kind", { regularizer: miniBatchAware() }],
  ])("refuses a checkpoint of a run with another %s", async (name, other) => {
    const run = { epochs: 1, validation, patience: 3, clipNorm: 9, weightDecay: 0.01, regularizer: l2(0.01) };
    await fit(toyModel(), data, options(run));
    await expect(fit(toyModel(), data, options({ ...run, ...other }))).rejects.toThrow(
      `belongs to another run: its ${name} is`,
    );
  });

  it("refuses a checkpoint of a model with another config", async () => {
    await fit(toyModel(), data, options({ epochs: 1 }));
    await expect(
      fit(new FM({ features, embeddingDim: 4 }, createRandom(1)), data, options({ epochs: 1 })),
    ).rejects.toThrow("its model[1].embeddingDim is 3, here it is 4");
    class Other extends FM {} // with the same config and the same first weights
    const { config } = toyModel();
    await expect(fit(new Other(config, createRandom(1)), data, options({ epochs: 1 }))).rejects.toThrow(
      'its model[0] is "FM", here it is "Other"',
    );
  });

  it("refuses a checkpoint of a model with other first weights, or a loop over seeds would see the first one's results", async () => {
    await fit(toyModel(1), data, options({ epochs: 1 }));
    const other = toyModel(2);
    await expect(fit(other, data, options({ epochs: 1 }))).rejects.toThrow(
      /its checksum of the first weights is "[0-9a-f]{16}", here it is "[0-9a-f]{16}"/,
    );
    expect(distance(other, toyModel(2))).toBe(0);
  });

  it.each(["stopped", "thrown"])(
    "goes on with a model whose training was %s, though it has other weights by now",
    async (how) => {
      const [model, whole] = [toyModel(1, 1), toyModel(1, 1)];
      // Rows that are paid what they were owed.
      const regularized = { regularizer: l2(0.01), optimizer: sgd({ learningRate: 0.3 }) };
      let batches = 0;
      const end = () => {
        if (++batches !== 10) return;
        if (how === "thrown") throw new Error("enough");
        process.emit("SIGINT");
      };
      const ended = fit(model, data, options({ ...regularized, callbacks: [{ onBatch: end }] }));
      await (how === "thrown" ? expect(ended).rejects.toThrow("enough") : ended);
      await fit(model, data, options(regularized));
      await fit(whole, data, options({ ...regularized, checkpoint: undefined }));
      expect(distance(model, whole)).toBe(0);
    },
  );

  it("does not take what a model was for another file's run, which began with what it had become", async () => {
    const model = toyModel();
    await fit(model, data, options());
    const other = options({ checkpoint: { file: join(folder, "other") } });
    await fit(model, data, other);
    await expect(fit(toyModel(), data, other)).rejects.toThrow("its checksum of the first weights is");
  });

  it("does not take what a trained model was for what it begins with, once the file is deleted", async () => {
    const model = toyModel();
    for (let run = 0; run < 2; run++) {
      await fit(model, data, options());
      if (run === 0) rmSync(join(folder, "run"));
    }
    await expect(fit(toyModel(), data, options())).rejects.toThrow("its checksum of the first weights is");
  });

  it("refuses a model that was stopped and has been changed since", async () => {
    const model = toyModel();
    await fit(model, data, options({ callbacks: [{ onBatch: () => void process.emit("SIGINT") }] }));
    model.factors.values[5] += 1;
    await expect(fit(model, data, options())).rejects.toThrow("its checksum of the first weights is");
  });

  it("refuses a checkpoint of an older version, and says what to do", async () => {
    writeFileSync(join(folder, "run"), serialize({ format: "click-models training 3", run: {} }));
    await expect(fit(toyModel(), data, options())).rejects.toThrow(
      "is not a checkpoint of this version. Name another file, or delete this one if you no longer need it",
    );
  });

  it("refuses a checkpoint of another run, and says what differs", async () => {
    await fit(toyModel(), data, options({ epochs: 1 }));
    await expect(fit(toyModel(), data, options({ epochs: 2 }))).rejects.toThrow(
      /run belongs to another run: its epochs is 1, here it is 2\. Name another file, or delete this one if you no longer need it/,
    );
    const other = options({ epochs: 1, optimizer: sgd({ learningRate: 0.3 }) });
    await expect(fit(toyModel(), data, other)).rejects.toThrow('its optimizers.bias.kind is "adagrad"');
    await expect(fit(toyModel(), data.read(rowRange(0, 50)), options({ epochs: 1 }))).rejects.toThrow(
      "its impressions is 200, here it is 50",
    );
  });

  it("refuses a checkpoint of other data of the same size", async () => {
    const extra = { epochs: 1, validation };
    await fit(toyModel(), data, options(extra));
    const [otherData, otherValidation] = [toyImpressions(200, 3), toyImpressions(60, 3)];
    await expect(fit(toyModel(), otherData, options(extra))).rejects.toThrow(
      /its checksum of the training data is "[0-9a-f]{16}", here it is "[0-9a-f]{16}"/,
    );
    await expect(fit(toyModel(), data, options({ ...extra, validation: otherValidation }))).rejects.toThrow(
      "its checksum of the validation data is",
    );
  });

  it("refuses a checkpoint of data that differs in one label far from both ends", async () => {
    const large = toyImpressions(1000);
    const extra = { epochs: 1, batchSize: 500 };
    await fit(toyModel(), large, options(extra));
    const corrected = new Impressions({ ...large, labels: large.labels.map((y, i) => (i === 500 ? 1 - y : y)) });
    await expect(fit(toyModel(), corrected, options(extra))).rejects.toThrow("its checksum of the training data is");
  });

  it("takes the same data from another kind of source for the same", async () => {
    const history = await fit(toyModel(), data, options({ validation }));
    const streamed = { features: data.features, size: data.size, read: (rows: Int32Array) => data.read(rows) };
    expect(
      await fit(toyModel(), streamed, options({ validation, callbacks: [{ onBatch: () => expect.unreachable() }] })),
    ).toEqual(history);
  });

  it("refuses the same data from a source with another order, in which rows would come twice or not at all", async () => {
    const blocks = { ...data, read: (rows: Int32Array) => data.read(rows), shuffled: () => rowRange(0, data.size) };
    await fit(toyModel(), blocks, options({ callbacks: [{ onBatch: () => void process.emit("SIGINT") }] }));
    await expect(fit(toyModel(), data, options())).rejects.toThrow(
      'run belongs to another run: its order is "the source\'s own", here it is none. Name another file, or delete this one if you no longer need it',
    );
  });

  it("refuses a folder, without the advice to delete what is in it", async () => {
    mkdirSync(join(folder, "run"));
    await expect(fit(toyModel(), data, options())).rejects.toThrow(/run is a folder, expected a file\. Name one in it$/);
  });

  it("refuses a file that is not a checkpoint, and leaves it as it is", async () => {
    writeFileSync(join(folder, "run"), "not a checkpoint");
    await expect(fit(toyModel(), data, options())).rejects.toThrow("is not a checkpoint");
    expect(readFileSync(join(folder, "run"), "utf8")).toBe("not a checkpoint");
  });
});

describe("a fingerprint", () => {
  const large = toyImpressions(4100); // more than are read at once
  const changed = (part: "labels" | "users" | "columns", row: number) => {
    const copy = new Impressions({
      ...large,
      labels: large.labels.slice(),
      users: large.users?.slice(),
      columns: { ...large.columns, item: large.columns.item.slice() },
    });
    const values = part === "columns" ? copy.columns.item : (copy[part] as Float32Array | Int32Array);
    values[row] = 1 - values[row];
    return fingerprint(copy);
  };

  it("sees every change of a label, a user or a column, in whatever row", async () => {
    const own = await fingerprint(large);
    for (const part of ["labels", "users", "columns"] as const) {
      for (const row of [0, 2050, 4095, 4096, 4099]) expect(await changed(part, row)).not.toBe(own);
    }
    const sizes = [1, 2, 4095, 4096, 4097];
    expect(new Set(await Promise.all(sizes.map((size) => fingerprint(large.read(rowRange(0, size)))))).size).toBe(
      sizes.length,
    );
  });

  it("does not take weights for users, nor one weight of a model for another", async () => {
    const weights = Float32Array.from(large.labels, (y) => 1 + y);
    const weighted = new Impressions({ ...large, users: undefined, weights });
    const same = new Impressions({ ...large, users: new Int32Array(weights.buffer), weights: undefined });
    expect(await fingerprint(weighted)).not.toBe(await fingerprint(same));
    expect(fingerprintOfWeights({ a: weights })).not.toBe(fingerprintOfWeights({ b: weights }));
  });

  it("sees two columns that have each other's names", async () => {
    const { user, item, history } = large.columns;
    const swapped = new Impressions({
      ...large,
      features: [{ ...features[0], name: "item" }, { ...features[1], name: "user" }, features[2]],
      columns: { item: user, user: item, history },
    });
    expect(await fingerprint(swapped)).not.toBe(await fingerprint(large));
  });
});

describe("writing a checkpoint", () => {
  const checkpoint: Checkpoint = {
    ...{ run: { seed: 1 }, epoch: 2, row: 5, lossSum: 0.5, weightSum: 5, step: 3 },
    weights: { a: Float32Array.of(1, 2) },
    state: { a: Float32Array.of(3, 4) },
    owed: { a: { rates: [0.1], done: Int32Array.of(0, 1) } },
    good: { a: Float32Array.of(5, 6) },
    history: { epochs: [], bestEpoch: undefined, ended: "all epochs done" },
  };

  it("keeps all arrays and numbers", () => {
    const file = join(folder, "x");
    expect(readCheckpoint(file, {})).toBeUndefined();
    writeCheckpoint(file, checkpoint);
    expect(readCheckpoint(file, { seed: 1 })).toMatchObject(checkpoint);
  });

  it("is of the same run only if neither knows more of it than the other", () => {
    const file = join(folder, "x");
    writeCheckpoint(file, checkpoint);
    expect(() => readCheckpoint(file, {})).toThrow("its seed is 1, here it is none");
    expect(() => readCheckpoint(file, { seed: 1, patience: 2 })).toThrow("its patience is none, here it is 2");
    expect(() => readCheckpoint(file, { seed: 1, patience: undefined })).not.toThrow();
  });

  it.each([
    ["of another version", { ...checkpoint, format: "click-models training 2" }],
    ["of no version", checkpoint],
    ["nothing", null],
    ["a text", "text"],
  ])("is refused where what is in the file is %s", (_, content) => {
    writeFileSync(join(folder, "x"), serialize(content));
    expect(() => readCheckpoint(join(folder, "x"), { seed: 1 })).toThrow(
      "x is not a checkpoint of this version. Name another file, or delete this one if you no longer need it",
    );
  });

  it.runIf(process.platform === "linux")("keeps no file open, also when it fails", () => {
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    for (let i = 0; i < 20; i++) writeCheckpoint(join(folder, "x"), checkpoint);
    for (let i = 0; i < 20; i++) expect(() => writeCheckpoint(folder, checkpoint)).toThrow();
    expect(open()).toBeLessThan(before + 20);
  });

  it("leaves the old one, and nothing half-written, when it fails", () => {
    const file = join(folder, "x");
    writeCheckpoint(file, checkpoint);
    const impossible = { ...checkpoint, epoch: (() => 1) as never };
    expect(() => writeCheckpoint(file, impossible)).toThrow();
    expect(readCheckpoint(file, { seed: 1 })?.epoch).toBe(2);
    expect(() => writeCheckpoint(folder, checkpoint)).toThrow(); // the name of a folder: fails at the last moment
    expect(readdirSync(folder)).toEqual(["x"]);
    const beside = readdirSync(join(folder, "..")).filter((name) => name.startsWith(basename(folder)));
    expect(beside.filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});
