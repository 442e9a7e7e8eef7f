/**
 * DeepFM: a factorization machine and an MLP that read the same embeddings.
 *
 *   s(x) = y_FM + y_DNN                                                    Guo et al. (2017), eq. 1
 *   y_FM = Σᵢ wᵢ xᵢ + Σᵢ<ⱼ ⟨vᵢ, vⱼ⟩ xᵢ xⱼ                                   eq. 2
 *   y_DNN = MLP(a₀),  a₀ = [e₁, ..., e_F]                                  eq. 3 and 4
 *
 * s: the logit, so the two parts are summed before the one sigmoid. e_f: the vᵢ of the id in field f.
 * FM's w₀ is the bias of the MLP's last layer.
 *
 * Source: H. Guo et al., "DeepFM: A Factorization-Machine based Neural Network for CTR Prediction", IJCAI 2017.
 * In table 2 of the preprint the AUCs of LR & DNN (0.7981) and FM & DNN (0.7850) look swapped: the log losses, 0.4677
 * and 0.4538, say the reverse.
 * Differs: the preprint writes y_DNN with a sigmoid of its own inside the sum, which the proceedings do not have;
 * the FM part can use fewer features than the deep part; dense features enter the deep part as
 * numbers; the vector of a sequence in the deep part is the mean over its ids, while in the FM part every
 * id counts, and one that occurs twice counts twice and makes a pair with itself; dropout is the share dropped (the
 * paper's is the share kept).
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import type { Feature, Impressions } from "../data/impressions";
import { DeepInput } from "../layers/deepinput";
import { EmbeddingTable } from "../layers/embedding";
import { FieldIndex, type IdFeature } from "../layers/fields";
import { inference, type Pass, under, type Weight } from "../layers/layer";
import { MLP, type MLPConfig } from "../layers/mlp";
import { sumOfPairs } from "../layers/pairs";
import type { Random } from "../random";
import type { Model } from "./model";

export interface DeepFMConfig {
  /** What the MLP reads: sparse, sequence and dense features. */
  deepFeatures: readonly Feature[];
  /** What the FM part crosses, each with its first-order weight. No dense features: bucket them first. */
  fmFeatures: readonly IdFeature[];
  /** k, the length of each embedding. */
  embeddingDim: number;
  mlp: MLPConfig;
  /** Standard deviation of the initial V. Default 0.1. */
  deviation?: number | undefined;
  /**
   * Whether the deep part gets embeddings of its own, as in Wide & Deep, to see what sharing does. It then needs at
   * least one feature that is not dense. Default false.
   */
  separateEmbeddings?: boolean | undefined;
}

const optionNames: Record<keyof DeepFMConfig, true> = {
  deepFeatures: true, fmFeatures: true, embeddingDim: true, mlp: true, deviation: true, separateEmbeddings: true,
};

/** DeepFM (Guo et al. 2017): an FM and an MLP that read the same embeddings, their logits added. */
export class DeepFM implements Model {
  readonly fmIndex: FieldIndex;
  readonly index: FieldIndex; // of vᵢ
  readonly deepIndex: FieldIndex; // for the deep part's embeddings: the same index, unless they are separate
  readonly input: DeepInput;
  readonly linear: EmbeddingTable; // wᵢ: [rows of the FM features, 1]
  readonly factors: EmbeddingTable; // vᵢ: [rows, k]
  readonly deepEmbeddings?: EmbeddingTable; // [rows of the deep features, k], only with separateEmbeddings
  readonly mlp: MLP;

  constructor(readonly config: DeepFMConfig, random: Random) {
    checkOptionNames("DeepFM", config, optionNames);
    const { deepFeatures, fmFeatures, embeddingDim: k, deviation = 0.1, separateEmbeddings = false } = config;
    this.input = new DeepInput(deepFeatures);
    this.fmIndex = new FieldIndex(fmFeatures);
    const all = union(this.input.fields, fmFeatures);
    const sameFields =
      all.length === fmFeatures.length && all.every(({ name }, i) => name === fmFeatures[i].name);
    this.index = separateEmbeddings || sameFields ? this.fmIndex : new FieldIndex(all);
    this.deepIndex = separateEmbeddings ? new FieldIndex(this.input.fields) : this.index;
    this.linear = new EmbeddingTable({ rows: this.fmIndex.rows, dim: 1 }, random);
    this.factors = new EmbeddingTable({ rows: this.index.rows, dim: k, deviation }, random);
    if (separateEmbeddings)
      this.deepEmbeddings = new EmbeddingTable({ rows: this.deepIndex.rows, dim: k, deviation }, random.child("deep"));
    this.mlp = new MLP(config.mlp, { inputDim: this.input.size(k), outputDim: 1 }, random.child("mlp"));
  }

  logits(batch: Impressions, pass: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => {
      const ids = this.index.ids(batch);
      const fmIds = this.fmIndex === this.index ? ids : this.fmIndex.ids(batch);
      const v = this.index.lookup(this.factors, batch, ids); // [batch, slots, k]
      const e = this.deepEmbeddings ? this.deepIndex.lookup(this.deepEmbeddings, batch) : v; // [batch, deep slots, k]
      return this.fm(v, batch, fmIds).add(this.deep(e, batch, pass));
    });
  }

  /** y_FM: [batch, slots, k] → [batch]. */
  private fm(v: tf.Tensor3D, batch: Impressions, ids: Int32Array): tf.Tensor1D {
    const linear = this.fmIndex.lookupSum(this.linear, batch, ids); // [batch]
    const crossed = this.index.select(v, batch, this.config.fmFeatures); // [batch, FM slots, k]
    return linear.add(sumOfPairs(crossed));
  }

  /** y_DNN: [batch, deep slots, k] → [batch]. */
  private deep(e: tf.Tensor3D, batch: Impressions, pass: Pass): tf.Tensor1D {
    const a0 = this.input.apply(e, this.deepIndex, batch); // [batch, fields · k + numbers]
    return this.mlp.apply(a0, pass).squeeze<tf.Tensor1D>([1]); // [batch, 1] → [batch]
  }

  get weights(): Record<string, Weight> {
    return {
      linear: this.linear,
      factors: this.factors,
      ...(this.deepEmbeddings && { deepEmbeddings: this.deepEmbeddings }),
      ...under("mlp", this.mlp.weights),
    };
  }
}

/** Features of both lists, each once. */
function union(first: readonly IdFeature[], second: readonly IdFeature[]): IdFeature[] {
  const names = new Set(first.map(({ name }) => name));
  return [...first, ...second.filter(({ name }) => !names.has(name))];
}
