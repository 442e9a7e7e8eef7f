/**
 * The base model: embeddings and an MLP, with the user's history pooled into one vector.
 *
 *   e = pooling(e₁, ..., e_H)                                             Zhou et al. (2018), eq. 1
 *   s(x) = MLP([pooled histories, embeddings of all other fields, numbers])
 *
 * eⱼ: the embeddings of behaviour j of H, say of its goods and its category, side by side. The pooled vector is
 * the same for every candidate: that is what DIN changes.
 *
 * Source: G. Zhou et al., "Deep Interest Network for Click-Through Rate Prediction", KDD 2018, section 4.2.
 * Differs: one logit instead of a softmax over two. The authors' code pools by the mean; the paper leaves it
 * open. The code also normalizes batches, passes the pooled history through a linear layer, and adds a bias per
 * item; none of that is done here. The MLP has ReLU unless told otherwise: the paper has PReLU, the code sigmoid.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOneOf, checkOptionNames } from "../checks";
import type { Feature, Impressions } from "../data/impressions";
import { type BehaviourGroup, BehaviourInput } from "../layers/behaviours";
import { inference, type Pass, under } from "../layers/layer";
import { MLP, type MLPConfig } from "../layers/mlp";
import type { Pooling } from "../layers/pooling";
import type { Random } from "../random";
import type { Model } from "./model";

export interface BaseModelConfig {
  /** Everything the model reads: user, candidate, context, histories. */
  features: readonly Feature[];
  /** Which histories there are, and which of the candidate's features they go with. */
  behaviours: readonly BehaviourGroup[];
  /** k, the length of each embedding. */
  embeddingDim: number;
  mlp: MLPConfig;
  /** Default "mean". */
  pooling?: Pooling | undefined;
  /** Standard deviation of the initial embeddings. Default 0.1. */
  deviation?: number | undefined;
}

const optionNames: Record<keyof BaseModelConfig, true> = {
  features: true, behaviours: true, embeddingDim: true, mlp: true, pooling: true, deviation: true,
};

/** What DIN is compared with: an MLP over embeddings, with each history pooled into one vector. */
export class BaseModel implements Model {
  readonly input: BehaviourInput;
  readonly mlp: MLP;
  private readonly pooling: Pooling;

  constructor(readonly config: BaseModelConfig, random: Random) {
    checkOptionNames("BaseModel", config, optionNames);
    const { features, behaviours, embeddingDim: k, pooling = "mean", deviation = 0.1 } = config;
    checkOneOf("pooling", pooling, ["mean", "sum"]);
    this.input = new BehaviourInput(features, behaviours, k, deviation, random.child("embeddings"));
    this.mlp = new MLP(config.mlp, { inputDim: this.input.size, outputDim: 1 }, random.child("mlp"));
    this.pooling = pooling;
  }

  logits(batch: Impressions, pass: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => {
      const { groups, fields } = this.input.pooled(batch, this.pooling); // [batch, d] each
      const x = tf.concat2d([...groups, ...fields], 1); // [batch, size]
      return this.mlp.apply(x, pass).squeeze<tf.Tensor1D>([1]); // [batch, 1] → [batch]
    });
  }

  get weights() {
    return { ...under("embeddings", this.input.tables), ...under("mlp", this.mlp.weights) };
  }
}
