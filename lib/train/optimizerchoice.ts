/** Which optimizer trains which weight. */
import type { Optimizer } from "./optimizers";

/**
 * One optimizer for all weights, or one per prefix of their names, of which the longest that fits counts:
 * in { wide: ftrl(...), "": adagrad(...) }, "" is for all the rest.
 */
export type OptimizerChoice = Optimizer | Readonly<Record<string, Optimizer>>;

/**
 * The optimizer of each of these weights, by name.
 *
 * @throws RangeError if a weight has no optimizer, or an optimizer no weight; TypeError if what is given as one is not.
 */
export function optimizersOf(weights: readonly string[], choice: OptimizerChoice): Record<string, Optimizer> {
  if (isOptimizer(choice)) return Object.fromEntries(weights.map((name) => [name, choice]));
  checkOptimizers(choice);
  const prefixes = Object.keys(choice);
  const longestFirst = prefixes.slice().sort((a, b) => b.length - a.length);
  const optimizers: Record<string, Optimizer> = {};
  const idle = new Set(prefixes);
  for (const name of weights) {
    const prefix = longestFirst.find((beginning) => name.startsWith(beginning));
    if (prefix === undefined) {
      throw new RangeError(
        `no optimizer for the weight ${name}: the names given are ${prefixes.join(", ")}. Add "" for all the rest`,
      );
    }
    optimizers[name] = choice[prefix];
    idle.delete(prefix);
  }
  for (const prefix of idle) {
    throw new RangeError(
      `no weight is left for the optimizer of ${JSON.stringify(prefix)}: no name begins with it, or a longer prefix fits each that does. Leave it out`,
    );
  }
  return optimizers;
}

/** Whether one optimizer is meant for all weights, not one per prefix of their names. */
export function isOptimizer(choice: OptimizerChoice): choice is Optimizer {
  return typeof (choice as Optimizer | undefined)?.update === "function";
}

function checkOptimizers(choice: Readonly<Record<string, Optimizer>>): void {
  if (choice === null || typeof choice !== "object") throw noOptimizer("optimizer", choice);
  for (const [prefix, optimizer] of Object.entries(choice)) {
    if (!isOptimizer(optimizer)) throw noOptimizer(`optimizer[${JSON.stringify(prefix)}]`, optimizer);
  }
}

function noOptimizer(name: string, came: unknown): TypeError {
  const what = typeof came === "function" ? "a function" : JSON.stringify(came);
  return new TypeError(
    `${name} is ${what}, expected an optimizer such as adam({ learningRate: 0.001 }) of lib/train/optimizers, or one per prefix of the weights' names`,
  );
}
