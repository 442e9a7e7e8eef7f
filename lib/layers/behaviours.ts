/**
 * From features to the vectors that the models of user histories start from.
 *
 * One behaviour, such as a click, is described by several ids, say goods and category. Their embeddings are
 * put side by side, and so are the candidate's; only then is the history pooled (Zhou et al. 2018, section 4.2).
 * Features with the same vocabulary share one table: the clicked goods and the candidate's have the same rows.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import { checkNames, type Feature, type Impressions, type SequenceFeature } from "../data/impressions";
import type { Random } from "../random";
import { checkFeatures, checkSharedSize, numbers, present } from "./columns";
import { checkDim, EmbeddingTable, type Lookup, lookupTogether } from "./embedding";
import { hasIds, type IdFeature, isDense } from "./fields";
import { lookupPooled, type Pooling } from "./pooling";

/**
 * A history and what it is compared with, by feature names. Example:
 * { candidate: ["item", "category"], history: ["clicked items", "clicked categories"] }.
 */
export interface BehaviourGroup {
  /** Sparse features of the candidate. */
  candidate: readonly string[];
  /**
   * Sequence features; step j of each describes the same behaviour. They have the vocabularies of `candidate`, in the
   * same order.
   */
  history: readonly string[];
}

/** One group's vectors for a batch. d: embeddingDim times the number of ids that describe a behaviour. */
export interface Behaviours {
  /** [batch, d] */
  candidate: tf.Tensor2D;
  /** [batch, T, d] */
  steps: tf.Tensor3D;
  /** 1 for a step that has an id, 0 for padding: [batch, T] */
  mask: tf.Tensor2D;
}

/** What a model of histories gets from a batch: each group's vectors, and those of all other features. */
export interface BehaviourVectors {
  groups: Behaviours[];
  /** In the features' order, neighbouring sparse ones as one tensor: [batch, n · k] for n of them, [batch, 1] for a number. */
  fields: tf.Tensor2D[];
}

/** Looks up histories and all other features: each step for attention (apply), or each history pooled (pooled). */
export class BehaviourInput {
  /** By vocabulary: [vocabSize, k]. */
  readonly tables: Readonly<Record<string, EmbeddingTable>>;
  private readonly byName: ReadonlyMap<string, Feature>;
  /** Names of the features that are in no group's history, in their order, neighbouring sparse ones together. */
  private readonly runs: readonly (readonly string[])[];

  /** k: length of each embedding; deviation: standard deviation of the initial values. */
  constructor(
    private readonly features: readonly Feature[],
    private readonly groups: readonly BehaviourGroup[],
    private readonly k: number,
    deviation: number,
    random: Random,
  ) {
    checkNames(features);
    if (features.length === 0) throw new RangeError("0 features, expected at least 1, such as the candidate's");
    checkDim(k); // with numbers alone there is no table to check it
    this.byName = new Map(features.map((feature) => [feature.name, feature]));
    for (const group of groups) checkGroup(group, this.byName);
    const inGroups = new Set(groups.flatMap(({ history }) => history));
    this.runs = runsOf(features.filter(({ name }) => !inGroups.has(name)));
    const tables = new Map<string, EmbeddingTable>(); // not an object, which has a "constructor" already
    for (const feature of features.filter(hasIds)) {
      const { vocabulary, vocabSize } = feature;
      const shape = { rows: vocabSize, dim: k, deviation };
      const table = tables.get(vocabulary) ?? new EmbeddingTable(shape, random.child(vocabulary));
      checkSharedSize(feature, table.rows);
      tables.set(vocabulary, table);
    }
    this.tables = Object.fromEntries(tables);
  }

  /** d of each group. */
  get groupSizes(): number[] {
    return this.groups.map(({ history }) => history.length * this.k);
  }

  /** How many numbers one impression has when each history is one vector. */
  get size(): number {
    const fields = this.runs.flat().map((name) => (isDense(this.byName.get(name)!) ? 1 : this.k));
    return [...this.groupSizes, ...fields].reduce((sum, n) => sum + n, 0);
  }

  /**
   * The vectors of the batch. A sequence that is in no group counts as a set: its vector is the mean of its embeddings.
   *
   * @throws RangeError if the batch does not have the model's features.
   */
  apply(batch: Impressions): BehaviourVectors {
    return this.vectors(this.fields(batch), batch);
  }

  /**
   * Like apply, for a batch whose rows all have the histories of its first row: steps [1, T, d] and mask [1, T] are
   * made for that row alone.
   *
   * @throws RangeError if the batch does not have the model's features, or a row has another history.
   */
  applyToOneUser(batch: Impressions): BehaviourVectors {
    const fields = this.fields(batch);
    for (const { history } of this.groups) for (const name of history) checkOneHistory(batch, name);
    return this.vectors(fields, batch.read(Int32Array.of(0)));
  }

  /** histories: the rows that steps and mask are made from. */
  private vectors(fields: tf.Tensor2D[], histories: Impressions): BehaviourVectors {
    const groups = this.groups.map(({ candidate, history }) => ({
      candidate: this.candidate(candidate, fields),
      steps: this.steps(history, histories),
      mask: present(histories, ...history),
    }));
    return { groups, fields };
  }

  /** Like apply, but with only the history of each group, pooled into one vector: [batch, d]. */
  pooled(batch: Impressions, pooling: Pooling): { groups: tf.Tensor2D[]; fields: tf.Tensor2D[] } {
    const fields = this.fields(batch);
    return {
      groups: this.groups.map(({ history }) => lookupPooled(this.lookups(history, batch), batch.size, pooling)),
      fields,
    };
  }

  /** Comes first in apply, applyToOneUser and pooled, so its checks hold for the histories too. */
  private fields(batch: Impressions): tf.Tensor2D[] {
    checkFeatures(batch, this.features);
    for (const { history } of this.groups) checkParallel(batch, history);
    return this.runs.map((run) => {
      const feature = this.byName.get(run[0])!;
      if (isDense(feature)) return numbers(batch, [feature]);
      const lookups = this.lookups(run, batch);
      return feature.kind === "sparse"
        ? (lookupTogether(lookups, [batch.size]) as tf.Tensor2D)
        : lookupPooled(lookups, batch.size, "mean");
    });
  }

  /** The embeddings of these features side by side, [batch, their number · k], cut from those looked up for all. */
  private candidate(names: readonly string[], fields: readonly tf.Tensor2D[]): tf.Tensor2D {
    const cuts: { field: number; start: number; count: number }[] = [];
    for (const name of names) {
      const field = this.runs.findIndex((run) => run.includes(name));
      const start = this.runs[field].indexOf(name);
      const last = cuts[cuts.length - 1];
      if (last && last.field === field && last.start + last.count === start) last.count++;
      else cuts.push({ field, start, count: 1 });
    }
    const parts = cuts.map(({ field, start, count }) =>
      count === this.runs[field].length
        ? fields[field]
        : fields[field].slice([0, start * this.k], [-1, count * this.k]),
    );
    return parts.length === 1 ? parts[0] : tf.concat2d(parts, 1);
  }

  /** The embeddings of these sequences side by side: [batch, T, their number · k]. */
  private steps(names: readonly string[], batch: Impressions): tf.Tensor3D {
    const lookups = this.lookups(names, batch);
    return lookupTogether(lookups, [batch.size, lookups[0].ids.length / batch.size]) as tf.Tensor3D;
  }

  private lookups(names: readonly string[], batch: Impressions): Lookup[] {
    return names.map((name) => ({
      table: this.tables[(this.byName.get(name) as IdFeature).vocabulary],
      ids: batch.columns[name] as Int32Array,
    }));
  }
}

/** A model takes histories of any length, but sequences whose steps lie side by side must be equally long. */
function checkParallel({ columns, size }: Impressions, [first, ...others]: readonly string[]): void {
  for (const name of others) {
    const [came, wanted] = [name, first].map((history) => columns[history].length / size);
    if (came !== wanted)
      throw new RangeError(
        `${name} has ${came} steps in the data, expected ${wanted}, as many as ${first}, whose steps it describes. Read both with the same maxLength`,
      );
  }
}

function checkOneHistory({ columns, size }: Impressions, name: string): void {
  const column = columns[name];
  const length = column.length / size;
  for (let i = length; i < column.length; i++) {
    if (column[i] === column[i - length]) continue;
    throw new RangeError(
      `row ${Math.floor(i / length)} and row 0 have different histories in ${name}, expected candidates for one user. For several users, call logits`,
    );
  }
}

function runsOf(features: readonly Feature[]): string[][] {
  const runs: string[][] = [];
  features.forEach(({ name, kind }, i) => {
    if (kind === "sparse" && features[i - 1]?.kind === "sparse") runs[runs.length - 1].push(name);
    else runs.push([name]);
  });
  return runs;
}

const groupNames: Record<keyof BehaviourGroup, true> = { candidate: true, history: true };

function checkGroup(group: BehaviourGroup, byName: ReadonlyMap<string, Feature>): void {
  checkOptionNames("a group of behaviours", group, groupNames);
  const { candidate, history } = group;
  const find = (name: string, kind: "sparse" | "sequence") => {
    const feature = byName.get(name);
    if (feature?.kind === kind) return feature as IdFeature;
    throw new RangeError(
      `behaviours name ${name}, which is ${feature ? `a ${feature.kind} feature` : "no feature"}, expected a ${kind} feature`,
    );
  };
  if (history.length === 0 || history.length !== candidate.length) {
    throw new RangeError(
      `behaviours have ${history.length} history and ${candidate.length} candidate features, expected the same number of each, at least one`,
    );
  }
  const [first, ...others] = history.map((name) => find(name, "sequence") as SequenceFeature);
  for (const { name, maxLength } of others) {
    if (maxLength !== first.maxLength)
      throw new RangeError(
        `${name} has maxLength ${maxLength}, expected ${first.maxLength}, that of ${first.name}, whose steps it describes`,
      );
  }
  history.forEach((name, i) => {
    const [own, other] = [find(name, "sequence").vocabulary, find(candidate[i], "sparse").vocabulary];
    if (own !== other)
      throw new RangeError(
        `${name} has the vocabulary ${own}, expected ${other}, that of ${candidate[i]}, so that both have the same embeddings`,
      );
  });
}
