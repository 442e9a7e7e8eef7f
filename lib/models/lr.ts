/**
 * Logistic regression: every feature has its weight, no feature knows of another.
 *
 *   s(x) = w₀ + Σᵢ wᵢ xᵢ                                              Juan et al. (2016), sec. 1, with w₀
 *
 * s: the logit. xᵢ = 1 for every id that is present; for a dense feature, xᵢ is its number.
 *
 * Source: Y. Juan et al., "Field-aware Factorization Machines for CTR Prediction", RecSys 2016, sec. 1.
 * Differs: has the bias w₀ that the paper leaves out of its formulas for simplicity; an id that occurs twice, as in a
 * history, counts twice.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import { checkNames, type DenseFeature, type Feature, type Impressions } from "../data/impressions";
import { numbers } from "../layers/columns";
import { EmbeddingTable } from "../layers/embedding";
import { FieldIndex, hasIds, isDense } from "../layers/fields";
import { matMul } from "../layers/ops";
import { variable } from "../layers/variables";
import type { Random } from "../random";
import type { Model } from "./model";

export interface LRConfig {
  /** Sparse, sequence and dense features, at least one of them not dense. */
  features: readonly Feature[];
}

const optionNames: Record<keyof LRConfig, true> = { features: true };

/** Logistic regression: a weight for each id and each number. */
export class LR implements Model {
  readonly index: FieldIndex;
  readonly dense: readonly DenseFeature[];
  readonly bias = variable([]); // w₀
  readonly linear: EmbeddingTable; // wᵢ of ids: [rows, 1]
  readonly slopes?: tf.Variable<tf.Rank.R2>; // wᵢ of numbers: [dense features, 1]

  constructor(readonly config: LRConfig, random: Random) {
    checkOptionNames("LR", config, optionNames);
    checkNames(config.features);
    this.index = new FieldIndex(config.features.filter(hasIds));
    this.dense = config.features.filter(isDense);
    this.linear = new EmbeddingTable({ rows: this.index.rows, dim: 1 }, random);
    if (this.dense.length > 0) this.slopes = variable([this.dense.length, 1]);
  }

  logits(batch: Impressions): tf.Tensor1D {
    return tf.tidy(() => {
      const linear = this.index.lookupSum(this.linear, batch); // [batch]
      const s = linear.add<tf.Tensor1D>(this.bias);
      if (!this.slopes) return s;
      return s.add(matMul(numbers(batch, this.dense), this.slopes).squeeze<tf.Tensor1D>([1])); // [batch, 1] → [batch]
    });
  }

  get weights() {
    return { bias: this.bias, linear: this.linear, ...(this.slopes && { slopes: this.slopes }) };
  }
}
