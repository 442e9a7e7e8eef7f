import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { useEngine } from "../../lib/engine";
import { projectRoot, runForSeeds, runJobs } from "../../lib/train/jobs";
import { leaveWorker, takeWorker } from "../../lib/train/processes";
import { temporaryFolder } from "../temporary";

beforeAll(() => useEngine("wasm"));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const call = (name: string, ...args: unknown[]) => ({ call: `test/train/jobfunctions#${name}`, args });

describe("jobs", () => {
  it("run in other processes, several at a time, and answer in their order", async () => {
    const done: number[] = [];
    const jobs = [300, 0, 0, 0].map((wait, i) => call("afterWait", wait, i));
    const results = (await runJobs(jobs, { workers: 2, onDone: (n, all) => done.push(n / all) })) as {
      i: number;
      pid: number;
    }[];
    expect(results.map(({ i }) => i)).toEqual([0, 1, 2, 3]);
    expect(new Set(results.map(({ pid }) => pid)).size).toBe(2);
    expect(results[0].pid).not.toBe(process.pid);
    expect(done).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it("of settings with seeds answer by name, in the order of the seeds, called as one says", async () => {
    const settings = { short: 0.5, long: 10 };
    expect(await runForSeeds("test/train/jobfunctions#times", settings, [3, 1, 2])).toEqual({
      short: [1.5, 0.5, 1],
      long: [30, 10, 20],
    });
    const ofSeeds = (_: unknown, seed: number) => [seed, seed];
    const squared = await runForSeeds<number>("test/train/jobfunctions#times", settings, [3, 1], ofSeeds);
    expect(squared.long).toEqual([9, 1]);
  });

  it("use processes again that wait for more, but not one that was started with other settings", async () => {
    const pids = async () =>
      ((await runJobs([0, 1].map((i) => call("afterWait", 100, i)))) as { pid: number }[]).map(({ pid }) => pid).sort();
    const before = await pids();
    expect(await pids()).toEqual(before);
    vi.stubEnv("SOME_SETTING", "changed");
    const other = await pids();
    expect(other.filter((pid) => before.includes(pid))).toEqual([]);
  });

  it("end a process that waited too long, not one that works again, and use none that is gone", () => {
    vi.stubEnv("SOME_SETTING", "not that of the other tests' processes");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const take = () => takeWorker(projectRoot(), 1);
    const first = take();
    leaveWorker(first);
    expect(take()).toBe(first);
    vi.advanceTimersByTime(60_000);
    expect(first.child.killed).toBe(false);
    leaveWorker(first);
    vi.advanceTimersByTime(60_000);
    expect(first.child.killed).toBe(true);
    const second = take();
    expect(second).not.toBe(first);
    second.child.disconnect();
    leaveWorker(second);
    const third = take();
    expect(third).not.toBe(second);
    for (const worker of [second, third]) worker.child.kill();
  });

  it("keep no program running by the clock of a process that waits", () => {
    const clocks = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const worker = takeWorker(projectRoot(), 1);
    const before = clocks();
    leaveWorker(worker);
    expect(clocks()).toBe(before);
    worker.child.kill();
  });

  it("share the machine's cores among so many processes", () => {
    vi.stubEnv("TF_NUM_INTRAOP_THREADS", undefined);
    const threads = [1, 2, 1000].map((workers) => {
      const { child, settings } = takeWorker(projectRoot(), workers);
      child.kill();
      return JSON.parse(settings)[1].TF_NUM_INTRAOP_THREADS;
    });
    const cores = availableParallelism();
    expect(threads).toEqual([cores, Math.max(1, Math.floor(cores / 2)), 1].map(String));
  });

  it("begin no more processes than there are jobs, so that each has more of the cores", async () => {
    vi.stubEnv("TF_NUM_INTRAOP_THREADS", undefined);
    expect(await runJobs([call("setting", "TF_NUM_INTRAOP_THREADS")], { workers: 3 })).toEqual([
      String(availableParallelism()),
    ]);
  });

  it("leave the number of threads to whoever has set it", async () => {
    vi.stubEnv("TF_NUM_INTRAOP_THREADS", "7");
    expect(await runJobs([call("setting", "TF_NUM_INTRAOP_THREADS")])).toEqual(["7"]);
  });

  it("leave no listener at a process that works again", async () => {
    vi.stubEnv("SOME_SETTING", "not that of the other tests' processes");
    const listeners = () => {
      const worker = takeWorker(projectRoot(), 1);
      leaveWorker(worker);
      return ["exit", "message"].map((event) => worker.child.listenerCount(event));
    };
    const before = listeners();
    await runJobs([call("halves", 1), call("halves", 2)], { workers: 1 });
    expect(listeners()).toEqual(before);
  });

  it("do not keep a program from its end, nor outlive it", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "test/train/jobprogram.ts"]);
    const [pid, state] = stdout.trim().split(/ (.*)/);
    expect(state).toBe("waits"); // so the program did not wait for its end
    await vi.waitFor(() => expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH"), 5000);
  });

  it("compute on the engine that is in use, and send typed arrays", async () => {
    expect(await runJobs([call("engineInUse"), call("halves", 3)], { workers: 1 })).toEqual([
      "wasm",
      Float32Array.of(0, 0.5, 1),
    ]);
  });

  it("say which one failed, and why", async () => {
    await Promise.all([
      expect(runJobs([call("afterWait", 0, 1), call("fails", { a: 1 })], { workers: 1 })).rejects.toThrow(
        'test/train/jobfunctions#fails({"a":1}): Error: on purpose',
      ),
      expect(runJobs([call("dies")])).rejects.toThrow("jobfunctions#dies(): its process ended with code 3"),
      expect(runJobs([call("isKilled")])).rejects.toThrow("jobfunctions#isKilled(): its process ended with SIGKILL"),
      expect(runJobs([call("throwsText")])).rejects.toThrow("jobfunctions#throwsText(): a text"),
      expect(runJobs([call("givesFunction")])).rejects.toThrow(
        "jobfunctions#givesFunction(): its result cannot be sent, expected data without functions",
      ),
      expect(runJobs([call("unknown")])).rejects.toThrow("test/train/jobfunctions exports no function unknown"),
    ]);
    await expect(runJobs([], { workers: 0 })).rejects.toThrow("workers is 0");
  });

  it("may name their file with its ending", async () => {
    expect(await runJobs([{ call: "test/train/jobfunctions.ts#halves", args: [1] }])).toEqual([Float32Array.of(0)]);
  });

  it("end the others when one fails, and listen to nothing any more", async () => {
    const folder = temporaryFolder();
    const listeners = process.listenerCount("SIGINT");
    await expect(runJobs([call("stays", folder), call("failsBeside", folder)], { workers: 2 })).rejects.toThrow(
      "on purpose",
    );
    expect(process.listenerCount("SIGINT")).toBe(listeners);
    const [pid] = readdirSync(folder);
    await vi.waitFor(() => expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH"), 5000);
  });

  it("end when somebody stops them", async () => {
    const running = runJobs([call("afterWait", 60_000, 1)]);
    setTimeout(() => process.emit("SIGINT"), 300);
    await expect(running).rejects.toThrow("stopped by you after 0 of 1 jobs");
  });

  it("are no less stopped when somebody did it after the last one, so that a script does not begin the next", async () => {
    const onDone = () => void process.emit("SIGINT");
    await expect(runJobs([call("halves", 1)], { onDone })).rejects.toThrow("stopped by you after 1 of 1 jobs");
  });

  it("are found from the project's folder, also from a folder in it", () => {
    expect(projectRoot(join(process.cwd(), "test", "train"))).toBe(process.cwd());
    expect(() => projectRoot(tmpdir())).toThrow("Start the program inside the project");
  });

  it.each([
    ["that has installed the course", ["node_modules/click-models", "."], "click-models/lib"],
    ["with a copy of lib", ["lib", "lib"], "./lib"],
    ["with a copy of lib in src", ["src/lib", "lib"], "./src/lib"],
  ])("run in a project of one's own %s", async (_, [place, target], lib) => {
    const folder = temporaryFolder();
    const link = (place: string, target: string) => symlinkSync(resolve(target), join(folder, place), "junction");
    for (const name of ["node_modules", "src"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    link("node_modules/tsx", "node_modules/tsx");
    link(place, target);
    const code = `import { sigmoid } from "${lib}/sigmoid";\nexport const half = () => sigmoid(0);\n`;
    writeFileSync(join(folder, "own.ts"), code);
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    expect(await runJobs([{ call: "own#half", args: [] }])).toEqual([0.5]);
  });

  it.each(["src/lib/own.ts", "model.ts"])("do not run in a process that has loaded %s before it was changed", async (own) => {
    const folder = temporaryFolder();
    for (const name of ["node_modules", "lib", "src/lib"]) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    symlinkSync(resolve("node_modules/tsx"), join(folder, "node_modules/tsx"), "junction");
    symlinkSync(resolve("."), join(folder, "node_modules/click-models"), "junction");
    writeFileSync(join(folder, "call.ts"), `export { number } from "./${own.replace(".ts", "")}";\n`);
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    const number = async (value: number) => {
      writeFileSync(join(folder, own), `export const number = () => [${value}, process.pid];\n`);
      return (await runJobs<[number, number]>([{ call: "call#number", args: [] }]))[0];
    };
    expect((await number(1))[0]).toBe(1);
    const [value, pid] = await number(2);
    expect(value).toBe(2);
    expect((await runJobs<[number, number]>([{ call: "call#number", args: [] }]))[0]).toEqual([2, pid]);
  });

  it("say where lib is missing", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "package.json"), "{}");
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    await expect(runJobs([call("dies")])).rejects.toThrow(`${folder} has no click-models installed and no`);
  });
});
