/**
 * FNN: a neural network on top of a trained factorization machine.
 *
 *   s(x) = W₃ l₂ + b₃,  l₂ = tanh(W₂ l₁ + b₂),  l₁ = tanh(W₁ z + b₁)          Zhang et al. (2016), eq. 1 to 3
 *   z = (w₀, z₁, ..., z_F),  z_f = (wᵢ, vᵢ) of the id i in field f            eq. 4 and 5
 *
 * s: the logit. w₀, wᵢ and vᵢ start as an FM learned them (FNN.fromFM), then everything is trained.
 *
 * Source: W. Zhang, T. Du, J. Wang, "Deep Learning over Multi-field Categorical Data", ECIR 2016.
 * A network on random embeddings is what most libraries, and section III.D of the PNN paper, call FNN.
 * Differs: the hidden layers start at random, not from layer-wise pre-training (RBM or autoencoder); any
 * number of layers; the vector of a sequence is the mean over its ids.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import type { Impressions } from "../data/impressions";
import { checkDim, EmbeddingTable } from "../layers/embedding";
import { FieldIndex, type IdFeature } from "../layers/fields";
import { inference, type Pass, under, type Weight } from "../layers/layer";
import { MLP, type MLPConfig } from "../layers/mlp";
import { matMul } from "../layers/ops";
import { variable } from "../layers/variables";
import type { Random } from "../random";
import type { FM } from "./fm";
import type { Model } from "./model";

export interface FNNConfig {
  features: readonly IdFeature[];
  /** K, the length of each vᵢ. */
  embeddingDim: number;
  /** activation: default "tanh". The paper's best shape is a diamond: 200, 300, 100 units. */
  mlp: MLPConfig;
  /** Standard deviation of the initial wᵢ and vᵢ, when no FM gives them. Default 0.1. */
  deviation?: number | undefined;
}

const optionNames: Record<keyof FNNConfig, true> = { features: true, embeddingDim: true, mlp: true, deviation: true };

/** FNN (Zhang et al. 2016): an MLP on top of a trained factorization machine, see FNN.fromFM. */
export class FNN implements Model {
  readonly index: FieldIndex;
  readonly bias = variable([]); // w₀
  readonly factors: EmbeddingTable; // (wᵢ, vᵢ): [rows, 1 + K]
  readonly mlp: MLP;

  /** Starts from random wᵢ and vᵢ, which is what most libraries call FNN. */
  constructor(readonly config: FNNConfig, random: Random) {
    checkOptionNames("FNN", config, optionNames);
    const { features, embeddingDim: K, mlp, deviation = 0.1 } = config;
    checkDim(K); // here, because the table sees only 1 + K
    this.index = new FieldIndex(features);
    this.factors = new EmbeddingTable({ rows: this.index.rows, dim: 1 + K, deviation }, random);
    const inputDim = 1 + features.length * (1 + K);
    const complete = mlp && { ...mlp, activation: mlp.activation ?? "tanh" }; // MLP refuses a missing mlp
    this.mlp = new MLP(complete, { inputDim, outputDim: 1 }, random.child("mlp"));
  }

  /** Starts from what an FM learned, as in the paper. The FM itself stays as it is. */
  static fromFM(fm: FM, mlp: MLPConfig, random: Random): FNN {
    const { features, embeddingDim: K } = fm.config;
    const model = new FNN({ features, embeddingDim: K, mlp }, random);
    model.bias.assign(fm.bias);
    for (let row = 0; row < fm.index.rows; row++) {
      model.factors.values[row * (1 + K)] = fm.linear.values[row];
      model.factors.values.set(fm.factors.values.subarray(row * K, (row + 1) * K), row * (1 + K) + 1);
    }
    return model;
  }

  logits(batch: Impressions, pass: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => {
      const fields = this.index.pool(this.index.lookup(this.factors, batch), batch); // [batch, m, 1 + K]
      const w0 = matMul<tf.Tensor2D>(tf.ones([batch.size, 1]), this.bias.reshape([1, 1])); // [batch, 1]
      const z = tf.concat2d([w0, fields.reshape<tf.Tensor2D>([batch.size, -1])], 1); // [batch, 1 + m (1 + K)]
      return this.mlp.apply(z, pass).squeeze<tf.Tensor1D>([1]); // [batch, 1] → [batch]
    });
  }

  get weights(): Record<string, Weight> {
    return { bias: this.bias, factors: this.factors, ...under("mlp", this.mlp.weights) };
  }
}
