/** The program of one process of jobs.ts: runs one job after the other until its parent is gone. */
import { pathToFileURL } from "node:url";
import { collectLessOften, useEngine } from "../engine";
import type { Order, Reply } from "./jobs";

collectLessOften();
process.on("message", (order: Order) => void run(order).then(send));
process.on("disconnect", () => process.exit());

async function run(order: Order): Promise<Reply> {
  try {
    await useEngine();
    return { result: await (await find(order))(...order.args) };
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

async function find({ call, file }: Order): Promise<(...args: readonly unknown[]) => unknown> {
  const [called, name] = call.split("#");
  const module = await import(pathToFileURL(file).href);
  const found = module[name] ?? module.default?.[name];
  if (typeof found !== "function") throw new TypeError(`${called} exports no function ${name}`);
  return found;
}
