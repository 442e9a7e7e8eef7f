/**
 * POLY2: a weight of its own for every pair of features, in B buckets.
 *
 *   s(x) = w₀ + Σⱼ wⱼ xⱼ + Σ_{j₁<j₂} w_h(j₁,j₂) x_j₁ x_j₂                  Juan et al. (2016), eq. 2
 *   h(j₁, j₂) = ( ½ (j₁ + j₂)(j₁ + j₂ + 1) + j₂ ) mod B                    sec. 2
 *
 * s: the logit; the sums run over the ids that are present, each with xⱼ = 1. So a row with n ids costs
 * n (n − 1) / 2 lookups, however many features there are.
 *
 * Source: Y. Juan et al., "Field-aware Factorization Machines for CTR Prediction", RecSys 2016.
 * Differs: has the bias and the linear part that the paper leaves out of its formulas for simplicity; an id that
 * occurs twice, as in a history, counts twice and makes a pair with itself.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import type { Impressions } from "../data/impressions";
import { EmbeddingTable } from "../layers/embedding";
import { FieldIndex, type IdFeature } from "../layers/fields";
import { checkBuckets, pairIds } from "../layers/hashing";
import { variable } from "../layers/variables";
import type { Random } from "../random";
import type { Model } from "./model";

export interface Poly2Config {
  features: readonly IdFeature[];
  /** B, the number of pair weights. Pairs that fall into one bucket share its weight. The paper: 10^7. */
  buckets: number;
}

const optionNames: Record<keyof Poly2Config, true> = { features: true, buckets: true };

/** POLY2 (Juan et al. 2016): a weight for each id, and one for each pair of ids, hashed into buckets. */
export class Poly2 implements Model {
  readonly index: FieldIndex;
  readonly bias = variable([]); // w₀
  readonly linear: EmbeddingTable; // wⱼ: [rows, 1]
  readonly pairs: EmbeddingTable; // w_h: [B + 1, 1], bucket h in row h + 1

  constructor(readonly config: Poly2Config, random: Random) {
    checkOptionNames("Poly2", config, optionNames);
    const { features, buckets } = config;
    checkBuckets(buckets);
    this.index = new FieldIndex(features);
    this.linear = new EmbeddingTable({ rows: this.index.rows, dim: 1 }, random);
    this.pairs = new EmbeddingTable({ rows: buckets + 1, dim: 1 }, random);
  }

  logits(batch: Impressions): tf.Tensor1D {
    return tf.tidy(() => {
      const ids = this.index.ids(batch); // [batch x slots]
      const linear = this.index.lookupSum(this.linear, batch, ids); // [batch]
      const buckets = pairIds(ids, ids.length / batch.size, this.config.buckets); // [batch x pairs]
      const pairs = this.pairs.lookupSum(buckets, batch.size); // [batch]
      return linear.add(pairs).add(this.bias);
    });
  }

  get weights() {
    return { bias: this.bias, linear: this.linear, pairs: this.pairs };
  }
}
