/** Claims of notebook 07, by the notebook's own experiment, on real data. */
import { inCache } from "../../lib/data/cache";
import { type Settings, trial } from "../../lib/notebook/trials/07";
import type { Claim } from "./claim";
import { bySeed } from "./measure";

const seeds = [1, 2, 3, 4, 5];
const base: Settings = { model: "base", learningRate: 0.03 }; // the rates that the notebook's search finds
const dnn: Settings = { model: "DNN", learningRate: 0.01 };

/** AUC of one trial minus that of another. */
export async function difference(a: Settings, b: Settings, seed: number): Promise<number> {
  const [first, second] = [await trial(a, seed), await trial(b, seed)];
  return first.test.auc - second.test.auc;
}

function measured(a: Settings, b: Settings): Promise<number[]> {
  if (!inCache("ml-100k")) throw new Error("this claim is about MovieLens-100K, which is not on this machine. Run: npm run data -- ml-100k");
  return bySeed<number>("test/claims/07-movielens#difference", [a, b], seeds);
}

const shared = { notebook: "07-movielens", world: "MovieLens-100K (real data), lib/notebook/trials/07", seeds };

export const claims: Claim[] = [
  {
    ...shared,
    id: "history-no-gain",
    claim: "The base model is not better than the DNN, which is the same without the history",
    cell: "history-notice",
    models: ["base", "DNN"],
    effect: "AUC of base − AUC of DNN, cut by time",
    expected: { atMost: 0 },
    measure: () => measured(base, dnn),
  },
  {
    ...shared,
    id: "lot-flatters",
    claim: "A split by lot raises the AUC of the base model by more than the models differ",
    cell: "wrong-notice",
    models: ["base"],
    effect: "AUC with a split by lot − AUC cut by time",
    expected: { atLeast: 0.04 },
    measure: () => measured({ ...base, split: "random" }, base),
  },
];
