/**
 * Field-aware factorization machine: every id has one vector for each field that it may meet.
 *
 *   s(x) = w₀ + Σⱼ wⱼ xⱼ + Σ_{j₁<j₂} ⟨w_j₁,f₂, w_j₂,f₁⟩ x_j₁ x_j₂             Juan et al. (2016), eq. 4
 *
 * s: the logit; the sums run over the ids that are present, each with xⱼ = 1. f₁, f₂: the fields of j₁ and
 * j₂. A field is one feature of the config, so w has ids x fields x k numbers, fields times FM's.
 *
 * Source: Y. Juan et al., "Field-aware Factorization Machines for CTR Prediction", RecSys 2016.
 * Differs: has the bias and the linear part that the paper leaves out of its formulas and LIBFFM does not
 * have; w starts from N(0, deviation²), LIBFFM's from U[0, 1/√k]; no normalization of each row to length 1,
 * which, with the same number of ids in every row, is just a constant factor; an id that occurs twice, as in a history,
 * counts twice and makes a pair with itself.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import type { Impressions } from "../data/impressions";
import { checkDim, EmbeddingTable } from "../layers/embedding";
import { fieldAwarePairs } from "../layers/fieldaware";
import { FieldIndex, type IdFeature } from "../layers/fields";
import { variable } from "../layers/variables";
import type { Random } from "../random";
import type { Model } from "./model";

export interface FFMConfig {
  features: readonly IdFeature[];
  /** k, the length of each vector w_j,f. Smaller than FM's: the paper uses 4. */
  embeddingDim: number;
  /** Standard deviation of the initial w. Default 0.1. */
  deviation?: number | undefined;
}

const optionNames: Record<keyof FFMConfig, true> = { features: true, embeddingDim: true, deviation: true };

/** Field-aware factorization machine (Juan et al. 2016): FM with one vector per id for each field it may meet. */
export class FFM implements Model {
  readonly index: FieldIndex;
  readonly bias = variable([]); // w₀
  readonly linear: EmbeddingTable; // wⱼ: [rows, 1]
  readonly factors: EmbeddingTable; // w_j,f for all fields f side by side: [rows, F · k]

  constructor(readonly config: FFMConfig, random: Random) {
    checkOptionNames("FFM", config, optionNames);
    const { features, embeddingDim: k, deviation = 0.1 } = config;
    checkDim(k); // here, because the table sees only its product with the number of fields
    this.index = new FieldIndex(features);
    this.linear = new EmbeddingTable({ rows: this.index.rows, dim: 1 }, random);
    this.factors = new EmbeddingTable({ rows: this.index.rows, dim: features.length * k, deviation }, random);
  }

  logits(batch: Impressions): tf.Tensor1D {
    return tf.tidy(() => {
      const { features, embeddingDim: k } = this.config;
      const ids = this.index.ids(batch);
      const linear = this.index.lookupSum(this.linear, batch, ids); // [batch]
      const rows = this.index.lookup(this.factors, batch, ids); // [batch, slots, F · k]
      const w = rows.reshape<tf.Tensor4D>([batch.size, -1, features.length, k]); // [batch, slots, F, k]
      return linear.add(fieldAwarePairs(w, this.index.fieldOf(batch))).add<tf.Tensor1D>(this.bias);
    });
  }

  get weights() {
    return { bias: this.bias, linear: this.linear, factors: this.factors };
  }
}
