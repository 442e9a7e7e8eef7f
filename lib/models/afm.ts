/**
 * Attentional factorization machine: FM's pairs, each as important as an attention network finds it.
 *
 *   s(x) = w₀ + Σᵢ wᵢ xᵢ + pᵀ Σᵢ<ⱼ a_ij (vᵢ ⊙ vⱼ) xᵢ xⱼ                       Xiao et al. (2017), eq. 6
 *   a_ij = softmax over the pairs of  hᵀ relu(W (vᵢ ⊙ vⱼ) xᵢ xⱼ + b)           eq. 5
 *
 * s: the logit; i and j run over the ids that are present, each with xᵢ = 1; a pair with an id that is
 * missing takes no part in the softmax. With equal scores and all of p equal to the number of pairs this is FM.
 *
 * Source: J. Xiao et al., "Attentional Factorization Machines", IJCAI 2017.
 * Differs: nothing in the equations. V starts from N(0, 0.1²), in the authors' code from N(0, 0.01²); pairDropout drops
 * numbers of the pairs' weighted sum, while the paper's dropout works on the pairs and the authors' code has both; the
 * paper's L2 on W is left to weightDecay (step.ts), which shrinks all matrices; an id that occurs twice, as in a
 * history, counts twice and makes a pair with itself. One version of the authors' code takes the softmax over an axis
 * of length 1, so that all its a_ij are 1.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames, checkShare, checkWhole } from "../checks";
import type { Impressions } from "../data/impressions";
import { maskedSoftmax } from "../layers/attention";
import { drop } from "../layers/dropout";
import { pairSides, presentPairs } from "../layers/eachpair";
import { EmbeddingTable } from "../layers/embedding";
import { FieldIndex, type IdFeature } from "../layers/fields";
import { inference, type Pass } from "../layers/layer";
import { affine, matMul, relu } from "../layers/ops";
import { randomKernel, variable } from "../layers/variables";
import type { Random } from "../random";
import type { Model } from "./model";

export interface AFMConfig {
  features: readonly IdFeature[];
  /** k, the length of each vᵢ. */
  embeddingDim: number;
  /** Rows of W: units of the attention network. */
  attentionUnits: number;
  /** Share of the pairs' weighted sum switched off in a training step. From 0 up to but not including 1. Default 0. */
  pairDropout?: number | undefined;
  /** Standard deviation of the initial V. Default 0.1. */
  deviation?: number | undefined;
}

const optionNames: Record<keyof AFMConfig, true> = {
  features: true, embeddingDim: true, attentionUnits: true, pairDropout: true, deviation: true,
};

/** Attentional factorization machine (Xiao et al. 2017): FM whose pairs count as much as an attention network says. */
export class AFM implements Model {
  readonly index: FieldIndex;
  readonly bias = variable([]); // w₀
  readonly linear: EmbeddingTable; // wᵢ: [rows, 1]
  readonly factors: EmbeddingTable; // vᵢ: [rows, k]
  readonly attention: tf.Variable<tf.Rank.R2>; // Wᵀ: [k, units]
  readonly attentionBias: tf.Variable<tf.Rank.R1>; // b: [units]
  readonly attentionOutput: tf.Variable<tf.Rank.R2>; // h: [units, 1]
  readonly projection: tf.Variable<tf.Rank.R2>; // p: [k, 1]
  private readonly pairDropout: number;

  constructor(readonly config: AFMConfig, random: Random) {
    checkOptionNames("AFM", config, optionNames);
    const { features, embeddingDim: k, attentionUnits, pairDropout = 0, deviation = 0.1 } = config;
    checkWhole("attentionUnits", attentionUnits);
    checkShare("pairDropout", pairDropout);
    this.index = new FieldIndex(features);
    this.linear = new EmbeddingTable({ rows: this.index.rows, dim: 1 }, random);
    this.factors = new EmbeddingTable({ rows: this.index.rows, dim: k, deviation }, random);
    this.attention = randomKernel(k, attentionUnits, 2, random.child("attention"));
    this.attentionBias = variable([attentionUnits]);
    this.attentionOutput = randomKernel(attentionUnits, 1, 1, random.child("attention output"));
    this.projection = variable([k, 1], 1);
    this.pairDropout = pairDropout;
  }

  logits(batch: Impressions, pass: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => {
      const ids = this.index.ids(batch);
      const linear = this.index.lookupSum(this.linear, batch, ids); // [batch]
      const { pairs, weights } = this.weighted(batch, ids); // [batch, pairs, k] and [batch, pairs]
      const sum = pairs.mul(weights.expandDims(2)).sum<tf.Tensor2D>(1); // [batch, k]
      const crossed = matMul(drop(sum, this.pairDropout, pass), this.projection).squeeze<tf.Tensor1D>([1]); // [batch]
      return linear.add(crossed).add(this.bias);
    });
  }

  /** a_ij of every pair of slots, (0,1), (0,2), ..., 0 where an id is missing: [batch, pairs]. */
  attentionWeights(batch: Impressions): tf.Tensor2D {
    return tf.tidy(() => this.weighted(batch, this.index.ids(batch)).weights);
  }

  /** vᵢ ⊙ vⱼ of every pair of slots, and its a_ij. */
  private weighted(batch: Impressions, ids: Int32Array): { pairs: tf.Tensor3D; weights: tf.Tensor2D } {
    const [left, right] = pairSides(this.index.lookup(this.factors, batch, ids)); // [batch, pairs, k] each
    const pairs = left.mul<tf.Tensor3D>(right); // vᵢ ⊙ vⱼ: [batch, pairs, k]
    const [n, count, k] = pairs.shape;
    const flat = pairs.reshape<tf.Tensor2D>([n * count, k]); // [batch · pairs, k]
    const hidden = relu(affine(flat, this.attention, this.attentionBias)); // [batch · pairs, units]
    const scores = matMul(hidden, this.attentionOutput).reshape<tf.Tensor2D>([n, count]); // [batch, pairs]
    return { pairs, weights: maskedSoftmax(scores, presentPairs(ids, ids.length / n)) };
  }

  get weights() {
    const { bias, linear, factors, attention, attentionBias, attentionOutput, projection } = this;
    return { bias, linear, factors, attention, attentionBias, attentionOutput, projection };
  }
}
