/**
 * Deep & Cross network: crosses of every degree up to L + 1 from a cross network, beside an MLP.
 *
 *   s(x) = W_out [x_L, h] + b,  h = MLP(x₀),  x₀ = [e₁, ..., e_F, numbers]     Wang et al. (2017), eq. 2 to 5
 *   x_{l+1} = x₀ (x_lᵀ w_l) + b_l + x_l                                    version 1, eq. 3
 *   x_{l+1} = x₀ ⊙ (W_l x_l + b_l) + x_l                                   version 2, Wang et al. (2021), eq. 1
 *
 * s: the logit; h: the last hidden layer of the MLP.
 *
 * Sources: R. Wang et al., "Deep & Cross Network for Ad Click Predictions", ADKDD 2017; R. Wang et al.,
 * "DCN V2", WWW 2021.
 * Differs: all embeddings have the same length (paper: 6 · vocabSize^¼); parallel only, while version 2's paper
 * also stacks the MLP on the cross network; no mixture of experts; the output has a bias b, which eq. 5 lacks; the
 * vector of a sequence is the mean over its ids, as in version 2's paper.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import type { Feature, Impressions } from "../data/impressions";
import { type CrossConfig, CrossNetwork } from "../layers/cross";
import { DeepInput } from "../layers/deepinput";
import { EmbeddingTable } from "../layers/embedding";
import { FieldIndex } from "../layers/fields";
import { inference, type Pass, under, type Weight } from "../layers/layer";
import { MLP, type MLPConfig } from "../layers/mlp";
import type { Random } from "../random";
import type { Model } from "./model";

export interface DCNConfig {
  /** Sparse, sequence and dense features, at least one of them not dense. */
  features: readonly Feature[];
  /** Length of each embedding. */
  embeddingDim: number;
  cross: CrossConfig;
  /** With units [] there is no MLP, only the cross network. */
  mlp: MLPConfig;
  /** Standard deviation of the initial embeddings. Default 0.1. */
  deviation?: number | undefined;
}

const optionNames: Record<keyof DCNConfig, true> = {
  features: true, embeddingDim: true, cross: true, mlp: true, deviation: true,
};

/** Deep & Cross network (Wang et al. 2017 and 2021): a cross network beside an MLP. */
export class DCN implements Model {
  readonly input: DeepInput;
  readonly index: FieldIndex;
  readonly embeddings: EmbeddingTable; // [rows, k]
  readonly cross: CrossNetwork;
  readonly mlp?: MLP;
  readonly output: MLP; // a linear layer: [batch, d + last units] → [batch, 1]

  constructor(readonly config: DCNConfig, random: Random) {
    checkOptionNames("DCN", config, optionNames);
    const { features, embeddingDim: k, cross, mlp, deviation = 0.1 } = config;
    this.input = new DeepInput(features);
    this.index = new FieldIndex(this.input.fields);
    this.embeddings = new EmbeddingTable({ rows: this.index.rows, dim: k, deviation }, random);
    const d = this.input.size(k);
    this.cross = new CrossNetwork(cross, { inputDim: d }, random.child("cross"));
    // Built even without units, since its constructor checks the options.
    const deep = new MLP(mlp, { inputDim: d }, random.child("mlp"));
    if (mlp.units.length > 0) this.mlp = deep;
    this.output = new MLP(
      { units: [] },
      { inputDim: d + (this.mlp?.outputDim ?? 0), outputDim: 1 },
      random.child("output"),
    );
  }

  logits(batch: Impressions, pass: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => {
      const e = this.index.lookup(this.embeddings, batch); // [batch, slots, k]
      const x0 = this.input.apply(e, this.index, batch); // [batch, d]
      const crossed = this.cross.apply(x0); // [batch, d]
      const both = this.mlp ? tf.concat2d([crossed, this.mlp.apply(x0, pass)], 1) : crossed; // [batch, d + units]
      return this.output.apply(both, pass).squeeze<tf.Tensor1D>([1]); // [batch, 1] → [batch]
    });
  }

  get weights(): Record<string, Weight> {
    return {
      embeddings: this.embeddings,
      ...under("cross", this.cross.weights),
      ...(this.mlp && under("mlp", this.mlp.weights)),
      ...under("output", this.output.weights),
    };
  }
}
