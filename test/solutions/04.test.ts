import { exercises } from "../../lib/notebook/exercises/04";
import { countDeepFM, solutions } from "../../material/solutions/04";
import { testExercises } from "./harness";

const ids = (sizes: number[]) => sizes.reduce((sum, size) => sum + size - 1, 0);

/** Counts the layers between these sizes, and then the output. */
const layered =
  (through: (inputs: number, units: number[]) => number[]) => (sizes: number[], k: number, units: number[]) => {
    const layers = [...through(sizes.length * k, units), 1];
    return ids(sizes) * (1 + k) + layers.slice(1).reduce((sum, size, i) => sum + (layers[i] + 1) * size, 0);
  };

testExercises({
  notebook: "04",
  exercises,
  solutions,
  wrong: {
    "04.1 one probability": [
      [1, /sum of the two logits/],
      [1.195, /sum can be above 1/],
      [0.6, /mean of two probabilities/],
      [0.62, /mean of the two logits/],
      [0.675, /one sigmoid too many/],
      [0.31, /as if two independent events/],
      [0.27, /probability of no click/],
      [0.818, /FM part alone/],
      [0.378, /deep part alone/],
      [0.881, /it returns −0\.5/],
      [73.1, /^right, but in percent/],
      [0.5, /^0.5 is not right/],
    ],
    "04.2 parameters": [
      [(sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) + 1, /one too many/],
      [
        (sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) + k * ids(sizes),
        /embedding twice/,
      ],
      [
        (sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) - ids(sizes),
        /first-order weights/,
      ],
      [
        (sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) + sizes.length * (1 + k),
        /id 0 is counted/,
      ],
      [(sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) - 1, /left that one out/],
      [
        (sizes: number[], k: number, units: number[]) =>
          countDeepFM(sizes, k, units) - 1 - [sizes.length * k, ...units].at(-1)!,
        /last layer is missing/,
      ],
      [
        (sizes: number[], k: number, units: number[]) =>
          countDeepFM(sizes, k, units) - [sizes.length * k, ...units].at(-1)!,
        /bias of the last layer, but not its weights/,
      ],
      [
        (sizes: number[], k: number, units: number[]) =>
          countDeepFM(sizes, k, units) - [...units, 1].reduce((a, b) => a + b),
        /biases of the MLP's layers/,
      ],
      [
        (sizes: number[], k: number, units: number[]) =>
          countDeepFM(sizes, k, units) - units.reduce((a, b) => a + b, 0),
        /biases of the MLP's layers/,
      ],
      [
        (sizes: number[], k: number, units: number[]) =>
          countDeepFM(sizes, k, units) - units.reduce((sum, unit) => sum + unit - 1, 0),
        /one bias for each layer/,
      ],
      [
        (sizes: number[], k: number, units: number[]) =>
          countDeepFM(sizes, k, units) - (sizes.length - 1) * k * (units[0] ?? 1),
        /fields × k numbers/,
      ],
      [() => 100, /expected 201, got 100\. The hint above/],
      [
        (sizes: number[], k: number, units: number[]) => {
          let count = 1 + ids(sizes) * (1 + k);
          const inputs = sizes.length * k;
          for (const unit of units) count += inputs * unit + unit;
          return count + (units.at(-1) ?? inputs);
        },
        /each hidden layer read the embeddings/,
      ],
      [layered((inputs, units) => [units[0] ?? inputs, ...units]), /as many inputs as outputs/],
      [
        (sizes: number[], k: number, units: number[]) =>
          countDeepFM(sizes, k, units) + sizes.length * (units[0] ?? 1),
        /^you gave the MLP the first-order weights, too, as FNN does/,
      ],
      [layered((inputs, units) => [inputs, ...units.slice(0, 2)]), /up to two hidden layers/],
      [
        layered((inputs, units) => [inputs, ...new Set([...units.slice(0, 1), ...units.slice(-1)])]),
        /^for \(\[ 3, 5, 9 \], 4, \[ 10, 6, 5 \]\)/,
      ],
    ],
    "04.3 who sees triples": [
      [["no hidden layer", "FM part 1", "deep part 1 2 3"], /weighted sum/],
      [["FM part 1", "deep part 1 2", "deep part 1 2 3"], /only in pairs/],
      [["deep part 1 2 3"], /no help with triples/],
      [["FM part 1"], /field 4 is idle/],
      [["DNN"], /no "DNN" in the question/],
      ["FM part 1", /expected a list of names/],
    ],
  },
});
