/**
 * The vector that the deep part of a model starts from: the embeddings of its fields side by side, then
 * its numbers.
 *
 *   a₀ = [e₁, ..., e_F, x₁, ..., x_D]                                    Guo et al. (2017), eq. 3, plus numbers
 *
 * A sparse feature has one embedding; that of a sequence is the mean over its ids, padding left out; a
 * dense feature enters as its number, so scale it first (mean 0, deviation 1).
 */
import * as tf from "@tensorflow/tfjs";
import { checkNames, type DenseFeature, type Feature, type Impressions } from "../data/impressions";
import { numbers } from "./columns";
import { type FieldIndex, hasIds, type IdFeature, isDense } from "./fields";

/** Embeddings and numbers of a batch side by side, as an MLP reads them. */
export class DeepInput {
  readonly fields: readonly IdFeature[];
  readonly dense: readonly DenseFeature[];

  constructor(features: readonly Feature[]) {
    if (features.length === 0)
      throw new RangeError("the deep part has 0 features, expected at least 1 sparse, sequence or dense feature");
    checkNames(features);
    this.fields = features.filter(hasIds);
    this.dense = features.filter(isDense);
  }

  /** Length of a₀ for embeddings of k numbers. */
  size(k: number): number {
    return this.fields.length * k + this.dense.length;
  }

  /** a₀: [batch, size(k)], from the embeddings [batch, slots, k] that the index looked up. */
  apply(e: tf.Tensor3D, index: FieldIndex, batch: Impressions): tf.Tensor2D {
    const parts: tf.Tensor2D[] = [];
    if (this.fields.length > 0) {
      const vectors = index.pool(e, batch, this.fields); // [batch, fields, k]
      parts.push(vectors.reshape<tf.Tensor2D>([batch.size, -1])); // [batch, fields · k]
    }
    if (this.dense.length > 0) parts.push(numbers(batch, this.dense)); // [batch, numbers]
    return parts.length === 1 ? parts[0] : tf.concat2d(parts, 1);
  }
}
