/** Claims of notebook 04, by the notebook's own experiment. */
import { partsLearned, trial, type ModelName, type WorldName } from "../../lib/notebook/trials/04";
import type { Claim } from "./claim";
import { bySeed } from "./measure";

const seeds = [1, 2, 3, 4, 5];

/** AUC of one model minus that of another in a world. */
export async function difference(world: WorldName, a: ModelName, b: ModelName, seed: number): Promise<number> {
  const [first, second] = [await trial({ world, model: a }, seed), await trial({ world, model: b }, seed)];
  return first.test.auc - second.test.auc;
}

/** How much more of the planted pairs the FM part has after the last epoch, in correlation, with two tables than with one. */
export async function twoMasters(seed: number): Promise<number> {
  const [one, two] = [await partsLearned("DeepFM", seed), await partsLearned("DeepFM 2V", seed)];
  return two[two.length - 1].fmPairs - one[one.length - 1].fmPairs;
}

function row(id: string, claim: string, cell: string, world: WorldName, a: ModelName, b: ModelName, expected: Claim["expected"]): Claim {
  return {
    ...{ id, claim, cell, seeds, expected },
    notebook: "04-deepfm",
    world: `lib/notebook/trials/04, world of ${world}`,
    models: [a, b],
    effect: `AUC of ${a} − AUC of ${b}`,
    measure: () => bySeed<number>("test/claims/04-deepfm#difference", [world, a, b], seeds),
  };
}

export const claims: Claim[] = [
  row("fm-blind-to-triples", "FM is a coin where the DNN learns triples", "two-blind-notice", "triples", "DNN", "FM", { atLeast: 0.2 }),
  row("dnn-behind-on-pairs", "The DNN is behind FM in the world of pairs", "two-blind-notice", "pairs", "FM", "DNN", { atLeast: 0 }),
  row("deepfm-both-over-fm", "DeepFM beats FM where pairs and triples count", "all-notice", "both", "DeepFM", "FM", { atLeast: 0.04 }),
  row("deepfm-pairs-near-fm", "DeepFM is level with FM in the world of pairs", "all-notice", "pairs", "DeepFM", "FM", { atLeast: -0.015 }),
  row("wide-deep-behind-on-pairs", "In pairs DeepFM is a little closer to Bayes than Wide & Deep", "leaning-notice", "pairs", "DeepFM", "Wide & Deep", { atLeast: 0 }),
  row("wide-deep-level-on-both", "In both, DeepFM and Wide & Deep are not distinguishable", "leaning-notice", "both", "DeepFM", "Wide & Deep", { notDistinguishable: true }),
  {
    id: "deepfm-two-masters",
    claim: "With one table DeepFM's FM part loses some of the pairs when the deep part finds the triple",
    notebook: "04-deepfm",
    cell: "halves-notice",
    world: "lib/notebook/trials/04, world of both",
    models: ["DeepFM", "DeepFM 2V"],
    effect: "correlation of the FM part with the planted pairs, two tables − one table",
    seeds,
    expected: { atLeast: 0 },
    measure: () => bySeed<number>("test/claims/04-deepfm#twoMasters", [], seeds),
  },
];
