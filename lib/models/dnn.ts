/**
 * Embeddings and an MLP, nothing else: the deep part of DeepFM and Wide & Deep alone.
 *
 *   s(x) = MLP(a₀),  a₀ = [e₁, ..., e_F]                                  Guo et al. (2017), eq. 3 and 4
 *
 * s: the logit; e_f: the embedding of the id in field f.
 *
 * Source: H. Guo et al., "DeepFM: A Factorization-Machine based Neural Network for CTR Prediction", IJCAI 2017,
 * section 2.1, the deep component.
 * Differs: dense features enter as numbers; the vector of a sequence is the mean over its ids.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import type { Feature, Impressions } from "../data/impressions";
import { DeepInput } from "../layers/deepinput";
import { EmbeddingTable } from "../layers/embedding";
import { FieldIndex } from "../layers/fields";
import { inference, type Pass, under, type Weight } from "../layers/layer";
import { MLP, type MLPConfig } from "../layers/mlp";
import type { Random } from "../random";
import type { Model } from "./model";

export interface DNNConfig {
  /** Sparse, sequence and dense features, at least one of them not dense. */
  features: readonly Feature[];
  /** Length of each embedding. */
  embeddingDim: number;
  mlp: MLPConfig;
  /** Standard deviation of the initial embeddings. Default 0.1. */
  deviation?: number | undefined;
}

const optionNames: Record<keyof DNNConfig, true> = { features: true, embeddingDim: true, mlp: true, deviation: true };

/** An MLP over embeddings and numbers, nothing else. */
export class DNN implements Model {
  readonly input: DeepInput;
  readonly index: FieldIndex;
  readonly embeddings: EmbeddingTable; // [rows, k]
  readonly mlp: MLP;

  constructor(readonly config: DNNConfig, random: Random) {
    checkOptionNames("DNN", config, optionNames);
    const { features, embeddingDim: k, deviation = 0.1 } = config;
    this.input = new DeepInput(features);
    this.index = new FieldIndex(this.input.fields);
    this.embeddings = new EmbeddingTable({ rows: this.index.rows, dim: k, deviation }, random);
    this.mlp = new MLP(config.mlp, { inputDim: this.input.size(k), outputDim: 1 }, random.child("mlp"));
  }

  logits(batch: Impressions, pass: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => {
      const e = this.index.lookup(this.embeddings, batch); // [batch, slots, k]
      const a0 = this.input.apply(e, this.index, batch); // [batch, fields · k + numbers]
      return this.mlp.apply(a0, pass).squeeze<tf.Tensor1D>([1]); // [batch, 1] → [batch]
    });
  }

  get weights(): Record<string, Weight> {
    return { embeddings: this.embeddings, ...under("mlp", this.mlp.weights) };
  }
}
