/**
 * PNN: a neural network whose first layer also sees products of the fields' embeddings.
 *
 *   s(x) = MLP(l₁),  l₁ = relu(l_z + l_p + b₁)                              Qu et al. (2016), eq. 1 to 3
 *   l_z = W_z [f₁, ..., f_N],  l_p^n = Σᵢⱼ (W_p^n)ᵢⱼ pᵢⱼ,  n = 1..D            eq. 5
 *
 * s: the logit; f_i: the embedding of the id in field i of N; D: productUnits;
 * p: products of all pairs of fields, one of
 *   inner: pᵢⱼ = ⟨fᵢ, fⱼ⟩, W_p^n = θ^n θ^nᵀ                                 IPNN, eq. 11
 *   outer: p = f_Σ f_Σᵀ, f_Σ = Σᵢ fᵢ; i, j are its coordinates               OPNN by superposition, eq. 14
 *   kernel: pᵢⱼ = fᵢᵀ K_ij fⱼ, only i < j                                    KPNN, Qu et al. (2018)
 *
 * Sources: Y. Qu et al., "Product-based Neural Networks for User Response Prediction", ICDM 2016, and, for the
 * kernel product, the longer "... over Multi-field Categorical Data", ACM TOIS 2018. The authors' code for the
 * first paper calls the kernel product "outer", and most libraries call it OPNN.
 * Differs: PNN*, inner and outer together, is left out; IPNN's l_p^n is ‖Σᵢ θᵢ^n fᵢ‖² as in eq. 11, which eq. 12 prints
 * without the square; in KPNN p passes through W_p like the others; dropout comes after the MLP's layers, not after
 * l₁; the vector of a sequence is the mean over its ids.
 */
import * as tf from "@tensorflow/tfjs";
import { checkOneOf, checkOptionNames, checkWhole } from "../checks";
import type { Impressions } from "../data/impressions";
import { EmbeddingTable } from "../layers/embedding";
import { FieldIndex, type IdFeature } from "../layers/fields";
import { inference, type Pass, under, type Weight } from "../layers/layer";
import { MLP, type MLPConfig } from "../layers/mlp";
import { addRow, matMul, relu } from "../layers/ops";
import { innerProduct, kernelProduct, outerProduct } from "../layers/products";
import { randomKernel, variable } from "../layers/variables";
import type { Random } from "../random";
import type { Model } from "./model";

export interface PNNConfig {
  features: readonly IdFeature[];
  /** M, the length of each embedding. */
  embeddingDim: number;
  product: "inner" | "outer" | "kernel";
  /** D, the number of units of l₁. */
  productUnits: number;
  /** The layers after l₁. */
  mlp: MLPConfig;
  /** Standard deviation of the initial embeddings. Default 0.1. */
  deviation?: number | undefined;
}

const optionNames: Record<keyof PNNConfig, true> = {
  features: true, embeddingDim: true, product: true, productUnits: true, mlp: true, deviation: true,
};

/** Product-based neural network (Qu et al. 2016): an MLP that also reads products of the fields' embeddings. */
export class PNN implements Model {
  readonly index: FieldIndex;
  readonly embeddings: EmbeddingTable; // fᵢ: [rows, M]
  readonly linear: tf.Variable<tf.Rank.R2>; // W_z: [N · M, D]
  readonly products: tf.Variable<tf.Rank.R2>; // inner: θ [N, D]; outer: W_p [M · M, D]; kernel: W_p [pairs, D]
  readonly kernels?: tf.Variable<tf.Rank.R3>; // K: [pairs, M, M], only for kernel
  readonly bias: tf.Variable<tf.Rank.R1>; // b₁: [D]
  readonly mlp: MLP;

  constructor(readonly config: PNNConfig, random: Random) {
    checkOptionNames("PNN", config, optionNames);
    const { features, embeddingDim: M, product, productUnits: D, deviation = 0.1 } = config;
    const N = features.length;
    const pairs = (N * (N - 1)) / 2;
    checkOneOf("product", product, ["inner", "outer", "kernel"]);
    checkWhole("productUnits", D);
    if (product === "kernel" && N === 1)
      throw new RangeError('product is "kernel" for 1 feature, expected 2 or more, or another product');
    const signals = { inner: N, outer: M * M, kernel: pairs }[product];
    this.index = new FieldIndex(features);
    this.embeddings = new EmbeddingTable({ rows: this.index.rows, dim: M, deviation }, random);
    this.linear = randomKernel(N * M, D, 2, random.child("linear"));
    this.products = randomKernel(signals, D, 2, random.child("products"));
    if (product === "kernel") {
      // pᵢⱼ = ⟨fᵢ, fⱼ⟩ at first.
      this.kernels = tf.tidy(() => tf.variable(tf.eye(M).reshape([1, M, M]).tile<tf.Tensor3D>([pairs, 1, 1])));
    }
    this.bias = variable([D]);
    this.mlp = new MLP(config.mlp, { inputDim: D, outputDim: 1 }, random.child("mlp"));
  }

  logits(batch: Impressions, pass: Pass = inference): tf.Tensor1D {
    return tf.tidy(() => {
      const f = this.index.pool(this.index.lookup(this.embeddings, batch), batch); // [batch, N, M]
      const lz = matMul(f.reshape<tf.Tensor2D>([batch.size, -1]), this.linear); // [batch, D]
      const l1 = relu(addRow(lz.add(this.signals(f)), this.bias)); // [batch, D]
      return this.mlp.apply(l1, pass).squeeze<tf.Tensor1D>([1]); // [batch, 1] → [batch]
    });
  }

  /** l_p: f [batch, N, M] → [batch, D]. */
  private signals(f: tf.Tensor3D): tf.Tensor2D {
    if (this.kernels) return kernelProduct(f, this.kernels, this.products);
    return this.config.product === "inner" ? innerProduct(f, this.products) : outerProduct(f, this.products);
  }

  get weights(): Record<string, Weight> {
    const { embeddings, linear, products, kernels, bias } = this;
    return { embeddings, linear, products, ...(kernels && { kernels }), bias, ...under("mlp", this.mlp.weights) };
  }
}
