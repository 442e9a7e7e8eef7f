/** Which optimizer trains which weight. */
import type { Optimizer } from "./optimizers";

/**
 * One optimizer for all weights, or several by the beginning of the weights' names, the longest that
 * fits: { wide: ftrl(...), "": adagrad(...) } has "" for all the rest.
 */
export type OptimizerChoice = Optimizer | Readonly<Record<string, Optimizer>>;

/**
 * The optimizer of each of these weights, by name.
 *
 * @throws RangeError if a weight has no optimizer, or an optimizer no weight; TypeError if an optimizer is none.
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
      `no weight's name begins with ${JSON.stringify(prefix)} and with no longer one of the names given, so its optimizer has nothing to do. Leave it out`,
    );
  }
  return optimizers;
}

/** Whether one optimizer is meant for all weights, not one per beginning of their names. */
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
    `${name} is ${what}, expected an optimizer such as adam({ learningRate: 0.001 }) of lib/train/optimizers, or several by the beginning of the weights' names`,
  );
}
