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
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../../lib/command";
import { compete, type Options } from "./compete";
import { Contestant } from "./contestant";
import { checkGoals } from "./goals";
import { type Results, tables, writeReport } from "./report";
import { shapeOf, shapes } from "./worlds";

/** Numbers above 0, as in "1e4,1e5"; without `fractions` they have to be whole. */
function numbersIn(option: string, text: string, fractions = false): number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.every((n) => n > 0 && (fractions ? Number.isFinite(n) : Number.isSafeInteger(n)))) return numbers;
  throw new RangeError(
    `--${option} is ${JSON.stringify(text)}, expected ${fractions ? "numbers" : "whole numbers"} above 0`,
  );
}

/** The words of a list, each of which must be one of those that there are. */
function namesIn(option: string, text: string, all: readonly string[]): string[] {
  const names = text.split(",");
  const unknown = names.find((name) => !all.includes(name));
  if (unknown === undefined) return names;
  throw new RangeError(`--${option} has ${JSON.stringify(unknown)}, expected some of ${all.join(", ")}`);
}

async function working(engines: string[], threads: number): Promise<string[]> {
  const found: string[] = [];
  for (const engine of engines) {
    try {
      (await Contestant.ofEngine(engine, threads)).end();
      found.push(engine);
    } catch (error) {
      console.log(`Without ${(error as Error).message}`);
    }
  }
  if (found.length === 0) throw new Error(`none of these engines works here: ${engines.join(", ")}`);
  return found;
}

async function main(): Promise<void> {
  const list = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    options: {
      ...{ models: list, rows: list, batches: list, engines: list, threads: list, python: list },
      ...{ rounds: list, seconds: list, json: list },
      ...{ full: flag, peer: flag, goals: flag, report: flag },
    },
  });
  // All is read before the first program starts: a slip shall not cost minutes.
  const one = (option: "threads" | "rounds" | "seconds", otherwise: number) =>
    numbersIn(option, values[option] ?? String(otherwise), option === "seconds")[0];
  const many = (option: "rows" | "batches", full: string, quick: string) =>
    numbersIn(option, values[option] ?? (values.full ? full : quick));
  const threads = one("threads", os.availableParallelism());
  const [rounds, seconds] = [one("rounds", 5), one("seconds", 0.5)];
  const [manyRows, batches] = [many("rows", "1e4,1e5,1e6,1e7", "1e5"), many("batches", "256,1024,4096", "1024")];
  const models =
    values.goals && !values.models
      ? []
      : namesIn("models", values.models ?? Object.keys(shapes).join(), Object.keys(shapes));
  const engines = namesIn("engines", values.engines ?? "node,wasm", ["node", "wasm", "cpu"]);
  const options: Options = {
    engines: await working(engines, threads),
    peers: values.peer ? ["PyTorch dense", "PyTorch sparse"] : [],
    python: values.python ?? "python3",
    threads,
    rounds,
    seconds,
  };
  const results: Results = { machine: machine(threads), code: {}, measured: [], goals: [] };
  if (values.goals) {
    results.goals = await checkGoals(options);
    results.code.goals = code();
  }
  if (models.length > 0) results.code.measured = code();
  for (const model of models) {
    for (const rows of manyRows) {
      for (const batch of batches) {
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

/** The commit and the day; without Git the day alone. */
function code(): string {
  const today = new Date().toISOString().slice(0, 10);
  try {
    const commit = execFileSync("git", ["describe", "--always", "--dirty", "--exclude=*"], { encoding: "utf8" });
    return `commit ${commit.trim()}, ${today}`;
  } catch {
    return today;
  }
}

void runCommand(main);
