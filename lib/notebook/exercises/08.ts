/** Exercises of notebook 08: a property test for each exhibit of the bug museum, and which kind of test finds most. */
import { checker, close, type Exercise, messageOf, notWritten, partsExercise, plain } from "../check";
import type { Kind } from "../museum/catalogue";
import {
  aucA,
  aucB,
  attendA,
  attendB,
  columnA,
  columnB,
  diceA,
  diceB,
  keepA,
  keepB,
  lossA,
  lossB,
  poolA,
  poolB,
  splitA,
  splitB,
  moving,
  vectors,
} from "../museum/exhibits";
import type { Attend, BatchedAuc, Column, DiceAtInference, Keep, Loss, Pool, Row, Split } from "../museum/exhibits";

type Code = (...inputs: any[]) => unknown;
/** What the reader writes: whether the code keeps its promise. */
export type PropertyTest<F extends Code> = (code: F) => boolean | Promise<boolean>;

interface PropertyExercise<F extends Code> {
  right: F;
  /** Keeps the promise as well, in another way, and which. */
  other: F;
  differs: string;
  bug: F;
  /** The same bug written in another way, where a test can see how the first is written, and what to say to that. */
  bugOtherwise?: { code: F; seen: string };
  /** What to say first to a test that rejects right code and tried inputs of which the promise does not speak. */
  outside?: (inputs: Parameters<F>[]) => string | undefined;
  /** What to say to a test that rejects the right code. */
  strict: (inputs: Parameters<F>[]) => string;
  /** What to say if the bug and the right code agree on every input that the test tried. */
  tame: (inputs: Parameters<F>[]) => string;
  /** What to say if the inputs were good, and the test did not look at what differs. */
  weak: (inputs: Parameters<F>[]) => string;
}

/** An exercise whose answer is a test: it must pass two right versions and fail the bug, however it is written. */
function propertyExercise<F extends Code>({
  right,
  other,
  differs,
  bug,
  bugOtherwise,
  outside = () => undefined,
  strict,
  tame,
  weak,
}: PropertyExercise<F>): Exercise<PropertyTest<F>> {
  return {
    async verify(test) {
      if (typeof test !== "function") return `expected a test, a function that gets the code, got ${String(test)}`;
      const onRight = await tried(test, right);
      if (onRight.thrown === undefined && onRight.verdict === undefined)
        return "your test returns nothing. It should return true if the promise is kept, else false";
      if (onRight.inputs.length === 0 && onRight.thrown === undefined)
        return "your test never calls the function that it is given. Call it, and judge what comes back";
      if (onRight.thrown === undefined && typeof onRight.verdict !== "boolean")
        return `your test returns ${String(onRight.verdict)}, expected true or false`;
      const onOther = await tried(test, other);
      const strayed = onRight.passed && onOther.passed ? undefined : outside(onRight.inputs);
      if (strayed) return `your test rejects right code. ${strayed}`;
      if (!onRight.passed)
        return `your test rejects the right code${onRight.thrown !== undefined ? ` (it threw "${onRight.thrown}")` : ""}. ${strict(onRight.inputs)}`;
      if (!onOther.passed)
        return `your test rejects code that is right, but written in another way: ${differs}`;
      const onBug = await tried(test, bug);
      if (!onBug.passed)
        return bugOtherwise && (await tried(test, bugOtherwise.code)).passed
          ? `your test lets the bug pass when it is written in another way. ${bugOtherwise.seen}`
          : undefined;
      const agree = onBug.inputs.every((inputs) =>
        close(resultOf(bug, inputs), resultOf(right, inputs), 1e-9),
      );
      return `your test lets the bug pass. ${agree ? tame(onBug.inputs) : weak(onBug.inputs)}`;
    },
  };
}

/**
 * Runs the test on the code and records what the test tried. Throwing is failing, except where nothing is written yet.
 */
async function tried<F extends Code>(test: PropertyTest<F>, code: F) {
  const inputs: Parameters<F>[] = [];
  const recorded = ((...given: Parameters<F>) => {
    inputs.push(structuredClone(given));
    return code(...given);
  }) as F;
  try {
    const verdict: unknown = await test(recorded);
    return { inputs, verdict, passed: verdict === true };
  } catch (error) {
    if (notWritten(error)) throw error;
    return { inputs, thrown: messageOf(error), passed: false };
  }
}

/** What the code returns, undefined if it throws: a test may have caught that. */
function resultOf<F extends Code>(code: F, inputs: Parameters<F>): unknown {
  try {
    return plain(code(...structuredClone(inputs)));
  } catch {
    return undefined;
  }
}

/** Whether something was tried, and all of it is so. */
function allTried<Inputs>(inputs: Inputs[], is: (inputs: Inputs) => boolean): boolean {
  return inputs.length > 0 && inputs.every(is);
}

/** Whether some clicks were tried with different amounts of padding. */
function samePadded(inputs: Parameters<Pool>[]): boolean {
  const lengths = new Map<string, number>();
  return inputs.some(([history, candidate]) => {
    const clicked = history.filter((item) => item !== 0).sort();
    if (clicked.length === 0) return false; // padding has all the attention, however much of it
    const clicks = JSON.stringify([clicked, candidate]);
    const before = lengths.get(clicks) ?? history.length;
    lengths.set(clicks, history.length);
    return before !== history.length;
  });
}

const splitOtherwise: Split = (clicks) => {
  const parts = { train: [] as Row[], validation: [] as Row[], test: [] as Row[] };
  for (let user = clicks.length - 1; user >= 0; user--) {
    const items = clicks[user];
    for (let left = 0; left < items.length - 1; left++) {
      const i = items.length - 1 - left;
      const part = left === 0 ? parts.test : left === 1 ? parts.validation : parts.train;
      part.push({ user, history: items.slice(0, i), candidate: items[i] });
    }
  }
  return parts;
};

/** The same rows, but no row is the same object as another. */
const splitCopied: Split = (clicks) => {
  const copied = (rows: Row[]) => rows.map((row) => structuredClone(row));
  const { train, validation, test } = splitB(clicks);
  return { train: copied(train), validation: copied(validation), test: copied(test) };
};

/** Whether all batches have the same mean in each unit. */
function sameMeans(inputs: Parameters<DiceAtInference>[]): boolean {
  const means = inputs.map(([batch]) =>
    moving.mean.map((_, unit) => batch.reduce((sum, row) => sum + row[unit], 0) / batch.length),
  );
  return means.every((each) => close(each, means[0], 1e-9));
}

/** Whether a row was tried alone, and in a batch of another mean. */
function followsRow(inputs: Parameters<DiceAtInference>[]): boolean {
  const alone = inputs.flatMap(([batch]) => (batch.length === 1 ? batch : []));
  return alone.some((row) =>
    inputs.some(([batch]) => batch.some((each) => close(each, row, 0)) && !sameMeans([[[row]], [batch]])),
  );
}

/** Whether the plain sum lies between the smallest and the largest, in each coordinate. */
function sumInside(inputs: Parameters<Attend>[]): boolean {
  return inputs.every(([pairs]) =>
    (pairs[0] ?? []).every((_, f) => {
      const column = pairs.map((pair) => pair[f]);
      const sum = column.reduce((a, b) => a + b, 0);
      return sum >= Math.min(...column) && sum <= Math.max(...column);
    }),
  );
}

/** Whether some rows were tried in two ways to cut them, so that other rows share a batch. */
function cutTwoWays(inputs: Parameters<BatchedAuc>[]): boolean {
  const cuts = new Map<string, string>();
  return inputs.some(([batches]) => {
    const rows = batches.map(({ scores, labels }) => scores.map((score, i) => `${score}: ${labels[i]}`).sort().join());
    const [all, cut] = [rows.join().split(",").sort().join(), rows.sort().join("; ")];
    const before = cuts.get(all) ?? cut;
    cuts.set(all, cut);
    return before !== cut;
  });
}

/** Adds in another order: equal up to rounding. */
const poolOtherwise: Pool = (history, candidate) => {
  const [x, y] = vectors[candidate];
  const power = (item: number) => Math.exp(vectors[item][0] * x + vectors[item][1] * y);
  const clicked = history.filter((item) => item !== 0);
  if (clicked.length === 0) return [0, 0];
  const total = clicked.reduceRight((sum, item) => sum + power(item), 0);
  return [0, 1].map((f) => clicked.reduceRight((sum, item) => sum + (power(item) / total) * vectors[item][f], 0));
};

const attendOtherwise: Attend = (pairs, h) => {
  if (pairs.length === 0) return [0, 0];
  const scores = pairs.map((pair) => pair.reduce((sum, x, f) => sum + h[f] * Math.max(0, x), 0));
  const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
  const total = powers.reduceRight((a, b) => a + b, 0);
  return pairs[0].map((_, f) => pairs.reduceRight((sum, pair, i) => sum + powers[i] * pair[f], 0) / total);
};

const lossOtherwise: Loss = (logit, label) => {
  const towards = label === 1 ? logit : -logit;
  return Math.log1p(Math.exp(-Math.abs(towards))) + Math.max(-towards, 0);
};

const columnOtherwise: Column = (ids) => ids.map((id) => id);

const aucOtherwise: BatchedAuc = (batches) => {
  const rows = batches.flatMap(({ scores, labels }) => scores.map((score, i) => ({ score, label: labels[i] })));
  const [clicked, others] = [1, 0].map((label) => rows.filter((row) => row.label === label));
  const share = (score: number, other: number) => (score > other ? 1 : score === other ? 0.5 : 0);
  const won = clicked.map(
    ({ score }) => others.reduce((sum, other) => sum + share(score, other.score), 0) / others.length,
  );
  return won.reduce((a, b) => a + b, 0) / clicked.length;
};

const diceOtherwise: DiceAtInference = (batch) =>
  batch.map((row) =>
    row.map((s, unit) => {
      const away = (moving.mean[unit] - s) / Math.sqrt(moving.variance[unit] + 1e-8);
      return s * (0.1 + 0.9 / (1 + Math.exp(away)));
    }),
  );

const keepOtherwise: Keep = (scores, patience) => {
  let best = 0;
  let waited = 0;
  for (let epoch = 1; epoch < scores.length && waited < patience; epoch++) {
    waited = scores[epoch] > scores[best] ? 0 : waited + 1;
    if (scores[epoch] >= scores[best]) best = epoch;
  }
  return best;
};

export const exercises = {
  "08.1 split": propertyExercise<Split>({
    right: splitA,
    other: splitOtherwise,
    differs: "its rows come in another order. The promise says which part a row is in, not where in that part",
    bug: splitB,
    bugOtherwise: {
      code: splitCopied,
      seen: "`includes`, === and a Set of rows ask whether two rows are the same object, and a row that is written twice is two objects. Compare what is in them, for example by JSON.stringify(row)",
    },
    strict: () => "A user may be in all parts, and so may an item. What must not come back in another part is a whole row: user, history and candidate. If you count: a user's first click makes no row, and two clicks make one, for the test part",
    tame: () => "No user that you tried has two clicks, so there was no row at all. Try users with two clicks, three, and more",
    weak: () => "Your users are fine. But some of the rows are where they do not belong, and your test does not see it: check each pair of the three parts, or count all rows, each as often as it comes (a Set keeps equal rows only once)",
  }),
  "08.2 pool": propertyExercise<Pool>({
    right: poolB,
    other: poolOtherwise,
    differs: "its last digits differ, because it adds in another order. Compare with a tolerance, such as 1e-9",
    bug: poolA,
    outside: (inputs) =>
      inputs.flat(2).some((item) => vectors[item] === undefined)
        ? "The table has the items 1 to 5, and 0 is padding: try no others"
        : undefined,
    strict: () => "Two arrays are never === each other: compare number by number. Different clicks may well give a different vector; different padding must not. Two sums of the same numbers can differ in their last digits: compare with a tolerance, such as 1e-9",
    tame: () => "None of the histories that you tried has padding, the id 0. The bug is nowhere else",
    weak: (inputs) =>
      samePadded(inputs)
        ? "You tried the same clicks with more and with less padding. Now compare what comes out: it must be the same in each coordinate, neither more nor less (Math.abs), up to a small tolerance such as 1e-9"
        : "You tried padding, but never the same clicks, one or more, and the same candidate with another amount of padding",
  }),
  "08.3 attend": propertyExercise<Attend>({
    right: attendA,
    other: attendOtherwise,
    differs: "its last digits differ, because it adds in another order. Compare with a tolerance, such as 1e-9",
    bug: attendB,
    outside: (inputs) =>
      inputs.some(([pairs, h]) => pairs.some((pair) => pair.length !== h.length))
        ? "You tried an h and a vector of different lengths. A score is their inner product, so h needs as many numbers as each vector"
        : undefined,
    strict: (inputs) =>
      allTried(inputs, ([, h]) => h.every((x) => x === 0))
        ? "With h = 0 the result is the plain mean, up to the rounding of weights such as ⅓: compare with a tolerance, such as 1e-9"
        : "A weighted mean lies between the smallest and the largest of what it is made of, in each coordinate. It need not be the plain mean, and h may change it. And the weights add up to 1 except for rounding: allow a tolerance, such as 1e-9",
    tame: () => "With one pair there is nothing to weigh: its weight is 1 in any case. Try several different pairs",
    weak: (inputs) =>
      sumInside(inputs)
        ? "On your pairs even their plain sum lies between the smallest and the largest. Use coordinates of one sign, and check the upper bound"
        : "Your test passes a weighted sum with any weights. What must hold in each coordinate if the weights add up to 1? Check the upper bound too, and use coordinates of one sign",
  }),
  "08.4 loss": propertyExercise<Loss>({
    right: lossB,
    other: lossOtherwise,
    differs: "its last digits differ. Compare with a tolerance, such as 1e-6",
    bug: lossA,
    outside: (inputs) => {
      if (inputs.some(([, label]) => label !== 0 && label !== 1))
        return "You tried a label that is neither 0 nor 1. The label comes second: loss(logit, label)";
      if (inputs.some(([logit]) => Math.abs(logit) === Infinity))
        return "You tried an infinite logit, where Infinity - Infinity is NaN. No model returns one: take a large number, such as 50";
      return undefined;
    },
    strict: (inputs) => {
      if (allTried(inputs, ([logit]) => logit === 0))
        return "At the logit 0 the log loss of either label is ln 2, which is 0.693147...: write Math.LN2, or take a larger tolerance";
      const formula =
        "The log loss of a logit z is ln(1 + e^-z) for a click, and ln(1 + e^z) for no click. At 0 both are ln 2 (Math.LN2). It is never below 0, and has no upper bound. Compare with a tolerance, such as 1e-9";
      return allTried(inputs, ([logit]) => logit >= 0 && logit <= 1)
        ? `${formula}. If you put in probabilities: \`loss\` takes a logit. The probability ½ is the logit 0, and a model that is very sure has a logit far from 0`
        : formula;
    },
    tame: () => "Try other logits: 0, and large ones of both signs",
    weak: (inputs) =>
      inputs.every(([logit]) => Math.abs(logit) < 4 && logit !== 0)
        ? "You tried only logits of middling size, where both versions rise and fall alike. What do you know exactly at 0, and far out?"
        : "The bug, too, is positive and falls as the logit gets better. To which value must a right loss fall? And which value must it have at 0, neither more nor less (Math.abs)?",
  }),
  "08.5 column": propertyExercise<Column>({
    right: columnB,
    other: columnOtherwise,
    differs: "it returns a plain array, not an Int32Array. Compare number by number, or by Array.from",
    bug: columnA,
    outside: (inputs) => {
      const ids = inputs.flat(2);
      if (ids.some((id) => id > 2 ** 31 - 1))
        return "You tried an id over 2 ** 31 - 1. The promise ends there, as 32 bits do";
      const stranger = ids.find((id) => id < 0 || !Number.isInteger(id));
      return stranger === undefined ? undefined : `You tried ${stranger}. Ids are whole numbers from 0 up`;
    },
    strict: () => "Every id must come out as it went in. Two arrays are never === each other, and an Int32Array is not an Array: compare number by number",
    tame: (inputs) => {
      const largest = inputs.flat(2).reduce((a, b) => Math.max(a, b), 0);
      return largest <= 2 ** 24 ? `The largest id that you tried is ${largest}. The promise goes up to 2 ** 31 - 1` : "The large ids that you tried happen to survive, as powers of two and round numbers do. Try odd ones, or many neighbouring ones";
    },
    weak: () => "Your ids are large enough, and some were changed. Compare what comes out with what went in: exactly, for ids are whole numbers",
  }),
  "08.6 AUC": propertyExercise<BatchedAuc>({
    right: aucA,
    other: aucOtherwise,
    differs: "its last digits differ, because it adds in another order. Compare with a tolerance, such as 1e-9",
    bug: aucB,
    bugOtherwise: {
      code: (batches) => {
        const area = aucB(batches);
        return Number.isNaN(area) ? 0.5 : area;
      },
      seen: "Your test sees the bug only where no batch has both labels, so that there is no AUC to take the mean of. Try batches that have both",
    },
    outside: (inputs) =>
      inputs.some(([batches]) => new Set(batches.flatMap(({ labels }) => labels)).size === 1)
        ? "In one of your calls all labels are the same. Then no pair can be compared, and there is no AUC"
        : undefined,
    strict: () => "The AUC belongs to all rows together: only the order of the scores over all of them counts. It may be below 0.5, and need not be 1. A number that you worked out needs a tolerance as large as its rounding",
    tame: (inputs) =>
      inputs.every(([batches]) => batches.length === 1)
        ? "You tried one batch at a time. The mean of one AUC is that AUC: try several batches"
        : "On your batches the mean of their AUCs happens to be the AUC of all rows. Let one have low scores and few clicks, the other high scores and many clicks",
    weak: (inputs) =>
      cutTwoWays(inputs)
        ? "You cut the same rows into batches in two ways. Now compare closely: the two AUCs must be the same, neither more nor less (Math.abs), up to a small tolerance such as 1e-9"
        : "Your batches would show the bug, but what you ask of the AUC holds for the bug as well. Cut the same rows into batches in another way, such as all into one: what must not change?",
  }),
  "08.7 Dice": propertyExercise<DiceAtInference>({
    right: diceA,
    other: diceOtherwise,
    differs: "its last digits differ. Compare with a tolerance, such as 1e-9",
    bug: diceB,
    outside: (inputs) =>
      inputs.flat(2).some((row) => row.length > moving.mean.length)
        ? "You tried a row of more than three numbers. There are three units, and a row has one number for each"
        : undefined,
    strict: () => "Two arrays are never === each other: compare number by number. The same row must give the same numbers; other rows may give other numbers",
    tame: (inputs) =>
      inputs.flat(3).every((s) => s === 0)
        ? "Where s is 0, Dice is 0 whatever the statistics say. Try rows that are not 0"
        : "Where s equals the mean, p is ½, and your rows lie where the mean of the batch and the moving mean are the same. Try other rows",
    weak: (inputs) =>
      inputs.every(([batch]) => batch.length === 1)
        ? "Each batch that you tried has one row. Compare a row alone with the same row among others"
        : inputs.every(([batch]) => batch.length === inputs[0][0].length)
          ? "All your batches have the same size. Compare a row in company with the same row alone"
          : sameMeans(inputs)
            ? "All your batches have the same mean, so the bug has nothing to show. The mean of a row's company must differ from the row"
            : followsRow(inputs)
              ? "You tried one row alone and in company. Now compare what comes out for it: it must be the same in each unit, neither more nor less (Math.abs), up to a small tolerance such as 1e-9"
              : "You tried batches of several sizes. Now follow one and the same row through them: alone, and among rows with another mean",
  }),
  "08.8 keep": propertyExercise<Keep>({
    right: keepB,
    other: keepOtherwise,
    differs: "of two equally good epochs it keeps the later one. Compare the scores of the epochs, not their numbers",
    bug: keepA,
    bugOtherwise: {
      code: (scores, patience) => (scores.length === 0 || patience === 0 ? 0 : keepA(scores, patience)),
      seen: "Your test sees the bug only where there is no epoch at all, or no patience. Try a run that gets worse at the end",
    },
    strict: () => "`keep` returns the best of the epochs that were run, as a number counted from 0. After `patience` epochs without a better one training stops, and what comes later is never seen",
    tame: (inputs) =>
      inputs.every(([scores, patience]) => keepB(scores, patience) === scores.length - 1)
        ? "In each run that you tried the last epoch is the best. Try one that gets worse at the end"
        : "In each run that you tried, patience ran out, or the last epoch was the best. There is another way for training to end",
    weak: (inputs) =>
      inputs.every(([scores, patience]) => scores[keepA(scores, patience)] === scores[keepB(scores, patience)])
        ? "The last epoch of your run is as good as the best: with equal scores either is right. Make the end worse"
        : "One of your runs ends with worse weights than it had before, and your test lets it pass. Is the epoch you get the best one?",
  }),
  "08.9 which kind": partsExercise<Guess>({
    right: { most: "bounds", fewest: "order" },
    mistakes: [
      {
        like: { most: "order", fewest: "bounds" },
        say: "the two are swapped. A sum, a mean or a count forgets the order, in the right code and in the bug. But a bug often returns what no right code could",
      },
      {
        like: { most: "smallest example", fewest: "bounds" },
        say: "the example that most people write first is not the best. With one pair, one batch, one click without padding the bug *is* the right code. And what comes out of exhibits 3, 4, 5 and 8 that should be impossible?",
      },
    ],
    about: {
      most: (answer) => mostMessages[answer] ?? strangeKind(answer),
      fewest: (answer) => fewestMessages[answer] ?? strangeKind(answer),
    },
  }),
};

/** Kinds of property, by the number of bugs that they catch. */
interface Guess {
  most: Kind;
  fewest: Kind;
}

const mostMessages: Partial<Record<Kind, string>> = {
  "smallest example":
    "most: with one pair, one batch, one click without padding the bug *is* the right code, so the smallest example is silent on most",
  order: "most: a sum, a mean or a count forgets the order, in the right code and in the bug. Few bugs lie in what is left",
  company:
    "most: company finds what padding and other rows change. But the loss, the attention over pairs and the weights you get have no company",
  once: "most: it is reliable where it applies. But only the splitter and the column take things in and give them back",
};
const fewestMessages: Partial<Record<Kind, string>> = {
  "smallest example":
    "fewest: it is silent on most bugs, but not on a user with two clicks, the loss at the logit 0, or one row of Dice. Another kind finds fewer",
  company: "fewest: exhibits 2, 6 and 7 are about nothing else",
  once: "fewest: it applies to two exhibits only, but finds both bugs. Another kind applies to more, and finds fewer",
  bounds: "fewest: go through exhibits 3, 4, 5 and 8. What comes out there that should be impossible?",
};

function strangeKind(answer: string): string {
  return `there is no kind "${answer}", expected one of smallest example, order, company, once, bounds`;
}

export const check = checker(exercises);
