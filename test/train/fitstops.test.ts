import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { useEngine } from "../../lib/engine";
import { shuffledRows } from "../../lib/train/batches";
import { fit } from "../../lib/train/fit";
import { l2 } from "../../lib/train/regularizers";
import { copyWeights } from "../../lib/train/weights";
import { denseStep, rules } from "./dense";
import { distance, options, toyModel, train, validation, watched } from "./toy";

beforeAll(() => useEngine("wasm"));

describe("the stop button", () => {
  it("ends after the current batch, with the best weights and the history so far", async () => {
    const listeners = process.listenerCount("SIGINT");
    const model = toyModel();
    let batches = 0;
    let firstEpoch: unknown;
    // On Windows the signal itself would end the process.
    const press = () => (process.platform === "win32" ? process.emit("SIGINT") : process.kill(process.pid, "SIGINT"));
    const history = await fit(model, train, {
      ...{ ...options, epochs: 50, validation },
      callbacks: [
        {
          onEpoch: () => (firstEpoch = copyWeights(model)),
          onBatch: () => void (++batches === 10 && press()),
        },
      ],
    });
    expect(batches).toBe(10);
    expect(history.ended).toBe("stopped by you");
    expect(history.epochs.length).toBe(1);
    expect(copyWeights(model)).toEqual(firstEpoch);
    expect(process.listenerCount("SIGINT")).toBe(listeners);
  });

  it("keeps the weights so far when no epoch is done", async () => {
    const model = toyModel();
    const history = await fit(model, train, {
      ...options,
      validation,
      callbacks: [{ onBatch: () => void process.emit("SIGINT") }],
    });
    expect(history.epochs).toEqual([]);
    expect(distance(model, toyModel())).toBeGreaterThan(0);
  });

  it("is no less told when it came after the last batch, so that a script does not begin the next training", async () => {
    const model = toyModel();
    const { history } = await watched({});
    const stopped = await fit(model, train, {
      ...options,
      callbacks: [{ onEpoch: ({ epoch, epochs }) => void (epoch === epochs && process.emit("SIGINT")) }],
    });
    expect([history.ended, stopped.ended]).toEqual(["all epochs done", "stopped by you"]);
    expect(stopped.epochs).toEqual(history.epochs);
  });

  it("is listened to once, so that a second Ctrl-C ends the program", async () => {
    const listeners = process.listenerCount("SIGINT");
    let afterwards: number | undefined;
    const stop = () => {
      process.emit("SIGINT");
      afterwards = process.listenerCount("SIGINT");
    };
    await fit(toyModel(), train, { ...options, callbacks: [{ onBatch: stop }] });
    expect(afterwards).toBe(listeners);
  });

  it("keeps the next training of its cell from beginning", async () => {
    const cells = Symbol.for("click-models.cells"); // what the kernel keeps of the running cell
    Object.assign(globalThis, { [cells]: { getStore: () => ({ stopped: true }) } });
    onTestFinished(() => void delete (globalThis as Record<symbol, unknown>)[cells]);
    const onBatch = () => expect.unreachable();
    await expect(fit(toyModel(), train, { ...options, callbacks: [{ onBatch }] })).rejects.toThrow(
      "the cell was stopped, so this training does not begin",
    );
  });

  it("is no longer listened to after a failure", async () => {
    const listeners = process.listenerCount("SIGINT");
    const failing = { onBatch: () => Promise.reject(new Error("from the callback")) };
    await expect(fit(toyModel(), train, { ...options, callbacks: [failing] })).rejects.toThrow("from the callback");
    expect(process.listenerCount("SIGINT")).toBe(listeners);
  });
});

describe("a training under lazy L2 that ends in the middle of an epoch", () => {
  const lambda = 0.05;
  const lazy = { ...options, batchSize: 2, optimizer: rules.sgd.optimizer, regularizer: l2(lambda) };
  const endAt = (last: number, how: "stopped" | "thrown") => {
    let batches = 0;
    const end = () => {
      if (how === "thrown") throw new Error("enough");
      process.emit("SIGINT");
    };
    return { onBatch: () => void (++batches === last && end()) };
  };

  it.each(["stopped", "thrown"] as const)("has no row left behind when it is %s", async (how) => {
    const [model, dense] = [toyModel(1, 1), toyModel(1, 1)];
    const ended = fit(model, train, { ...lazy, callbacks: [endAt(30, how)] });
    if (how === "stopped") expect((await ended).epochs).toEqual([]);
    else await expect(ended).rejects.toThrow("enough");
    const order = shuffledRows({ size: 200 }, 1, 1);
    for (let i = 0; i < 30; i++)
      denseStep(dense, train.read(order.subarray(2 * i, 2 * i + 2)), {}, i + 1, rules.sgd.rule, lambda);
    expect(distance(model, dense)).toBeLessThan(1e-5);
    expect(model.factors.onLookup).toBeUndefined();
  });

  it("has the weights of its best epoch as they were, when a later one was stopped", async () => {
    const model = toyModel(1, 1);
    let best: unknown;
    await fit(model, train, {
      ...lazy,
      validation,
      callbacks: [endAt(130, "stopped"), { onEpoch: () => (best = copyWeights(model)) }],
    });
    expect(copyWeights(model)).toEqual(best);
  });
});
