/**
 * Chooses what computes: "node" (TensorFlow, native), "wasm" (WebAssembly), or "cpu" (plain JavaScript).
 *
 * All three train every model. node is fastest for large models, where its binary could be installed; wasm runs
 * everywhere and gives the same digits everywhere, so the committed outputs of the notebooks are made with it.
 *
 * node uses all cores, or as many threads as the environment variable TF_NUM_INTRAOP_THREADS says at the
 * start; wasm and cpu use one. The last digits of some models (AFM, DIN) depend on how many there are.
 * `npm run native` repairs a node engine that could not be downloaded.
 */
import { setFlagsFromString } from "node:v8";
import * as tf from "@tensorflow/tfjs";
import { checkOneOf } from "./checks";

export type Engine = "node" | "wasm" | "cpu";
const engines: readonly Engine[] = ["node", "wasm", "cpu"];

/**
 * Switches tfjs to the first engine that works, and says which and why.
 * The order is node, wasm, cpu, unless `asked` or the environment variable CTR_BACKEND names one.
 *
 * @throws if the wanted engine is unknown or does not work here.
 */
export async function useEngine(asked?: Engine): Promise<{ engine: Engine; why: string }> {
  const wanted = asked ?? process.env.CTR_BACKEND;
  if (wanted) checkOneOf(asked ? "the wanted engine" : "CTR_BACKEND", wanted as Engine, engines);
  const failures: string[] = [];
  for (const engine of wanted ? [wanted as Engine] : engines) {
    try {
      await start(engine);
      const why = asked
        ? "as asked"
        : wanted
          ? "as asked by CTR_BACKEND"
          : failures.length === 0
            ? "the fastest for large models"
            : failures.join("; ");
      return { engine, why };
    } catch (error) {
      failures.push(`no ${engine}: ${firstLine(error)}`);
    }
  }
  const advice =
    wanted === "node"
      ? `Try npm run native, or ${asked ? "ask for none" : "leave CTR_BACKEND unset"}, to use wasm`
      : "Run npm install again, or set CTR_BACKEND=cpu";
  throw new Error(
    `${wanted ? "this engine does not work" : "no engine works"} here (${failures.join("; ")}). ${advice}`,
  );
}

async function start(engine: Engine): Promise<void> {
  const backend = engine === "node" ? "tensorflow" : engine;
  const silenced = silence();
  try {
    if (engine === "node") prepareNode();
    // A variable, because tfjs-node is optional: the compiler must not look for it.
    const packageOf = { node: "@tensorflow/tfjs-node", wasm: "@tensorflow/tfjs-backend-wasm", cpu: "@tensorflow/tfjs" };
    const name = packageOf[engine];
    await load(name);
    if (!(await tf.setBackend(backend))) throw new Error(`tfjs refused the backend ${backend}`);
    await tf.ready();
    tf.tidy(() => tf.scalar(1).add(1).dataSync()); // works, and the first tensor's banner is over
  } finally {
    silenced.end();
    if (engine === "wasm") dropDeadlyListeners();
  }
}

/**
 * With require, where there is one: a copy of lib in a project that is not "type": "module" may come from a data: URL
 * (a .mts, with tsx), where import finds no package. In a bundle of ES modules there is one that only refuses.
 */
async function load(name: string): Promise<void> {
  if (typeof require === "undefined") return void (await import(name));
  try {
    require(name);
  } catch (error) {
    if (!firstLine(error).startsWith("Dynamic require")) throw error;
    await import(name);
  }
}

/**
 * The program that runs wasm (emscripten's) adds listeners that throw again any error that nobody handled, which ends
 * the process, also a kernel that has listeners of its own. Those of others stay: they are known by their text.
 */
function dropDeadlyListeners(): void {
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    for (const listener of process.rawListeners(event) as (() => void)[]) {
      if (/\bthrow (ex|reason)\b/.test(String(listener))) process.removeListener(event, listener);
    }
  }
}

/**
 * Lets V8 collect garbage of the whole heap less often, for programs that do little else than train: a setting of the
 * whole process. V8 counts the arrays that a step leaves behind, though they lie outside of its heap, and so goes
 * through a heap that has not changed every twenty steps or so, on other cores too, which costs a fifth of a small
 * model's time.
 */
export function collectLessOften(): void {
  setFlagsFromString("--heap-growing-percent=400"); // the heap may grow to five times its size, not to 1.3 times
}

/** tfjs greets with banners on stderr and console.warn: not for a notebook's first cell. */
function silence(): { end(): void } {
  const { warn, info } = console;
  const write = process.stderr.write;
  console.warn = console.info = () => {};
  process.stderr.write = () => true;
  return {
    end() {
      Object.assign(console, { warn, info });
      process.stderr.write = write;
    },
  };
}

/** What has to be set before tfjs-node is loaded. */
export function prepareNode(): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "3"; // TensorFlow writes to stderr past Node
  // Without oneDNN a signal in the middle of any matrix product of TensorFlow 2.21 may end the process; with it only in
  // some, which layers/ops.ts keeps away from.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= "1";
  restoreRemovedUtil();
}

/** tfjs-node 4.22 calls two functions that Node 23 removed (tensorflow/tfjs#8609). */
function restoreRemovedUtil(): void {
  // Not an import: an imported namespace is a frozen copy, and tfjs-node looks at the module itself.
  const removed = process.getBuiltinModule("node:util") as {
    isNullOrUndefined?: (v: unknown) => boolean;
    isArray?: (v: unknown) => boolean;
  };
  removed.isNullOrUndefined ??= (value) => value === null || value === undefined;
  removed.isArray ??= Array.isArray;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0];
}
