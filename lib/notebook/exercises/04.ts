/** Exercises of notebook 04: DeepFM. */
import { checker, functionExercise, valueExercise } from "../check";

const ids = (vocabSizes: number[]) => vocabSizes.reduce((sum, size) => sum + size - 1, 0);

/** Weights and biases of an MLP from `inputs` to one output, where `bias` is 1 with biases and 0 without. */
function mlp(inputs: number, units: number[], bias = 1): number {
  const sizes = [inputs, ...units, 1];
  return sizes.slice(1).reduce((sum, size, i) => sum + size * (sizes[i] + bias), 0);
}

export const exercises = {
  "04.1 one probability": valueExercise<number>({
    right: 0.5,
    tolerance: 0.001,
    mistakes: [
      { like: 0, say: "0 is the sum of the two logits. The probability is sigmoid of that" },
      { like: 1, say: "you squashed each part and added the probabilities. Logits are added, and there is one sigmoid at the end" },
      { like: 0.6225, say: "one sigmoid too many: sigmoid(0.5). The sum of the logits is 0, and its sigmoid is the answer" },
      { like: 0.69, say: "that is the FM part alone: sigmoid(0.8)" },
      { like: 0.31, say: "that is the deep part alone: sigmoid(−0.8)" },
    ],
    hint: "Add the two numbers, then one sigmoid.",
  }),
  "04.2 parameters": functionExercise<[number[], number, number[]], number>({
    cases: () => [
      [[13, 13], 4, [8]],
      [[3, 5, 9], 2, [6, 4]],
      [[11, 2], 3, []],
    ],
    right: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(sizes.length * k, units),
    mistakes: [
      { like: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(sizes.length * k, units) + 1, say: "one too many: w0 and the bias of the MLP's output are added to the same sum, so they are one number" },
      { like: (sizes, k, units) => ids(sizes) * (1 + 2 * k) + mlp(sizes.length * k, units), say: "you counted the embedding twice. The FM part and the deep part read the same table" },
      { like: (sizes, k, units) => ids(sizes) * k + mlp(sizes.length * k, units), say: "the first-order weights are missing: one number per id" },
      { like: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(sizes.length * k, units, 0), say: "the biases of the MLP's layers are missing" },
      {
        like: (sizes, k, units) => (ids(sizes) + sizes.length) * (1 + k) + mlp(sizes.length * k, units),
        say: "id 0 is counted in each field. It means nothing: its vector is zero and is never trained",
      },
      { like: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(k, units), say: "the MLP reads the embeddings of all fields one after the other: its input has fields × k numbers" },
    ],
  }),
  "04.3 who sees triples": {
    verify(answer: string[]): string | undefined {
      if (!Array.isArray(answer)) return `expected a list of names, such as ["LR", "FM"]`;
      const known = ["LR", "FM", "DNN", "DeepFM", "Wide & Deep"];
      const stranger = answer.find((name) => !known.includes(name));
      if (stranger !== undefined) return `there is no "${stranger}" in the question, expected names out of ${known.join(", ")}`;
      if (answer.includes("LR")) return "LR adds single weights. Half of the impressions of every id are of each kind, so it is a coin even with two fields";
      if (answer.includes("FM")) return "FM adds pairs. In this world no pair says anything, and neither does a sum of pairs";
      const missing = ["DNN", "DeepFM", "Wide & Deep"].filter((name) => !answer.includes(name));
      if (missing.includes("Wide & Deep")) return "crosses of two fields do not see triples, but Wide & Deep has a deep part as well, and that does";
      if (missing.length > 0) return `${missing.join(" and ")} has an MLP, and an MLP can learn a product of three kinds. Look at the plot of the world of triples`;
      return undefined;
    },
  },
};

export const check = checker(exercises);
