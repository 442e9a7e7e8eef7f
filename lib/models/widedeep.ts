/**
 * Wide & Deep: a linear model over crossed columns and an MLP over embeddings, trained as one.
 *
 *   s(x) = w_wideᵀ [x, φ(x)] + w_deepᵀ a^(L) + b                            Cheng et al. (2016), eq. 3
 *   φ_c(x) = Π x_i over the features of cross c: 1 where all are present      eq. 1
 *
 * s: the logit; a^(L): the last hidden layer of the MLP, b the bias after it. One loss trains both parts
 * (an ensemble would train each alone), each with an optimizer of its own: in the paper, FTRL with L1 for the weights
 * under "wide/" and AdaGrad for those under "deep/".
 *
 * Source: H.-T. Cheng et al., "Wide & Deep Learning for Recommender Systems", DLRS 2016.
 * Differs: crosses are hashed into a fixed number of buckets, as TensorFlow's crossed columns are; the
 * vector of a sequence in the deep part is the mean over its ids.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import type { Feature, Impressions, SparseFeature } from "../data/impressions";
import { DeepInput } from "../layers/deepinput";
import { EmbeddingTable } from "../layers/embedding";
import { FieldIndex, type IdFeature } from "../layers/fields";
import { checkBuckets, crossIds } from "../layers/hashing";
import { inference, type Pass, under, type Weight } from "../layers/layer";
import { MLP, type MLPConfig } from "../layers/mlp";
import type { Random } from "../random";
import type { Model } from "./model";

export interface WideDeepConfig {
  /** x of the wide part, each id with its weight. */
  wideFeatures: readonly IdFeature[];
  /**
   * φ of the wide part: which sparse features are crossed. Example: [[country, app], [hour, app, device]]. [] for none.
   */
  crosses: readonly (readonly SparseFeature[])[];
  /** How many weights all crosses share. Required if there are crosses. */
  buckets?: number | undefined;
  /** Sparse, sequence and dense features, at least one of them not dense. */
  deepFeatures: readonly Feature[];
  /** Length of each embedding of the deep part. */
  embeddingDim: number;
  mlp: MLPConfig;
  /** Standard deviation of the initial embeddings. Default 0.1. */
  deviation?: number | undefined;
}

const optionNames: Record<keyof WideDeepConfig, true> = {
  wideFeatures: true, crosses: true, buckets: true,
  deepFeatures: true, embeddingDim: true, mlp: true, deviation: true,
};

/** Wide & Deep (Cheng et al. 2016): a linear model over ids and crosses, and an MLP over embeddings. */
export class WideDeep implements Model {
  readonly wideIndex: FieldIndex;
  readonly linear: EmbeddingTable; // w of x: [rows of the wide features, 1]
  readonly crosses?: EmbeddingTable; // w of φ(x): [buckets + 1, 1], bucket h in row h + 1
  readonly crossIndexes: readonly FieldIndex[];
  readonly input: DeepInput;
  readonly deepIndex: FieldIndex;
  readonly embeddings: EmbeddingTable; // [rows of the deep features, k]
  readonly mlp: MLP;

  constructor(readonly config: WideDeepConfig, random: Random) {
    checkOptionNames("WideDeep", config, optionNames);
    const { wideFeatures, crosses, buckets, deepFeatures, embeddingDim: k, deviation = 0.1 } = config;
    this.wideIndex = new FieldIndex(wideFeatures);
    this.linear = new EmbeddingTable({ rows: this.wideIndex.rows, dim: 1 }, random);
    const empty = crosses.findIndex((cross) => cross.length === 0);
    if (empty >= 0)
      throw new RangeError(`crosses[${empty}] has no features, expected the features to cross. For no crosses at all, set crosses: []`);
    this.crossIndexes = crosses.map((cross) => new FieldIndex(cross));
    if (crosses.length > 0) {
      checkBuckets(buckets);
      this.crosses = new EmbeddingTable({ rows: buckets + 1, dim: 1 }, random);
    }
    this.input = new DeepInput(deepFeatures);
    this.deepIndex = new FieldIndex(this.input.fields);
    this.embeddings = new EmbeddingTable({ rows: this.deepIndex.rows, dim: k, deviation }, random);
    this.mlp = new MLP(config.mlp, { inputDim: this.input.size(k), outputDim: 1 }, random.child("mlp"));
  }

  logits(batch: Impressions, pass: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => this.wide(batch).add(this.deep(batch, pass)));
  }

  /** w_wideᵀ [x, φ(x)]: [batch]. */
  private wide(batch: Impressions): tf.Tensor1D {
    const x = this.wideIndex.lookupSum(this.linear, batch); // [batch]
    if (!this.crosses) return x;
    const ids = crossIds(this.crossIndexes.map((index) => index.ids(batch)), batch.size, this.config.buckets as number);
    const phi = this.crosses.lookupSum(ids, batch.size); // [batch]
    return x.add(phi);
  }

  /** w_deepᵀ a^(L) + b: [batch]. */
  private deep(batch: Impressions, pass: Pass): tf.Tensor1D {
    const e = this.deepIndex.lookup(this.embeddings, batch); // [batch, slots, k]
    const a0 = this.input.apply(e, this.deepIndex, batch); // [batch, fields · k + numbers]
    return this.mlp.apply(a0, pass).squeeze<tf.Tensor1D>([1]); // [batch, 1] → [batch]
  }

  get weights(): Record<string, Weight> {
    return {
      ...under("wide", { linear: this.linear, ...(this.crosses && { crosses: this.crosses }) }),
      ...under("deep", { embeddings: this.embeddings, ...under("mlp", this.mlp.weights) }),
    };
  }
}
