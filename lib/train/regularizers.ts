/**
 * Regularizers of embedding tables: they pull rows towards 0, so that ids which were seen too seldom to
 * be learned do not fit the noise. Dense weights have weightDecay (step.ts), dropout is part of the models,
 * and a frequency filter is the vocabulary's smallest count (lib/data).
 *
 * w_j: row j of a table, η: learning rate, λ: strength. Both penalties have the 2 of the square inside λ, so that the
 * gradient of full L2 is λ w_j, and that of mini-batch aware regularization λ w_j / n_j.
 */
import { checkNotNegative, checkOptionNames } from "../checks";
import type { ImpressionSource } from "../data/impressions";
import type { EmbeddingTable } from "../layers/embedding";
import { isTable } from "../layers/layer";
import type { Model } from "../models/model";
import { countOccurrences } from "./occurrences";
import type { RowSums } from "./rowsums";
import type { Training } from "./step";

export interface Regularizer {
  /** What it is, as plain JSON. */
  readonly settings: { readonly kind: string } & Readonly<Record<string, number | string>>;
  /** Gets to know the data and begins to watch the model's tables. */
  start(training: Training, source: ImpressionSource, batchSize: number): Promise<RunningRegularizer>;
}

/** A regularizer at work on one model. */
export interface RunningRegularizer {
  /** @throws before a step changes anything if a table cannot be regularized at that rate, under that optimizer. */
  checkRate?(rate: number, optimizer: string): void;
  /**
   * Adds the penalty's gradient to the summed gradients of the table's rows in the batch. Once per table and step.
   *
   * @throws if it cannot: no weight has been updated then.
   */
  addPenalty(table: string, sums: RowSums, rate: number): void;
  /** Does to all rows what is still owed to them. Before that, rows that were not looked up may be out of date. */
  catchUp(): void;
  /** What has to be remembered to go on from here, if anything: plain arrays. */
  state?(): Record<string, Owed>;
  restore?(state: Record<string, Owed>): void;
  /** Stops watching. */
  end(): void;
}

/** What a table's rows have missed. */
export interface Owed {
  /** Learning rates of the steps since the last time all rows were up to date. */
  rates: number[];
  /** For each row, how many of these steps it has had. */
  done: Int32Array;
}

/**
 * Mini-batch aware regularization                                        Zhou et al. (2018), eq. 4-7
 *
 *   w_j ← w_j − η [ g_j + λ (α_mj / n_j) w_j ]                            eq. 7
 *
 * g_j: gradient of the batch's mean loss; α_mj: 1 if some impression of batch m has id j, else 0; n_j: how
 * many impressions of the training data have that id. So a row is pulled only when it is in the batch, and a
 * rare one most.
 *
 * What counts at batch size B is λ B / n_j, since the loss is a mean over the batch. The paper's λ = 0.01 went with
 * batches of 5000. `atBatchSize` says which batch size λ is meant for: at batch size B it becomes λ atBatchSize / B.
 * Without it, λ is used as it is, as in eq. 7.
 *
 * With Adagrad and Adam the penalty is part of the gradient that they scale.
 */
export function miniBatchAware(options: { lambda?: number; atBatchSize?: number } = {}): Regularizer {
  checkOptionNames("miniBatchAware", options, { lambda: true, atBatchSize: true });
  const { lambda = 0.01, atBatchSize } = options;
  checkNotNegative("lambda", lambda);
  if (atBatchSize !== undefined && !(atBatchSize >= 1 && Number.isFinite(atBatchSize)))
    throw new RangeError(`atBatchSize is ${atBatchSize}, expected a number from 1 up`);
  return {
    settings: { kind: "miniBatchAware", lambda, ...(atBatchSize !== undefined && { atBatchSize }) },
    async start({ model }, source, batchSize) {
      const counts = await countOccurrences(model, source);
      const strength = atBatchSize === undefined ? lambda : (lambda * atBatchSize) / batchSize;
      return {
        addPenalty: (table, sums) =>
          addScaledRows(model, table, sums, (row) => strength / occurrencesOf(row, table, counts)),
        catchUp() {}, // nothing is owed
        end() {}, // nothing is watched
      };
    },
  };
}

/** n_j of row j of the table. @throws RangeError if it is 0, for a row that is in the batch. */
function occurrencesOf(row: number, table: string, counts: Readonly<Record<string, Int32Array>>): number {
  const n = counts[table][row];
  if (n === 0)
    throw new RangeError(
      `row ${row} of ${table} is in the batch, but in none of the impressions that mini-batch aware regularization has counted. Start it with the data that is trained on`,
    );
  return n;
}

/**
 * Full L2: every row of every table is pulled in every step, w_j ← w_j − η [ g_j + λ w_j ], also where g_j is 0.
 * Pulls rare rows as often as frequent ones, and so, between two gradients, much further.
 *
 * Lazy: a row gets what it missed when it is next looked up. What it missed depends on nothing but the row:
 * under SGD a factor ∏ (1 − η λ) over the missed steps, in one go; for other optimizers the steps are replayed
 * with gradient λ w, one by one. So the result is that of the dense rule, under any optimizer (then even Adam
 * is not lazy any more).
 *
 * The price: SGD pays for the rows that are looked up, and for each row once more when the epoch ends. Under another
 * optimizer every row is updated as many times as the epoch has steps, as in the dense rule: most of it at the epoch's
 * end, and for large tables far longer than all the rest of the training.
 */
export function l2(lambda: number): Regularizer {
  checkNotNegative("lambda", lambda);
  return {
    settings: { kind: "l2", lambda },
    start: async (training) => new LazyL2(training, lambda),
  };
}

class LazyL2 implements RunningRegularizer {
  /** By table. logs[t]: Σ ln(1 − η λ) over the first t of the rates, so that SGD pays any stretch of them by one factor. */
  private readonly owed: Record<string, Owed & { logs: number[] }> = {};

  constructor(
    private readonly training: Training,
    private readonly lambda: number,
  ) {
    for (const [name, weight] of Object.entries(training.model.weights)) {
      if (!isTable(weight)) continue;
      this.owed[name] = { rates: [], done: new Int32Array(weight.rows), logs: [0] };
      weight.onLookup = (ids) => this.pay(name, ids);
    }
  }

  checkRate(rate: number, optimizer: string): void {
    if (optimizer === "sgd" && rate * this.lambda >= 1) // others divide the gradient by its size
      throw new RangeError(
        `learning rate ${rate} x lambda ${this.lambda} is ${rate * this.lambda}, expected below 1: the rows would become 0 or change sign`,
      );
  }

  addPenalty(table: string, sums: RowSums, rate: number): void {
    addScaledRows(this.training.model, table, sums, () => this.lambda);
    const { done, rates } = this.owed[table];
    this.record(table, rate);
    for (let i = 0; i < sums.count; i++) done[sums.rows[i]] = rates.length;
  }

  catchUp(): void {
    for (const [name, owed] of Object.entries(this.owed)) {
      if (owed.rates.length === 0) continue; // nothing is owed: caught up before
      this.pay(name, owed.done.map((_, row) => row));
      owed.done.fill(0);
      owed.rates.length = 0;
      owed.logs.length = 1;
    }
  }

  state(): Record<string, Owed> {
    return Object.fromEntries(Object.entries(this.owed).map(([name, { rates, done }]) => [name, { rates, done }]));
  }

  restore(state: Record<string, Owed>): void {
    for (const [name, { rates, done }] of Object.entries(state)) {
      this.owed[name].done.set(done);
      for (const rate of rates) this.record(name, rate);
    }
  }

  end(): void {
    for (const weight of Object.values(this.training.model.weights)) if (isTable(weight)) weight.onLookup = undefined;
  }

  private record(table: string, rate: number): void {
    const { rates, logs } = this.owed[table];
    rates.push(rate);
    logs.push(logs[logs.length - 1] + Math.log1p(-rate * this.lambda));
  }

  /** Does the missed steps of the rows. */
  private pay(table: string, rows: Int32Array): void {
    const { rates, done, logs } = this.owed[table];
    const { values, dim } = this.training.model.weights[table] as EmbeddingTable;
    const optimizer = this.training.optimizers[table];
    const gradient = new Float32Array(dim);
    for (const row of rows) {
      if (row === 0 || done[row] === rates.length) continue;
      const at = row * dim;
      if (optimizer.settings.kind === "sgd") {
        const factor = Math.exp(logs[rates.length] - logs[done[row]]);
        for (let d = 0; d < dim; d++) values[at + d] *= factor;
      } else {
        const slots = Object.keys(optimizer.slots).length;
        const weights = values.subarray(at, at + dim);
        const state = this.training.state[table].subarray(at * slots, (at + dim) * slots);
        for (let i = done[row]; i < rates.length; i++) {
          for (let d = 0; d < dim; d++) gradient[d] = this.lambda * weights[d];
          const step = this.training.step - rates.length + i + 1;
          optimizer.update(weights, state, gradient, dim, rates[i], step);
        }
      }
      done[row] = rates.length;
    }
  }
}

/** Adds scale(row) x the row itself to the row's summed gradient. */
function addScaledRows(
  model: Model,
  table: string,
  { rows, sums, count, dim }: RowSums,
  scale: (row: number) => number,
): void {
  const { values } = model.weights[table] as EmbeddingTable;
  for (let i = 0; i < count; i++) {
    const factor = scale(rows[i]);
    for (let d = 0; d < dim; d++) sums[i * dim + d] += factor * values[rows[i] * dim + d];
  }
}
