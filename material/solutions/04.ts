/** Solutions of notebook 04. test/solutions runs each through the same check as the notebook. */

/** The logits are added, and then there is one sigmoid: sigmoid(1.5 − 0.5). */
export const probability = 1 / (1 + Math.exp(-1));

export function countDeepFM(vocabSizes: number[], k: number, units: number[]): number {
  let count = 0;
  for (const size of vocabSizes) count += (size - 1) * (1 + k); // id 0 has nothing to train
  const layers = [vocabSizes.length * k, ...units, 1];
  for (let layer = 1; layer < layers.length; layer++) count += layers[layer - 1] * layers[layer] + layers[layer];
  return count;
}

/** A product of three is made in hidden layers, and only out of fields that reach them. */
export const seeing = ["FM part 1", "deep part 1 2 3"];

export const solutions = {
  "04.1 one probability": probability,
  "04.2 parameters": countDeepFM,
  "04.3 who sees triples": seeing,
};
