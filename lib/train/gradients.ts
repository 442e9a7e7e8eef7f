/** Loss and gradients of one batch, for the optimizers, the tests and the curious. */
import * as tf from "@tensorflow/tfjs";
import type { Impressions } from "../data/impressions";
import type { RowGradients } from "../layers/embedding";
import { inference, isTable, type Pass } from "../layers/layer";
import type { Model } from "../models/model";
import { meanLogLoss } from "./loss";
import { checkLogits } from "./predict";

export interface Gradients {
  /** Mean log loss of the batch, in nats; with weights, Σ w loss / batch. */
  loss: number;
  /** Gradient of each trainable dense weight, by its name: same length as the weight. */
  readonly dense: Record<string, Float32Array>;
  /** Gradient of each table's rows, by its name, one entry per lookup. */
  readonly rows: Record<string, RowGradients[]>;
}

/**
 * Gradients of the batch's mean log loss with respect to all weights of the model. Leaves no tensor behind.
 *
 * weights: the model's, where the caller has them at hand: a model makes the list anew each time.
 *
 * @throws RangeError if the model does not give one logit per impression, or they depend on no weight.
 */
export function gradients(
  model: Model,
  batch: Impressions,
  pass: Pass = inference,
  weights: Model["weights"] = model.weights,
): Gradients {
  const result: Gradients = { loss: 0, dense: {}, rows: {} };
  tf.tidy(() => {
    const entries = Object.entries(weights);
    const variables = entries
      .map(([, weight]) => (isTable(weight) ? weight.anchor : weight))
      .filter((variable) => variable.trainable);
    // What another backward pass left, or one that failed.
    for (const [, weight] of entries) if (isTable(weight)) weight.takeGradients();
    const { labels, weights: sampleWeights } = batch;
    const loss = () => {
      const logits = model.logits(batch, pass);
      checkLogits(model, logits, batch);
      return meanLogLoss(logits, labels, sampleWeights);
    };
    const { value, grads } = explained(model, () => tf.variableGrads(loss, variables));
    result.loss = value.dataSync()[0];
    for (const [name, weight] of entries) {
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

/** Where the chain of operations from the weights to the loss is broken, tfjs's error names no model: this one does. */
function explained<T>(model: Model, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("Cannot find a connection"))) throw error;
    const { name } = model.constructor;
    throw new RangeError(
      `${name}.logits does not depend on ${name}.weights in a way that has a gradient, expected tensor operations all the way from the weights to the logits: a dataSync() between them ends it`,
      { cause: error },
    );
  }
}
