/** Loss and gradients of one batch, for the optimizers, the tests and the curious. */
import * as tf from "@tensorflow/tfjs";
import type { Impressions } from "../data/impressions";
import type { RowGradients } from "../layers/embedding";
import { inference, isTable, type Pass } from "../layers/layer";
import type { Model } from "../models/model";
import { meanLogLoss } from "./loss";

export interface Gradients {
  /** Mean log loss of the batch, in nats. */
  loss: number;
  /** Gradient of each trainable dense weight, by its name: same length as the weight. */
  readonly dense: Record<string, Float32Array>;
  /** Gradient of each table's rows, by its name, one entry per lookup. */
  readonly rows: Record<string, RowGradients[]>;
}

/** Gradients of the batch's mean log loss with respect to all weights of the model. Leaves no tensor behind. */
export function gradients(model: Model, batch: Impressions, pass: Pass = inference): Gradients {
  const result: Gradients = { loss: 0, dense: {}, rows: {} };
  tf.tidy(() => {
    const weights = Object.entries(model.weights);
    const variables = weights
      .map(([, weight]) => (isTable(weight) ? weight.anchor : weight))
      .filter((variable) => variable.trainable);
    // Of another backward pass, or of one that failed.
    for (const [, weight] of weights) if (isTable(weight)) weight.takeGradients();
    const { labels, weights: counts } = batch;
    const { value, grads } = tf.variableGrads(() => meanLogLoss(model.logits(batch, pass), labels, counts), variables);
    result.loss = value.dataSync()[0];
    for (const [name, weight] of weights) {
      if (isTable(weight)) result.rows[name] = weight.takeGradients();
      else if (weight.trainable) {
        const gradient = grads[weight.name] as tf.Tensor | undefined; // none if the batch does not reach the weight
        // A copy: the cpu engine hands out its own array, and two weights may have one gradient.
        result.dense[name] = gradient ? (gradient.dataSync() as Float32Array).slice() : new Float32Array(weight.size);
      }
    }
  });
  return result;
}
