/**
 * Deep interest network: describe the user by what in their history matters to this candidate.
 *
 *   v_U(A) = Σⱼ a(eⱼ, v_A) eⱼ = Σⱼ wⱼ eⱼ                                  Zhou et al. (2018), eq. 3
 *   s(x) = MLP([v_U(A) of each history, embeddings of all other fields, numbers])
 *
 * eⱼ: the embeddings of behaviour j side by side; v_A: those of the candidate; a: the local activation unit.
 *
 * Source: G. Zhou et al., "Deep Interest Network for Click-Through Rate Prediction", KDD 2018, section 4.3.
 * Differs: one logit instead of a softmax over two. Paper and authors' code disagree; here the unit a reads v − e as
 * in the code (attention.difference: false for the paper), and the weights are free as in the paper
 * (attention.normalize: "softmax" for the code). The unit's hidden layers have Dice unless told otherwise, the
 * code's sigmoid. The "out product" is ⊙, as the authors say. What base.ts says of the MLP's ReLU holds here, too; what
 * it lists is left out here, too, and so is v_U(A) ⊙ v_A, which the MLP also reads in one version of the code. An empty
 * history gives the zero vector, where the code takes the mean of the padding.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOptionNames } from "../checks";
import type { Impressions } from "../data/impressions";
import { type AttentionConfig, LocalActivationUnit } from "../layers/attention";
import { BehaviourInput, type BehaviourVectors } from "../layers/behaviours";
import { inference, type Pass, under, type Weight } from "../layers/layer";
import { MLP } from "../layers/mlp";
import { weightedSum } from "../layers/pooling";
import type { Random } from "../random";
import type { BaseModelConfig } from "./base";
import type { Model } from "./model";

export interface DINConfig extends Omit<BaseModelConfig, "pooling"> {
  attention?: AttentionConfig | undefined;
}

const optionNames: Record<keyof DINConfig, true> = {
  features: true, behaviours: true, embeddingDim: true, mlp: true, attention: true, deviation: true,
};

/** Deep interest network (Zhou et al. 2018): an MLP over embeddings, with each history as this candidate sees it. */
export class DIN implements Model {
  readonly input: BehaviourInput;
  readonly attention: readonly LocalActivationUnit[]; // one per group of behaviours
  readonly mlp: MLP;

  constructor(readonly config: DINConfig, random: Random) {
    checkOptionNames("DIN", config, optionNames);
    const { features, behaviours, embeddingDim: k, attention = {}, deviation = 0.1 } = config;
    this.input = new BehaviourInput(features, behaviours, k, deviation, random.child("embeddings"));
    this.attention = this.input.groupSizes.map(
      (inputDim, i) => new LocalActivationUnit(attention, { inputDim }, random.child(`attention ${i}`)),
    );
    this.mlp = new MLP(config.mlp, { inputDim: this.input.size, outputDim: 1 }, random.child("mlp"));
  }

  logits(batch: Impressions, pass: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => this.logitsOf(this.input.apply(batch), pass));
  }

  /**
   * The logits of many candidates for one user: those of `logits` for a batch whose rows all have the
   * histories of its first row. What depends on a history alone, its lookup and a part of the attention's first
   * layer, is computed once.
   */
  logitsForOneUser(batch: Impressions): tf.Tensor1D {
    return tf.tidy(() => this.logitsOf(this.input.applyToOneUser(batch), inference));
  }

  private logitsOf({ groups, fields }: BehaviourVectors, pass: Pass): tf.Tensor1D {
    const interests = groups.map(({ candidate, steps, mask }, i) =>
      weightedSum(this.attention[i].apply(candidate, steps, mask, pass), steps), // [batch, d]
    );
    const x = tf.concat2d([...interests, ...fields], 1); // [batch, size]
    return this.mlp.apply(x, pass).squeeze<tf.Tensor1D>([1]); // [batch, 1] → [batch]
  }

  /** wⱼ of each step of the history, 0 at padding: [batch, T]. group: which of config.behaviours. */
  attentionWeights(batch: Impressions, group = 0): tf.Tensor2D {
    if (!(group in this.attention))
      throw new RangeError(`group is ${group}, expected a place in behaviours, whose length is ${this.attention.length}`);
    return tf.tidy(() => {
      const { candidate, steps, mask } = this.input.apply(batch).groups[group];
      return this.attention[group].apply(candidate, steps, mask, inference);
    });
  }

  get weights(): Record<string, Weight> {
    const units = this.attention.map((unit, i) => under(String(i), unit.weights));
    return {
      ...under("embeddings", this.input.tables),
      ...under("attention", Object.assign({}, ...units)),
      ...under("mlp", this.mlp.weights),
    };
  }
}
