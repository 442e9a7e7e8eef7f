/** The program of one process of jobs.ts: runs one job after the other until its parent is gone. */
import { pathToFileURL } from "node:url";
import { collectLessOften, useEngine } from "../engine";
import { fileOf, type Job, type Reply } from "./jobs";

collectLessOften();
process.on("message", (job: Job) => void run(job).then(send));
process.on("disconnect", () => process.exit());

async function run({ call, args }: Job): Promise<Reply> {
  try {
    await useEngine();
    return { result: await (await find(call))(...args) };
  } catch (error) {
    return error instanceof Error
      ? { failure: error.stack ?? error.message, name: error.name }
      : { failure: String(error), name: "Error" };
  }
}

function send(reply: Reply): void {
  try {
    process.send?.(reply);
  } catch (error) {
    send({ failure: `its result cannot be sent, expected data without functions: ${error}`, name: "TypeError" });
  }
}

async function find(call: string): Promise<(...args: readonly unknown[]) => unknown> {
  const [file, name] = call.split("#");
  const module = await import(pathToFileURL(fileOf(process.cwd(), call)).href);
  const found = module[name] ?? module.default?.[name];
  if (typeof found !== "function") throw new TypeError(`${file} exports no function ${name}`);
  return found;
}
