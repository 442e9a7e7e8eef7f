/** Claims of notebook 06. */
import type { ActivationName } from "../../lib/layers/activations";
import { isTable } from "../../lib/layers/layer";
import { DNN } from "../../lib/models/dnn";
import { dispose } from "../../lib/models/model";
import {
  activate,
  batchSize,
  longTail as longTailOf,
  overfit,
  type Overfitting,
  type Remedy,
  type StepOfOnce,
} from "../../lib/notebook/trials/06";
import { createRandom } from "../../lib/random";
import { shuffledRows } from "../../lib/train/batches";
import { evaluate } from "../../lib/train/evaluate";
import { adam } from "../../lib/train/optimizers";
import { mean } from "../../lib/train/statistics";
import { Training, trainStep } from "../../lib/train/step";
import type { Claim } from "./claim";
import { bySeed, minus } from "./measure";

/** Others than the notebook's: those gave it its sentences, so they cannot test them. */
const seeds = [6, 7, 8, 9, 10];
const ten = [...seeds, 11, 12, 13, 14, 15];
/** What 6 to 25 left open: none of those, as a second look at the same ones finds too much. */
const later = Array.from({ length: 20 }, (_, i) => i + 26);

const remedies = {
  none: {},
  dropout: { dropout: 0.5 },
  "full L2": { l2: 0.01 },
  "full L2, λ 0.001": { l2: 0.001 },
  "full L2, λ 0.1": { l2: 0.1 },
  "mini-batch aware, λ 0.001": { miniBatchAware: { lambda: 0.001, atBatchSize: 5000 } },
  "mini-batch aware": { miniBatchAware: { lambda: 0.01, atBatchSize: 5000 } },
  "mini-batch aware, λ 0.1": { miniBatchAware: { lambda: 0.1, atBatchSize: 5000 } },
  "λ copied": { miniBatchAware: { lambda: 0.01 } },
} satisfies Record<string, Remedy>;
const names = Object.keys(remedies) as (keyof typeof remedies)[];

function runs(remedy: keyof typeof remedies, of = seeds): Promise<Overfitting[]> {
  return bySeed<Overfitting>("lib/notebook/trials/06#overfit", [remedies[remedy]], of);
}

/** Validation AUC after the epoch, 1 or 3, of a network that forgets that part of it after each, by seed. */
async function forgetting(part: "nothing" | "items" | "layers", epoch = 3, of = seeds): Promise<number[]> {
  const trained = await bySeed<number[]>("lib/notebook/trials/06#forget", [part], of);
  return trained.map((validation) => validation[epoch - 1]);
}

/** Validation AUC after the epoch, 1 to 3, with a quarter of the learning rate and no remedy, by seed. */
async function slower(epoch: number): Promise<number[]> {
  const trained = await bySeed<number[]>("test/claims/06-training-din#slowly", [], ten);
  return trained.map((validation) => validation[epoch - 1]);
}

/** Validation AUC after each of three epochs of Adam at 0.005, without a remedy. */
export async function slowly(seed: number): Promise<number[]> {
  return (await overfit({}, seed, 3, 0.005)).validation;
}

/**
 * Validation AUC after each of three epochs as in the notebook, without a remedy, but with batches of that size, or
 * where Adam forgets before each epoch what it remembers of the embeddings' rows or of the hidden layers.
 */
export async function otherwise(
  { size = batchSize, forgets }: { size?: number; forgets?: "rows" | "layers" },
  seed: number,
): Promise<number[]> {
  const { train, validation } = longTailOf(seed);
  const shape = { features: train.features, embeddingDim: 8, mlp: { units: [32, 16] } };
  const model = new DNN(shape, createRandom(seed));
  const training = new Training(model, { optimizer: adam({ learningRate: 0.02 }), seed });
  const scores: number[] = [];
  for (let epoch = 1; epoch <= 3; epoch++) {
    for (const [name, weight] of Object.entries(model.weights)) {
      const moments = isTable(weight) ? training.stateRows[name].values : training.state[name];
      if (forgets === (isTable(weight) ? "rows" : "layers")) moments.fill(0);
    }
    const rows = shuffledRows(train, seed, epoch);
    for (let from = 0; from < rows.length; from += size)
      trainStep(training, train.read(rows.subarray(from, from + size)));
    scores.push((await evaluate(model, validation)).auc);
  }
  dispose(model);
  return scores;
}

/** What is gone of the fall from epoch 1 to 3 where Adam forgets that, by seed. */
async function goneWithout(forgets: "rows" | "layers"): Promise<number[]> {
  const trained = await bySeed<number[]>("test/claims/06-training-din#otherwise", [{ forgets }], seeds);
  const rest = trained.map(([first, , third]) => first - third);
  return (await minus(scores("none", 1), scores("none"))).map((fall, i) => fall - rest[i]);
}

/** Validation AUC after the last of eight epochs, by seed. */
async function afterEight(remedy: keyof typeof remedies): Promise<number[]> {
  const trained = await bySeed<number[]>("test/claims/06-training-din#longer", [remedies[remedy]], seeds);
  return trained.map((validation) => validation[7]);
}

/** Validation AUC after each of eight epochs. */
export async function longer(remedy: Remedy, seed: number): Promise<number[]> {
  return (await overfit(remedy, seed, 8)).validation;
}

/** Validation AUC after the epoch, counted from 1, by seed. */
async function scores(remedy: keyof typeof remedies, epoch = 3, of = seeds): Promise<number[]> {
  return (await runs(remedy, of)).map(({ validation }) => validation[epoch - 1]);
}

/** AUC after the last epoch on one of the groups of items: 0 never shown, 1 once, 2 two to nine times. */
async function group(remedy: keyof typeof remedies, part: "training" | "validation", index: number): Promise<number[]> {
  return (await runs(remedy)).map(({ groups }) => groups[part][index] as number);
}

/**
 * Mean length of the rows of one of the groups of items after one epoch: 0 never shown, 1 once, 2 two to nine times, 3
 * ten times or more.
 */
async function lengths(remedy: keyof typeof remedies, index: number): Promise<number[]> {
  return (await bySeed<number[]>("lib/notebook/trials/06#rowLengths", [remedies[remedy]], seeds)).map(
    (of) => of[index],
  );
}

/** What the epoch's one step does to the rows of items shown once: their move's length, or the share of it towards 0. */
async function stepOf(remedy: keyof typeof remedies, what: keyof StepOfOnce): Promise<number[]> {
  const steps = await bySeed<StepOfOnce>("lib/notebook/trials/06#stepOfOnce", [remedies[remedy]], seeds);
  return steps.map((step) => step[what]);
}

/** Validation AUC of DIN with the activation after the epoch, 1 to 4, by seed. */
async function activated(activation: ActivationName, epoch: number): Promise<number[]> {
  const trained = await bySeed<number[]>("lib/notebook/trials/06#activate", [activation], later);
  return trained.map((validation) => validation[epoch - 1]);
}

/** The same after epoch 1 with PReLU where α begins at 0. */
function fromZero(): Promise<number[]> {
  return bySeed<number>("test/claims/06-training-din#preluFromZero", [], later);
}

export async function preluFromZero(seed: number): Promise<number> {
  return (await activate("prelu", seed, 0, 1))[0];
}

const longTail = {
  notebook: "06-training-din",
  cell: "compare-notice",
  world: "longTailWorld, 12,000 impressions of 6,000 items",
  seeds,
  models: ["DNN"],
};
const slowed = { ...longTail, cell: "slower-notice", seeds: ten };
const forgetful = { ...longTail, id: "forget-adam", cell: "forget-notice", seeds: ten };
const rows = { ...longTail, cell: "lengths-notice" };
const interests = {
  notebook: "06-training-din",
  cell: "dice-notice",
  world: "interestsWorld, 10,000 impressions",
  seeds: later,
  models: ["DIN"],
};

export const claims: Claim[] = [
  {
    ...longTail,
    id: "second-epoch-harms",
    cell: "overfit-notice",
    claim: "On the long tail without a remedy, the second epoch of Adam at 0.02 makes the validation AUC worse",
    effect: "validation AUC after epoch 1 − after epoch 2",
    expected: { atLeast: 0 },
    measure: () => minus(scores("none", 1), scores("none", 2)),
  },
  {
    ...longTail,
    id: "din-training-overfits",
    cell: "overfit-notice",
    claim:
      "On the long tail without a remedy, the validation AUC of Adam at 0.02 falls by more than 0.025 in epochs 2 and 3",
    effect: "validation AUC after epoch 1 − after epoch 3",
    expected: { atLeast: 0.025 },
    measure: () => minus(scores("none", 1), scores("none", 3)),
  },
  {
    ...slowed,
    id: "slower-second-gains",
    claim: "On the long tail without a remedy, the second epoch of Adam at 0.005 makes the validation AUC better",
    effect: "validation AUC after epoch 2 − after epoch 1, both at learning rate 0.005",
    expected: { atLeast: 0 },
    measure: () => minus(slower(2), slower(1)),
  },
  {
    ...slowed,
    id: "slower-second-gains",
    claim:
      "On the long tail without a remedy, two epochs of Adam at 0.005 end no lower in validation AUC than one at 0.02",
    effect: "validation AUC after epoch 2 at learning rate 0.005 − after epoch 1 at 0.02",
    expected: { atLeast: -0.005 },
    measure: () => minus(slower(2), scores("none", 1, ten)),
  },
  {
    ...slowed,
    id: "slower-third-harms",
    claim: "On the long tail without a remedy, the third epoch of Adam at 0.005 makes the validation AUC worse",
    effect: "validation AUC after epoch 2 − after epoch 3, both at learning rate 0.005",
    expected: { atLeast: 0 },
    measure: () => minus(slower(2), slower(3)),
  },
  {
    ...longTail,
    id: "large-batches-second-gains",
    cell: "slower-notice",
    claim: "With batches of 1,000, not 200, the second epoch of Adam at 0.02 makes the validation AUC better",
    effect: "validation AUC after epoch 2 − after epoch 1, both with batches of 1,000",
    expected: { atLeast: 0 },
    async measure() {
      const trained = await bySeed<number[]>("test/claims/06-training-din#otherwise", [{ size: 1000 }], seeds);
      return trained.map(([first, second]) => second - first);
    },
  },
  {
    ...longTail,
    id: "rare-learned-by-heart",
    cell: "heart-notice",
    claim:
      "Without a remedy, training impressions of items shown once are scored far better than new impressions of them",
    effect: "AUC on training impressions − on validation impressions, for items shown once, after epoch 3",
    expected: { atLeast: 0.1 },
    measure: () => minus(group("none", "training", 1), group("none", "validation", 1)),
  },
  {
    ...longTail,
    id: "rare-worse-than-never",
    cell: "heart-notice",
    claim:
      "Without a remedy, the network is worse on new impressions of items shown 2 to 9 times than of items never shown",
    effect: "validation AUC on items never shown − on items shown 2 to 9 times, after epoch 3",
    expected: { atLeast: 0 },
    measure: () => minus(group("none", "validation", 0), group("none", "validation", 2)),
  },
  {
    ...longTail,
    id: "forget-items",
    cell: "forget-notice",
    claim:
      "If the items' rows and Adam start each epoch anew, the validation AUC loses nothing worth mentioning by the third",
    effect: "validation AUC after epoch 3 − after epoch 1, items' rows and Adam reset before each epoch",
    expected: { atLeast: -0.015 },
    measure: () => minus(forgetting("items"), forgetting("items", 1)),
  },
  {
    ...longTail,
    id: "forget-items",
    cell: "forget-notice",
    claim:
      "After three epochs, resetting the items' rows as well as Adam in each epoch is ahead of resetting Adam alone",
    effect: "validation AUC after epoch 3, items' rows and Adam reset before each epoch − Adam alone reset",
    expected: { atLeast: 0.01 },
    measure: () => minus(forgetting("items"), forgetting("nothing")),
  },
  {
    ...longTail,
    id: "forget-items",
    cell: "forget-notice",
    claim:
      "If the hidden layers and Adam, but not the items' rows, start each epoch anew, the validation AUC still falls by the third",
    effect: "validation AUC after epoch 1 − after epoch 3, hidden layers and Adam reset before each epoch",
    expected: { atLeast: 0.005 },
    measure: () => minus(forgetting("layers", 1), forgetting("layers")),
  },
  {
    ...forgetful,
    claim: "If Adam alone starts each epoch anew, about 0.02 of the fall in validation AUC by the third is gone",
    effect: "fall of the validation AUC from epoch 1 to 3, nothing reset − Adam reset before each epoch",
    expected: { from: 0.005, to: 0.035 },
    measure: () =>
      minus(
        minus(scores("none", 1, ten), scores("none", 3, ten)),
        minus(forgetting("nothing", 1, ten), forgetting("nothing", 3, ten)),
      ),
  },
  {
    ...forgetful,
    claim: "If Adam alone starts each epoch anew, the validation AUC still falls by the third",
    effect: "validation AUC after epoch 1 − after epoch 3, Adam reset before each epoch",
    expected: { atLeast: 0.01 },
    measure: () => minus(forgetting("nothing", 1, ten), forgetting("nothing", 3, ten)),
  },
  {
    ...longTail,
    id: "forget-moments",
    cell: "forget-notice",
    claim: "If Adam forgets before each epoch only what it remembers of the rows, more than 0.01 of the fall is gone",
    effect: "fall of the validation AUC from epoch 1 to 3, nothing reset − m and v of the rows reset before each epoch",
    expected: { atLeast: 0.01 },
    measure: () => goneWithout("rows"),
  },
  {
    ...longTail,
    id: "forget-moments",
    cell: "forget-notice",
    claim: "If Adam forgets before each epoch only what it remembers of the hidden layers, the fall stays the same",
    effect:
      "fall of the validation AUC from epoch 1 to 3, nothing reset − m and v of the hidden layers reset before each epoch",
    expected: { within: 0.01 },
    measure: () => goneWithout("layers"),
  },
  {
    ...longTail,
    id: "cured-rare",
    cell: "cured-notice",
    claim:
      "With mini-batch aware regularisation, new impressions of items shown 2 to 9 times are scored far better than without",
    effect:
      "validation AUC on items shown 2 to 9 times, with mini-batch aware regularisation − without a remedy, after epoch 3",
    expected: { atLeast: 0.03 },
    measure: () => minus(group("mini-batch aware", "validation", 2), group("none", "validation", 2)),
  },
  {
    ...longTail,
    id: "cured-rare",
    cell: "cured-notice",
    claim:
      "With mini-batch aware regularisation, the validation AUC on items shown 2 to 9 times is not below that on items never shown",
    effect:
      "validation AUC with mini-batch aware regularisation on items shown 2 to 9 times − on items never shown, after epoch 3",
    expected: { atLeast: -0.01 },
    measure: () => minus(group("mini-batch aware", "validation", 2), group("mini-batch aware", "validation", 0)),
  },
  {
    ...longTail,
    id: "cured-rare",
    cell: "cured-notice",
    claim:
      "Mini-batch aware regularisation more than halves the gap between training and validation AUC on items shown 2 to 9 times",
    effect:
      "(AUC on training − on validation impressions of items shown 2 to 9 times) with the regularisation / without, after epoch 3",
    expected: { atMost: 0.5 },
    async measure() {
      const gap = (remedy: keyof typeof remedies) =>
        minus(group(remedy, "training", 2), group(remedy, "validation", 2));
      const [left, was] = [await gap("mini-batch aware"), await gap("none")];
      return left.map((of, i) => of / was[i]);
    },
  },
  {
    ...longTail,
    id: "mba-keeps-auc",
    claim:
      "Mini-batch aware regularisation keeps most of the validation AUC that is lost without a remedy from epoch 1 to 3",
    effect: "share of the fall from epoch 1 to 3 that is gone with the regularisation: 1 − fall with it / fall without",
    expected: { atLeast: 0.5 },
    async measure() {
      const [fall, rest] = [
        await minus(scores("none", 1), scores("none")),
        await minus(scores("mini-batch aware", 1), scores("mini-batch aware")),
      ];
      return fall.map((lost, i) => 1 - rest[i] / lost);
    },
  },
  {
    ...longTail,
    id: "mba-against-l2",
    claim: "After three epochs, full L2 and mini-batch aware regularisation, each with λ = 0.01, cannot be told apart",
    effect: "validation AUC after epoch 3 with full L2 − with mini-batch aware regularisation",
    expected: { notDistinguishable: true },
    measure: () => minus(scores("full L2"), scores("mini-batch aware")),
  },
  {
    ...longTail,
    id: "mba-against-l2",
    claim: "After three epochs, full L2 with λ = 0.01 is ahead of no remedy",
    effect: "validation AUC after epoch 3 with full L2 − without a remedy",
    expected: { atLeast: 0.01 },
    measure: () => minus(scores("full L2"), scores("none")),
  },
  {
    ...longTail,
    id: "dropout-falls",
    claim: "After three epochs, dropout is ahead of no remedy",
    effect: "validation AUC after epoch 3 with dropout − without a remedy",
    expected: { atLeast: 0 },
    measure: () => minus(scores("dropout"), scores("none")),
  },
  {
    ...longTail,
    id: "dropout-falls",
    claim: "With dropout, the validation AUC falls from the first epoch to the third",
    effect: "validation AUC with dropout after epoch 1 − after epoch 3",
    expected: { atLeast: 0 },
    measure: () => minus(scores("dropout", 1), scores("dropout")),
  },
  {
    ...longTail,
    id: "dropout-falls",
    claim: "After three epochs, mini-batch aware regularisation is ahead of dropout",
    effect: "validation AUC after epoch 3 with mini-batch aware regularisation − with dropout",
    expected: { atLeast: 0 },
    measure: () => minus(scores("mini-batch aware"), scores("dropout")),
  },
  {
    ...longTail,
    id: "l2-tenth",
    cell: "strength-notice",
    claim: "After three epochs, full L2 is worse with λ = 0.001, a tenth of the usual, than with λ = 0.01",
    effect: "validation AUC after epoch 3 of full L2 with λ = 0.01 − with λ = 0.001",
    expected: { atLeast: 0 },
    measure: () => minus(scores("full L2"), scores("full L2, λ 0.001")),
  },
  {
    ...longTail,
    id: "mba-tenth",
    cell: "strength-notice",
    claim:
      "After three epochs, mini-batch aware regularisation is worse with λ = 0.001, a tenth of the paper's, than with λ = 0.01",
    effect: "validation AUC after epoch 3 of mini-batch aware regularisation with λ = 0.01 − with λ = 0.001",
    expected: { atLeast: 0 },
    measure: () => minus(scores("mini-batch aware"), scores("mini-batch aware, λ 0.001")),
  },
  {
    ...longTail,
    id: "l2-too-strong",
    cell: "strength-notice",
    claim: "For full L2, λ = 0.1 is too strong: after three epochs it is worse than λ = 0.01",
    seeds: ten,
    effect: "validation AUC after epoch 3 of full L2 with λ = 0.01 − with λ = 0.1",
    expected: { atLeast: 0 },
    measure: () => minus(scores("full L2", 3, ten), scores("full L2, λ 0.1", 3, ten)),
  },
  {
    ...longTail,
    id: "mba-tenfold",
    cell: "strength-notice",
    claim:
      "What λ = 0.1 instead of 0.01 costs mini-batch aware regularisation after three epochs cannot be told from 0",
    effect: "validation AUC after epoch 3 of mini-batch aware regularisation with λ = 0.01 − with λ = 0.1",
    expected: { notDistinguishable: true },
    measure: () => minus(scores("mini-batch aware"), scores("mini-batch aware, λ 0.1")),
  },
  ...names
    .filter((name) => name !== "none" && name !== "λ copied")
    .map(
      (name): Claim => ({
        ...longTail,
        id: "stop-as-good",
        cell: "stop-notice",
        claim:
          `Even after its best epoch, the remedy "${inFull(name)}" is not 0.01 AUC ahead of no remedy stopped after the first`,
        effect: "validation AUC after the one of three epochs with the best mean − after epoch 1 without a remedy",
        expected: { atMost: 0.01 },
        async measure() {
          const epochs = await Promise.all([1, 2, 3].map((epoch) => minus(scores(name, epoch), scores("none", 1))));
          return epochs.reduce((best, other) => (mean(other) > mean(best) ? other : best));
        },
      }),
    ),
  {
    ...longTail,
    id: "longer-l2-over-mba",
    cell: "longer-notice",
    claim: "After eight epochs, full L2 is ahead of mini-batch aware regularisation with the same λ = 0.01",
    effect: "validation AUC after epoch 8 with full L2 − with mini-batch aware regularisation, both with λ = 0.01",
    expected: { atLeast: 0.03 },
    measure: () => minus(afterEight("full L2"), afterEight("mini-batch aware")),
  },
  {
    ...longTail,
    id: "longer-mba-tenfold",
    cell: "longer-notice",
    claim:
      "After eight epochs, mini-batch aware regularisation is better with λ = 0.1, ten times the paper's, than with 0.01",
    effect: "validation AUC after epoch 8 of mini-batch aware regularisation with λ = 0.1 − with λ = 0.01",
    expected: { atLeast: 0.015 },
    measure: () => minus(afterEight("mini-batch aware, λ 0.1"), afterEight("mini-batch aware")),
  },
  {
    ...longTail,
    id: "mba-trap",
    cell: "trap-notice",
    claim:
      "If λ is copied from the paper but the batches are smaller, most of the gain from mini-batch aware regularisation is lost",
    effect:
      "share of the gain in validation AUC over no remedy after epoch 3 that is lost if λ = 0.01 is not scaled from batches of 5,000 to batches of 200",
    expected: { atLeast: 0.5 },
    async measure() {
      const [gain, lost] = [
        await minus(scores("mini-batch aware"), scores("none")),
        await minus(scores("mini-batch aware"), scores("λ copied")),
      ];
      return gain.map((of, i) => lost[i] / of);
    },
  },
  {
    ...rows,
    id: "adam-l2-erases",
    claim: "Under Adam, full L2 brings the rows of items never shown close to 0 within one epoch, with each of three λ",
    effect:
      "mean length of the rows of items never shown after one epoch of full L2 / at the start, the largest for λ = 0.001, 0.01 and 0.1",
    expected: { atMost: 0.1 },
    async measure() {
      const start = await lengths("none", 0);
      const all = [
        await lengths("full L2, λ 0.001", 0),
        await lengths("full L2", 0),
        await lengths("full L2, λ 0.1", 0),
      ];
      return start.map((length, i) => Math.max(...all.map((of) => of[i])) / length);
    },
  },
  {
    ...rows,
    id: "adam-l2-frequent",
    claim: "Under Adam, λ decides how far full L2 shortens the rows of frequent items",
    effect: "mean length of the rows of items shown 10 times or more after one epoch of full L2, λ = 0.001 − λ = 0.1",
    expected: { atLeast: 0.1 },
    measure: () => minus(lengths("full L2, λ 0.001", 3), lengths("full L2, λ 0.1", 3)),
  },
  {
    ...rows,
    id: "adam-aware-once",
    claim:
      "Under Adam, mini-batch aware regularisation leaves the rows of items shown once equally long, whatever the λ",
    effect:
      "mean length of the rows of items shown once after one epoch of mini-batch aware regularisation, λ = 0.001 − λ = 0.1",
    expected: { within: 0.005 },
    measure: () => minus(lengths("mini-batch aware, λ 0.001", 1), lengths("mini-batch aware, λ 0.1", 1)),
  },
  {
    ...rows,
    id: "adam-aware-once",
    claim:
      "Under Adam, mini-batch aware regularisation leaves the rows of items shown once at least 0.85 times as long as at the start",
    effect:
      "mean length of the rows of items shown once after one epoch with λ = 0.1 / of rows of items never shown, which without a remedy stay as at the start",
    expected: { atLeast: 0.85 },
    async measure() {
      const start = await lengths("none", 0);
      return (await lengths("mini-batch aware, λ 0.1", 1)).map((length, i) => length / start[i]);
    },
  },
  {
    ...rows,
    id: "adam-aware-direction",
    claim:
      "Under Adam, mini-batch aware regularisation turns the only step of rows of items shown once towards 0, even with a tenth of the paper's λ",
    effect:
      "share of the numbers in the rows of items shown once that move towards 0 in one epoch, λ = 0.001 − no remedy",
    expected: { atLeast: 0.3 },
    measure: () => minus(stepOf("mini-batch aware, λ 0.001", "towards0"), stepOf("none", "towards0")),
  },
  {
    ...rows,
    id: "adam-aware-direction",
    claim:
      "Under Adam, the only step of rows of items shown once is about as long with mini-batch aware regularisation as without",
    effect: "mean length of this step with λ = 0.1 / without a remedy − 1",
    expected: { within: 0.05 },
    async measure() {
      const none = await stepOf("none", "length");
      return (await stepOf("mini-batch aware, λ 0.1", "length")).map((length, i) => length / none[i] - 1);
    },
  },
  {
    ...rows,
    id: "adam-aware-frequent",
    claim: "Under Adam, λ decides how far mini-batch aware regularisation shortens the rows of frequent items",
    effect:
      "mean length of the rows of items shown 10 times or more after one epoch of mini-batch aware regularisation, λ = 0.001 − λ = 0.1",
    expected: { atLeast: 0.1 },
    measure: () => minus(lengths("mini-batch aware, λ 0.001", 3), lengths("mini-batch aware, λ 0.1", 3)),
  },
  {
    ...interests,
    id: "prelu-starts-behind",
    claim: "In twenty new worlds, DIN with Dice is ahead of DIN with PReLU by about 0.03 AUC after one epoch",
    effect: "validation AUC of DIN after epoch 1 with Dice − with PReLU",
    expected: { from: 0.01, to: 0.05 },
    measure: () => minus(activated("dice", 1), activated("prelu", 1)),
  },
  {
    ...interests,
    id: "prelu-starts-behind",
    claim: "In twenty new worlds, DIN with ReLU is ahead of DIN with PReLU by about 0.03 AUC after one epoch",
    effect: "validation AUC of DIN after epoch 1 with ReLU − with PReLU",
    expected: { from: 0.01, to: 0.05 },
    measure: () => minus(activated("relu", 1), activated("prelu", 1)),
  },
  {
    ...interests,
    id: "prelu-from-0",
    claim: "After one epoch, DIN with Dice and DIN with PReLU are not distinguishable if α begins at 0 in both",
    effect: "validation AUC of DIN after epoch 1 with Dice − with PReLU from α = 0",
    expected: { notDistinguishable: true },
    measure: () => minus(activated("dice", 1), fromZero()),
  },
  {
    ...interests,
    id: "prelu-from-0",
    claim: "After one epoch, DIN with PReLU is better if α begins at 0 than if it begins at 0.25",
    effect: "validation AUC of DIN with PReLU after epoch 1 from α = 0 − from α = 0.25",
    expected: { atLeast: 0.01 },
    measure: () => minus(fromZero(), activated("prelu", 1)),
  },
  {
    ...interests,
    id: "dice-gain-small",
    claim: "After four epochs, Dice adds less than 0.02 AUC to DIN with PReLU",
    effect: "validation AUC of DIN after epoch 4 with Dice − with PReLU",
    expected: { atMost: 0.02 },
    measure: () => minus(activated("dice", 4), activated("prelu", 4)),
  },
  {
    ...interests,
    id: "dice-gain-small",
    claim: "After four epochs, DIN with Dice and DIN with ReLU are less than 0.01 AUC apart",
    effect: "validation AUC of DIN after epoch 4 with Dice − with ReLU",
    expected: { within: 0.01 },
    measure: () => minus(activated("dice", 4), activated("relu", 4)),
  },
];

/** With its strength, also where the name leaves it out. */
function inFull(name: keyof typeof remedies): string {
  const { dropout, l2, miniBatchAware }: Remedy = remedies[name];
  if (name.includes("λ")) return name;
  return dropout === undefined ? `${name}, λ ${l2 ?? miniBatchAware?.lambda}` : `${name} ${dropout}`;
}
