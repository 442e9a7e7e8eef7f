/**
 * Processes that compute, for jobs.ts. Starting one takes a second, so it waits a while for the next jobs before it
 * ends.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";

export interface Worker {
  readonly child: ChildProcess;
  /** What it was started with: it can be used again only where that is the same. */
  readonly settings: string;
}

/** Milliseconds. Not longer: what a job's file imports from elsewhere than lib or its folder may have changed. */
const patience = 10_000;

const waiting = new Map<Worker, NodeJS.Timeout>();

/**
 * A process in the project's folder, on the engine that is in use here: a waiting one, if no file was written since it
 * was started (`written`, see writtenAt), as it would not see the change. Each of the `workers` gets its share of the
 * machine's cores: TensorFlow would give each as many threads as there are cores.
 *
 * @throws if worker.ts is neither in the project nor installed there.
 */
export function takeWorker(root: string, workers: number, written: readonly unknown[] = []): Worker {
  const threads = String(Math.max(1, Math.floor(availableParallelism() / workers)));
  const engines: Record<string, string> = { tensorflow: "node", wasm: "wasm", cpu: "cpu" };
  const env = { TF_NUM_INTRAOP_THREADS: threads, ...process.env, CTR_BACKEND: engines[tf.getBackend()] ?? "" };
  const settings = JSON.stringify([root, env, written]);
  for (const [worker, clock] of waiting) {
    if (worker.settings !== settings || !worker.child.connected) continue;
    clearTimeout(clock);
    waiting.delete(worker);
    worker.child.ref();
    worker.child.channel?.ref();
    return worker;
  }
  const child = fork(workerProgram(root), [], {
    cwd: root,
    execArgv: ["--import", "tsx"],
    env,
    serialization: "advanced", // typed arrays arrive as such
  });
  return { child, settings };
}

/** The .ts files of lib, and of the folders that `files` are in, each with the time it was last written. */
export function writtenAt(root: string, files: readonly string[]): (number | string | undefined)[] {
  const sources = (folders: string[], recursive: boolean) =>
    folders.filter(existsSync).flatMap((folder) => {
      const names = readdirSync(folder, { recursive, encoding: "utf8" });
      return names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
    });
  const beside = sources([...new Set(files.map((file) => dirname(file)))], false); // its subfolders may be huge
  const all = [...new Set([...sources(copies(root), true), ...beside])];
  return all.flatMap((file) => [file, statSync(file, { throwIfNoEntry: false })?.mtimeMs]);
}

/** Where a project may have a copy of lib; the course itself has it there. */
function copies(root: string): string[] {
  return [join(root, "lib"), join(root, "src", "lib")];
}

/** Where worker.ts is for this project: the course itself or one that has installed it, or one with a copy of lib. */
function workerProgram(root: string): string {
  try {
    return createRequire(join(root, "package.json")).resolve("click-models/lib/train/worker");
  } catch {
    const places = copies(root).map((lib) => join(lib, "train", "worker.ts"));
    const found = places.find(existsSync);
    if (found) return found;
    throw new Error(
      `${root} has no click-models installed and no ${places.join(" or ")}, which processes of their own run. ` +
        "Give compare its trial as a function, not by its file",
    );
  }
}

/** Lets the worker wait for the next jobs. It does not keep this process alive, and ends with it. */
export function leaveWorker(worker: Worker): void {
  const { child } = worker;
  const end = () => {
    waiting.delete(worker);
    child.kill();
  };
  waiting.set(worker, setTimeout(end, patience).unref());
  child.unref();
  child.channel?.unref();
}
