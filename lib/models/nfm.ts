/**
 * Neural factorization machine: FM's pairs, kept as a vector, go through an MLP.
 *
 *   s(x) = w₀ + Σᵢ wᵢ xᵢ + hᵀ a^(L),  a^(L) = MLP(f_BI)                     He & Chua (2017), eq. 7
 *   f_BI = Σᵢ<ⱼ xᵢ vᵢ ⊙ xⱼ vⱼ                                              eq. 3
 *
 * s: the logit; i and j run over the ids that are present, each with xᵢ = 1. w₀ is the bias of the MLP's last
 * layer and h its kernel. Without hidden layers and with h = 1 this is FM; with h_f < 0, which no real vᵢ of the
 * same k can absorb from three fields on, it is more than FM with that k, contrary to the paper's footnote 2.
 *
 * Source: X. He, T.-S. Chua, "Neural Factorization Machines for Sparse Predictive Analytics", SIGIR 2017.
 * Differs: no batch normalization of f_BI, only of the hidden layers; V starts from N(0, 0.1²), in the authors' code
 * from N(0, 0.01²); an id that occurs twice, as in a history, counts twice and makes a pair with itself.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames, checkShare } from "../checks";
import type { Impressions } from "../data/impressions";
import { drop } from "../layers/dropout";
import { EmbeddingTable } from "../layers/embedding";
import { FieldIndex, type IdFeature } from "../layers/fields";
import { inference, type Pass, under, type Weight } from "../layers/layer";
import { MLP, type MLPConfig } from "../layers/mlp";
import { bilinearInteraction } from "../layers/pairs";
import type { Random } from "../random";
import type { Model } from "./model";

export interface NFMConfig {
  features: readonly IdFeature[];
  /** k, the length of each vᵢ. */
  embeddingDim: number;
  mlp: MLPConfig;
  /** Share of f_BI switched off in a training step. From 0 up to but not including 1. Default 0; the authors' code: 0.5. */
  pairDropout?: number | undefined;
  /** Standard deviation of the initial V. Default 0.1. */
  deviation?: number | undefined;
}

const optionNames: Record<keyof NFMConfig, true> = {
  features: true, embeddingDim: true, mlp: true, pairDropout: true, deviation: true,
};

/** Neural factorization machine (He & Chua 2017): the sum of FM's pairs, kept as a vector, goes through an MLP. */
export class NFM implements Model {
  readonly index: FieldIndex;
  readonly linear: EmbeddingTable; // wᵢ: [rows, 1]
  readonly factors: EmbeddingTable; // vᵢ: [rows, k]
  readonly mlp: MLP;
  private readonly pairDropout: number;

  constructor(readonly config: NFMConfig, random: Random) {
    checkOptionNames("NFM", config, optionNames);
    const { features, embeddingDim: k, mlp, pairDropout = 0, deviation = 0.1 } = config;
    checkShare("pairDropout", pairDropout);
    this.index = new FieldIndex(features);
    this.linear = new EmbeddingTable({ rows: this.index.rows, dim: 1 }, random);
    this.factors = new EmbeddingTable({ rows: this.index.rows, dim: k, deviation }, random);
    this.mlp = new MLP(mlp, { inputDim: k, outputDim: 1 }, random.child("mlp"));
    this.pairDropout = pairDropout;
  }

  logits(batch: Impressions, pass: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => {
      const ids = this.index.ids(batch);
      const linear = this.index.lookupSum(this.linear, batch, ids); // [batch]
      const pairs = bilinearInteraction(this.index.lookup(this.factors, batch, ids)); // [batch, slots, k] → [batch, k]
      const deep = this.mlp.apply(drop(pairs, this.pairDropout, pass), pass).squeeze<tf.Tensor1D>([1]); // [batch]
      return linear.add(deep);
    });
  }

  get weights(): Record<string, Weight> {
    return { linear: this.linear, factors: this.factors, ...under("mlp", this.mlp.weights) };
  }
}
