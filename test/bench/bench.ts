/**
 * `npm run bench`: how fast the models train, on every engine that works here.
 *
 *   --models lr,poly2,fm,deepfm,dcn,din   which (default: all)
 *   --rows 1e4,1e5,1e6,1e7                rows of embedding (default: 1e5)
 *   --batches 256,1024,4096               impressions in a batch (default: 1024)
 *   --full                                all of those
 *   --engines node,wasm,cpu               default: node and wasm, where they work
 *   --threads 2                           of node and PyTorch (default: all cores); wasm and cpu have one
 *   --peer                                also trains the models in PyTorch, and prints ratios
 *   --goals                               only what the course promises about speed, and whether it holds (with --peer)
 *   --python .venv/bin/python             the Python that has PyTorch (default: python3)
 *   --rounds 5  --seconds 0.5             how often each takes its turn, and for how long
 *   --json FILE                           where the numbers go (default: .cache/bench.json)
 *   --report                              also writes material/speed.json and the tables of material/speed.md
 *
 * All that train the same thing take turns in one run, and a ratio is the median over the rounds of the
 * ratio within a round. So a busy minute of the machine slows both sides.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { compete, type Options } from "./compete";
import { Contestant } from "./contestant";
import { checkGoals } from "./goals";
import { type Results, tables, writeReport } from "./report";
import { shapeOf, shapes } from "./worlds";

async function working(engines: string[], threads: number): Promise<string[]> {
  const found: string[] = [];
  for (const engine of engines) {
    try {
      (await Contestant.ofEngine(engine, threads)).end();
      found.push(engine);
    } catch (error) {
      console.log(`No ${engine} here: ${(error as Error).message}`);
    }
  }
  return found;
}

async function main(): Promise<void> {
  const list = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    options: {
      models: list, rows: list, batches: list, engines: list, threads: list, python: list, rounds: list, seconds: list, json: list,
      full: flag, peer: flag, goals: flag, report: flag,
    }, // prettier-ignore
  });
  const numbers = (text: string | undefined, full: string, quick: string) => (text ?? (values.full ? full : quick)).split(",").map(Number);
  const threads = Number(values.threads ?? os.availableParallelism());
  const options: Options = {
    engines: await working((values.engines ?? "node,wasm").split(","), threads),
    peers: values.peer ? ["PyTorch dense", "PyTorch sparse"] : [],
    python: values.python ?? "python3",
    threads,
    rounds: Number(values.rounds ?? 5),
    seconds: Number(values.seconds ?? 0.5),
  };
  const results: Results = { machine: machine(threads), measured: [], goals: [] };
  if (values.goals) results.goals = await checkGoals(options);
  const models = values.goals && !values.models ? [] : (values.models?.split(",") ?? Object.keys(shapes));
  for (const model of models) {
    if (!shapes[model]) throw new RangeError(`model is ${model}, expected some of ${Object.keys(shapes).join(", ")}`);
    for (const rows of numbers(values.rows, "1e4,1e5,1e6,1e7", "1e5")) {
      for (const batch of numbers(values.batches, "256,1024,4096", "1024")) {
        process.stderr.write(`${model}, ${rows} rows, batch ${batch}\n`);
        const peers = model === "poly2" ? [] : options.peers; // peer.py has no hashed pairs
        const entries = [...options.engines, ...peers].map((on) => ({ on, shape: shapeOf(model, rows, batch) }));
        results.measured.push(...(await compete(entries, options)));
      }
    }
  }
  console.log(tables(results).join("\n\n"));
  const file = values.json ?? path.join(".cache", "bench.json");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(results, null, 1) + "\n");
  console.log(`\nAll numbers: ${file}`);
  if (values.report) writeReport(results);
}

function machine(threads: number): string {
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${os.cpus()[0].model.trim()}, ${os.availableParallelism()} cores (${threads} threads used), ${memory} GB, ${os.type()} ${os.arch()}, Node ${process.versions.node}`;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
