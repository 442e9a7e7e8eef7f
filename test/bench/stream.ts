/**
 * How fast a Criteo file larger than memory is packed and read: the 10,000 rows of criteo-10k, repeated with jitter.
 *
 *   npx tsx test/bench/stream.ts [ROWS]     default 1,000,000 (240 MB of text); needs criteo-10k in the cache
 *
 * Prints rows and megabytes per second of each step, and the most memory the process ever had (its resident set).
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runCommand } from "../../lib/command";
import { shuffledBlocks } from "../../lib/data/blocks";
import { cachedFile } from "../../lib/data/cache";
import { criteoFormat, criteoSchema } from "../../lib/data/criteo";
import { readLines } from "../../lib/data/lines";
import { PackedImpressions } from "../../lib/data/packed";
import type { Schema } from "../../lib/data/schema";
import { packTable } from "../../lib/data/stream";
import { createRandom, type Random } from "../../lib/random";

/**
 * Rows like the sample's: one in ten counts is moved by up to a tenth, one in twenty categories gets a rarer variant.
 */
async function writeJittered(sample: string, target: string, rows: number, random: Random): Promise<void> {
  const lines: string[] = [];
  await readLines(sample, { delimiter: "\t" }, (line) => lines.push(line));
  const file = fs.openSync(target, "w");
  try {
    let chunk: string[] = [];
    for (let row = 0; row < rows; row++) {
      const values = lines[row % lines.length].split("\t");
      for (let i = 1; i < values.length && row >= lines.length; i++) {
        if (values[i] === "") continue;
        if (i <= 13 && random.uniform() < 0.1)
          values[i] = String(Math.round(Number(values[i]) * (1 + (random.uniform() - 0.5) / 5)));
        if (i > 13 && random.uniform() < 0.05)
          values[i] = values[i].slice(0, 5) + random.integer(4096).toString(16).padStart(3, "0");
      }
      chunk.push(values.join("\t"), "\n");
      if (chunk.length === 4096 || row === rows - 1) {
        fs.writeFileSync(file, chunk.join(""));
        chunk = [];
      }
    }
  } finally {
    fs.closeSync(file);
  }
}

async function timed(step: string, rows: number, bytes: number, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  const busy = (user + system) / 1e6; // what it would take on a machine with nothing else to do
  console.log(
    `${step.padEnd(44)} ${seconds.toFixed(1).padStart(6)} s (${busy.toFixed(1)} s of processor) ${Math.round(
      rows / seconds,
    )
      .toLocaleString("en")
      .padStart(10)} rows/s ${(bytes / 1e6 / seconds).toFixed(0).padStart(5)} MB/s`,
  );
}

async function main(rows: number): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "click-models-stream-"));
  try {
    const text = path.join(folder, "train.tsv");
    await writeJittered(cachedFile("criteo-10k", "train.tsv"), text, rows, createRandom(1).child("jitter"));
    const textBytes = fs.statSync(text).size;
    const trainRows = Math.floor(rows * 0.9);
    const pack = async (schema: Schema): Promise<void> => {
      const packed = await packTable(text, criteoFormat, schema, {
        to: path.join(folder, "train.rows"),
        isTrainingRow: (row) => row < trainRows,
      });
      packed.close();
    };
    await timed("pack, ids hashed into 100,000 buckets", rows, textBytes, () =>
      pack(criteoSchema({ hashBuckets: 100_000 })),
    );
    await timed("pack, fitted vocabularies (two passes)", rows, textBytes, () => pack(criteoSchema({ minCount: 10 })));
    const packed = new PackedImpressions(path.join(folder, "train.rows"));
    const packedBytes = fs.statSync(packed.path).size;
    console.log(`text ${(textBytes / 1e6).toFixed(0)} MB, packed ${(packedBytes / 1e6).toFixed(0)} MB`);
    const plain = createRandom(1).shuffle(Int32Array.from({ length: rows }, (_, row) => row));
    const orders = {
      "in order": plain.slice().sort(),
      "shuffled in blocks": shuffledBlocks(rows, createRandom(1)),
      "shuffled freely": plain,
    };
    for (const [name, order] of Object.entries(orders)) {
      await timed(`read an epoch ${name}, batches of 1024`, rows, packedBytes, async () => readEpoch(packed, order));
    }
    packed.close();
    console.log(`most memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function readEpoch(packed: PackedImpressions, order: Int32Array): void {
  for (let start = 0; start < order.length; start += 1024) packed.read(order.subarray(start, start + 1024));
}

void runCommand(async ([text = "1e6"]) => {
  const rows = Number(text);
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw new RangeError(`ROWS is ${JSON.stringify(text)}, expected a whole number above 0`);
  await main(rows);
});
