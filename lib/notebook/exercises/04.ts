/** Exercises of notebook 04: DeepFM. */
import { sigmoid } from "../../sigmoid";
import { checker, functionExercise, valueExercise } from "../check";

const ids = (vocabSizes: number[]) => vocabSizes.reduce((sum, size) => sum + size - 1, 0);

/** Weights and biases of an MLP from `inputs` to one output, where `bias` is 1 with biases and 0 without. */
function mlp(inputs: number, units: number[], bias = 1): number {
  const sizes = [inputs, ...units, 1];
  return sizes.slice(1).reduce((sum, size, i) => sum + size * (sizes[i] + bias), 0);
}

export const exercises = {
  "04.1 one probability": valueExercise<number>({
    right: sigmoid(1.5 - 0.5),
    tolerance: 0.005,
    mistakes: [
      { like: 1.5 - 0.5, say: "1 is the sum of the two logits. The probability is the sigmoid of that" },
      {
        like: sigmoid(1.5) + sigmoid(-0.5),
        say: "you squashed each part and added the probabilities, but their sum can be above 1. Logits are added, and there is one sigmoid at the end",
      },
      {
        like: (sigmoid(1.5) + sigmoid(-0.5)) / 2,
        say: "that is the mean of two probabilities, as if two models voted. DeepFM is one model: the logits are added, and there is one sigmoid at the end",
      },
      { like: sigmoid((1.5 - 0.5) / 2), say: "you took the mean of the two logits. They are added, not averaged" },
      {
        like: sigmoid(1.5) * sigmoid(-0.5),
        say: "you multiplied two probabilities, as if two independent events both had to happen. The logits are added, and there is one sigmoid at the end",
      },
      { like: sigmoid(sigmoid(1.5 - 0.5)), say: "one sigmoid too many: you squashed the probability again" },
      { like: sigmoid(1.5), say: "that is the FM part alone: sigmoid(1.5)" },
      { like: sigmoid(-0.5), say: "that is the deep part alone: sigmoid(−0.5)" },
      { like: sigmoid(1.5 + 0.5), say: "you lost the sign of the deep part: it returns −0.5" },
      { like: sigmoid(0.5 - 1.5), say: "that is the probability of no click: you reversed the sign of the sum" },
    ],
  }),
  "04.2 parameters": functionExercise<[number[], number, number[]], number>({
    cases: () => [
      [[13, 13], 4, [8]],
      [[3, 5, 9], 4, [10, 6, 5]],
      [[11, 2], 3, []],
    ],
    right: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(sizes.length * k, units),
    mistakes: [
      {
        like: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(sizes.length * k, units) + 1,
        say: "one too many: w0 and the bias of the MLP's output are added to the same sum, so they count as one number",
      },
      {
        like: (sizes, k, units) => ids(sizes) * (1 + 2 * k) + mlp(sizes.length * k, units),
        say: "you counted the embedding twice. The FM part and the deep part read the same table",
      },
      {
        like: (sizes, k, units) => ids(sizes) * k + mlp(sizes.length * k, units),
        say: "the first-order weights are missing: one number per id",
      },
      // all of them, and all but the shared one
      ...[0, 1].map((shared) => ({
        like: (sizes: number[], k: number, units: number[]) =>
          ids(sizes) * (1 + k) + mlp(sizes.length * k, units, 0) + shared,
        say: "the biases of the MLP's layers are missing",
      })),
      {
        like: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(sizes.length * k, units, 0) + units.length + 1,
        say: "you counted one bias for each layer. Each unit of a layer has a bias of its own",
      },
      {
        like: (sizes, k, units) => (ids(sizes) + sizes.length) * (1 + k) + mlp(sizes.length * k, units),
        say: "id 0 is counted in each field. It stands for nothing: its vector is zero and is never trained",
      },
      {
        like: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(k, units),
        say: "the MLP reads the embeddings of all fields one after the other: its input has fields × k numbers",
      },
      {
        like: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(sizes.length * (1 + k), units),
        say: "you gave the MLP the first-order weights, too, as FNN does. DeepFM's deep part reads the vectors alone: fields × k numbers",
      },
      {
        like: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(sizes.length * k, units) - 1,
        say: "one is missing: w0 and the bias of the MLP's output count as one number, but you left that one out",
      },
      {
        like: (sizes, k, units) =>
          ids(sizes) * (1 + k) + mlp(sizes.length * k, units) - (units.at(-1) ?? sizes.length * k) - 1,
        say: "the last layer is missing. After the hidden layers comes one output, with a bias and with a weight for each of its inputs",
      },
      {
        like: (sizes, k, units) =>
          ids(sizes) * (1 + k) + mlp(sizes.length * k, units) - (units.at(-1) ?? sizes.length * k),
        say: "you counted the bias of the last layer, but not its weights: one for each of its inputs. With no hidden layer it reads the embeddings themselves",
      },
      {
        like: (sizes, k, units) => {
          const inputs = sizes.length * k;
          const hidden = units.reduce((sum, size) => sum + inputs * size + size, 0);
          return ids(sizes) * (1 + k) + hidden + (units.at(-1) ?? inputs) + 1;
        },
        say: "you let each hidden layer read the embeddings. Only the first does: each later one reads the outputs of the layer before it",
      },
      {
        like: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(units[0] ?? sizes.length * k, units),
        say: "you gave the first hidden layer as many inputs as outputs. It reads the embeddings: fields × k numbers",
      },
      {
        like: (sizes, k, units) => ids(sizes) * (1 + k) + mlp(sizes.length * k, units.slice(0, 2)),
        say: "right for up to two hidden layers. There may be more, or none: take all of `units`",
      },
    ],
  }),
  "04.3 who sees triples": {
    verify(answer: string[]): string | undefined {
      if (!Array.isArray(answer)) return `expected a list of names, such as ["no hidden layer", "FM part 1"]`;
      const known = ["no hidden layer", "FM part 1", "deep part 1 2", "deep part 1 2 3"];
      const stranger = answer.find((name) => !known.includes(name));
      if (stranger !== undefined) return `there is no "${stranger}" in the question, expected names from this list: ${known.join(", ")}`;
      if (answer.includes("no hidden layer")) return "no hidden layer: without one the deep part is a weighted sum of the embeddings, so it adds up what single ids say. It never multiplies";
      if (answer.includes("deep part 1 2")) return "deep part 1 2: the FM part does see field 3, but only in pairs, and its logit is added. Pairs, plus something that depends only on fields 1 and 2, add up to no product of three";
      if (!answer.includes("FM part 1")) return "FM part 1: the FM part is no help with triples anyway. The deep part reads all fields and has hidden layers";
      if (!answer.includes("deep part 1 2 3")) return "deep part 1 2 3: field 4 is idle in this world. The three fields that count all reach the hidden layers";
      return undefined;
    },
  },
};

export const check = checker(exercises);
