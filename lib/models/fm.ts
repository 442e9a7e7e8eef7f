/**
 * Factorization machine of degree 2.
 *
 *   s(x) = w₀ + Σᵢ wᵢ xᵢ + Σᵢ<ⱼ ⟨vᵢ, vⱼ⟩ xᵢ xⱼ                          Rendle (2010), eq. 1
 *
 * s: the logit; i and j run over the ids that are present in x, each with xᵢ = 1: one per
 * sparse feature and all of a sequence feature. vᵢ: row i of V, k numbers. With two features, user and
 * item, s = w₀ + w_user + w_item + ⟨v_user, v_item⟩: matrix factorization with biases.
 *
 * Source: S. Rendle, "Factorization Machines", ICDM 2010.
 * Differs: no numeric features, so bucket them first (lib/data); an id that occurs twice, as in a history, counts twice
 * and makes a pair with itself.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import type { Impressions } from "../data/impressions";
import { EmbeddingTable } from "../layers/embedding";
import { FieldIndex, type IdFeature } from "../layers/fields";
import { sumOfPairs } from "../layers/pairs";
import { variable } from "../layers/variables";
import type { Random } from "../random";
import type { Model } from "./model";

export interface FMConfig {
  features: readonly IdFeature[];
  /** k, the length of each factor vector vᵢ. */
  embeddingDim: number;
  /** Standard deviation of the initial V; 0 would be a saddle point. Default 0.1, as in libFM. */
  deviation?: number | undefined;
}

const optionNames: Record<keyof FMConfig, true> = { features: true, embeddingDim: true, deviation: true };

/** Factorization machine (Rendle 2010): a weight for each id, and for each pair the inner product of its vectors. */
export class FM implements Model {
  readonly index: FieldIndex;
  readonly bias = variable([]); // w₀
  readonly linear: EmbeddingTable; // wᵢ: [rows, 1]
  readonly factors: EmbeddingTable; // vᵢ: [rows, k]

  constructor(readonly config: FMConfig, random: Random) {
    checkOptionNames("FM", config, optionNames);
    const { features, embeddingDim: k, deviation = 0.1 } = config;
    this.index = new FieldIndex(features);
    this.linear = new EmbeddingTable({ rows: this.index.rows, dim: 1 }, random);
    this.factors = new EmbeddingTable({ rows: this.index.rows, dim: k, deviation }, random);
  }

  logits(batch: Impressions): tf.Tensor1D {
    return tf.tidy(() => {
      const ids = this.index.ids(batch);
      const linear = this.index.lookupSum(this.linear, batch, ids); // [batch]
      const pairs = sumOfPairs(this.index.lookup(this.factors, batch, ids)); // [batch, slots, k] → [batch]
      return linear.add(pairs).add(this.bias);
    });
  }

  get weights() {
    return { bias: this.bias, linear: this.linear, factors: this.factors };
  }
}
