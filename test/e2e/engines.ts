/**
 * End to end: notebooks on the engine that CTR_BACKEND names, from top to bottom. Every cell must end well; outputs are
 * not compared, because each engine rounds in its own way. Prints the seconds of the slowest cells and of each
 * notebook, beside those that its title promises.
 *
 * CTR_BACKEND=node tsx test/e2e/engines.ts [00 08]   default: all
 */
import * as path from "node:path";
import { readNotebook } from "../../lib/kernel/nbformat";
import { inKernel } from "./cells";
import { askedNotebooks, root, runScript } from "./course";

async function main(): Promise<void> {
  const engine = process.env.CTR_BACKEND;
  if (!engine) throw new Error("CTR_BACKEND is not set, expected node, wasm or cpu");
  for (const name of askedNotebooks()) {
    await inKernel(name, `on ${engine} (title: ${promised(name)})`, async (cells, run) => {
      const seconds: [string, number][] = [];
      for (const cell of cells) {
        const start = Date.now();
        await run(cell);
        seconds.push([cell.id, (Date.now() - start) / 1000]);
      }
      const slowest = seconds.sort(([, a], [, b]) => b - a).slice(0, 5);
      console.log(`    ${slowest.map(([id, s]) => `${id} ${s.toFixed(1)} s`).join(", ")}`);
    }, engine);
  }
}

/** What the notebook's first cell says of its running time. */
function promised(name: string): string {
  const { source } = readNotebook(path.join(root, "notebooks", name)).cells[0];
  const time = /\*\*Time\*\*: .*, ([^,]*) to run\./.exec(source)?.[1];
  if (!time) throw new Error(`the title of ${name} does not say how long it takes to run`);
  return time;
}

runScript(main);
