/** Runs functions in processes of their own, several at a time, so that all cores are used. */
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { checkWhole } from "../checks";
import { leaveWorker, takeWorker, type Worker, writtenAt } from "./processes";
import { listenForStop } from "./stop";

/** An exported function and what to call it with: a process cannot be sent a function, only where to find one. */
export interface Job {
  /** File and export, the file as seen from the project's folder: "lib/train/trial#train". */
  readonly call: string;
  /** Plain JSON. */
  readonly args: readonly unknown[];
}

export interface JobOptions {
  /** Processes at a time; the machine's cores by default, but not more than four. */
  workers?: number | undefined;
  /** Called after each job, with its result and its place among the jobs. If it throws, the jobs end. */
  onDone?: ((done: number, all: number, result: unknown, job: number) => void) | undefined;
  /**
   * Called when a job has failed, with an error of the same name. What it returns takes the place of the job's result;
   * if it throws, as it does by default, the jobs end.
   */
  onFailure?: ((error: Error, job: number) => unknown) | undefined;
}

/** What a process is sent: the job, with the whole path of its file. */
export interface Order extends Job {
  readonly file: string;
}

/** What a process answers. */
export type Reply = { result: unknown } | { failure: string; name: string };

/**
 * Results of the jobs, in their order. Each job must depend on its arguments alone, so that it does not matter which
 * process runs it, after which other job, and beside how many. The jobs compute on the engine that is in use here.
 *
 * @throws the first failure that onFailure does not take, naming its job, or an error when somebody presses the stop
 * button or Ctrl-C; the processes are then ended.
 */
export async function runJobs<Result = unknown>(
  jobs: readonly Job[],
  { workers = Math.min(4, availableParallelism()), onDone, onFailure = rethrow }: JobOptions = {},
): Promise<Result[]> {
  checkWhole("workers", workers);
  const results = new Array<Result>(jobs.length);
  const processes = Math.min(workers, jobs.length);
  const root = projectRoot();
  const orders = jobs.map((job) => ({ ...job, file: fileOf(root, job.call) }));
  const written = writtenAt(root, orders.map(({ file }) => file));
  const stop = await listenForStop(); // before any process is taken: it refuses where the cell was stopped
  const pool: Worker[] = [];
  const end = () => pool.forEach(({ child }) => child.kill());
  const watch = setInterval(() => stop.asked && end(), 100);
  let next = 0;
  let done = 0;
  const stopped = () => new Error(`stopped by you after ${done} of ${jobs.length} jobs`);
  try {
    while (pool.length < processes) pool.push(takeWorker(root, processes, written));
    const work = async ({ child }: Worker) => {
      while (next < jobs.length) {
        const i = next++;
        results[i] = (await ask(child, orders[i]).catch((error) => onFailure(error, i))) as Result;
        onDone?.(++done, jobs.length, results[i], i);
      }
    };
    await Promise.all(pool.map(work));
    if (stop.asked) throw stopped(); // also after the last job: else a script would hear nothing of it, and go on
    pool.forEach(leaveWorker);
    return results;
  } catch (error) {
    end();
    throw stop.asked ? stopped() : error;
  } finally {
    clearInterval(watch);
    stop.end();
  }
}

/**
 * What the function gives for each of the settings with each of the seeds: by name, in the order of the seeds. Runs it
 * in processes as runJobs does.
 *
 * argsOf: what to call it with. Default: the settings and the seed.
 */
export async function runForSeeds<Result = unknown>(
  call: string,
  settings: Readonly<Record<string, unknown>>,
  seeds: readonly number[],
  argsOf: (settings: unknown, seed: number) => readonly unknown[] = (own, seed) => [own, seed],
): Promise<Record<string, Result[]>> {
  const jobs = Object.values(settings).flatMap((own) => seeds.map((seed) => ({ call, args: argsOf(own, seed) })));
  return byName(Object.keys(settings), await runJobs<Result>(jobs), seeds.length);
}

/** The results by name: the first `ofEach` are those of the first name, and so on. */
export function byName<Result>(names: string[], results: readonly Result[], ofEach: number): Record<string, Result[]> {
  return Object.fromEntries(names.map((name, i) => [name, results.slice(i * ofEach, (i + 1) * ofEach)]));
}

function rethrow(error: Error): never {
  throw error;
}

function ask(child: ChildProcess, order: Order): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, name = "Error") =>
      reject(Object.assign(new Error(`${order.call}(${JSON.stringify(order.args).slice(1, -1)}): ${why}`), { name }));
    const onExit = (code: number | null, signal: string | null) =>
      fail(`its process ended with ${signal ?? `code ${code}`}. Was there too little memory?`);
    child.once("exit", onExit);
    child.once("message", (reply: Reply) => {
      child.off("exit", onExit);
      if ("failure" in reply) fail(reply.failure, reply.name);
      else resolve(reply.result);
    });
    child.send(order, (error) => error && fail(error.message));
  });
}

/** The file that a call names. */
function fileOf(root: string, call: string): string {
  const [file] = call.split("#");
  return join(root, file.endsWith(".ts") ? file : `${file}.ts`);
}

/**
 * The folder of the project: the nearest one from here upwards with a package.json. Notebooks run in a folder below it.
 */
export function projectRoot(from = process.cwd()): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder))
      throw new Error(`no package.json in ${from} or above it. Start the program inside the project`);
  }
}
