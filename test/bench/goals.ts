/** What the course promises about speed, each promise measured as a ratio of programs that took turns. */
import { median } from "../../lib/train/statistics";
import { compete, type Options } from "./compete";
import { Contestant } from "./contestant";
import { type Goal, ratio } from "./report";
import { type Shape, shapeOf } from "./worlds";

type AddGoal = (what: string, measured: number, unit: string, limit?: { atLeast?: number; atMost?: number }) => void;

export async function checkGoals(options: Options): Promise<Goal[]> {
  const goals: Goal[] = [];
  const goal: AddGoal = (what, measured, unit, limit = {}) => void goals.push({ what, measured, unit, ...limit });
  const has = (engine: string) => options.engines.includes(engine);

  if (options.peers.length > 0) {
    await againstPyTorch(options, goal);
    // Whether a second thread is worth anything depends on what else the cores do, so both programs also run on one.
    if (options.threads > 1)
      await againstPyTorch({ ...options, threads: 1, engines: ["node"].filter(has) }, (what, ...rest) =>
        goal(`${what}, one thread each`, ...rest),
      );
  }
  if (has("wasm")) {
    const shape = shapeOf("deepfm", 1e5, 1024);
    const [cpu, wasm] = await compete(["cpu", "wasm"].map((on) => ({ on, shape })), { ...options, rounds: 3 });
    goal("DeepFM, wasm to tfjs's cpu engine", ratio(cpu, wasm), "times", { atLeast: 25 });
  }
  for (const on of ["node", "wasm"].filter(has)) {
    const [small, spread, large] = await compete([
      { on, shape: shapeOf("deepfm", 1e4, 1024) },
      { on, shape: { ...shapeOf("deepfm", 1e7, 1024), usedRows: 1e4 } },
      { on, shape: shapeOf("deepfm", 1e7, 1024) },
    ], options);
    goal(`DeepFM, ${on}, 10,000,000 rows to 10,000, as many of them in a batch`, ratio(small, spread), "times", {
      atLeast: 0.85,
    });
    goal(`DeepFM, ${on}, 10,000,000 rows to 10,000, all ids as likely`, ratio(small, large), "times", {
      atLeast: 0.85,
    });
    goal(`DeepFM, ${on}, 10,000,000 rows: memory`, large.megabytes!, "MB", { atMost: 3000 });
  }
  const fm: Shape = { ...shapeOf("fm", 1e5, 4096), fields: 39, dim: 8 };
  const engine = options.engines[0];
  const [batched, bySample] = await compete(
    [
      { on: engine, shape: fm },
      { on: engine, shape: { ...fm, bySample: true } },
    ],
    options,
  );
  const [inBatches, oneByOne] = [batched, bySample].map(({ seconds }) => 4096 / median(seconds));
  goal(`FM, 39 fields, k = 8, batch 4096, Adam, ${engine}`, inBatches, "samples/s");
  goal("the same by one sample at a time, SGD, plain loops", oneByOne, "samples/s");
  goal("the faster of the two", Math.max(inBatches, oneByOne), "samples/s", { atLeast: 300_000 });
  if (has("node"))
    goal("DIN, 1,000 candidates for one user, history 50, node", await scoringTime(options), "ms", { atMost: 30 });
  return goals;
}

async function againstPyTorch(options: Options, goal: AddGoal): Promise<void> {
  const { peers, engines } = options;
  for (const [rows, best, usual] of [[1e5, 1.2, 3], [1e6, 1.2, 8]]) {
    const shape = shapeOf("deepfm", rows, 1024);
    const ours = engines.filter((engine) => engine === "node" || (engine === "wasm" && rows === 1e5));
    if (ours.length === 0) continue;
    const [dense, sparse, fields, ...measured] = await compete(
      [...peers, "PyTorch fields", ...ours].map((on) => ({ on, shape })),
      options,
    );
    for (const one of measured) {
      const what = `DeepFM, ${rows.toLocaleString("en")} rows, ${one.name}`;
      if (one.name === "node")
        goal(`${what}, to PyTorch's best`, Math.min(ratio(sparse, one), ratio(dense, one)), "times", { atLeast: best });
      const atLeast = one.name === "node" ? usual : 0.8;
      goal(`${what}, to PyTorch's default, a table for each field`, ratio(fields, one), "times", { atLeast });
      goal(`${what}, to PyTorch's default, one table`, ratio(dense, one), "times", { atLeast });
    }
  }
  if (engines.includes("node")) {
    const shape = shapeOf("din", 1e5, 1024);
    const [dense, sparse, node] = await compete([...peers, "node"].map((on) => ({ on, shape })), options);
    goal("DIN, history 50, node, to PyTorch's best", Math.min(ratio(dense, node), ratio(sparse, node)), "times", {
      atLeast: 1,
    });
  }
}

/** Milliseconds for 1,000 candidates. */
async function scoringTime({ threads }: Options): Promise<number> {
  const contestant = await Contestant.ofEngine("node", threads);
  try {
    await contestant.ask({ open: shapeOf("din", 1e5, 1000) });
    const { seconds } = await contestant.ask<{ seconds: number }>({ score: 50 });
    return (1000 * seconds) / 50;
  } finally {
    contestant.end();
  }
}
