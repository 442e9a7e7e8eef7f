/**
 * A program that runs a job and then has nothing more to do, for the tests of jobs. Prints the process of the job, and
 * at its own end whether that one still waits for more.
 */
import { useEngine } from "../../lib/engine";
import { runJobs } from "../../lib/train/jobs";

async function main(): Promise<void> {
  await useEngine("wasm");
  const [{ pid }] = (await runJobs([{ call: "test/train/jobfunctions#afterWait", args: [0, 1] }])) as { pid: number }[];
  process.on("exit", () => console.log(pid, isThere(pid) ? "waits" : "is gone"));
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

void main();
