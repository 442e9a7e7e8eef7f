/** A program that runs a job and then has nothing more to do, for the tests of jobs. Prints the process of the job. */
import { useEngine } from "../../lib/engine";
import { runJobs } from "../../lib/train/jobs";

async function main(): Promise<void> {
  await useEngine("wasm");
  const [{ pid }] = (await runJobs([{ call: "test/train/jobfunctions#afterWait", args: [0, 1] }])) as { pid: number }[];
  console.log(pid);
}

void main();
