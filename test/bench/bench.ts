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
import { Contestant } from "./contestant";
import { type Measured, type Results, tables, writeReport } from "./report";
import { matrixOperations, type Shape, shapes } from "./worlds";

interface Options {
  engines: string[];
  peers: string[];
  python: string;
  threads: number;
  rounds: number;
  seconds: number;
}

/** Trains one shape on all contestants in turns. One that does not work here is left out. */
async function compete(shape: Shape, options: Options): Promise<Measured[]> {
  const starts = [
    ...options.engines.map((engine) => () => Contestant.ofEngine(engine, options.threads)),
    ...options.peers.map((tables) => () => Contestant.ofPeer(tables, options.python, options.threads)),
  ];
  const measured: Measured[] = [];
  const contestants: Contestant[] = [];
  try {
    for (const start of starts) {
      const contestant = await start();
      contestants.push(contestant);
      await contestant.ask({ open: { ...shape, tables: contestant.name.split(" ")[1] } });
      const steps = await warmUp(contestant, options.seconds);
      measured.push({ ...shape, name: contestant.name, steps, seconds: [] });
    }
    for (let round = 0; round < options.rounds; round++) {
      for (const [i, contestant] of contestants.entries()) {
        const { seconds } = await contestant.ask<{ seconds: number }>({ run: measured[i].steps });
        measured[i].seconds.push(seconds / measured[i].steps);
      }
    }
    for (const [i, contestant] of contestants.entries()) {
      Object.assign(measured[i], await contestant.ask({ memory: 0 }));
      if (!options.engines.includes(contestant.name)) continue;
      measured[i].phases = await contestant.ask({ phases: Math.max(2, measured[i].steps) });
      const { gflops } = await contestant.ask<{ gflops: number }>({ ceiling: contestant.name === "cpu" ? 256 : 1024 });
      Object.assign(measured[i], { ceiling: gflops, operations: matrixOperations(shape) });
    }
  } finally {
    for (const contestant of contestants) contestant.end();
  }
  return measured;
}

/** Trains until the machine code is compiled and the speed known. Returns the number of steps that take so many seconds. */
async function warmUp(contestant: Contestant, seconds: number): Promise<number> {
  let perStep = Infinity;
  for (let steps = 1, spent = 0; spent < 2 * seconds; steps *= 2) {
    const { seconds: took } = await contestant.ask<{ seconds: number }>({ run: steps });
    spent += took;
    perStep = took / steps;
  }
  return Math.max(1, Math.round(seconds / perStep));
}

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
      full: flag, peer: flag, report: flag,
    }, // prettier-ignore
  });
  const numbers = (text: string | undefined, full: string, quick: string) => (text ?? (values.full ? full : quick)).split(",").map(Number);
  const threads = Number(values.threads ?? os.availableParallelism());
  const options: Options = {
    engines: await working((values.engines ?? "node,wasm").split(","), threads),
    peers: values.peer ? ["dense", "sparse"] : [],
    python: values.python ?? "python3",
    threads,
    rounds: Number(values.rounds ?? 5),
    seconds: Number(values.seconds ?? 0.5),
  };
  const results: Results = { machine: machine(threads), measured: [] };
  for (const model of values.models?.split(",") ?? Object.keys(shapes)) {
    if (!shapes[model]) throw new RangeError(`model is ${model}, expected some of ${Object.keys(shapes).join(", ")}`);
    for (const rows of numbers(values.rows, "1e4,1e5,1e6,1e7", "1e5")) {
      for (const batch of numbers(values.batches, "256,1024,4096", "1024")) {
        process.stderr.write(`${model}, ${rows} rows, batch ${batch}\n`);
        const shape = { ...shapes[model], rows, batch, impressions: 20 * batch };
        // PyTorch has no POLY2 of ours to compare with.
        const peers = model === "poly2" ? [] : options.peers;
        results.measured.push(...(await compete(shape, { ...options, peers })));
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
