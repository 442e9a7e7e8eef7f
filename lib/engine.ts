/**
 * Chooses the engine that computes: "node" (TensorFlow, native), "wasm" (WebAssembly), or "cpu" (plain JavaScript).
 *
 * All three train every model. node is fastest for large models, if its binary could be installed; wasm runs
 * everywhere and gives the same digits everywhere, so the committed outputs of the notebooks are made with it.
 *
 * node uses all cores, or as many threads as the environment variable TF_NUM_INTRAOP_THREADS says at the
 * start; wasm and cpu use one. The last digits of some models (AFM, DIN) depend on the number of threads.
 * `npm run native` repairs a node engine that could not be downloaded.
 */
import { setFlagsFromString } from "node:v8";
import * as tf from "@tensorflow/tfjs";
import { checkOneOf } from "./checks";

export type Engine = "node" | "wasm" | "cpu";
const engines: readonly Engine[] = ["node", "wasm", "cpu"];

/**
 * Switches tfjs to the first engine that works, and returns which one it is and why.
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
    tf.tidy(() => tf.scalar(1).add(1).dataSync()); // shows that it works, and gets the first tensor's banner over with
  } finally {
    silenced.end();
    if (engine === "wasm") dropDeadlyListeners();
  }
}

/**
 * Uses require where it exists: in a project that is not "type": "module", a copy of lib may come from a data: URL
 * (a .mts, with tsx), and import finds no package there. A bundle of ES modules has a require that always throws.
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
 * Emscripten's code around the wasm adds listeners that rethrow any unhandled error. That ends the process, even a
 * kernel that has listeners of its own. Emscripten's are recognised by their source text; all others stay.
 */
function dropDeadlyListeners(): void {
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    for (const listener of process.rawListeners(event) as (() => void)[]) {
      if (/\bthrow (ex|reason)\b/.test(String(listener))) process.removeListener(event, listener);
    }
  }
}

/**
 * Makes V8 collect the garbage of its whole heap less often: a setting of the whole process, for programs that do
 * little but train. V8 counts the arrays that a step leaves behind, though they lie outside its heap. So every twenty
 * steps or so, it goes through a heap that has not changed, on other cores too, which costs a fifth of a small model's
 * time.
 */
export function collectLessOften(): void {
  setFlagsFromString("--heap-growing-percent=400"); // the heap may grow to five times its size, not to 1.3 times
}

/** Suppresses the banners that tfjs prints on stderr and console.warn: a notebook's first cell should not show them. */
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
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "3"; // TensorFlow writes to stderr itself, bypassing Node
  // Without oneDNN, a signal during any matrix product of TensorFlow 2.21 may end the process; with it, only during
  // some products, which layers/ops.ts avoids.
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
