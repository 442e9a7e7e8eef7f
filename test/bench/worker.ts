/**
 * Trains one model on one engine, told by lines of JSON on standard input as peer.py is:
 *   {"open": Shape}    builds it; answers {}
 *   {"run": steps}     trains; answers { seconds }
 *   {"score": times}   scores a batch of candidates for one user with DIN; answers { seconds }
 *   {"phases": steps}  trains, and measures where the time goes; answers milliseconds a step by phase
 *   {"ceiling": n}     answers { gflops } of a product of two n x n matrices
 *   {"memory": 0}      answers { megabytes }, the most that the process has held so far
 * Starts with { engine, node }.
 */
import * as readline from "node:readline";
import * as tf from "@tensorflow/tfjs";
import { Impressions } from "../../lib/data/impressions";
import { collectLessOften, useEngine } from "../../lib/engine";
import { EmbeddingTable } from "../../lib/layers/embedding";
import { DIN } from "../../lib/models/din";
import { FM } from "../../lib/models/fm";
import { createRandom } from "../../lib/random";
import { RowStore } from "../../lib/rows/store";
import { adam, type Optimizer } from "../../lib/train/optimizers";
import { RowSums } from "../../lib/train/rowsums";
import { Training, trainStep } from "../../lib/train/step";
import { trainBySample } from "./plainfm";
import { createModel, randomImpressions, type Shape } from "./worlds";

const now = () => Number(process.hrtime.bigint()) / 1e6; // ms

class Run {
  private readonly source: Impressions;
  private readonly order: Int32Array;
  private readonly training: Training;
  private at = 0;
  private bias = 0; // of the FM that is trained by sample
  /** Told what is about to be updated, a whole dense weight or rows of a table; only while phases are measured. */
  onUpdate?: ((what: "dense update" | "row update") => void) | undefined;

  constructor(private readonly shape: Shape) {
    const random = createRandom(1);
    this.source = randomImpressions(shape, random.child("impressions"));
    this.order = Int32Array.from({ length: shape.impressions }, (_, i) => i);
    if (!shape.bySample) random.child("order").shuffle(this.order); // libFM goes through the data as they lie
    this.training = new Training(createModel(shape), { optimizer: this.watched(adam()) });
  }

  private watched(optimizer: Optimizer): Optimizer {
    return {
      ...optimizer,
      update: (...args) => {
        const [weights, , , dim] = args;
        this.onUpdate?.(weights.length === dim ? "dense update" : "row update");
        optimizer.update(...args);
      },
    };
  }

  read(): Impressions {
    const { batch } = this.shape;
    if (this.at + batch > this.order.length) this.at = 0;
    const rows = this.order.subarray(this.at, this.at + batch);
    this.at += batch;
    const read = this.source.read(rows);
    Object.values(read.columns); // a column is copied when asked for: now, so that its time counts as data
    return read;
  }

  step(batch: Impressions): void {
    const { model } = this.training;
    if (this.shape.bySample) {
      this.bias = trainBySample(model as FM, (model as FM).index, batch, this.bias);
      return;
    }
    const tensors = tf.memory().numTensors;
    trainStep(this.training, batch);
    if (tf.memory().numTensors !== tensors)
      throw new Error(`a step of ${this.shape.model} left ${tf.memory().numTensors - tensors} tensors behind`);
  }

  /** A batch of candidates that are all shown to the user of the first. */
  candidatesForOneUser(): Impressions {
    const { features, columns, labels, size } = this.read();
    const oneUser = features.map(({ name, kind }) => {
      const length = columns[name].length / size;
      return [
        name,
        kind === "sequence" ? columns[name].map((_, i, column) => column[i % length]) : columns[name],
      ] as const;
    });
    return new Impressions({ features, columns: Object.fromEntries(oneUser), labels });
  }

  score(candidates: Impressions): void {
    const { model } = this.training;
    if (!(model instanceof DIN)) throw new RangeError(`${this.shape.model} has no logitsForOneUser, expected din`);
    tf.tidy(() => void model.logitsForOneUser(candidates).dataSync());
  }

  /** Phases of a step in ms. The pieces of lib are watched from outside, so that lib has no clocks in it. */
  phases(steps: number): Record<string, number> {
    const sum = { data: 0, gather: 0, "forward and backward": 0, "row update": 0, "dense update": 0 };
    for (let i = 0; i < steps; i++) {
      const start = now();
      const batch = this.read();
      sum.data += now() - start;
      let mark = now();
      let phase: keyof typeof sum = "forward and backward";
      const enter = (next: keyof typeof sum) => {
        const time = now();
        sum[phase] += time - mark;
        mark = time;
        phase = next;
      };
      const { lookup, lookupSum } = EmbeddingTable.prototype;
      const { add } = RowSums.prototype;
      const gathering = <A extends unknown[], R>(look: (this: EmbeddingTable, ...args: A) => R) =>
        function (this: EmbeddingTable, ...args: A): R {
          enter("gather");
          const found = look.apply(this, args);
          enter("forward and backward");
          return found;
        };
      Object.assign(EmbeddingTable.prototype, { lookup: gathering(lookup), lookupSum: gathering(lookupSum) });
      RowSums.prototype.add = function (...args) {
        enter("row update");
        add.apply(this, args);
      };
      const { change } = RowStore.prototype;
      RowStore.prototype.change = function (...args) {
        if (phase === "dense update") enter("row update");
        change.apply(this, args);
      };
      this.onUpdate = enter;
      this.step(batch);
      enter("data");
      this.onUpdate = undefined;
      Object.assign(EmbeddingTable.prototype, { lookup, lookupSum });
      Object.assign(RowSums.prototype, { add });
      Object.assign(RowStore.prototype, { change });
    }
    return Object.fromEntries(Object.entries(sum).map(([name, ms]) => [name, ms / steps]));
  }
}

function ceiling(n: number): number {
  const a = tf.ones<tf.Rank.R2>([n, n]);
  let best = Infinity;
  for (let i = 0; i < 10; i++) {
    const start = now();
    tf.tidy(() => void tf.matMul(a, a).slice(0, 1).dataSync());
    best = Math.min(best, now() - start);
  }
  a.dispose();
  return (2 * n ** 3) / best / 1e6;
}

async function main(): Promise<void> {
  collectLessOften();
  const { engine } = await useEngine();
  const answer = (value: object) => console.log(JSON.stringify(value));
  answer({ engine, node: process.version });
  let run: Run;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    if ("open" in request) {
      run = new Run(request.open);
      answer({});
    } else if ("run" in request) {
      const start = now();
      for (let i = 0; i < request.run; i++) run!.step(run!.read());
      answer({ seconds: (now() - start) / 1000 });
    } else if ("score" in request) {
      const candidates = run!.candidatesForOneUser();
      for (let i = 0; i < 5; i++) run!.score(candidates);
      const start = now();
      for (let i = 0; i < request.score; i++) run!.score(candidates);
      answer({ seconds: (now() - start) / 1000 });
    } else if ("phases" in request) answer(run!.phases(request.phases));
    else if ("ceiling" in request) answer({ gflops: ceiling(request.ceiling) });
    else answer({ megabytes: process.resourceUsage().maxRSS / 1024 });
  }
}

main().catch((error: Error) => {
  console.error(error.message); // bench.ts shows the last line
  process.exit(1);
});
