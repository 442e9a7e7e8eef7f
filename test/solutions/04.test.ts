import { exercises } from "../../lib/notebook/exercises/04";
import { countDeepFM, solutions } from "../../material/solutions/04";
import { testExercises } from "./harness";

const ids = (sizes: number[]) => sizes.reduce((sum, size) => sum + size - 1, 0);

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
      [0.31, /as if both parts/],
      [0.27, /probability of no click/],
      [0.5, /Add the two numbers/],
    ],
    "04.2 parameters": [
      [(sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) + 1, /one too many/],
      [(sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) + k * ids(sizes), /embedding twice/],
      [(sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) - ids(sizes), /first-order weights/],
      [(sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) + sizes.length * (1 + k), /id 0 is counted/],
      [(sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) - 1, /that one counts/],
      [(sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) - 1 - [sizes.length * k, ...units].at(-1)!, /last layer is missing/],
      [(sizes: number[], k: number, units: number[]) => countDeepFM(sizes, k, units) - [sizes.length * k, ...units].at(-1)!, /its bias, but no weights/],
      [() => 100, /expected .* Ids without id 0/],
    ],
    "04.3 who sees triples": [
      [["no hidden layer", "FM part 1", "deep part 1 2 3"], /weighted sum/],
      [["FM part 1", "deep part 1 2", "deep part 1 2 3"], /only in pairs/],
      [["deep part 1 2 3"], /no help with triples/],
      [["FM part 1"], /field 4 is idle/],
      [["DNN"], /no "DNN" in the question/],
    ],
  },
});
